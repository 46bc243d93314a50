//! What is left of events whose records were removed: leaf, time and the changes each told, so that
//! the tree and the records of the store can still be checked; who did what to which entry is gone.
//!
//! There is a record for every 1,024 sequences of a shard from which something was removed, and
//! more parts of it once one has grown large.

use serde::{Deserialize, Serialize};

use super::error::AuditError;
use super::shard::{Position, check_shard, number_of, part_id, shard_query};
use super::tree::{CompactRange, Hash};
use crate::clock::Timestamp;
use crate::envelope::{EnvelopeError, Keyring, open_record, seal_record};
use crate::id::RecordKind;
use crate::model::{Change, Person};
use crate::store::{Query, Record, RecordKey, Store, Want};

/// The sequences that share a tombstone.
pub const BLOCK: u64 = 1_024;

/// Why events were removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RemovalCause {
    /// Their time was over, by the settings.
    Retention,
    /// Somebody asked for it.
    Request,
    /// They were not what had been written, and barred the way for new ones.
    Damage,
}

/// Why events are removed, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovalNote {
    /// Why.
    pub cause: RemovalCause,
    /// Who.
    pub by: Person,
    /// In the words of who does it.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl RemovalNote {
    fn of(&self, events: u32) -> Removal {
        let Self { cause, by, reason, at } = self.clone();
        Removal { cause, by, reason, at, events }
    }
}

/// One removal of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Removal {
    /// Why.
    pub cause: RemovalCause,
    /// Who.
    pub by: Person,
    /// In the words of who did it.
    pub reason: Option<String>,
    /// When; the last time, if it was done several times for the same cause.
    pub at: Timestamp,
    /// How many events.
    pub events: u32,
}

/// What is left of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remains {
    pub(super) sequence: u64,
    /// The leaf as far as it is known: of a damaged event, the one the event after it names, else
    /// one made of what was found.
    pub(super) leaf: Hash,
    /// When it happened; `None` of a damaged event.
    pub(super) at: Option<Timestamp>,
    pub(super) changes: Vec<Change>,
}

/// One part of a block's tombstone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tombstone {
    /// The roots of the whole subtrees of the tree over the events before the block.
    pub(super) before: Vec<Hash>,
    pub(super) removals: Vec<Removal>,
    /// By sequence, ascending.
    pub(super) remains: Vec<Remains>,
}

impl Tombstone {
    /// Notes a removal, joined with earlier ones by the same person for the same cause.
    fn note(&mut self, removal: Removal) {
        let same = |known: &&mut Removal| {
            (known.cause, &known.by, &known.reason) == (removal.cause, &removal.by, &removal.reason)
        };
        match self.removals.iter_mut().find(same) {
            Some(known) => {
                known.at = known.at.max(removal.at);
                known.events = known.events.saturating_add(removal.events);
            }
            None => self.removals.push(removal),
        }
    }
}

/// What was removed from one block of a shard.
#[derive(Clone, Debug)]
pub(super) struct Block {
    shard: u32,
    first: u64,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    /// The revision of its record.
    revision: u64,
    /// The length of its body.
    length: usize,
    tombstone: Tombstone,
}

impl Block {
    /// The block that `sequence` is in.
    pub(super) fn load(store: &dyn Store, keyring: &Keyring, shard: u32, sequence: u64) -> Result<Self, AuditError> {
        let first = block_of(sequence);
        let mut parts = Vec::new();
        for part in 0.. {
            let Some(record) = store.load(&[key_of(keyring, shard, part, first)])?.pop().flatten() else { break };
            let tombstone = open(keyring, &record)?;
            parts.push(Part { revision: record.revision, length: record.body.len(), tombstone });
        }
        Ok(Self { shard, first, parts })
    }

    /// A block of which nothing was removed.
    pub(super) const fn none(shard: u32, sequence: u64) -> Self {
        Self { shard, first: block_of(sequence), parts: Vec::new() }
    }

    pub(super) const fn first(&self) -> u64 {
        self.first
    }

    /// What is left of an event; `None` when it was not removed.
    pub(super) fn get(&self, sequence: u64) -> Option<&Remains> {
        self.parts.iter().find_map(|Part { tombstone: Tombstone { remains, .. }, .. }| {
            let at = remains.binary_search_by_key(&sequence, |remains| remains.sequence).ok()?;
            remains.get(at)
        })
    }

    pub(super) fn removals(&self) -> impl Iterator<Item = &Removal> {
        self.parts.iter().flat_map(|part| &part.tombstone.removals)
    }

    pub(super) fn remains(&self) -> impl Iterator<Item = &Remains> {
        self.parts.iter().flat_map(|part| &part.tombstone.remains)
    }

    /// The tree over the events before the block, if a part of the tombstone tells it.
    pub(super) fn before(&self) -> Option<CompactRange> {
        CompactRange::from_nodes(self.first, self.parts.first()?.tombstone.before.clone())
    }

