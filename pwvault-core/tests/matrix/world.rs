//! A vault with one client's entry, and every kind of principal around it.

use std::sync::{Arc, OnceLock};

use pwvault_core::connect::{ConnectError, ConnectRequest, Connector, ConnectorKind, Need, SignOn};
use pwvault_core::id::{ApprovalId, CategoryId, GroupId, InviteId, LinkId, PastSecretId, RuleId, ServiceId, TagId};
use pwvault_core::model::{
    Action, Actions, Contact, EntryKind, GrantTerms, Grantee, KdfParams, KekId, KeyOwner, MailTopics, Obligations,
    Permission, Permissions, Person, PersonId, RuleDraft, Section, ServerAccess, ServerRule, ServiceRef, Settings,
    Surface, UnitId, Wanted, WantedPart,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{MemoryStore, Store};
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    CategoryDraft, CredentialRequestDraft, KeyMaterial, KeyRegistration, LinkOptions, PersonDraft, RequestSecret,
    SubUserInvite, SubUserPut, UnitDraft,
};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryId, EntryPatch, KekRing, KeyId, Owner, Principal, RequestContext, RoleId,
    SecretBytes, Session, Timestamp, UserId, Vault, VaultBuilder, VaultId,
};

/// The kinds of principals, in the order of the letters in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The client that owns the entry.
    Owner,
    /// A sub-user of the owner with every permission.
    SubAll,
    /// A sub-user of the owner who may only view.
    SubView,
    /// A sub-user without any permission.
    SubNone,
    /// A client to whom the entry is shared for view and reveal.
    Sharee,
    /// Another client.
    Stranger,
    /// An administrator with full access to every section, but to no entry.
    AdminFull,
    /// An administrator of a role to which the entry is shared for view alone.
    AdminView,
    /// An administrator of an extended role, with the section `entries`.
    AdminExtended,
    /// An administrator whom no rule names.
    AdminBare,
    /// Scheduled work.
    System,
}

impl Who {
    pub const ALL: [Self; 11] = [
        Self::Owner,
        Self::SubAll,
        Self::SubView,
        Self::SubNone,
        Self::Sharee,
        Self::Stranger,
        Self::AdminFull,
        Self::AdminView,
        Self::AdminExtended,
        Self::AdminBare,
        Self::System,
    ];
}

pub struct World {
    pub vault: Vault,
    /// The owner's entry, with one past secret, and a server.
    pub entry: EntryId,
    pub version: u64,
    pub past: PastSecretId,
    /// The owner's entry in the trash.
    pub trashed: EntryId,
    /// A rule nobody needs.
    pub rule: RuleId,
    /// The owner's key, to which `locked` is locked.
    pub key: KeyId,
    /// The owner's RSA key, to which `locked` is locked too.
    pub rsa_key: KeyId,
    /// An entry of the owner that is locked to `key` and `rsa_key`.
    pub locked: EntryId,
    /// A link of `entry`, made by its owner.
    pub link: LinkId,
    /// A key of the vault.
    pub staff_key: KeyId,
    /// A request that asks the owner for a password.
    pub request: RequestSecret,
    /// What another client has asked for, to reveal `entry`.
    pub approval: ApprovalId,
    /// The version of a user `clerk` who acts for the owner and may view.
    pub clerk_version: u64,
    /// An invitation to act for the owner.
    pub invite: InviteId,
    /// A category of the owner's, without entries.
    pub category: CategoryId,
    /// A tag nobody needs.
    pub tag: TagId,
}

pub fn client(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

pub fn role(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

pub fn admin(id: &str, roles: &[&str]) -> Principal {
    Principal::admin_with_roles(AdminId::new(id).unwrap(), roles.iter().map(|id| role(id)).collect())
}

fn contact(id: ClientId) -> Contact {
    Contact {
        name: id.to_string(),
        email: Some(format!("{id}@example.com")),
        person: Person::Client(id),
        locale: None,
        zone: None,
        wants_mail: false,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: Permissions::NONE,
    }
}

/// Signs in to everything.
struct Panel;

impl Connector for Panel {
    fn kind(&self) -> ConnectorKind {
        let (needs, services) = (vec![Need::Host, Need::Password], Vec::new());
        ConnectorKind { name: "panel".into(), needs, gives_url: true, tests_login: true, services }
    }

    fn connect(&self, request: &ConnectRequest<'_>) -> Result<SignOn, ConnectError> {
        let url = format!("https://{}/session", request.address);
        Ok(SignOn { url: Some(url.into()), expires_at: None })
    }

    fn test(&self, _: &ConnectRequest<'_>) -> Result<(), ConnectError> {
        Ok(())
    }
}

const VAULT: VaultId = VaultId::from_bytes([3; 16]);

fn builder() -> VaultBuilder {
    let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![2; 32]));
    let clock = FixedClock::new(Timestamp::from_millis(1_800_000_000_000));
    VaultBuilder::new(kek).clock(clock).connector(Panel)
}

