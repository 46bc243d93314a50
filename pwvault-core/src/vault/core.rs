//! The vault's inside: the store, the providers, and what is cached of keyring and policy.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::error::VaultError;
use super::providers::Providers;
use crate::audit::{self, ShardHead, Tail};
use crate::clock::Timestamp;
use crate::envelope::{EnvelopeError, Keyring, OpenedRecord, open_record};
use crate::id::{RecordId, RecordKind, VaultId};
use crate::model::{Change, Event, Kek, KekId, Policy};
use crate::store::{ChangeSet, CheckedStore, Expect, Record, RecordKey, Store, StoreError};
use crate::{crypto, index};

pub(super) struct Core {
    pub(super) id: VaultId,
    pub(super) store: Arc<dyn Store>,
    pub(super) providers: Providers,
    cache: RwLock<Option<Snapshot>>,
    tails: Mutex<HashMap<u32, Tail>>,
    seen: Mutex<Seen>,
}

/// The least the store must show from now on: what this process has read in it or committed to it.
#[derive(Clone, Default)]
struct Seen {
    keyring: u64,
    policy: u64,
    shards: HashMap<u32, ShardHead>,
}

/// Keyring and policy as one read of the store gave them. Whatever is written asserts both.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) keyring: Arc<Keyring>,
    pub(super) policy: Arc<Policy>,
    pub(super) policy_revision: u64,
}

impl Core {
    pub(super) fn new(id: VaultId, store: Arc<dyn Store>, providers: Providers) -> Self {
        let store = Arc::new(CheckedStore::new(store));
        let (cache, tails, seen) = (RwLock::default(), Mutex::default(), Mutex::default());
        Self { id, store, providers, cache, tails, seen }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.providers.clock.now()
    }

    pub(super) fn key(&self, kind: RecordKind, id: impl Into<RecordId>) -> RecordKey {
        RecordKey::new(self.id, kind, id)
    }

    pub(super) fn policy_key(&self) -> RecordKey {
        self.key(RecordKind::Policy, RecordId::MIN)
    }

    /// The current keyring and policy. They are read each time and opened only when they changed.
    pub(super) fn snapshot(&self) -> Result<Snapshot, VaultError> {
        // What was seen before the load, the load must show.
        let (keyring_seen, policy_seen) = self.with_seen(|seen| (seen.keyring, seen.policy));
        let [keyring, policy] = self.load_two([Keyring::record_key(self.id), self.policy_key()])?;
        let keyring = keyring.ok_or(VaultError::NoVault(self.id))?;
        let policy = policy.ok_or(VaultError::NoPolicy)?;
        not_older("the keyring", keyring.revision, keyring_seen)?;
        not_older("the policy", policy.revision, policy_seen)?;
        let cached = self.cache.read().unwrap_or_else(PoisonError::into_inner).clone();
        let current = |known: &Snapshot| (known.keyring.epoch(), known.policy_revision);
        if let Some(known) = cached.filter(|known| current(known) == (keyring.revision, policy.revision)) {
            return Ok(known);
        }
        let keks = self.keks()?;
        let (keyring, _) = open_keyring(&keyring, &keks)?;
        let opened: OpenedRecord<'_, Policy> =
            open_record(&keyring, RecordKind::Policy, &policy).map_err(|cause| tampered(&policy, cause))?;
        let snapshot =
            Snapshot { keyring: Arc::new(keyring), policy: Arc::new(opened.head), policy_revision: policy.revision };
        self.with_seen(|seen| {
            seen.keyring = seen.keyring.max(snapshot.keyring.epoch());
            seen.policy = seen.policy.max(snapshot.policy_revision);
        });
        *self.cache.write().unwrap_or_else(PoisonError::into_inner) = Some(snapshot.clone());
        Ok(snapshot)
    }

    pub(super) fn keks(&self) -> Result<Vec<Kek>, VaultError> {
        checked_keks(&self.providers)
    }

    pub(super) fn load(&self, key: RecordKey) -> Result<Option<Record>, VaultError> {
        Ok(self.store.load(&[key])?.pop().flatten())
    }

    fn load_two(&self, keys: [RecordKey; 2]) -> Result<[Option<Record>; 2], VaultError> {
        self.store
            .load(&keys)?
            .try_into()
            .map_err(|_| StoreError::backend("the store answers a load of two keys with two records").into())
    }

    /// Commits `changes` together with their event, or nothing. The event names every record
    /// written; keyring and policy are asserted as `snapshot` saw them.
    ///
    /// A lost race for the end of the log is run again; every other conflict is the caller's.
    pub(super) fn commit(
        &self,
        snapshot: &Snapshot,
        mut changes: ChangeSet,
        mut event: Event,
    ) -> Result<(), VaultError> {
        let keyring_key = Keyring::record_key(self.id);
        let writes = |key: RecordKey| changes.writes.iter().any(|write| write.record.key == key);
        let asserts: Vec<_> = [(keyring_key, snapshot.keyring.epoch()), (self.policy_key(), snapshot.policy_revision)]
            .into_iter()
            .filter(|(key, _)| !writes(*key))
            .map(|(key, revision)| (key, Expect::Revision(revision)))
            .collect();
        changes.asserts.extend(asserts);
        event.changes = logged_changes(&changes);

        let labels = index::event_labels(&snapshot.keyring, &event.actor, &event.entries);
        let shard = audit::shard_of(&event, snapshot.keyring.shards());
        let (writes, asserts) = (changes.writes.len(), changes.asserts.len());
        for _ in 0..APPEND_ATTEMPTS {
            let tail = self.tail(snapshot, shard)?;
            changes.writes.truncate(writes);
            changes.asserts.truncate(asserts);
            let grown = tail.prepare(&snapshot.keyring, &event, labels.clone(), &mut changes)?;
            match self.store.commit(&changes) {
                Ok(()) => {
                    #[cfg(feature = "tracing")]
                    tracing::debug!(
                        event = ?event.kind, outcome = ?event.outcome, entries = event.entries.len(), records = writes,
                        "committed"
                    );
                    self.note_committed(&changes, grown.head());
                    self.keep_tail(shard, grown);
                    return Ok(());
                }
                Err(StoreError::Conflict(key)) if is_log(key.kind) && !is_among(&changes, writes, key) => {
                    self.forget_tail(shard);
                }
                Err(error) => {
                    // Whether it landed is unknown after some failures; the next append looks again.
                    self.forget_tail(shard);
                    return Err(error.into());
                }
            }
        }
        Err(VaultError::Busy)
    }

