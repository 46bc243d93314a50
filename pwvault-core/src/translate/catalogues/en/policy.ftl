### Decisions, their reasons and remedies, and the errors of rules and sharing.

# Reason
reason-owner = it is your own
reason-extended-role = role { $role } has all actions on entries that are not private
reason-grant = it is shared with { $grantee } for { $actions }
reason-category = you are a member of category { $category }, which gives { $actions }
reason-ticket = you work on a ticket of the client, and the entry is shared
reason-access-mode = access mode { $mode } opens clients' entries to you
reason-rule-allows = rule { $rule } allows section { $section }
reason-rule-full-access = rule { $rule } allows every section
reason-permission = your permission { $permission } includes it
reason-account = the account may do this
reason-attach-right = { $grantee } may attach the key
reason-scheduled-work = scheduled work rotates keys, keeps the logs and delivers messages, and nothing else
reason-scheduled-only = only scheduled work does this
reason-private = the entry is private
reason-owned-locked = a master password guards your own entries and is not unlocked
reason-trashed = the entry is in the trash
reason-rule-restricts = rule { $rule } restricts section { $section }
reason-permission-missing = you lack permission { $permission }
reason-setting-off = setting { $setting } is off
reason-staff-only = only administrators have this
reason-owner-only = only the owner may do this
reason-not-covered = nothing gives you { $action }
reason-key-not-covered = nothing gives you { $action } of the key
reason-section-not-covered = no rule allows you section { $section }
reason-client-forbidden = the settings give this client no part in the vault
reason-service-excluded = the settings exclude the product of this service
reason-server-rule = the server is for these roles alone: { $roles }

# Remedy
remedy-unlock-master-password = unlock your master password
remedy-restore-from-trash = have the entry restored from the trash
remedy-make-not-private = have the owner make the entry not private
remedy-ask-for-grant = ask the owner, or someone who may share the entry, for { $action }
remedy-ask-owner = ask the owner
remedy-ask-for-permission = ask the account for permission { $permission }
remedy-hold-role = ask for role { $role }
remedy-allow-section = have a rule allow section { $section }
remedy-lift-restriction = have rule { $rule } no longer restrict section { $section }
remedy-switch-on = have setting { $setting } switched on

# ModeName
access-mode-full = full
access-mode-restricted = restricted
access-mode-shared = shared

# SettingName
setting-private-entries = private entries
setting-master-passwords = master passwords
setting-service-entries = entries of services
setting-client-area = the vault in the client area
setting-summary = the vault in the client summary
setting-tickets = the vault in tickets

# KeyAction
key-action-view = view
key-action-attach = attach
key-action-manage = manage

# Effect
effect-deny = refused
effect-allow = allowed

# Denied
not-found = there is nothing here under this id

# SharingError
sharing-private = a private entry cannot be shared; make it not private first
sharing-to-owner = the owner has all actions already and is granted none
sharing-not-held = only actions held on the entry can be granted or taken away
sharing-beyond-terms = a grant ends no later, and asks for no less, than the grant it is passed on from
sharing-ended = the end of the grant has passed; choose a later one, or remove the grant
sharing-empty = a grant needs at least one action; to end it, remove it
sharing-repeated = a grantee may stand only once among the changes
sharing-too-many = an entry holds at most { $max } grants; with this change it would be { $count }

# RuleError
rule-too-many = a vault holds at most { $max } rules; these are { $count }
rule-name = a rule's name is 1 to { $max } bytes of text without control characters
rule-repeated-id = two rules have the same id
rule-repeated-name = two rules have the same name
rule-repeated-item = a rule lists a section, administrator or role twice
rule-lockout = no administrator or role named by these rules would hold the section access, so nobody could change them

# QuestionError
question-missing = the request needs the fact `{ $fact }`, which is missing
question-always-on = the surface { $surface } cannot be switched off; the client area, the summary and tickets can

# Verb
verb-list = list
verb-view = view
verb-create = create
verb-manage = manage
verb-configure = configure
verb-delete = delete
verb-cancel = cancel

# Finding
finding-names-nobody = rule { $rule } names no administrator and no role, so it applies to nobody
finding-says-nothing = rule { $rule } neither allows nor restricts anything
finding-shadowed = everything that rule { $rule } allows is restricted for everyone it names
finding-dependent = { $subject } has { $verb } in section { $section } without { $needs }, which section { $given_by } gives
finding-no-landing = no section that is open to { $subject } has a page to begin with; allow one that lists something

# Decision
decision-allowed = this is allowed: { $reasons }
decision-denied = this is not allowed: { $reasons }
decision-denied-with-help = this is not allowed: { $reasons } (what would help: { $remedies })