impl World {
    /// A world of its own. It is made once and copied.
    pub fn new() -> Self {
        static FIRST: OnceLock<(MemoryStore, World)> = OnceLock::new();
        let (store, first) = FIRST.get_or_init(|| {
            let store = Arc::new(MemoryStore::new());
            let world = Self::made_in(Arc::<MemoryStore>::clone(&store));
            (store.as_ref().clone(), world)
        });
        let vault = builder().open(Arc::new(store.clone()), VAULT).unwrap();
        Self { vault, request: first.request.clone(), ..*first }
    }

    fn made_in(store: Arc<dyn Store>) -> Self {
        let settings =
            Settings { kdf: KdfParams::FLOOR, extended_roles: vec![role("extended")], ..Settings::default() };
        let vault = builder().settings(settings).create(store, VAULT, role("full")).unwrap();
        let session = |principal| vault.session(principal, RequestContext::default());

        let full = session(admin("root", &["full"]));
        let entries = RuleDraft {
            name: "Entries".into(),
            allow: vec![Section::Entries],
            roles: vec![role("view"), role("extended")],
            ..RuleDraft::default()
        };
        full.add_rule(&entries).unwrap();
        let servers = RuleDraft {
            name: "Servers".into(),
            allow: vec![Section::Connect],
            roles: vec![role("extended")],
            ..RuleDraft::default()
        };
        full.add_rule(&servers).unwrap();
        let spare = RuleDraft { name: "Spare".into(), allow: vec![Section::Logs], ..RuleDraft::default() };
        let rule = full.add_rule(&spare).unwrap();
        full.sync_principals(&[contact(client("mallory"))], &[]).unwrap();

        let owner = session(Principal::client(client("owner")));
        let draft = |name: &str| EntryDraft {
            name: name.into(),
            website: "https://server.example/".into(),
            password: "first".into(),
            totp: "JBSWY3DPEHPK3PXP".into(),
            ..EntryDraft::default()
        };
        let entry = owner.create_entry(&draft("shared")).unwrap();
        let patch = EntryPatch { password: Some("second".into()), ..EntryPatch::default() };
        owner.update_entry(entry, 1, &patch).unwrap();
        let past = owner.history(entry).unwrap()[0].id;
        let obligations = Obligations { reason: false, approval: true };
        let by_approval = GrantTerms { obligations, ..GrantTerms::default() };
        let view = Actions::NONE.with(Action::View);
        let grants = [
            GrantChange::put(Grantee::Client(client("sharee")), Actions::VIEW_AND_REVEAL),
            GrantChange::put(Grantee::Role(role("view")), view),
            GrantChange::put_on(Grantee::Client(client("asker")), Actions::VIEW_AND_REVEAL, by_approval),
        ];
        let version = owner.share(entry, &grants).unwrap();
        let access = ServerAccess {
            connector: "panel".into(),
            address: "server.example".into(),
            rule: ServerRule::Unrestricted,
        };
        let version = session(admin("chief", &["extended"])).set_server(entry, version, Some(&access)).unwrap();
        let asker = session(Principal::client(client("asker")));
        let approval = asker.request_approval(entry, Action::Reveal, "an outage").unwrap();
        let category =
            owner.create_category(&CategoryDraft { name: "Mine".into(), ..CategoryDraft::default() }).unwrap();
        let tag = full.create_tag("spare").unwrap();
        let trashed = owner.create_entry(&draft("trashed")).unwrap();
        owner.trash_entries(&[trashed]).unwrap();
        let register = |name: &str, public: &str| {
            let material = KeyMaterial::PublicOnly { public: public.into(), proof: None };
            let key = KeyOwner::Client(client("owner"));
            owner
                .register_key(&KeyRegistration { name: name.into(), owner: key, material, may_attach: vec![] })
                .unwrap()
        };
        let key = register("key", include_str!("../keys/x25519-public.pem"));
        let rsa_key = register("spare", include_str!("../keys/rsa-2048-public.pem"));
        let locked = owner.create_entry(&EntryDraft { keys: vec![key, rsa_key], ..draft("locked") }).unwrap();

        let user = |id: &str, permissions| {
            let user = UserId::new(id).unwrap();
            let draft = PersonDraft {
                email: format!("{id}@example.com"),
                ..PersonDraft::new(PersonId::User(user.clone()), format!("The {id}"))
            };
            full.create_person(&draft).unwrap();
            full.put_sub_user(&SubUserPut { account: client("owner"), user, permissions, mail: MailTopics::NONE }, 1)
                .unwrap()
        };
        user("sub", Permissions::all());
        let viewing = Permissions::NONE.with(Permission::View);
        let clerk_version = user("clerk", viewing);
        let group = UnitId::Group(GroupId::new("vip").unwrap());
        full.create_unit(&UnitDraft { id: group, name: "VIP".into(), mail: MailTopics::NONE }).unwrap();
        let invite = SubUserInvite {
            account: client("owner"),
            email: "invited@example.com".into(),
            permissions: viewing,
            mail: MailTopics::NONE,
            locale: String::new(),
        };
        let invite = owner.invite_sub_user(&invite).unwrap().id;
        let link = owner.create_link(entry, &LinkOptions::default()).unwrap().id();
        let material =
            KeyMaterial::PublicOnly { public: include_str!("../keys/x25519-public.pem").into(), proof: None };
        let staff = KeyRegistration { name: "staff".into(), owner: KeyOwner::Vault, material, may_attach: vec![] };
        let staff_key = full.register_key(&staff).unwrap();
        let request = full.request_credentials(&Self::asking(staff_key)).unwrap();
        Self {
            vault,
            entry,
            version,
            past,
            trashed,
            rule,
            key,
            rsa_key,
            locked,
            approval,
            clerk_version,
            invite,
            category,
            tag,
            link,
            staff_key,
            request,
        }
    }

