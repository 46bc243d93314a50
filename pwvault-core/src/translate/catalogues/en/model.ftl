### Names of the model and its errors.

# Action
action-view = view
action-reveal = reveal
action-use = use
action-edit = edit
action-delete = delete
action-share = share

# Permission
permission-view = view
permission-reveal = reveal
permission-use = use
permission-create = create
permission-edit = edit
permission-delete = delete
permission-share = share
permission-transfer = transfer
permission-keys = keys
permission-manage-users = other users
permission-profile = profile
permission-contacts = contacts
permission-products = products
permission-manage-products = changes of products
permission-product-sso = sign-on to products
permission-domains = domains
permission-manage-domains = changes of domains
permission-invoices = invoices
permission-quotes = quotes
permission-tickets = support tickets
permission-affiliates = affiliates
permission-emails = e-mails
permission-orders = orders

# Section
section-entries = entries
section-entries-for-clients = entries for clients
section-entries-import = import of entries
section-entries-export = export of entries
section-keys = encryption keys
section-keys-manage = management of encryption keys
section-access = access control
section-access-explain = explanations of access
section-logs = logs
section-logs-export = export of logs
section-logs-verify = verification of logs
section-settings = settings
section-rotation = rotation of the vault's keys
section-principals = directory of people
section-categories = categories
section-tags = tags
section-templates = templates of messages
section-outbox = outgoing messages
section-translations = translations
section-connect = signing in to servers
section-connect-configure = setting up servers
section-requests = requests for credentials
section-approvals = approvals
section-directory = stored directory of people
section-logs-prune = deletion of old events
section-subjects = export and erasure of personal data
section-host-events = consequences of events in the panel
section-dashboard = overview
section-tickets = tickets of other departments
section-reports = reports
section-scheduled = scheduled work

# Surface
surface-api = programming interface
surface-admin-area = administrator area
surface-client-area = client area
surface-summary = client summary
surface-ticket = ticket
surface-cron = scheduled work

# EventKind
event-vault-created = vault created
event-entry-created = entry created
event-entry-updated = entry changed
event-secret-changed = secret changed
event-secret-restored = past secret restored
event-entry-trashed = entry moved to the trash
event-entry-restored = entry restored from the trash
event-entry-purged = entry destroyed
event-entries-listed = entries listed
event-entry-viewed = entry viewed
event-secret-revealed = secret revealed
event-past-secret-revealed = past secret revealed
event-secret-copied = secret copied
event-entries-imported = entries imported
event-entries-exported = entries exported
event-sharing-changed = sharing changed
event-keys-attached = keys attached
event-keys-detached = keys detached
event-key-created = encryption key created
event-key-updated = encryption key changed
event-key-deleted = encryption key deleted
event-unlocked = unlocked
event-ticket-ended = locked again
event-master-password-set = master password set
event-master-password-changed = master password changed
event-master-password-disabled = master password disabled
event-master-password-recovered = master password recovered
event-access-changed = access control changed
event-settings-changed = settings changed
event-principals-synced = directory of people updated
event-rotated = vault keys rotated
event-log-read = log read
event-log-exported = log exported
event-log-verified = log verified
event-category-created = category created
event-category-updated = category changed
event-category-deleted = category deleted
event-category-assigned = category of entries changed
event-tag-created = tag created
event-tag-updated = tag renamed
event-tag-deleted = tags deleted
event-tags-assigned = tags of entries changed
event-reminder-changed = reminders of an entry changed
event-scheduled-run = scheduled work done
event-message-claimed = messages taken for delivery
event-message-delivered = message delivered
event-message-failed = message not delivered
event-message-removed = messages removed or put back in line
event-template-changed = template of messages changed
event-translations-changed = translations changed
event-totp-shown = one-time code shown
event-url-opened = web address opened
event-connect-changed = sign-in to a server changed
event-sign-on-started = sign-in to a server begun
event-sign-on-finished = sign-in to a server finished
event-service-revealed = service password permitted to be shown
event-service-secret-changed = service password changed
event-link-created = one-time link made
event-link-opened = one-time link opened
event-link-revoked = one-time link ended
event-credentials-requested = credentials asked for
event-credentials-given = credentials given
event-credential-request-ended = request for credentials taken back
event-approval-asked = approval asked for
event-approval-given = approval given
event-approval-refused = approval refused
event-log-pruned = old events deleted
event-checkpoints-copied = checkpoints copied outside
event-person-created = person created
event-person-updated = person changed
event-person-deleted = person deleted
event-unit-changed = role, department or group changed
event-invite-created = invitation made
event-invite-accepted = invitation accepted
event-invite-cancelled = invitation taken back
event-signed-in = signed in
event-second-factor-changed = second factor changed
event-login-password-changed = sign-in password changed
event-host-event-applied = event in the panel applied
event-subject-exported = personal data exported
event-subject-erased = personal data erased
event-report-read = report read
event-access-explained = access of others explained
event-migrated = format of records brought up to date
event-turned-away = someone without a part in the vault turned away
event-second-factor-asked = second factor asked for
event-login-reset-asked = new sign-in password asked for
event-people-listed = people looked at
event-recovery-code-renewed = recovery code renewed
event-rotation-required = secrets marked as to be changed
event-approval-withdrawn = approval withdrawn

