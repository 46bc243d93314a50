//! A vault, people around it, and an entry to be handed over.

use std::sync::Arc;

use pwvault_core::id::RecordKind;
use pwvault_core::model::{Contact, EntryKind, FieldDraft, KeyOwner, Permissions, Person, Wanted, WantedPart};
use pwvault_core::store::{MemoryStore, Query, Record, Store};
use pwvault_core::testing::{FaultyStore, FixedClock};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{CredentialRequestDraft, KeyMaterial, KeyRegistration, LogFilter, Pages, UnlockAnswer};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryId, KeyId, Owner, Principal, RequestContext, RoleId, Session, Timestamp, Vault,
    VaultError,
};

use crate::locked::{self, SharedClock, VAULT};

pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) struct World {
    pub(crate) store: Arc<FaultyStore<MemoryStore>>,
    pub(crate) clock: SharedClock,
    pub(crate) vault: Vault,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_pages(Pages::default())
    }

    pub(crate) fn with_pages(pages: Pages) -> Self {
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let clock = SharedClock(Arc::new(FixedClock::new(Timestamp::from_millis(1_800_000_000_000))));
        let builder = locked::builder(&clock).pages(pages);
        let vault = builder.create(store.clone(), VAULT, RoleId::new("full").unwrap()).unwrap();
        Self { store, clock, vault }
    }

    pub(crate) fn client(&self, id: &str) -> Session {
        client(&self.vault, id)
    }

    pub(crate) fn root(&self) -> Session {
        root(&self.vault)
    }

    pub(crate) fn admin(&self, id: &str, roles: &[&str]) -> Session {
        let roles = roles.iter().map(|id| RoleId::new(*id).unwrap()).collect();
        self.session(Principal::admin_with_roles(AdminId::new(id).unwrap(), roles))
    }

    pub(crate) fn session(&self, principal: Principal) -> Session {
        self.vault.session(principal, RequestContext::default())
    }

    pub(crate) fn pass(&self, millis: i64) {
        self.clock.0.advance(millis);
    }

    pub(crate) fn records(&self, kind: RecordKind) -> Vec<Record> {
        records(self.store.inner(), kind)
    }

    /// The directory says from here on that an administrator holds these roles.
    pub(crate) fn sync_roles(&self, id: &str, roles: &[&str]) {
        let contact = Contact {
            person: Person::Admin(AdminId::new(id).unwrap()),
            name: id.to_owned(),
            email: None,
            locale: None,
            zone: None,
            wants_mail: false,
            roles: roles.iter().map(|id| RoleId::new(*id).unwrap()).collect(),
            departments: vec![],
            groups: vec![],
            permissions: Permissions::NONE,
        };
        self.root().sync_principals(&[contact], &[]).unwrap();
    }

    /// The newest events, the newest first: what, how it ended, and who.
    pub(crate) fn newest_events(&self, count: usize) -> Vec<String> {
        let page = self.root().read_log(&LogFilter::default()).unwrap();
        // The first is that of this reading.
        let events = page.events.iter().skip(1).filter_map(|logged| logged.event.as_ref());
        events.take(count).map(|event| format!("{:?} {:?} {:?}", event.kind, event.outcome, event.actor)).collect()
    }
}

pub(crate) fn create(store: Arc<dyn Store>, clock: &SharedClock) -> Vault {
    locked::builder(clock).create(store, VAULT, RoleId::new("full").unwrap()).unwrap()
}

pub(crate) fn records(store: &dyn Store, kind: RecordKind) -> Vec<Record> {
    store.scan(&Query { limit: 1_000, ..Query::new(VAULT, kind) }).unwrap().into_records().unwrap()
}

pub(crate) fn client(vault: &Vault, id: &str) -> Session {
    vault.session(Principal::client(client_id(id)), RequestContext::default())
}

pub(crate) fn client_id(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

pub(crate) fn root(vault: &Vault) -> Session {
    let roles = vec![RoleId::new("full").unwrap()];
    vault.session(Principal::admin_with_roles(AdminId::new("root").unwrap(), roles), RequestContext::default())
}

pub(crate) fn entry_of(session: &Session) -> EntryId {
    let field = |name: &str, value: &str, secret| FieldDraft { name: name.into(), value: value.into(), secret };
    session
        .create_entry(&EntryDraft {
            name: "Webmail".into(),
            username: "anna".into(),
            password: "s3cret".into(),
            notes: "in the safe".into(),
            totp: "JBSWY3DPEHPK3PXP".into(),
            fields: vec![field("Customer", "4711", false), field("PIN", "0815", true)],
            ..EntryDraft::default()
        })
        .unwrap()
}

/// A key of the vault that root may attach, and what unlocks it.
pub(crate) fn staff_key(root: &Session) -> (KeyId, UnlockAnswer) {
    let material = KeyMaterial::PublicOnly { public: locked::X25519_PUBLIC.into(), proof: None };
    let registration =
        KeyRegistration { name: "staff".into(), owner: KeyOwner::Vault, material, may_attach: Vec::new() };
    let key = root.register_key(&registration).unwrap();
    (key, UnlockAnswer::PrivateKey { key, pem: locked::X25519.into(), passphrase: None })
}

pub(crate) fn asking(key: KeyId, owner: Owner) -> CredentialRequestDraft {
    let wanted = |part, required| Wanted { part, required };
    CredentialRequestDraft {
        client: client_id("anna"),
        owner,
        name: "Web shop".into(),
        kind: EntryKind::Login,
        wanted: vec![
            wanted(WantedPart::Username, false),
            wanted(WantedPart::Password, true),
            wanted(WantedPart::SecretField("PIN".into()), false),
        ],
        message: "We need this to move your shop.".into(),
        keys: vec![key],
        expires_at: None,
    }
}

pub(crate) fn annas() -> Owner {
    Owner::Client(client_id("anna"))
}

pub(crate) fn is_not_found<T>(result: Result<T, VaultError>) -> bool {
    matches!(result, Err(VaultError::NotFound))
}
