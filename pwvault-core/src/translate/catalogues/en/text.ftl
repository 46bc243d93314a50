### Prose that stands as an argument in other messages: `vault-state`, `vault-invalid`,
### `vault-in-use`, `vault-wrong-answer`, `vault-rolled-back`. A message here is found by its
### English words, so they are those of the source.

# What does not fit
text-passphrase = passphrase
text-private-key = private key
text-master-password = master password
text-recovery-code = recovery code
text-recovery-key = recovery key

# What is over
text-link = link
text-request = request

# What is in use, what was rolled back
text-the-key = the key
text-old-vault-key = an old data or index key
text-the-keyring = the keyring
text-the-policy = the policy
text-key-loss = { $entries } entries with { $past_secrets } past secrets are locked to it, and the secrets of { $sole } of them would be lost
text-vault-key-loss = without it these records would not open or be found: { $counts }

# States
text-no-private-key-stored = the vault holds no private key with a passphrase for this key
text-no-master-password = no master password is set
text-every-key-deleted = every key of the entry was deleted, and its secret is lost; make a new entry and purge this one
text-no-such-recovery = this way of recovery was not switched on
text-master-key-length = the master password's public key has a wrong length
text-recovered-by-another = the master password was recovered by someone else; change it first
text-still-disabling = the master password is still being disabled; resume that first
text-no-key-of-this-sort = the keyring has no key of this sort
text-not-in-trash = the entry is not in the trash
text-no-such-address = the entry has no such address
text-no-connector = no connector of this kind is registered, or the host is the connector: begin the sign-on
text-no-server = the entry does not say how its server is signed in to
text-no-password-to-sign-in = the entry holds no password to sign in with
text-host-is-no-connector = the host is not registered as the connector of this kind of server
text-permit-ended = the permit has ended, was used already, or is for something else
text-stays-with-service = the entry is the service's own login, which stays with its service
text-service-has-entry = the service has an entry of its own already
text-system-owns-nothing = scheduled work owns nothing
text-master-password-set-already = a master password is set already; change it instead

# Inputs
text-no-offline-key = the host has configured no offline recovery key
text-old-password = it is the old one; choose another
text-password-length = at least { $min } characters and at most { $max } bytes are accepted
text-confirmation-differs = it differs from the password
text-recovery-code-mistyped = it is mistyped: seven groups of four letters and digits
text-key-twice = a key stands twice in the list
text-stored-key-and-master-password = the owner has a master password; a stored key without a passphrase would go around it
text-name-empty = it is empty; a name has at least one character
text-control-character = it holds a control character, such as a line end; take it out
text-passphrase-length = it has { $length } bytes; 1 to { $max } are accepted
text-too-long = it has { $length } bytes; at most { $max } are accepted
text-name-an-owner = this principal owns nothing; name an owner
text-unknown-connector = no connector of this kind is registered with the vault
text-unknown-service = the connector does not know it; take one of those it lists
text-server-roles = there are { $count }; a restricted server names 1 to { $max }
text-server-without-address = this kind of server has none; leave it empty
text-service-of-another = it is another client's than the entry
text-entry-twice = an entry stands twice in the list
text-message-twice = a message stands twice in the list
text-claim-ended = the message is not claimed by this claim any more: its lease ended, or it was settled already
text-end-within-bounds = an end lies in the future, at most 30 days from now
text-link-views = it is { $views }; a link opens 1 to { $max } times
text-links-full = the entry has as many links as it can have; revoke some
text-link-conditions = a reason or an approval is asked of you, and a link would ask for neither
text-link-nothing = the entry has none of the chosen parts, so the link would hand over nothing
text-entry-in-trash = the entry is in the trash; restore it first
text-link-passphrase = the link takes a passphrase too
text-page-fragment = it has a fragment; leave out what begins with #
text-request-key-gone = a key that the answer would be sealed to was deleted; ask for the request to be sent again
text-required-empty = one that is required is empty
text-values-count = there are { $found }; { $wanted } are asked for
text-asked-twice = a part is asked for twice
text-answer-key = an answer is sealed to at least one key
text-request-owner = it is neither the client who is asked nor the one who asks
text-wanted-count = there are { $found }; 1 to { $max } are asked for
text-link-no-field = the entry has no field { $field }
text-end-has-passed = the time has passed; an end lies in the future
text-shards = a vault has 1 to { $max } shards
text-no-kek = it gave no KEK; one is needed
text-another-vault = it belongs to another vault
text-person-twice-in-batch = a person stands twice in the batch
text-contact-lists = it has { $count } roles, departments and groups; at most { $max }
text-no-such-field = the secret has no such field
text-out-of-bounds = it is { $found }; { $min } to { $max } are accepted
text-kdf-bounds = memory is { $memory_min } to { $memory_max } KiB, passes { $passes_min } to { $passes_max }, lanes { $lanes_min } to { $lanes_max }
text-someone-twice = someone stands twice in the list
text-name-a-key = name at least one key
text-locked-to-key-already = the entry is locked to one of the keys already
text-too-many-locks = there are { $found }; an entry is locked to at most { $max }
text-would-be-too-many-locks = there would be { $found }; an entry is locked to at most { $max }
text-too-many = there are { $found }; at most { $max } are accepted
text-not-locked-to-key = the entry is not locked to it
text-not-a-head = it is not the text of a head, which begins with `{ $tag }`
text-not-in-list = the entry it points to is not in this list, or no longer; begin again without it
text-row-private = new private entries are not accepted here
text-row-duplicate = an entry with this name, user name and website is there already
text-no-seed = the entry holds no seed of one-time codes; add one first
text-codes-by-counter = the seed gives codes by counter; only codes by time are shown
text-weak-password = the password has strength { $found } of 4; the policy asks for at least { $min }, so take more characters or words
text-too-many-locales = at most { $max } locales have words of the host
text-approval-end = it lies in the past, or more than seven days ahead
text-approval-answered = the request was answered already; it has to be asked again
text-approval-not-needed = this needs no approval; go ahead