# Outcome
outcome-done = done
outcome-denied = refused
outcome-failed = failed

# EntryKind
entry-kind-login = login
entry-kind-licence-key = licence key
entry-kind-server = server
entry-kind-note = note

# Tier
tier-vault = under the vault's key
tier-key-stored = under a stored key
tier-master-password = under the master password
tier-key-passphrase = under a key with a passphrase
tier-key-public-only = under a public key

# KeyConfiguration
key-configuration-public-only = public key only
key-configuration-passphrase = private key stored, with a passphrase
key-configuration-stored = private key stored, without a passphrase

# KeySuite
key-suite-rsa-oaep = RSA-OAEP with SHA-256
key-suite-hpke-x25519 = HPKE with X25519

# Owner
person-admin = administrator { $id }
person-client = client { $id }

# Person
person-sub-user = user { $user } of client { $account }
person-system = scheduled work
person-bearer = the holder of a link

# Grantee
people-role = role { $id }

# Subject
people-department = department { $id }
people-group = client group { $id }
people-sub-users = the sub-users of client { $id }
people-administrators = all administrators
key-owner-vault = the vault
master-state-enabling = being set
master-state-active = in force
master-state-disabling = being disabled
period-unit-days = days
period-unit-weeks = weeks
period-unit-months = months
period-unit-years = years
people-staff = the staff
binding-ticket = ticket { $id }
binding-service = service { $id }
period-days = { $count ->
    [one] one day
   *[other] { $count } days
}
period-weeks = { $count ->
    [one] one week
   *[other] { $count } weeks
}
period-months = { $count ->
    [one] one month
   *[other] { $count } months
}
period-years = { $count ->
    [one] one year
   *[other] { $count } years
}
service-part-adopted = login of the service
service-part-additional = additional login
notice-secret-changed = a secret was changed
notice-change-soon = a secret should be changed soon
notice-change-due = a secret should be changed now
notice-secret-expired = a secret has come to its end
notice-secret-revealed = a secret was revealed
notice-invitation = invitation
notice-credentials-requested = credentials are asked for
notice-credentials-given = credentials were given
notice-approval-asked = an approval is asked for
notice-approval-decided = an approval was given or refused
audience-clients = clients
audience-administrators = administrators
message-state-waiting = waiting
message-state-claimed = in delivery
message-state-dead = not delivered

# DeliveryError
delivery-transient = the message could not be delivered now: { $reason }
delivery-permanent = the message cannot be delivered: { $reason }

# AddressError
address-too-long = it has { $found } bytes; at most { $max } are accepted
address-scheme = only addresses that begin with http:// or https:// are accepted
address-malformed = it is no web address; write https://host/path
address-password = a password stands in the address; put it into the password field

# DirectoryError
directory-failed = the directory could not answer: { $reason }

# ServicesError
services-failed = the host's services could not be asked: { $reason }

# KeyProviderError
key-provider-failed = the key provider gave no key: { $reason }

# IdError
id-not-a-uuid = an id is a UUID in its hyphenated form; this text of { $length } bytes is none
id-host-id = a host id is 1 to { $max } bytes of text without control characters; this one has { $length } bytes
id-random = the operating system's random source failed
id-kind = { $number } is no kind of record; they are numbered 1 to { $max }

# PersonId, PersonKind, Realm, MailTopic, UnitKind
person-user = user { $id }
person-kind-admin = administrators
person-kind-client = clients
person-kind-user = users
realm-staff = staff
realm-clients = clients
mail-general = general messages
mail-billing = invoices and payments
mail-support = support tickets
mail-products = products and services
mail-domains = domains
mail-affiliates = affiliates
mail-system = system messages
mail-vault = messages of the vault
unit-role = role
unit-department = department
unit-group = group

# HostEvent
host-event-client-deleted = client { $client } is gone
host-event-clients-merged = client { $from } is part of client { $into }
host-event-service-deleted = service { $service } is gone
host-event-service-moved = service { $service } is client { $client }'s
host-event-ticket-closed = ticket { $ticket } is closed
host-event-ticket-reopened = ticket { $ticket } is open again
host-event-admin-left = administrator { $admin } left, and { $new_owner } has the entries
host-event-role-deleted = role { $role } is gone

# Why a link or request is over
ended-expired = has expired
ended-used = has been used up
ended-guessed = has ended after too many wrong passphrases

# What a client is asked for
wanted-username = user name
wanted-password = password
wanted-notes = notes
wanted-totp = seed of one-time codes
wanted-website = website
wanted-login-url = login address
wanted-field = the field “{ $name }”

# UnknownPermission
unknown-permission = the word at place { $place } of the list is no permission
