package com.pwvault

import com.pwvault.model.*
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.time.Duration
import java.time.Instant

/** What a back office does in a day. */
class WalkTest {
    private val vault = Vault.open(options())
    private val staff = vault.staff()

    @AfterEach
    fun close() {
        staff.close()
        vault.close()
    }

    @Test
    fun `an entry is created, shown, changed and put away`() {
        val before = Instant.now().minusSeconds(60)
        val id = staff.createEntry(
            EntryDraft(
                name = "Mail server",
                username = "anna",
                website = "https://mail.example",
                password = Secret.of("correct horse"),
                fields = listOf(FieldDraft("PIN", Secret.of("1234"), secret = true)),
            ),
        )
        val view = staff.entry(id)
        assertEquals("Mail server", view.head.name)
        assertTrue(view.head.createdAt > before, "an instant of now")
        assertTrue(Action.REVEAL in view.actions)
        val secret = staff.reveal(id)
        assertEquals("correct horse", secret.password.exposeText())
        assertEquals(listOf("1234"), secret.fields.map { it.value.exposeText() })

        val version = staff.updateEntry(id, view.head.version, EntryPatch(password = Secret.of("new horse")))
        assertEquals(view.head.version + 1, version)
        assertEquals("new horse", staff.copySecret(id, SecretPart.Password).exposeText())
        val conflict = assertThrows<VersionConflictException> { staff.updateEntry(id, view.head.version, EntryPatch(name = "x")) }
        assertEquals(15 to "VERSION_CONFLICT", conflict.code to conflict.name)
        assertEquals(view.head.version to version, conflict.expected to conflict.found)
        assertEquals(1, staff.history(id).size)

        staff.trashEntries(listOf(id))
        staff.purgeEntries(listOf(id))
        assertThrows<NotFoundException> { staff.entry(id) }
    }

    @Test
    fun `all pages are walked as one sequence`() {
        val ids = (1..7).map { staff.add("Entry $it") }
        val pages = staff.eachEntry(EntryQuery(limit = 3))
        assertEquals(ids.toSet(), pages.map { it.id }.toSet())
        assertEquals(7, pages.count(), "it can be walked again")
        assertEquals(Count.Exactly(7), staff.countEntries())
        assertEquals(2, staff.eachEvent(LogFilter(limit = 2)).take(2).count())
        assertTrue(staff.eachEvent(LogFilter(limit = 2)).count() >= 7)
    }

    @Test
    fun `what is denied explains itself`() {
        val id = staff.add("Router")
        vault.session(admin("2", "support")).use { other ->
            assertThrows<NotFoundException> { other.reveal(id) }
            staff.share(id, listOf(GrantChange.Put(Grantee.Role(RoleId("support")), listOf(Action.VIEW))))
            assertEquals("Router", other.entry(id).head.name)
            val denied = assertThrows<DeniedException> { other.reveal(id) }
            assertEquals(11 to "DENIED", denied.code to denied.name)
            assertEquals(Effect.DENY, denied.decision?.effect)
            assertTrue(Remedy.AskForGrant(Action.REVEAL) in denied.decision!!.remedies)
            assertEquals(denied.decision, other.explain(id, Action.REVEAL))
            staff.share(
                id,
                listOf(GrantChange.Put(Grantee.Role(RoleId("support")), listOf(Action.VIEW, Action.REVEAL), GrantTerms(endsAt = Instant.now() + Duration.ofDays(1)))),
            )
            assertEquals(CANARY, other.reveal(id).password.exposeText())
        }
    }

    @Test
    fun `a passphrase opens a window that a ticket carries on`() {
        val made = staff.generateKey(
            KeyGeneration("Team", KeyOwner.Vault, 3072, KeyCustody.Passphrase(Secret.of("pass phrase")), emptyList()),
        )
        val id = staff.createEntry(EntryDraft(name = "Root", password = Secret.of(CANARY), keys = listOf(made.id)))
        val locked = assertThrows<LockedException> { staff.reveal(id) }
        val challenge = locked.anyOf!!.single() as Challenge.Passphrase
        assertEquals(made.id, challenge.key)
        assertThrows<WrongAnswerException> { staff.unlock(UnlockAnswer.Passphrase(made.id, Secret.of("wrong"))) }
        val ticket = staff.unlock(UnlockAnswer.Passphrase(made.id, Secret.of("pass phrase")))
        val kept = Secret.of(ticket.expose())
        vault.session(admin("1", "full"), tickets = listOf(kept)).use {
            assertEquals(CANARY, it.reveal(id).password.exposeText())
            it.lock(kept)
        }
        vault.session(admin("1", "full"), tickets = listOf(kept)).use { assertThrows<LockedException> { it.reveal(id) } }
    }

