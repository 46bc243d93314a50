package com.pwvault

import com.pwvault.model.AdminId
import com.pwvault.model.ClientId
import com.pwvault.model.EntryDraft
import com.pwvault.model.EntryId
import com.pwvault.model.HostKek
import com.pwvault.model.KekId
import com.pwvault.model.KekSource
import com.pwvault.model.OpenMode
import com.pwvault.model.OpenOptions
import com.pwvault.model.Principal
import com.pwvault.model.PrincipalKind
import com.pwvault.model.RoleId
import com.pwvault.model.VaultId

const val CANARY = "hunter2-canary-7f3a"

val KEK = KekId("07".repeat(16))

fun options(store: String = "memory:", mode: OpenMode? = OpenMode.CREATE) = OpenOptions(
    store = store,
    vault = VaultId("0190b5a0-0000-7000-8000-000000000001"),
    kek = KekSource.Keys(listOf(HostKek(KEK, Secret.of(ByteArray(32) { 42 })))),
    mode = mode,
    fullAccess = RoleId("full"),
    requestPage = "https://panel.example/answer",
)

fun admin(id: String = "1", vararg roles: String) =
    Principal(PrincipalKind.Admin(AdminId(id), roles.map(::RoleId)))

fun client(id: String) = Principal(PrincipalKind.Client(ClientId(id), emptyList()))

fun Vault.staff(): Session = session(admin("1", "full"))

fun Session.add(name: String, password: String = CANARY): EntryId =
    createEntry(EntryDraft(name = name, username = "anna", password = Secret.of(password)))
