package com.pwvault

import com.pwvault.model.AdminId
import com.pwvault.model.ClientId
import com.pwvault.model.DepartmentId
import com.pwvault.model.GroupId
import com.pwvault.model.RoleId
import com.pwvault.model.ServiceId
import com.pwvault.store.commit
import com.pwvault.store.info
import com.pwvault.store.load
import com.pwvault.store.scan
import com.pwvault.uniffi.Host
import com.pwvault.uniffi.HostFailure
import com.pwvault.uniffi.HostReply
import com.pwvault.wire.At
import com.pwvault.wire.Json
import com.pwvault.wire.Out
import com.pwvault.wire.put
import com.pwvault.wire.readCheckpoint
import com.pwvault.wire.readOutboxMessage
import com.pwvault.wire.readPerson

/** What the host implements, behind the one callback of the native library. */
internal class Adapter(private val hosts: Hosts) : Host {
    /**
     * Answers one question. Everything that an implementation throws is caught here, an `Error` too: what escapes would
     * look like an answer to the native side.
     */
    override fun call(operation: String, document: String, payloads: List<ByteArray>): HostReply = try {
        val out = Out()
        val answer = out.answer(operation, At(Json.read(document), emptyList(), payloads))
        HostReply(Json.write(answer), out.payloads)
    } catch (thrown: Throwable) {
        if (thrown is InterruptedException) Thread.currentThread().interrupt()
        Thrown.keep(thrown)
        throw failure(thrown)
    }

    private fun Out.answer(operation: String, at: At): Any = when (operation) {
        "store.load" -> load(role(hosts.store), at)
        "store.scan" -> scan(role(hosts.store), at)
        "store.commit" -> commit(role(hosts.store), at)
        "store.info" -> info(role(hosts.store))
        "directory.contact" -> only("contact", role(hosts.directory).contact(readPerson(at["person"]))?.let { put(it) })
        "directory.client_by_email" -> only("client", role(hosts.directory).clientByEmail(at["email"].text())?.value)
        "directory.members" -> only("members", role(hosts.directory).members(readSubject(at["subject"])).map { put(it) })
        "notifier.deliver" -> done { role(hosts.notifier).deliver(readOutboxMessage(at["message"])) }
        "connector.connect" -> asked(at) { connector, request ->
            val signedOn = connector.connect(request)
            only("url", signedOn.url?.let { payload(Exposed.of(it)) }) + only("expires_at", signedOn.expiresAt?.toEpochMilli())
        }
        "connector.test" -> asked(at) { connector, request -> done { connector.test(request) } }
        "key_provider.keks" -> only(
            "keks",
            role(hosts.keyProvider).keks().map { record("id" to it.id.value, "key" to payload(Exposed.of(it.key))) },
        )
        "services.service" -> only("service", role(hosts.services).service(ServiceId(at["id"].text()))?.let { put(it) })
        "checkpoint_sink.keep" -> done { role(hosts.checkpointSink).keep(readCheckpoint(at["checkpoint"])) }
        else -> throw HostException.unavailable("this host answers no such question")
    }

    private fun <T> role(implementation: T?): T =
        implementation ?: throw HostException.unavailable("this host answers no such question")

    private fun Out.done(act: () -> Unit): Any {
        act()
        return only("done", true)
    }

    private fun Out.asked(at: At, run: (Connector, ConnectRequest) -> Any): Any {
        val kind = at["kind"].text()
        val connector = hosts.connectors.firstOrNull { it.kind.name == kind }
        val asked = at["request"]
        val credential = asked["secret"].payload()
        return Secret.of(credential).use { secret ->
            credential.fill(0)
            val request = ConnectRequest(
                address = asked["address"].text(),
                username = asked["username"].text(),
                secret = secret,
                service = asked["service"].maybe { it.text() },
                account = asked["account"].maybe { it.text() },
                locale = asked["locale"].maybe { it.text() },
            )
            run(role(connector), request)
        }
    }

    private fun failure(thrown: Throwable): HostFailure = when (thrown) {
        is HostException -> HostFailure.Fault(thrown.name, thrown.message.orEmpty(), Json.write(thrown.detail))
        // Its own message may hold what must not be stored or shown; the caller finds it as the cause.
        else -> HostFailure.Fault("backend", thrown.javaClass.name, "{}")
    }
}

private fun readSubject(at: At): Subject = when (at.case()) {
    "admin" -> Subject.Admin(AdminId(at["admin"].text()))
    "role" -> Subject.Role(RoleId(at["role"].text()))
    "department" -> Subject.Department(DepartmentId(at["department"].text()))
    "client" -> Subject.Client(ClientId(at["client"].text()))
    "group" -> Subject.Group(GroupId(at["group"].text()))
    "sub_users" -> Subject.SubUsers(ClientId(at["sub_users"].text()))
    "administrators" -> Subject.Administrators
    else -> at.unknown()
}

/**
 * Copies of secrets in answers of the host. The native side takes them only after the answer is given, so they are wiped
 * at the end of the call that runs on this thread.
 */
internal object Exposed {
    private val copies = ThreadLocal<MutableList<ByteArray>?>()

    fun of(secret: Secret): ByteArray = secret.expose().also { copy ->
        copies.get()?.add(copy) ?: copies.set(arrayListOf(copy))
    }

    fun wipe() {
        copies.get()?.forEach { it.fill(0) }
        copies.remove()
    }
}

/**
 * What host code threw under the call that runs on this thread: the native side passes on no more than its name, and the
 * exception that the caller gets has it as its cause.
 */
internal object Thrown {
    private val last = ThreadLocal<Throwable?>()

    fun keep(thrown: Throwable): Unit = last.set(thrown)

    /** Runs a call, with what host code throws under it as the cause of what the call throws. */
    fun <T> asCause(run: () -> T): T {
        val outer = last.get()
        last.remove()
        try {
            return run()
        } catch (error: VaultException) {
            last.get()?.let { if (error.cause == null && it !== error) error.initCause(it) }
            throw error
        } finally {
            if (outer == null) last.remove() else last.set(outer)
        }
    }
}
