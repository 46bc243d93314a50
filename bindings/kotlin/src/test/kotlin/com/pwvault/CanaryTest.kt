package com.pwvault

import com.pwvault.model.*
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.NotSerializableException
import java.io.ObjectOutputStream

/** A secret with a known text is in nothing that is printed. */
class CanaryTest {
    private fun secret() = Secret.of(CANARY)

    @Test
    fun `nothing that holds a secret prints it`() {
        Vault.open(options()).use { vault ->
            vault.staff().use { staff ->
                val id = staff.add("Router")
                val draft = EntryDraft(name = "x", password = secret(), notes = secret(), fields = listOf(FieldDraft("f", secret(), true)))
                val printed = listOf(
                    secret(), vault, staff, draft, EntryPatch(password = secret()), staff.reveal(id), staff.entry(id),
                    options().copy(kek = KekSource.Keys(listOf(HostKek(KEK, secret())))),
                    UnlockAnswer.Passphrase(KeyId("k"), secret()), SetMaster(secret(), secret(), Recovery.NONE),
                    SessionOptions(admin(), tickets = listOf(secret())), SignOn(url = secret()),
                    HostKek(KEK, secret()), ConnectRequest("host", "root", secret(), null, null, null),
                )
                printed.forEach { one ->
                    assertFalse(CANARY in "$one ${listOf(one)} ${mapOf(1 to one)}", one.javaClass.name)
                }
                assertTrue("Secret(redacted)" in draft.toString(), "the text was looked at")
            }
        }
    }

    @Test
    fun `no stack trace shows a secret`() {
        Vault.open(options()).use { vault ->
            vault.staff().use { staff ->
                val id = staff.add("Router")
                val calls: List<() -> Unit> = listOf(
                    { staff.createEntry(EntryDraft(password = secret())) },
                    { staff.unlock(UnlockAnswer.Passphrase(KeyId(id.value), secret())) },
                    { staff.updateEntry(id, 99, EntryPatch(password = secret())) },
                    { staff.setMasterPassword(SetMaster(secret(), Secret.of("else-else"), Recovery.NONE)) },
                    { staff.importFile(secret(), ImportArguments(dialect = "none")) },
                    { staff.entry(EntryId(CANARY)) },
                    { vault.resetPassword(RequestContext(), secret(), secret()) },
                    { vault.linkInfo(secret()) },
                    { Vault.open(options("sqlite:/nowhere/$id").copy(kek = KekSource.Keys(listOf(HostKek(KEK, secret()))))) },
                )
                calls.forEachIndexed { index, call ->
                    val error = assertThrows(VaultException::class.java, call, "call $index")
                    assertFalse(CANARY in error.stackTraceToString(), "call $index")
                    assertFalse(CANARY in error.detail.toString(), "call $index")
                }
            }
        }
    }

    @Test
    fun `a secret is not serialized`() {
        assertThrows(NotSerializableException::class.java) {
            ObjectOutputStream(ByteArrayOutputStream()).writeObject(secret())
        }
    }
}