    /// Size and root of every shard, none older than this process knows it.
    pub(super) fn heads(&self, snapshot: &Snapshot) -> Result<Vec<ShardHead>, VaultError> {
        let known = self.with_seen(|seen| seen.shards.clone());
        for head in known.values() {
            audit::check_head(self.store.as_ref(), &snapshot.keyring, head)?;
        }
        Ok(audit::head(self.store.as_ref(), &snapshot.keyring)?)
    }

    fn tail(&self, snapshot: &Snapshot, shard: u32) -> Result<Tail, VaultError> {
        let cached = self.tails.lock().unwrap_or_else(PoisonError::into_inner).get(&shard).cloned();
        if let Some(tail) = cached {
            return Ok(tail);
        }
        // A store that forgot what it has acknowledged is not written on.
        if let Some(known) = self.with_seen(|seen| seen.shards.get(&shard).copied()) {
            audit::check_head(self.store.as_ref(), &snapshot.keyring, &known)?;
        }
        Ok(Tail::load(self.store.as_ref(), &snapshot.keyring, shard)?)
    }

    fn note_committed(&self, changes: &ChangeSet, head: ShardHead) {
        self.with_seen(|seen| {
            for write in &changes.writes {
                match write.record.key.kind {
                    RecordKind::Keyring => seen.keyring = seen.keyring.max(write.record.revision),
                    RecordKind::Policy => seen.policy = seen.policy.max(write.record.revision),
                    _ => {}
                }
            }
            let known = seen.shards.entry(head.shard).or_insert(head);
            if known.size < head.size {
                *known = head;
            }
        });
    }

    fn with_seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep_tail(&self, shard: u32, tail: Tail) {
        let mut tails = self.tails.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = tails.get(&shard).is_none_or(|known| known.size() < tail.size());
        if newer {
            tails.insert(shard, tail);
        }
    }

    fn forget_tail(&self, shard: u32) {
        self.tails.lock().unwrap_or_else(PoisonError::into_inner).remove(&shard);
    }
}

/// Opens a keyring record, telling an unknown KEK from a wrong one and from tampering.
pub(super) fn open_keyring(record: &Record, keks: &[Kek]) -> Result<(Keyring, KekId), VaultError> {
    let named = Keyring::kek_id_of(record).map_err(|cause| tampered(record, cause))?;
    Keyring::open(record, keks).map_err(|cause| match cause {
        EnvelopeError::UnknownKey => VaultError::UnknownKek(named),
        EnvelopeError::WrongKey => VaultError::WrongKek(named),
        other => tampered(record, other),
    })
}

/// The provider's ring, checked.
pub(super) fn checked_keks(providers: &Providers) -> Result<Vec<Kek>, VaultError> {
    let keks = providers.keys.keks()?;
    match keks.iter().find(|kek| kek.key.len() != crypto::KEY_LEN) {
        Some(kek) => Err(VaultError::KekLength { id: kek.id, length: kek.key.len() }),
        None => Ok(keks),
    }
}

pub(super) fn tampered(record: &Record, cause: EnvelopeError) -> VaultError {
    match cause {
        EnvelopeError::Crypto(error) => VaultError::Crypto(error),
        newer @ EnvelopeError::NewerFormat { .. } => VaultError::Envelope(newer),
        cause => VaultError::Tampered { key: record.key, cause },
    }
}

fn not_older(what: &'static str, found: u64, known: u64) -> Result<(), VaultError> {
    if found < known { Err(VaultError::RolledBack { what, found, known }) } else { Ok(()) }
}

const fn is_log(kind: RecordKind) -> bool {
    matches!(kind, RecordKind::Event | RecordKind::Checkpoint)
}

/// Whether a key is among the first `writes` of a change set, which are the caller's.
fn is_among(changes: &ChangeSet, writes: usize, key: RecordKey) -> bool {
    changes.writes.iter().take(writes).any(|write| write.record.key == key)
}

fn logged_changes(changes: &ChangeSet) -> Vec<Change> {
    let written = changes.writes.iter().map(|write| (write.record.key, write.record.revision));
    let deleted = changes.deletes.iter().map(|(key, _)| (*key, 0));
    written
        .chain(deleted)
        .filter(|(key, _)| key.kind != RecordKind::Ticket)
        .map(|(key, revision)| Change { kind: key.kind, id: key.id.0, revision })
        .collect()
}

/// How often a lost race for the end of the log is run again.
const APPEND_ATTEMPTS: u32 = 200;
