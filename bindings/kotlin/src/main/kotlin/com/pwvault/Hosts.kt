package com.pwvault

import com.pwvault.model.AdminId
import com.pwvault.model.Checkpoint
import com.pwvault.model.ClientId
import com.pwvault.model.ConnectorKind
import com.pwvault.model.Contact
import com.pwvault.model.DepartmentId
import com.pwvault.model.GroupId
import com.pwvault.model.HostKek
import com.pwvault.model.OutboxMessage
import com.pwvault.model.Person
import com.pwvault.model.RoleId
import com.pwvault.model.ServiceId
import com.pwvault.model.ServiceRef
import com.pwvault.model.SignOn
import com.pwvault.store.Store
import com.pwvault.wire.Out
import com.pwvault.wire.put

/**
 * What a host implements itself, given to [Vault.open]. What is null or empty comes from the library or is not there.
 *
 * All of it is called on the thread that called the vault, with no lock held, and from several threads at once when
 * several call. Whatever an implementation throws, an `Error` too, ends the call in a [VaultException] with it as the cause.
 */
public class Hosts @JvmOverloads constructor(
    /** Where records are kept; `OpenOptions.store` is then `host:`. */
    public val store: Store? = null,
    /** Who exists and how to reach them. */
    public val directory: Directory? = null,
    /** Who delivers messages. */
    public val notifier: Notifier? = null,
    /** Who signs in to servers. */
    public val connectors: List<Connector> = emptyList(),
    /** Where the KEKs come from; `OpenOptions.kek` is then `KekSource.Host`. */
    public val keyProvider: KeyProvider? = null,
    /** Which services there are. */
    public val services: Services? = null,
    /** Who keeps copies of checkpoints. */
    public val checkpointSink: CheckpointSink? = null,
) {
    private val roles: Map<String, Any> = buildMap {
        if (store != null) put("store", true)
        if (directory != null) put("directory", true)
        if (notifier != null) put("notifier", true)
        if (connectors.isNotEmpty()) put("connectors", connectors.map { Out().put(it.kind) ?: "" })
        if (keyProvider != null) put("key_provider", true)
        if (services != null) put("services", true)
        if (checkpointSink != null) put("checkpoint_sink", true)
    }

    /** The options of opening with the roles that the host takes. */
    internal fun announced(options: Any?): Any? =
        if (roles.isEmpty()) options else (options as Map<*, *>) + ("hosts" to roles)

    /** What answers, where there is anything to answer. */
    internal fun adapter(): Adapter? = if (roles.isEmpty()) null else Adapter(this)
}

/** Answers who exists, what they are called and how to reach them. It may call the vault. */
public interface Directory {
    /** How to name and reach a person; null when there is no such person. */
    public fun contact(person: Person): Contact?

    /** The client with exactly this e-mail address. */
    public fun clientByEmail(email: String): ClientId?

    /** The people a subject stands for. */
    public fun members(subject: Subject): List<Person>
}

/** A set of people. */
public sealed interface Subject {
    /** One administrator. */
    public data class Admin(val value: AdminId) : Subject

    /** Everyone who holds a role. */
    public data class Role(val value: RoleId) : Subject

    /** Everyone in a department. */
    public data class Department(val value: DepartmentId) : Subject

    /** One client. */
    public data class Client(val value: ClientId) : Subject

    /** Every client of a group. */
    public data class Group(val value: GroupId) : Subject

    /** Every sub-user of a client. */
    public data class SubUsers(val value: ClientId) : Subject

    /** Every administrator. */
    public data object Administrators : Subject
}

/**
 * Delivers messages, such as by mail.
 *
 * After a crash the same message may come once more with the same id; a notifier that can tell repetitions by it
 * delivers exactly once.
 */
public fun interface Notifier {
    /**
     * Delivers one message. To return means that it has been handed over for good.
     *
     * @throws HostException [HostException.transient] or [HostException.permanent].
     */
    public fun deliver(message: OutboxMessage)
}

/**
 * Signs in to servers of one kind.
 *
 * It ends in bounded time. It sends the credential to the named server alone, over an encrypted and authenticated
 * connection, and neither keeps nor logs it.
 */
public interface Connector {
    /** Its kind. */
    public val kind: ConnectorKind

    /** Signs in. */
    public fun connect(request: ConnectRequest): SignOn

    /** Tries the credential without signing in. */
    public fun test(request: ConnectRequest) {
        throw HostException("unsupported", "this kind cannot try a credential; sign in instead")
    }
}

/** A request to sign in. */
public data class ConnectRequest(
    /** Host name or address of the server, with a port if it is not the usual one. */
    val address: String,
    /** The user name that goes with the credential. */
    val username: String,
    /** The credential: a password or a token. It is closed when the connector returns. */
    val secret: Secret,
    /** The service of the server; the usual one when absent. */
    val service: String?,
    /** The account to be signed in as, when it is not the one of the credential. */
    val account: String?,
    /** The language of the session, as the server names it. */
    val locale: String?,
)

/** Gives the vault its KEKs: called when a vault is created or opened and when the KEK is rotated. */
public fun interface KeyProvider {
    /** The ring of KEKs, the current one first; the others only open. */
    public fun keks(): List<HostKek>
}

/** Answers which services there are. It may call the vault. */
public fun interface Services {
    /** The service of this id, as it is now; null for one that is not known. */
    public fun service(id: ServiceId): ServiceRef?
}

/**
 * Keeps signed checkpoints outside the database. It may get one more than once, and must not call the vault. What
 * fails is tried again with the next checkpoint.
 */
public fun interface CheckpointSink {
    /** Keeps a checkpoint. */
    public fun keep(checkpoint: Checkpoint)
}
