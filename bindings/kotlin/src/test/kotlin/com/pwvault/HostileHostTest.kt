package com.pwvault

import com.pwvault.model.Action
import com.pwvault.model.ClientId
import com.pwvault.model.EntryId
import com.pwvault.model.HostKek
import com.pwvault.store.ChangeSet
import com.pwvault.store.Query
import com.pwvault.store.RecordKey
import com.pwvault.uniffi.Host
import com.pwvault.uniffi.HostFailure
import com.pwvault.uniffi.HostReply
import com.pwvault.wire.Json
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import java.nio.file.Path
import kotlin.io.path.readText

/** The list of what broken and hostile hosts do, in `bindings/hostile_host.json`: never success, never a crash. */
class HostileHostTest {
    private val suite = Json.read(Path.of("../hostile_host.json").readText()) as Map<*, *>

    @TestFactory
    fun cases(): List<DynamicTest> = (suite["cases"] as List<*>).map { it as Map<*, *> }
        // Here nothing is an answer: there is no such client.
        .filterNot { it["name"] == "directory.client_by_email gives nothing" }
        .map { case -> dynamicTest(case["name"] as String) { walk(case) } }

    private fun walk(case: Map<*, *>) {
        val operation = case["operation"] as String
        val host = Hostile(operation, case["answer"] as Map<*, *>)
        val reached = (suite["reached_by"] as Map<*, *>)[operation]
        val error = if (reached == "create") {
            host.armed = true
            assertThrows(VaultException::class.java) { host.open().close() }
        } else {
            host.open().use { vault ->
                vault.staff().use { staff ->
                    val id = staff.add("Router")
                    host.armed = true
                    val error = assertThrows(VaultException::class.java) { staff.ask(reached as String, id) }
                    host.armed = false
                    assertEquals(CANARY, staff.reveal(id).password.exposeText(), "the vault goes on")
                    error
                }
            }
        }
        assertTrue(host.met, "the host was asked")
        assertEquals(case["error"], error.name)
        assertFalse(CANARY in "${error.message} ${error.detail}", error.message)
    }

    private fun Session.ask(what: String, id: EntryId) {
        when (what) {
            "list_entries" -> listEntries()
            "share_by_email" -> shareByEmail(id, "anna@example.com", listOf(Action.VIEW))
            else -> throw AssertionError("no way to reach a host by $what")
        }
    }
}

/** Does what a case says when it is asked one operation, and answers the others well. */
private class Hostile(private val operation: String, private val answer: Map<*, *>) : Host {
    @Volatile
    var armed = false

    @Volatile
    var met = false

    private val store = object : MemoryStore() {
        override fun load(keys: List<RecordKey>) = gate("store.load") { super.load(keys) }
        override fun scan(query: Query) = gate("store.scan") { super.scan(query) }
        override fun commit(changes: ChangeSet) = gate("store.commit") { super.commit(changes) }
        override fun info() = gate("store.info") { super.info() }
    }
    private val directory = object : Phonebook() {
        override fun clientByEmail(email: String): ClientId? = gate("directory.client_by_email") { super.clientByEmail(email) }
    }
    private val keys = KeyProvider { gate("key_provider.keks") { listOf(HostKek(KEK, Secret.of(ByteArray(32) { 42 }))) } }
    private val hosts = Hosts(store = store, directory = directory, keyProvider = keys)
    private val adapter = Adapter(hosts)

    fun open(): Vault = Vault.open(hostOptions(), hosts, this)

    /** Answers as raw as uniffi lets through; what a typed host would do is done in [gate]. */
    override fun call(operation: String, document: String, payloads: List<ByteArray>): HostReply {
        if (!armed || operation != this.operation) return adapter.call(operation, document, payloads)
        val failure = answer["failure"] as Map<*, *>?
        if (failure != null) {
            met = true
            throw HostFailure.Fault(failure["name"] as String, failure["message"] as String, failure["detail"] as String)
        }
        val raw = if (answer["does"] == "give_huge") " ".repeat(65 shl 20) else answer["document"] as String?
        if (raw != null) {
            met = true
            return HostReply(raw, (answer["payloads"] as List<*>?).orEmpty().map { bytes(it as String) })
        }
        return adapter.call(operation, document, payloads)
    }

    private fun bytes(hex: String) = hex.chunked(2).map { it.toInt(16).toByte() }.toByteArray()

    private fun <T> gate(operation: String, good: () -> T): T {
        if (!armed || operation != this.operation) return good()
        met = true
        @Suppress("UNCHECKED_CAST")
        return when (answer["does"]) {
            "raise" -> throw IllegalStateException(CANARY)
            "raise_hard" -> overflow(0).let { throw AssertionError("$it") }
            // A method without a result cannot give a wrong one; Java code gives null, and lies about generics.
            "give_nothing" -> if (operation.endsWith("commit")) throw NullPointerException(CANARY) else null as T
            "give_wrong_type" -> if (operation.endsWith("commit")) throw ClassCastException(CANARY) else listOf(CANARY) as T
            "call_back_and_raise" -> {
                Vault.open(options()).use { it.head() }
                throw IllegalStateException(CANARY)
            }
            "wait_and_raise" -> {
                Thread.sleep(20)
                throw IllegalStateException(CANARY)
            }
            else -> throw AssertionError("an unknown case: $answer")
        }
    }

    private fun overflow(depth: Int): Int = overflow(depth + 1) + 1
}
