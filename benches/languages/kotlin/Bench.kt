// Times calls from Kotlin; benches/languages/src/runner.rs says what is asked.

import com.pwvault.Secret
import com.pwvault.Session
import com.pwvault.Vault
import com.pwvault.model.AdminId
import com.pwvault.model.EntryDraft
import com.pwvault.model.HostKek
import com.pwvault.model.KekId
import com.pwvault.model.KekSource
import com.pwvault.model.OpenMode
import com.pwvault.model.OpenOptions
import com.pwvault.model.Principal
import com.pwvault.model.PrincipalKind
import com.pwvault.model.RoleId
import com.pwvault.model.VaultId

/** A vault and a session of it. */
private class Place(folder: String, store: String) {
    val vault: Vault = Vault.open(
        OpenOptions(
            if (store == "sqlite") "sqlite:$folder/vault.db" else "memory:",
            VaultId("0190b5a0-0000-7000-8000-000000000001"),
            KekSource.Keys(listOf(HostKek(KekId("07".repeat(16)), Secret.of(ByteArray(32) { 42 })))),
            OpenMode.CREATE,
            RoleId("full"),
        ),
    )
    val session: Session = vault.session(Principal(PrincipalKind.Admin(AdminId("1"), roles = listOf(RoleId("full")))))

    fun work(name: String, size: Int): () -> Any {
        val password = "x".repeat(size)
        val create = {
            Secret.of(password).use {
                session.createEntry(EntryDraft(name = "Mail server", username = "anna@example.com", password = it))
            }
        }
        return when (name) {
            "id" -> { -> vault.id() }
            "create" -> create
            else -> create().let { entry ->
                { session.reveal(entry).password.use { check(it.expose().size == size) } }
            }
        }
    }
}

fun main(arguments: Array<String>) {
    val places = mutableMapOf<String, Place>()
    val cases = mutableMapOf<String, () -> Any>()
    generateSequence(::readLine).forEach { line ->
        val (name, store, size, repetitions) = line.split(' ')
        val work = cases.getOrPut("$name $store $size") {
            val made = places.getOrPut(store) { Place(arguments[0], store) }.work(name, size.toInt())
            // Until the compiler of the JVM has seen enough of it.
            if (store == "memory") repeat(WARM_UP) { made() }
            made
        }
        val start = System.nanoTime()
        repeat(repetitions.toInt()) { work() }
        println(System.nanoTime() - start)
    }
}

private const val WARM_UP = 20_000