    /// The records that take `removed` in; `before` is the tree before the block.
    pub(super) fn grown(
        mut self,
        keyring: &Keyring,
        before: &CompactRange,
        removed: Vec<Remains>,
        note: &RemovalNote,
    ) -> Result<Vec<Record>, AuditError> {
        // Only the last part grows, and new ones behind it.
        let first = self.parts.len().saturating_sub(1);
        let mut added: Vec<u32> = Vec::new();
        for remains in removed {
            let length = REMAINS_LEN + CHANGE_LEN * remains.changes.len();
            if self.parts.last().is_none_or(|part| part.length >= PART_MAX) {
                let (removals, remains) = (Vec::new(), Vec::new());
                let tombstone = Tombstone { before: before.nodes().to_vec(), removals, remains };
                self.parts.push(Part { revision: 0, length: 0, tombstone });
            }
            added.resize(self.parts.len().saturating_sub(first), 0);
            let (Some(part), Some(count)) = (self.parts.last_mut(), added.last_mut()) else { continue };
            part.length = part.length.saturating_add(length);
            part.tombstone.remains.push(remains);
            *count = count.saturating_add(1);
        }
        let grown = self.parts.iter_mut().enumerate().skip(first).zip(added).filter(|(_, events)| *events > 0);
        grown
            .map(|((at, part), events)| {
                part.tombstone.remains.sort_unstable_by_key(|remains| remains.sequence);
                part.tombstone.note(note.of(events));
                let key = key_of(keyring, self.shard, u32::try_from(at).unwrap_or(u32::MAX), self.first);
                let revision = part.revision.saturating_add(1);
                Ok(seal_record(keyring, key, revision, &part.tombstone, Vec::new(), &[])?)
            })
            .collect()
    }
}

/// What was removed from one block of a shard, as it is told to readers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RemovedEvents {
    /// The first event removed.
    pub first: Position,
    /// The last event removed.
    pub last: Position,
    /// How many.
    pub events: u64,
    /// When the oldest of them happened; `None` if nothing is known of any.
    pub from: Option<Timestamp>,
    /// When the newest of them happened.
    pub to: Option<Timestamp>,
    /// Who removed them, when and why.
    pub removals: Vec<Removal>,
}

/// What was removed from a shard, block by block of 1,024 sequences, from that of `sequence` on and
/// of at most `limit` blocks.
///
/// # Errors
/// [`AuditError::NoSuchShard`], [`AuditError::DamagedTombstone`], [`AuditError::StaleKeyring`],
/// [`AuditError::Store`].
pub fn removed_events(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    sequence: u64,
    limit: u32,
) -> Result<Vec<RemovedEvents>, AuditError> {
    check_shard(keyring, shard)?;
    let mut found = Vec::new();
    let mut at = Some(block_of(sequence));
    while let (Some(first), true) = (at, found.len() < limit as usize) {
        let block = Block::load(store, keyring, shard, first)?;
        let sequences = || block.remains().map(|remains| remains.sequence);
        if let (Some(first), Some(last)) = (sequences().min(), sequences().max()) {
            let position = |sequence| Position { shard, sequence };
            found.push(RemovedEvents {
                first: position(first),
                last: position(last),
                events: block.remains().count() as u64,
                from: block.remains().filter_map(|remains| remains.at).min(),
                to: block.remains().filter_map(|remains| remains.at).max(),
                removals: block.removals().cloned().collect(),
            });
        }
        at = next_block(store, keyring, shard, first)?;
    }
    Ok(found)
}

/// Where the block of a sequence begins.
pub(super) const fn block_of(sequence: u64) -> u64 {
    sequence / BLOCK * BLOCK
}

/// The first block from `sequence` on of which something was removed, but for the one `sequence` is
/// in.
pub(super) fn next_block(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    sequence: u64,
) -> Result<Option<u64>, AuditError> {
    let next = block_of(sequence).saturating_add(BLOCK);
    let query = shard_query(keyring, RecordKind::Tombstone, shard, next);
    // Further parts have ids behind all of the first parts.
    let query = Query { to: Some(part_id(shard, 1, 0)), limit: 1, want: Want::Keys, ..query };
    let found = store.scan(&query)?.into_keys()?;
    Ok(found.first().map(|(key, _)| number_of(key.id)))
}

fn key_of(keyring: &Keyring, shard: u32, part: u32, first: u64) -> RecordKey {
    RecordKey::new(keyring.vault(), RecordKind::Tombstone, part_id(shard, part, first))
}

fn open(keyring: &Keyring, record: &Record) -> Result<Tombstone, AuditError> {
    match open_record(keyring, RecordKind::Tombstone, record) {
        Ok(opened) => Ok(opened.head),
        Err(EnvelopeError::NewerKeyring { .. }) => Err(AuditError::StaleKeyring),
        Err(_) => Err(AuditError::DamagedTombstone(record.key.id)),
    }
}

/// From this size on a part takes no more; what fills it is one event at most, itself far below a
/// record's limit.
const PART_MAX: usize = 1 << 20;

/// More than what is left of an event takes, and of one of its changes.
const REMAINS_LEN: usize = 64;
const CHANGE_LEN: usize = 64;
