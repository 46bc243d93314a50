//! A vault with quick stretching and a clock that stands still, for tests about what is locked.
#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::Arc;

use pwvault_core::clock::Clock;
use pwvault_core::model::{AccessMode, KdfParams, KekId, KeyOwner, Recipient, Settings};
use pwvault_core::store::{MemoryStore, Query, Record, Store};
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{KeyMaterial, KeyRegistration, PrivateKeyPem};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryId, EntryPatch, KekRing, KeyId, Principal, RequestContext, RoleId, SecretBytes,
    Session, Timestamp, UserId, Vault, VaultBuilder, VaultId,
};

pub(crate) const RSA: &str = include_str!("../keys/rsa-2048.pem");
pub(crate) const RSA_PUBLIC: &str = include_str!("../keys/rsa-2048-public.pem");
pub(crate) const RSA_ENCRYPTED: &str = include_str!("../keys/rsa-2048-pbkdf2-sha256.pem");
pub(crate) const RSA_OTHER: &str = include_str!("../keys/rsa-2048-other.pem");
pub(crate) const X25519: &str = include_str!("../keys/x25519.pem");
pub(crate) const X25519_PUBLIC: &str = include_str!("../keys/x25519-public.pem");
/// The passphrase of the encrypted files.
pub(crate) const PEM_PASSPHRASE: &str = "correct-horse";

pub(crate) const VAULT: VaultId = VaultId::from_bytes([3; 16]);
const BEGIN: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Lets a test move the clock it gave away.
#[derive(Clone)]
pub(crate) struct SharedClock(pub(crate) Arc<FixedClock>);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

pub(crate) struct World {
    pub(crate) vault: Vault,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: SharedClock,
}

pub(crate) fn client(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

/// Every administrator may view and reveal clients' entries; the cheapest stretching.
pub(crate) fn settings() -> Settings {
    Settings { kdf: KdfParams::FLOOR, access_mode: AccessMode::Full, ..Settings::default() }
}

pub(crate) fn builder(clock: &SharedClock) -> VaultBuilder {
    let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![2; 32]));
    VaultBuilder::new(kek).clock(clock.clone()).settings(settings())
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_store(Arc::new(MemoryStore::new()))
    }

    pub(crate) fn with_store(store: Arc<dyn Store>) -> Self {
        let clock = SharedClock(Arc::new(FixedClock::new(BEGIN)));
        let vault = builder(&clock).create(store.clone(), VAULT, RoleId::new("full").unwrap()).unwrap();
        Self { vault, store, clock }
    }

    pub(crate) fn session(&self, principal: Principal) -> Session {
        self.vault.session(principal, RequestContext::default())
    }

    pub(crate) fn client(&self, id: &str) -> Session {
        self.session(Principal::client(client(id)))
    }

    /// An administrator with full access to every section.
    pub(crate) fn root(&self) -> Session {
        let role = RoleId::new("full").unwrap();
        self.session(Principal::admin_with_roles(AdminId::new("root").unwrap(), vec![role]))
    }

    pub(crate) fn sub_user(&self, account: &str, permissions: pwvault_core::model::Permissions) -> Session {
        self.session(Principal::sub_user(client(account), UserId::new("sub").unwrap(), permissions))
    }

    /// Every record of the store.
    pub(crate) fn records(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for kind in pwvault_core::id::RecordKind::ALL {
            let query = Query { limit: 100_000, ..Query::new(VAULT, kind) };
            records.extend(self.store.scan(&query).unwrap().into_records().unwrap());
        }
        records
    }
}

pub(crate) fn pem(text: &str) -> PrivateKeyPem {
    PrivateKeyPem { pem: text.into(), passphrase: None }
}

/// Registers a key of the session's client.
pub(crate) fn register(session: &Session, material: KeyMaterial) -> KeyId {
    let owner = KeyOwner::Client(session.principal().account().unwrap().clone());
    session.register_key(&KeyRegistration { name: "key".into(), owner, material, may_attach: vec![] }).unwrap()
}

pub(crate) fn public_only(session: &Session) -> KeyId {
    register(session, KeyMaterial::PublicOnly { public: RSA_PUBLIC.into(), proof: None })
}

pub(crate) fn with_passphrase(session: &Session, passphrase: &str) -> KeyId {
    register(session, KeyMaterial::Passphrase { private: pem(X25519), passphrase: passphrase.into() })
}

pub(crate) fn stored(session: &Session) -> KeyId {
    register(session, KeyMaterial::Stored { private: pem(RSA_OTHER) })
}

pub(crate) fn draft(password: &str) -> EntryDraft {
    EntryDraft { name: "Entry".into(), password: password.into(), ..EntryDraft::default() }
}

/// An entry whose password was `first` and is `second`, held by the vault alone.
pub(crate) fn entry_with_history(session: &Session) -> EntryId {
    let id = session.create_entry(&draft("first")).unwrap();
    set_password(session, id, "second");
    id
}

/// Writes a whole new secret, which needs nothing of the old one.
pub(crate) fn set_password(session: &Session, id: EntryId, password: &str) {
    let version = session.entry(id).unwrap().head.version;
    let patch = EntryPatch {
        password: Some(password.into()),
        notes: Some("".into()),
        totp: Some("".into()),
        fields: Some(vec![]),
        ..EntryPatch::default()
    };
    session.update_entry(id, version, &patch).unwrap();
}

pub(crate) fn version(session: &Session, id: EntryId) -> u64 {
    session.entry(id).unwrap().head.version
}

pub(crate) fn password(session: &Session, id: EntryId) -> Result<String, pwvault_core::VaultError> {
    session.reveal(id).map(|secret| secret.password.expose().to_owned())
}

/// The passwords of the history, the newest first.
pub(crate) fn past_passwords(session: &Session, id: EntryId) -> Result<Vec<String>, pwvault_core::VaultError> {
    let past = session.history(id)?;
    past.iter().map(|past| Ok(session.reveal_past(id, past.id)?.password.expose().to_owned())).collect()
}

/// To whom the entry, and then each of its past secrets, is sealed.
pub(crate) fn recipients(session: &Session, id: EntryId) -> Vec<Vec<Recipient>> {
    let of = |locks: &[pwvault_core::model::LockRef]| locks.iter().map(|lock| lock.recipient.clone()).collect();
    let current = of(&session.entry(id).unwrap().head.locks);
    let past = session.history(id).unwrap();
    std::iter::once(current).chain(past.iter().map(|past| of(&past.head.locks))).collect()
}
