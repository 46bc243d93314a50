//! Creating and opening vaults.

use std::fmt;
use std::sync::Arc;

use super::core::{Core, Digests, ReadStates, Snapshot, Version, checked_keks, open_keyring};
use super::error::VaultError;
use super::head::VaultHead;
use super::providers::{Pages, Providers};
use super::session::Session;
use crate::audit::{self, CheckpointSink};
use crate::clock::Clock;
use crate::connect::{Connector, ConnectorKind};
use crate::crypto::{CryptoProvider, PublicKey};
use crate::envelope::{Keyring, seal_record};
use crate::id::{RoleId, RuleId, VaultId};
use crate::model::{
    Directory, Event, EventKind, KeyProvider, Notifier, Person, Policy, Principal, RequestContext, Rule, Services,
    Settings, Surface,
};
use crate::policy::validate_rules;
use crate::store::{ChangeSet, Store, StoreError};

/// Sets up the providers of a vault and creates or opens it.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use pwvault_core::store::MemoryStore;
/// use pwvault_core::{KekId, KekRing, RoleId, SecretBytes, VaultBuilder, VaultError, VaultId};
///
/// let id = VaultId::from_bytes([1; 16]);
/// let store = Arc::new(MemoryStore::new());
/// let kek = |key: u8| KekRing::single(KekId([7; 16]), SecretBytes::new(vec![key; 32]));
///
/// VaultBuilder::new(kek(1)).create(store.clone(), id, RoleId::new("full")?)?;
/// assert!(VaultBuilder::new(kek(1)).open(store.clone(), id).is_ok());
/// assert!(matches!(VaultBuilder::new(kek(2)).open(store, id), Err(VaultError::WrongKek(_))));
/// # Ok::<(), VaultError>(())
/// ```
#[derive(Clone, Debug)]
pub struct VaultBuilder {
    providers: Providers,
    settings: Settings,
    shards: Option<u32>,
}

impl VaultBuilder {
    /// Begins with a source of KEKs and defaults for everything else.
    pub fn new(keys: impl KeyProvider + 'static) -> Self {
        Self { providers: Providers::new(Arc::new(keys)), settings: Settings::default(), shards: None }
    }