# The stored directory
text-password = password
text-code = code
text-part-of-user = part of this user in the account
text-person = person
text-mail-topics = mail topics
text-no-address-for-link = the person has no e-mail address to send the link to
text-person-without-second-factor = the person has no second factor
text-sign-in-is-own = a sign-in is its person's own; sign in as that person
text-no-second-factor = no second factor is set up
text-too-many-accounts = a user acts for at most { $max } accounts
text-role = role
text-department = department
text-group = group
text-groups = groups
text-roles = roles
text-departments = departments
text-clients = clients
text-administrators = administrators
text-user-name = user name
text-e-mail-address = e-mail address
text-prune-up-to = events are removed up to a time; say which
text-member-twice = a member stands twice in the list
text-assignment-empty = an assignment needs at least one action
text-unknown-person = the directory knows no { $person }
text-entries-have-it = { $count } entries have it
text-more-entries-have-it = more than { $count } entries have it
text-shared-or-in-category = the entry is shared; end its grants and take it out of its category before making it private
text-tag-twice = a tag stands twice in the list
text-the-category = the category
text-the-tag = the tag
text-not-this-list = it was not made by this list for this person, or its key was retired; begin again without it
text-binding-over = the ticket or service that the grant would end with is over already
text-other-category = the entry is in another category; take it out of that one first
text-own-place = it is the client that is no more
text-leaver-as-new-owner = it is the administrator who left
text-oneself-as-new-owner = nobody names themselves as the new owner; let someone else say so
text-host-event = host event
text-oneself-erased = nobody erases themselves; let someone else do it
text-setting-named-twice = it names something twice; each once is accepted
text-approval-nothing-left = nothing is left to take back
text-sealed-not-rsa = only what is sealed to an RSA key opens with WebCrypto alone; unlock with the private key
text-sealed-not-locked = the entry is not locked to this key; its challenge names the keys it is locked to
text-sealed-key-deleted = the key was deleted, and what is sealed to it opens no more
text-sealed-key-stored = the vault holds the private key and opens what is sealed to it; reveal the entry
text-sealed-key-passphrase = the vault holds the private key behind Argon2id, which WebCrypto lacks; unlock it with its passphrase and reveal
