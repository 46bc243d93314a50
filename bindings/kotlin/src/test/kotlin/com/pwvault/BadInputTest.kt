package com.pwvault

import com.pwvault.model.*
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What a caller gets for what makes no sense. */
class BadInputTest {
    private val vault = Vault.open(options())
    private val staff = vault.staff()

    @AfterEach
    fun close() {
        staff.close()
        vault.close()
    }

    @Test
    fun `values that are not accepted are named and not repeated`() {
        val wrong = assertThrows<InvalidArgumentException> { staff.entry(EntryId(CANARY)) }
        assertEquals(3 to "INVALID_ARGUMENT", wrong.code to wrong.name)
        assertTrue(wrong.message!!.startsWith("id"), wrong.message)
        assertFalse(wrong.message!!.contains(CANARY))
        val invalid = assertThrows<InvalidException> { staff.createEntry(EntryDraft()) }
        assertEquals("name", invalid.field)
        assertTrue(invalid.detail["key"] is String)
        assertThrows<InvalidException> { staff.add("a\u0000b") }
        assertThrows<InvalidException> { staff.listEntries(EntryQuery(limit = 0)) }
        assertThrows<InvalidArgumentException> { staff.listEntries(EntryQuery(limit = -1)) }
        assertThrows<InvalidArgumentException> { Vault.open(options("floppy:")) }
        assertThrows<KekException> { Vault.open(options().copy(kek = KekSource.Keys(listOf(HostKek(KEK, Secret.of("short")))))) }
    }

    @Test
    fun `texts that are no text are refused, and bytes come back as they were`() {
        assertThrows<InvalidArgumentException> { Secret.of("half \uD83D of a pair") }
        val bytes = byteArrayOf(0, -1, 127, -128)
        Secret.of(bytes).use { secret ->
            assertTrue(bytes.contentEquals(secret.expose()))
            assertThrows<InvalidArgumentException> { secret.exposeText() }
            assertThrows<InvalidArgumentException> { staff.createEntry(EntryDraft(name = "x", password = secret)) }
        }
        val odd = "\u0001\"\\/\b\u000c\n\r\t\u007f \u20ac \uD83D\uDE00"
        assertEquals(odd, staff.reveal(staff.add("odd", odd)).password.exposeText())
        staff.createTag("caf\u00e9 \"quoted\" \\ \uD83D\uDE00")
        assertEquals("caf\u00e9 \"quoted\" \\ \uD83D\uDE00", staff.tags().single().head.name)
        assertThrows<InvalidArgumentException> { staff.createTag("half \uD83D") }
    }

    @Test
    fun `what is closed says so`() {
        val secret = Secret.of(CANARY)
        secret.close()
        secret.close()
        assertThrows<InvalidHandleException> { secret.expose() }
        assertThrows<InvalidHandleException> { staff.createEntry(EntryDraft(name = "x", password = secret)) }
        val session = vault.staff()
        session.close()
        session.close()
        val closed = assertThrows<InvalidHandleException> { session.entry(EntryId("x")) }
        assertEquals("this session is closed", closed.message)
        val other = Vault.open(options())
        val survivor = other.staff()
        other.close()
        assertThrows<InvalidHandleException> { other.health() }
        assertThrows<InvalidHandleException> { other.staff() }
        assertTrue(survivor.categories().isEmpty())
        survivor.close()
    }

    @Test
    fun `each error has a class of its own`() {
        val fault = Fault(99, "A_NEW_ONE", "a new one")
        assertTrue(exceptionOf(fault) is OtherException)
        assertEquals("A_NEW_ONE", exceptionOf(fault).name)
        assertTrue(exceptionOf(Fault(24, "BUSY", "busy")) is BusyException)
    }
}
