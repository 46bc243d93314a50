### The vault.

# VaultError
vault-locked = the secret is locked: unlock a key or master password it is sealed to, and give the ticket to the session
vault-locked-all = { $count } keys or master passwords are needed: unlock one for each need, and give the tickets to the session
vault-wrong-answer = the { $what } does not fit
vault-invalid = { $field }: { $problem }
vault-version-conflict = it was changed in the meantime: version { $expected } was expected, it is at { $found }; read it again
vault-too-many = more than { $limit } entries would have to be opened; narrow the filter by owner, key or sharing
vault-quota-reached = the account would own { $total } entries, and { $limit } are allowed; delete some, or raise the quota
vault-in-use = { $what } is in use: { $loss }
vault-state = { $state }
vault-unexpected-lock = the secret would not be sealed to the key its owner expects; nothing was sealed
vault-no-vault = the store holds no vault { $id }
vault-exists = the store holds a vault { $id } already; open it, or choose another id
vault-no-policy = the vault's policy record is missing: the store was tampered with or is incomplete
vault-unknown-kek = the vault is sealed under KEK { $id }, which the key provider did not give
vault-wrong-kek = KEK { $id } does not open the vault: it is another key under the same id, or the keyring was changed
vault-kek-length = a KEK is 32 bytes; the one with id { $id } has { $length }
vault-tampered = { $key } was changed, moved or swapped outside the vault: { $cause }
vault-rolled-back = the store was rolled back: { $what } is at { $found }, but { $known } was seen before
vault-checkpoint-not-kept = nothing is removed before its checkpoint is kept outside: { $reason }
vault-output = the output could not be written: { $reason }
vault-substituted = the store was tampered with: { $what } is at { $revision } as it was seen before, but it is another one
vault-reason-required = this is allowed with a reason only; give one with the request
vault-approval-required = this is allowed with the approval of a second person only; ask for it, and come back when it is given
vault-approvals-required = { $count } of the entries take the approval of a second person: ask for it, or leave them out
vault-schedule = { $field }: { $cause }
vault-busy = others kept changing the same records; try again
vault-ended = the { $what } { $why }
vault-bad-rows = nothing was imported, since some rows cannot become entries ({ $count }); mend them, or import the good rows only

# Challenge
challenge-passphrase = the passphrase of encryption key { $key }
challenge-private-key = the private key that belongs to encryption key { $key }
challenge-master-password = the master password of { $owner }

# VaultKey
vault-key-data = data key
vault-key-index = index key
vault-key-audit = audit key

# Consequence
consequence-entry-trashed = an entry goes to the trash
consequence-entry-rehomed = an entry gets another owner
consequence-entry-kept = an entry waits to be handed over
consequence-service-left = an entry is taken off its service
consequence-grant-ended = a grant ends
consequence-grant-rehomed = a grant passes to another client
consequence-category-left = an entry is taken out of its category
consequence-reminder-ended = a reminder is dropped
consequence-server-rule-changed = a role is taken off a server
consequence-key-rehomed = an encryption key gets another owner
consequence-key-kept = an encryption key waits to be handed over
consequence-attach-right-ended = a right to attach a key ends
consequence-attach-right-rehomed = a right to attach a key passes to another client
consequence-category-rehomed = a category gets another owner
consequence-member-removed = a membership in a category ends
consequence-member-rehomed = a membership in a category passes to another client
consequence-contact-removed = a contact is removed
consequence-sign-in-ended = a sign-in is switched off
consequence-sub-user-removed = a user leaves the account
consequence-sub-user-rehomed = a user goes to another account
consequence-role-taken = a person loses the role
consequence-invite-cancelled = an invitation is taken back
consequence-link-ended = a link ends
consequence-request-ended = a request for credentials ends
consequence-message-removed = a message is not sent any more
consequence-approval-removed = a request for approval is removed
consequence-rule-changed = a rule is changed
consequence-setting-changed = a setting is changed
consequence-entry-erased = an entry is destroyed
consequence-secret-lost = nobody can open an entry of someone else any more
consequence-key-erased = an encryption key is destroyed
consequence-master-password-erased = a master password is destroyed
consequence-category-erased = a category is deleted
consequence-person-erased = a person is deleted
consequence-invite-erased = an invitation is deleted
consequence-ticket-ended = an unlock ticket or permit ends
consequence-binding-ended = nothing can be bound to it any more
consequence-binding-reopened = grants can be bound to it again

# HandOver
hand-over-locked = entry { $entry } is locked; unlock it and say it again
hand-over-private = entry { $entry } is private; only its owner can hand it over
hand-over-grants = entry { $entry } was granted to both clients on different terms
hand-over-key = encryption key { $key } can be opened by its holder alone; unlock it and say it again
hand-over-rules = nobody else may change the rules; make a rule for someone first
