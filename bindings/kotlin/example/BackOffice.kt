package com.pwvault.example

import com.pwvault.DeniedException
import com.pwvault.LockedException
import com.pwvault.NotFoundException
import com.pwvault.Secret
import com.pwvault.Session
import com.pwvault.Vault
import com.pwvault.VaultException
import com.pwvault.model.*
import java.io.BufferedReader
import java.io.File
import java.io.PrintStream
import java.time.Duration
import java.time.Instant

/**
 * A small back office: staff keep passwords, share them with other roles for a time, and take in files of others. It
 * reads one command a line, which is how the tests run it; `help` lists them.
 */
class BackOffice(private val vault: Vault, private val out: PrintStream) {
    private var session: Session = vault.session(principalOf("1", "full"))

    fun run(input: BufferedReader) {
        input.forEachLine { line ->
            val words = line.trim().split(Regex("\\s+"))
            try {
                command(words[0], words.drop(1))
            } catch (denied: DeniedException) {
                out.println("denied: ${denied.message}")
                denied.decision?.remedies?.forEach { out.println("  would help: ${advice(it)}") }
            } catch (locked: LockedException) {
                out.println("locked; opened by: ${locked.anyOf.orEmpty().joinToString { it.javaClass.simpleName }}")
            } catch (_: NotFoundException) {
                out.println("there is no such entry")
            } catch (error: VaultException) {
                out.println("${error.name}: ${error.message}")
            }
        }
        session.close()
    }

    private fun command(name: String, words: List<String>) {
        when (name) {
            "" -> {}
            "as" -> become(words[0], *words.drop(1).toTypedArray())
            "allow" -> allow(words[0])
            "add" -> add(words[0], words[1])
            "list" -> session.eachEntry().forEach { out.println("${it.head.name} (${it.head.username})") }
            "show" -> show(words[0])
            "share" -> share(words[0], words[1], words[2].toLong())
            "import" -> importFile(File(words[0]))
            "log" -> session.eachEvent().forEach { logged -> logged.event?.let { out.println("${it.at} ${it.kind}") } }
            else -> out.println("as ID ROLE... | allow ROLE | add NAME USER | list | show NAME | share NAME ROLE DAYS | import FILE | log")
        }
    }

    private fun become(id: String, vararg roles: String) {
        session.close()
        session = vault.session(principalOf(id, *roles))
    }

    /** Lets a role into the list of entries, where it finds what is shared with it. */
    private fun allow(role: String) {
        session.addRule(RuleDraft(name = "Let $role in", allow = listOf(Section.ENTRIES), roles = listOf(RoleId(role))))
        out.println("$role may list entries")
    }

    private fun add(name: String, user: String) {
        val made = session.generate(Recipe.Password(PasswordOptions(length = 24)))
        session.createEntry(EntryDraft(name = name, username = user, password = made.text))
        out.println("added $name with a generated password")
    }

    private fun show(name: String) {
        // The text is wiped as soon as it is shown.
        session.reveal(find(name)).password.use { out.println("$name: ${it.exposeText()}") }
    }

    private fun share(name: String, role: String, days: Long) {
        val terms = GrantTerms(endsAt = Instant.now() + Duration.ofDays(days))
        val grant = GrantChange.Put(Grantee.Role(RoleId(role)), listOf(Action.VIEW, Action.REVEAL), terms)
        session.share(find(name), listOf(grant))
        out.println("$role may see $name for $days days")
    }

    private fun importFile(file: File) {
        Secret.of(file.readBytes()).use { content ->
            val preview = session.previewImport(content, ImportArguments())
            session.importFile(content, ImportArguments(goodRowsOnly = true))
            out.println("took in ${preview.rows.count { it.plan is RowPlan.Create }} of ${preview.rows.size} rows")
        }
    }

    private fun find(name: String): EntryId =
        session.eachEntry().firstOrNull { it.head.name == name }?.id
            ?: EntryId("00000000-0000-7000-8000-000000000000")

    private fun advice(remedy: Remedy): String = when (remedy) {
        is Remedy.AskForGrant -> "ask for a grant of ${remedy.action.name.lowercase()}"
        is Remedy.HoldRole -> "hold the role ${remedy.role}"
        else -> remedy.javaClass.simpleName
    }

    private fun principalOf(id: String, vararg roles: String) =
        Principal(PrincipalKind.Admin(AdminId(id), roles.map(::RoleId)))
}

/** `BackOffice DATABASE KEY_FILE`: both are made when they are not there. */
fun main(arguments: Array<String>) {
    val (database, keyFile) = arguments
    val options = OpenOptions(
        store = "sqlite:$database",
        vault = VaultId("0190b5a0-0000-7000-8000-000000000001"),
        kek = KekSource.File(KekId("07".repeat(16)), keyFile, create = true),
        mode = OpenMode.OPEN_OR_CREATE,
        fullAccess = RoleId("full"),
    )
    Vault.open(options).use { vault -> BackOffice(vault, System.out).run(System.`in`.bufferedReader()) }
}
