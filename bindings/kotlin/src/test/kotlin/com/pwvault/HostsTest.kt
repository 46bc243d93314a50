package com.pwvault

import com.pwvault.model.*
import com.pwvault.store.ChangeSet
import com.pwvault.store.Conformance
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

private val KEYS = KeyProvider { listOf(HostKek(KEK, Secret.of(ByteArray(32) { 42 }))) }

fun hostOptions() = options("host:").copy(kek = KekSource.Host)

open class Phonebook : Directory {
    override fun contact(person: Person): Contact? = null

    override fun clientByEmail(email: String): ClientId? = if (email == "anna@example.com") ClientId("7") else null

    override fun members(subject: Subject): List<Person> = emptyList()
}

/** What a host implements itself. */
class HostsTest {
    @Test
    fun `a store in Kotlin keeps the contract`() = assertEquals(emptyList<String>(), Conformance.check(MemoryStore()))

    @Test
    fun `a store that keeps less is told so`() {
        val forgetful = object : MemoryStore() {
            override fun commit(changes: ChangeSet) {}
        }
        assertTrue(Conformance.check(forgetful).isNotEmpty())
    }

    @Test
    fun `a vault stands on the host's store, keys and people`() {
        val store = MemoryStore()
        val hosts = Hosts(store = store, keyProvider = KEYS, directory = Phonebook())
        val id = Vault.open(hostOptions(), hosts).use { vault -> vault.staff().use { it.add("Router") } }
        Vault.open(hostOptions().copy(mode = OpenMode.OPEN), hosts).use { vault ->
            vault.staff().use { staff ->
                assertEquals(CANARY, staff.reveal(id).password.exposeText())
                staff.shareByEmail(id, "anna@example.com", listOf(Action.VIEW))
                assertEquals(listOf<Grantee>(Grantee.Client(ClientId("7"))), staff.grants(id).map { it.grantee })
            }
        }
        assertThrows<VaultExistsException> { Vault.open(hostOptions(), hosts) }
    }

    @Test
    fun `roles and options must fit`() {
        assertThrows<InvalidArgumentException> { Vault.open(options("host:")) }
        assertThrows<InvalidArgumentException> { Vault.open(options(), Hosts(store = MemoryStore())) }
    }

    @Test
    fun `messages are delivered, and a connector gets the credential`() {
        val delivered = ArrayList<OutboxMessage>()
        var asked: ConnectRequest? = null
        var credential = ""
        val panel = object : Connector {
            override val kind = ConnectorKind("panel", listOf(Need.HOST, Need.USERNAME, Need.PASSWORD), givesUrl = true, testsLogin = false, services = emptyList())

            override fun connect(request: ConnectRequest): SignOn {
                asked = request
                credential = request.secret.exposeText()
                return SignOn(url = Secret.of("https://panel.example:2087/session"))
            }
        }
        val hosts = Hosts(notifier = { delivered.add(it) }, connectors = listOf(panel), directory = Phonebook())
        Vault.open(options(), hosts).use { vault ->
            vault.staff().use { staff ->
                val id = staff.add("Server")
                val access = ServerAccess(connector = "panel", address = "panel.example", rule = ServerRule.Unrestricted)
                staff.setServer(id, staff.entry(id).head.version, access)
                assertEquals("https://panel.example:2087/session", staff.signOn(id, SignOnOptions()).url?.exposeText())
                assertEquals("anna" to CANARY, asked?.username to credential)
                assertThrows<InvalidHandleException> { asked!!.secret.expose() }
                val key = staff.generateKey(KeyGeneration("Team", KeyOwner.Vault, 3072, KeyCustody.Stored, emptyList()))
                staff.requestCredentials(
                    CredentialRequestDraft(
                        ClientId("7"), Owner.Admin(AdminId("1")), "Router", EntryKind.LOGIN,
                        listOf(Wanted(WantedPart.Password, true)), "Please", listOf(key.id),
                    ),
                )
            }
            vault.session(Principal(PrincipalKind.System)).use { it.runDue(java.time.Instant.now()) }
            assertEquals(NoticeKind.CREDENTIALS_REQUESTED, delivered.single().notice.kind)
        }
    }

    @Test
    fun `the copy of a key in an answer is wiped when the call ends`() {
        lateinit var key: ByteArray
        guarded {
            key = Adapter(Hosts(keyProvider = KEYS)).call("key_provider.keks", "{}", emptyList()).payloads.single()
            assertArrayEquals(ByteArray(32) { 42 }, key)
        }
        assertArrayEquals(ByteArray(32), key)
    }

    @Test
    fun `what a host threw is the cause`() {
        val thrown = StackOverflowError(CANARY)
        var broken = false
        val store = object : MemoryStore() {
            override fun commit(changes: ChangeSet) = if (broken) throw thrown else super.commit(changes)
        }
        Vault.open(hostOptions(), Hosts(store = store, keyProvider = KEYS)).use { vault ->
            vault.staff().use { staff ->
                broken = true
                val error = assertThrows<StoreException> { staff.add("Router") }
                assertSame(thrown, error.cause)
                assertFalse(CANARY in error.message!!, error.message)
                broken = false
                val later = assertThrows<NotFoundException> { staff.entry(EntryId("0190b5a0-0000-7000-8000-00000000000f")) }
                assertEquals(null, later.cause, "it has nothing to do with it")
            }
        }
    }
}