    /// Takes the time from `clock`.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.providers.clock = Arc::new(clock);
        self
    }

    /// Does public-key cryptography through `crypto`.
    #[must_use]
    pub fn crypto(mut self, crypto: Arc<dyn CryptoProvider>) -> Self {
        self.providers.crypto = crypto;
        self
    }

    /// Asks `directory` about people, instead of the stored mirror.
    #[must_use]
    pub fn directory(mut self, directory: impl Directory + 'static) -> Self {
        self.providers.directory = Some(Arc::new(directory));
        self
    }

    /// Signs in to servers of its kind through `connector`.
    #[must_use]
    pub fn connector(mut self, connector: impl Connector + 'static) -> Self {
        self.providers.connectors.register(Arc::new(connector));
        self
    }

    /// Lets the host itself sign in to servers of this kind: the secret is handed over by
    /// [`begin_sign_on`](super::Connect::begin_sign_on). For hosts that cannot be called back.
    #[must_use]
    pub fn pulled_connector(mut self, kind: ConnectorKind) -> Self {
        self.providers.connectors.register_pulled(kind);
        self
    }

    /// Asks `services` which services clients have, instead of taking what a call names.
    #[must_use]
    pub fn services(mut self, services: impl Services + 'static) -> Self {
        self.providers.services = Some(Arc::new(services));
        self
    }

    /// Delivers messages through `notifier` when scheduled work runs.
    #[must_use]
    pub fn notifier(mut self, notifier: impl Notifier + 'static) -> Self {
        self.providers.notifier = Some(Arc::new(notifier));
        self
    }

    /// Names the host's pages that open links and take answers to requests.
    #[must_use]
    pub fn pages(mut self, pages: Pages) -> Self {
        self.providers.pages = pages;
        self
    }

    /// Pins the offline recovery key to which master passwords may be sealed as well.
    #[must_use]
    pub fn recovery_key(mut self, key: PublicKey) -> Self {
        self.providers.recovery_key = Some(key);
        self
    }

    /// Hands every signed checkpoint of the log to `sink`, to be kept outside the database.
    #[must_use]
    pub fn checkpoint_sink(mut self, sink: impl CheckpointSink + 'static) -> Self {
        self.providers.checkpoint_sink = Some(Arc::new(sink));
        self
    }

    /// Settings a created vault begins with.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Audit shards of a created vault; 1 unless the store takes commits in parallel, then 8.
    #[must_use]
    pub const fn shards(mut self, shards: u32) -> Self {
        self.shards = Some(shards);
        self
    }

    /// Creates a vault, with one rule that gives `full_access` every section.
    ///
    /// # Errors
    /// [`VaultError::VaultExists`] when the store holds one of this id; [`VaultError::Invalid`]
    /// for settings out of bounds; the errors of key provider and store.
    pub fn create(self, store: Arc<dyn Store>, id: VaultId, full_access: RoleId) -> Result<Vault, VaultError> {
        super::access::check_settings(&self.settings)?;
        self.providers.pages.check()?;
        let shards = match self.shards {
            Some(shards @ 1..=SHARDS_MAX) => shards,
            Some(_) => return Err(VaultError::invalid("shards", format!("a vault has 1 to {SHARDS_MAX} shards"))),
            None if store.info()?.parallel_commits => 8,
            None => 1,
        };
        let core = Core::new(id, store, self.providers);
        if core.load(Keyring::record_key(id))?.is_some() {
            return Err(VaultError::VaultExists(id));
        }
        let now = core.now();
        let rule = Rule {
            id: RuleId::generate(now)?,
            name: "Full access".to_owned(),
            full_access: true,
            allow: Vec::new(),
            restrict: Vec::new(),
            admins: Vec::new(),
            roles: vec![full_access],
        };
        let policy = Policy { rules: vec![rule], settings: self.settings };
        validate_rules(&policy.rules)?;
        let keks = core.keks()?;
        let kek = keks.first().ok_or_else(|| VaultError::invalid("key provider", "it gave no KEK; one is needed"))?;

        let keyring = Keyring::generate(id, shards)?;
        let keyring_record = keyring.seal(kek)?;
        let policy_record = seal_record(&keyring, core.policy_key(), 1, &policy, Vec::new(), &[])?;
        let digests =
            Digests { keyring: audit::record_digest(&keyring_record), policy: audit::record_digest(&policy_record) };
        let snapshot = Snapshot { keyring: keyring.into(), policy: policy.into(), policy_revision: 1, digests };
        let mut changes = ChangeSet::new();
        changes.write(keyring_record);
        changes.write(policy_record);
        let event = Event::by(Person::System, EventKind::VaultCreated, now, Surface::Api);
        match core.commit(&snapshot, changes, event, &ReadStates::new()) {
            Ok(_) => Ok(Vault { core: core.into() }),
            Err(VaultError::Store(StoreError::Conflict(_)) | VaultError::Busy) => Err(VaultError::VaultExists(id)),
            // The first event of a vault created meanwhile cannot be read with this one's keyring.
            Err(VaultError::Audit(_)) if core.load(Keyring::record_key(id))?.is_some() => {
                Err(VaultError::VaultExists(id))
            }
            Err(error) => Err(error),
        }
    }

    /// Opens a vault.
    ///
    /// # Errors
    /// [`VaultError::NoVault`], [`VaultError::UnknownKek`], [`VaultError::WrongKek`],
    /// [`VaultError::NoPolicy`], [`VaultError::Tampered`]; [`VaultError::Invalid`] for a page that is no
    /// address; the errors of key provider and store.
    pub fn open(self, store: Arc<dyn Store>, id: VaultId) -> Result<Vault, VaultError> {
        self.providers.pages.check()?;
        let core = Core::new(id, store, self.providers);
        core.snapshot()?;
        Ok(Vault { core: core.into() })
    }

    /// Opens a vault, created first when the store holds none of this id. Of several processes that
    /// try at once, one creates it.
    ///
    /// # Errors
    /// As [`open`](Self::open) and [`create`](Self::create), but for [`VaultError::NoVault`] and
    /// [`VaultError::VaultExists`].
    pub fn open_or_create(self, store: Arc<dyn Store>, id: VaultId, full_access: RoleId) -> Result<Vault, VaultError> {
        match self.clone().open(Arc::clone(&store), id) {
            Err(VaultError::NoVault(_)) => {}
            opened => return opened,
        }
        match self.clone().create(Arc::clone(&store), id, full_access) {
            Err(VaultError::VaultExists(_)) => self.open(store, id),
            created => created,
        }
    }

    /// Opens a vault that must be at least as new as `min_head`, which the host kept outside the
    /// database.
    ///
    /// # Errors
    /// [`VaultError::RolledBack`] when keyring or policy are older, [`VaultError::Substituted`] when
    /// they are as old and others, [`VaultError::Audit`] when the log is shorter or another one; else
    /// as [`open`](Self::open).
    pub fn open_at_least(self, store: Arc<dyn Store>, id: VaultId, min_head: &VaultHead) -> Result<Vault, VaultError> {
        let vault = self.open(store, id)?;
        let snapshot = vault.core.snapshot()?;
        if min_head.vault != id {
            return Err(VaultError::invalid("min_head", "it belongs to another vault"));
        }
        let VaultHead { vault: _, keyring_epoch, keyring_digest, policy_revision, policy_digest, shards } = min_head;
        let known = |revision, digest| Version { revision, digest };
        snapshot.keyring_version().follows("the keyring", known(*keyring_epoch, *keyring_digest))?;
        snapshot.policy_version().follows("the policy", known(*policy_revision, *policy_digest))?;
        for known in shards {
            audit::check_head(vault.core.store.as_ref(), &snapshot.keyring, known)?;
        }
        Ok(vault)
    }
}

