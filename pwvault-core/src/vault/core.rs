//! The vault's inside: the store, the providers, and what is cached of keyring and policy.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::error::VaultError;
use super::logs::Keeper;
use super::providers::Providers;
use crate::audit::{self, Digest, ShardHead, Tail};
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
    /// Hands signed checkpoints to the host.
    pub(super) keeper: Keeper,
}

/// The least the store must show from now on: what this process has read in it or committed to it.
#[derive(Clone, Default)]
struct Seen {
    keyring: Version,
    policy: Version,
    shards: HashMap<u32, ShardHead>,
}

/// Which state of the keyring or policy: its revision, and the digest of what was stored. Revision 0
/// stands for none.
#[derive(Clone, Copy, Default)]
pub(super) struct Version {
    pub(super) revision: u64,
    pub(super) digest: Digest,
}

/// States of records as a passage has read them.
pub(super) type ReadStates = HashMap<RecordKey, Version>;

impl Version {
    pub(super) fn of(record: &Record) -> Self {
        Self { revision: record.revision, digest: audit::record_digest(record) }
    }

    /// Checks that it is `known` or newer.
    pub(super) fn follows(self, what: &'static str, known: Self) -> Result<(), VaultError> {
        let Self { revision, digest } = self;
        if revision < known.revision {
            return Err(VaultError::RolledBack { what, found: revision, known: known.revision });
        }
        if revision > 0 && revision == known.revision && digest != known.digest {
            return Err(VaultError::Substituted { what, revision });
        }
        Ok(())
    }

    fn or_newer(&mut self, other: Self) {
        if self.revision < other.revision {
            *self = other;
        }
    }
}

/// Keyring and policy as one read of the store gave them. Whatever is written asserts both.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) keyring: Arc<Keyring>,
    pub(super) policy: Arc<Policy>,
    pub(super) policy_revision: u64,
    pub(super) digests: Digests,
}

/// What keyring and policy were opened from.
#[derive(Clone, Copy)]
pub(super) struct Digests {
    pub(super) keyring: Digest,
    pub(super) policy: Digest,
}

impl Snapshot {
    pub(super) fn keyring_version(&self) -> Version {
        Version { revision: self.keyring.epoch(), digest: self.digests.keyring }
    }

    pub(super) const fn policy_version(&self) -> Version {
        Version { revision: self.policy_revision, digest: self.digests.policy }
    }
}

impl Core {
    pub(super) fn new(id: VaultId, store: Arc<dyn Store>, providers: Providers) -> Self {
        let store = Arc::new(CheckedStore::new(store));
        let (cache, tails, seen) = (RwLock::default(), Mutex::default(), Mutex::default());
        let keeper = Keeper::new(providers.checkpoint_sink.clone());
        Self { id, store, providers, cache, tails, seen, keeper }
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
        match self.read_snapshot() {
            // The KEK may have been rotated, and the old one dropped, between the load and the question.
            Err(VaultError::UnknownKek(_)) => self.read_snapshot(),
            read => read,
        }
    }