    pub fn session(&self, who: Who) -> Session {
        self.session_from(who, Surface::default())
    }

    /// A session whose requests come from this part of the host.
    pub fn session_from(&self, who: Who, surface: Surface) -> Session {
        let sub = |permissions| Principal::sub_user(client("owner"), UserId::new("sub").unwrap(), permissions);
        let principal = match who {
            Who::Owner => Principal::client(client("owner")),
            Who::SubAll => sub(Permissions::all()),
            Who::SubView => sub(Permissions::NONE.with(pwvault_core::model::Permission::View)),
            Who::SubNone => sub(Permissions::NONE),
            Who::Sharee => Principal::client(client("sharee")),
            Who::Stranger => Principal::client(client("stranger")),
            Who::AdminFull => admin("root", &["full"]),
            Who::AdminView => admin("viewer", &["view"]),
            Who::AdminExtended => admin("chief", &["extended"]),
            Who::AdminBare => admin("bare", &[]),
            Who::System => Principal::system(),
        };
        self.vault.session(principal, RequestContext { surface, ..RequestContext::default() })
    }

    /// Changes the settings.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let full = self.session(Who::AdminFull);
        let (mut settings, revision) = full.settings().unwrap();
        change(&mut settings);
        full.update_settings(&settings, revision).unwrap();
    }

    /// Asks the owner for a password.
    pub fn asking(key: KeyId) -> CredentialRequestDraft {
        CredentialRequestDraft {
            client: client("owner"),
            owner: Owner::Client(client("owner")),
            name: "asked for".into(),
            kind: EntryKind::Login,
            wanted: vec![Wanted { part: WantedPart::Password, required: true }],
            message: String::new(),
            keys: vec![key],
            expires_at: None,
        }
    }

    /// Has the directory know a client as one of a group.
    pub fn put_in_group(&self, id: ClientId, group: GroupId) {
        let contact = Contact { groups: vec![group], ..contact(id) };
        self.session(Who::AdminFull).sync_principals(&[contact], &[]).unwrap();
    }

    /// A service of the owner's.
    pub fn service() -> ServiceRef {
        ServiceRef { id: ServiceId::new("7").unwrap(), client: client("owner"), product: None, product_group: None }
    }

    /// How many events the log holds.
    pub fn events(&self) -> u64 {
        self.vault.head().unwrap().shards.iter().map(|shard| shard.size).sum()
    }
}