/// An open vault. Cheap to clone, `Send` and `Sync`; every call blocks.
///
/// In an asynchronous host, call it through the runtime's blocking pool, such as
/// `tokio::task::spawn_blocking(move || session.entry(id))`.
#[derive(Clone)]
pub struct Vault {
    pub(super) core: Arc<Core>,
}

impl Vault {
    /// Which vault.
    #[must_use]
    pub fn id(&self) -> VaultId {
        self.core.id
    }

    /// A session of a principal the host has authenticated.
    #[must_use]
    pub fn session(&self, principal: Principal, context: RequestContext) -> Session {
        Session::new(Arc::clone(&self.core), principal, context)
    }

    /// How new the vault is, to be kept outside the database and given to
    /// [`VaultBuilder::open_at_least`].
    ///
    /// # Errors
    /// The errors of the store and of a log that does not read.
    pub fn head(&self) -> Result<VaultHead, VaultError> {
        let snapshot = self.core.snapshot()?;
        Ok(VaultHead {
            vault: self.core.id,
            keyring_epoch: snapshot.keyring.epoch(),
            keyring_digest: snapshot.digests.keyring,
            policy_revision: snapshot.policy_revision,
            policy_digest: snapshot.digests.policy,
            shards: self.core.heads(&snapshot)?,
        })
    }

    /// Which KEK the keyring is sealed under.
    ///
    /// # Errors
    /// As [`VaultBuilder::open`].
    pub fn kek_id(&self) -> Result<crate::model::KekId, VaultError> {
        let record = self.core.load(Keyring::record_key(self.core.id))?.ok_or(VaultError::NoVault(self.core.id))?;
        open_keyring(&record, &checked_keks(&self.core.providers)?).map(|(_, kek)| kek)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("id", &self.core.id).finish_non_exhaustive()
    }
}

const SHARDS_MAX: u32 = 64;