    fn read_snapshot(&self) -> Result<Snapshot, VaultError> {
        // What was seen before the load, the load must show.
        let (keyring_seen, policy_seen) = self.with_seen(|seen| (seen.keyring, seen.policy));
        let [keyring, policy] = self.load_two([Keyring::record_key(self.id), self.policy_key()])?;
        let keyring = keyring.ok_or(VaultError::NoVault(self.id))?;
        let policy = policy.ok_or(VaultError::NoPolicy)?;
        let cached = self.cache.read().unwrap_or_else(PoisonError::into_inner).clone();
        let current = |known: &Snapshot| (known.keyring.epoch(), known.policy_revision);
        let cached = cached.filter(|known| current(known) == (keyring.revision, policy.revision));
        let (keyring_version, policy_version) = match &cached {
            Some(known) => (known.keyring_version(), known.policy_version()),
            None => (Version::of(&keyring), Version::of(&policy)),
        };
        keyring_version.follows("the keyring", keyring_seen)?;
        policy_version.follows("the policy", policy_seen)?;
        if let Some(known) = cached {
            return Ok(known);
        }
        let keks = self.keks()?;
        let (keyring, _) = open_keyring(&keyring, &keks)?;
        let opened: OpenedRecord<'_, Policy> =
            open_record(&keyring, RecordKind::Policy, &policy).map_err(|cause| tampered(&policy, cause))?;
        let snapshot = Snapshot {
            keyring: Arc::new(keyring),
            policy: Arc::new(opened.head),
            policy_revision: policy.revision,
            digests: Digests { keyring: keyring_version.digest, policy: policy_version.digest },
        };
        self.with_seen(|seen| {
            seen.keyring.or_newer(keyring_version);
            seen.policy.or_newer(policy_version);
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
    /// written, with the state it replaces: the one among `read`, else the one that stands there.
    /// Keyring and policy are asserted as `snapshot` saw them.
    ///
    /// A lost race for the end of the log is run again; every other conflict is the caller's.
    pub(super) fn commit(
        &self,
        snapshot: &Snapshot,
        mut changes: ChangeSet,
        mut event: Event,
        read: &ReadStates,
    ) -> Result<(), VaultError> {
        let keyring_key = Keyring::record_key(self.id);
        let writes = |key: RecordKey| changes.writes.iter().any(|write| write.record.key == key);
        let asserts: Vec<_> = [(keyring_key, snapshot.keyring.epoch()), (self.policy_key(), snapshot.policy_revision)]
            .into_iter()
            .filter(|(key, _)| !writes(*key))
            .map(|(key, revision)| (key, Expect::Revision(revision)))
            .collect();
        changes.asserts.extend(asserts);
        event.changes = self.logged_changes(snapshot, &changes, read)?;

        let shard = audit::shard_of(&event, snapshot.keyring.shards());
        #[cfg(feature = "tracing")]
        let (kind, outcome, entries) = (event.kind, event.outcome, event.entries.len());
        let labels = |event: &Event| index::event_labels(&snapshot.keyring, &event.actor, &event.entries);
        let events: Vec<_> = parts_of(event).into_iter().map(|event| (labels(&event), event)).collect();
        let (writes, asserts) = (changes.writes.len(), changes.asserts.len());
        for _ in 0..APPEND_ATTEMPTS {
            let tail = self.tail(snapshot, shard)?;
            changes.writes.truncate(writes);
            changes.asserts.truncate(asserts);
            let grown = events.iter().try_fold(tail, |tail, (labels, event)| {
                tail.prepare(&snapshot.keyring, event, labels.clone(), &mut changes)
            })?;
            match self.store.commit(&changes) {
                Ok(()) => {
                    #[cfg(feature = "tracing")]
                    tracing::debug!(
                        event = ?kind, ?outcome, entries, records = writes, "committed"
                    );
                    self.note_committed(&changes, grown.head());
                    self.keep_tail(shard, grown);
                    self.keeper.offer_made(&snapshot.keyring, &changes);
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

    /// What the event says of each record written.
    fn logged_changes(
        &self,
        snapshot: &Snapshot,
        changes: &ChangeSet,
        read: &ReadStates,
    ) -> Result<Vec<Change>, VaultError> {
        let replaced = changes.writes.iter().filter_map(|write| match write.expect {
            Expect::Revision(revision) => Some((write.record.key, revision)),
            Expect::Absent => None,
        });
        let replaced = replaced.chain(changes.deletes.iter().copied()).filter(|(key, _)| audit::is_logged(key.kind));
        let mut before = HashMap::new();
        let mut unread = Vec::new();
        for (key, revision) in replaced {
            let known = match key.kind {
                RecordKind::Keyring => Some(snapshot.keyring_version()),
                RecordKind::Policy => Some(snapshot.policy_version()),
                _ => read.get(&key).copied(),
            };
            match known.filter(|known| known.revision == revision) {
                Some(known) => drop(before.insert(key, known.digest)),
                None => unread.push(key),
            }
        }
        for keys in unread.chunks(READ_BATCH) {
            let found = self.store.load(keys)?.into_iter().flatten();
            before.extend(found.map(|record| (record.key, audit::record_digest(&record))));
        }
        let before = |key: &RecordKey| before.get(key).copied();
        let written = changes.writes.iter().map(|write| audit::change_of(&write.record, before(&write.record.key)));
        let deleted = changes.deletes.iter().map(|(key, _)| audit::deletion_of(*key, before(key)));
        Ok(written.chain(deleted).filter(|change| audit::is_logged(change.kind)).collect())
    }

    /// Size and root of every shard, none older than this process knows it.
    pub(super) fn heads(&self, snapshot: &Snapshot) -> Result<Vec<ShardHead>, VaultError> {
        let known = self.with_seen(|seen| seen.shards.clone());
        for head in known.values() {
            audit::check_head(self.store.as_ref(), &snapshot.keyring, head)?;
        }
        Ok(audit::head(self.store.as_ref(), &snapshot.keyring)?)
    }

    pub(super) fn tail(&self, snapshot: &Snapshot, shard: u32) -> Result<Tail, VaultError> {
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
                    RecordKind::Keyring => seen.keyring.or_newer(Version::of(&write.record)),
                    RecordKind::Policy => seen.policy.or_newer(Version::of(&write.record)),
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

    /// Takes a tail as the end of its shard, whatever was known of it.
    pub(super) fn set_tail(&self, tail: Tail) {
        self.tails.lock().unwrap_or_else(PoisonError::into_inner).insert(tail.shard(), tail);
    }

    fn keep_tail(&self, shard: u32, tail: Tail) {
        let mut tails = self.tails.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = tails.get(&shard).is_none_or(|known| known.size() < tail.size());
        if newer {
            tails.insert(shard, tail);
        }
    }

    pub(super) fn forget_tail(&self, shard: u32) {
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

const fn is_log(kind: RecordKind) -> bool {
    matches!(kind, RecordKind::Event | RecordKind::Checkpoint)
}

/// Whether a key is among the first `writes` of a change set, which are the caller's.
fn is_among(changes: &ChangeSet, writes: usize, key: RecordKey) -> bool {
    changes.writes.iter().take(writes).any(|write| write.record.key == key)
}

/// An event, parted so that each part fits into a record. The parts behind the first name only the
/// first entry, which keeps them in the shard.
fn parts_of(mut event: Event) -> Vec<Event> {
    if event.changes.len() <= CHANGES_OF_EVENT {
        return vec![event];
    }
    let changes = std::mem::take(&mut event.changes);
    let entries = std::mem::take(&mut event.entries);
    let first = entries.first().copied().into_iter().collect();
    let part = Event { entries: first, ..event };
    let parts = changes.chunks(CHANGES_OF_EVENT).map(|changes| Event { changes: changes.to_vec(), ..part.clone() });
    let mut parts: Vec<_> = parts.collect();
    if let Some(first) = parts.first_mut() {
        first.entries = entries;
    }
    parts
}

/// The most changes of one event: with the ids of as many entries, far below a record's limit.
const CHANGES_OF_EVENT: usize = 30_000;

/// How many records are read at once for the states that are replaced.
const READ_BATCH: usize = 500;

/// How often a lost race for the end of the log is run again.
const APPEND_ATTEMPTS: u32 = 200;