    @Test
    fun `a private key and a master password open windows`() {
        val made = staff.generateKey(KeyGeneration("Mine", KeyOwner.Vault, 3072, KeyCustody.PublicOnly, emptyList()))
        val pem = made.privatePem!!
        val id = staff.createEntry(EntryDraft(name = "Root", password = Secret.of(CANARY), keys = listOf(made.id)))
        assertTrue(assertThrows<LockedException> { staff.reveal(id) }.anyOf!!.single() is Challenge.PrivateKey)
        val ticket = staff.unlock(UnlockAnswer.PrivateKey(made.id, pem))
        vault.session(admin("1", "full"), tickets = listOf(ticket)).use {
            assertEquals(CANARY, it.reveal(id).password.exposeText())
        }

        vault.session(client("7")).use { owner ->
            val own = owner.add("My bank")
            val set = owner.setMasterPassword(SetMaster(Secret.of("a master password"), Secret.of("a master password"), Recovery.CODE))
            assertNotNull(set.recoveryCode)
            assertTrue(owner.hasMasterPassword(Owner.Client(ClientId("7"))))
            vault.session(client("7")).use { later ->
                val needs = later.neededFor(listOf(own)).single().anyOf
                assertEquals(listOf<Challenge>(Challenge.MasterPassword(Owner.Client(ClientId("7")))), needs)
                val window = later.unlock(UnlockAnswer.MasterPassword(Owner.Client(ClientId("7")), Secret.of("a master password")))
                later.withTicket(window).use {
                    assertEquals(CANARY, it.reveal(own).password.exposeText())
                }
            }
        }
    }

    @Test
    fun `files are taken in and given out`() {
        val file = "name,url,username,password\nWiki,https://wiki.example,anna,$CANARY\n,,,\nShop,https://shop.example,ben,pw\n"
        val preview = staff.previewImport(Secret.of(file), ImportArguments())
        assertEquals(0, staff.eachEntry().count(), "a preview writes nothing")
        assertEquals(2, preview.rows.count { it.plan is RowPlan.Create }, preview.toString())
        staff.importFile(Secret.of(file), ImportArguments(goodRowsOnly = true))
        assertEquals(setOf("Wiki", "Shop"), staff.eachEntry().map { it.head.name }.toSet())
        val exported = staff.export(Selection.Filter(EntryFilter()), "pwvault", ExportMode.EXACT)
        assertTrue(exported.file.exposeText().contains(CANARY))
        val refused = assertThrows<CsvException> { staff.importFile(Secret.of("name,url,username,password\n${"x".repeat(600)},,,\n"), ImportArguments()) }
        assertNotNull(refused.report)
    }

    @Test
    fun `messages are pulled and acknowledged`() {
        val key = staff.generateKey(KeyGeneration("Team", KeyOwner.Vault, 3072, KeyCustody.Stored, emptyList()))
        val asked = staff.requestCredentials(
            CredentialRequestDraft(
                client = ClientId("7"), owner = Owner.Admin(AdminId("1")), name = "Your router", kind = EntryKind.LOGIN,
                wanted = listOf(Wanted(WantedPart.Password, required = true)), message = "Please", keys = listOf(key.id),
            ),
        )
        assertThrows<DeniedException> { staff.claimMessages(10, 60_000) }
        val mailer = vault.session(Principal(PrincipalKind.System))
        val message = mailer.claimMessages(10, 60_000).single()
        assertEquals(NoticeKind.CREDENTIALS_REQUESTED, message.message.notice.kind)
        assertTrue(message.toString().contains("facts=redacted"), message.toString())
        mailer.acknowledgeMessage(message.message.id, message.claim)
        assertEquals(0, mailer.claimMessages(10, 60_000).size)
        assertEquals("Your router", vault.credentialRequest(asked).name)
        val id = vault.fillRequest(asked, listOf(Secret.of(CANARY)), RequestContext())
        assertEquals("Your router", staff.entry(id).head.name)
        assertThrows<EndedException> { vault.credentialRequest(asked) }
    }
}
