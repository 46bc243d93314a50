//! The end of a shard's log, and how an event is put behind it.

use super::checkpoint::{ShardHead, seal_checkpoint};
use super::error::AuditError;
use super::leaf::{NODES_EVERY, OpenedEvent, REVISION, is_newer, open_event, seal_event};
use super::pages::Pages;
use super::shard::{Position, check_shard, number_of, record_id, shard_of, shard_query};
use super::tombstone::Block;
use super::tree::{CompactRange, Hash};
use crate::clock::Timestamp;
use crate::envelope::Keyring;
use crate::id::RecordKind;
use crate::model::Event;
use crate::store::{ChangeSet, Expect, Label, Order, Query, Record, Store, Want};

/// A checkpoint is made when so many events have none yet.
pub const CHECKPOINT_EVENTS: u64 = 1_000;

/// A checkpoint is made when an event has waited for so many milliseconds: 15 minutes.
pub const CHECKPOINT_MILLIS: i64 = 15 * 60 * 1_000;

/// The end of a shard's log, as far as an append needs it. A tail that others have written behind
/// is stale: what it prepares is a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    shard: u32,
    range: CompactRange,
    last_leaf: Hash,
    /// The revision of the last event's record: another than 1 only of a damaged one.
    last_revision: u64,
    checkpointed: u64,
    waiting_since: Option<Timestamp>,
}

impl Tail {
    /// Reads the end of a shard's log: its newest events, at most 16, and where its newest
    /// checkpoint stands. The cost does not grow with the log.
    ///
    /// # Errors
    /// [`AuditError::Damaged`] when one of these events is not what was written,
    /// [`AuditError::Truncated`] when a checkpoint covers events that are gone,
    /// [`AuditError::StaleKeyring`] when the keyring was changed since it was loaded,
    /// [`AuditError::NoSuchShard`], and [`AuditError::Store`] when the store fails.
    pub fn load(store: &dyn Store, keyring: &Keyring, shard: u32) -> Result<Self, AuditError> {
        let end = End::read(store, keyring, shard)?;
        let (range, last_leaf) = state_at(store, keyring, shard, end.size, &end.records)?;
        Ok(end.tail(range, last_leaf))
    }

    /// Adds `event` to a change set: its record, the assertion that the log still ends where this
    /// tail does, and a checkpoint if one has become due. Gives the tail behind the event, which
    /// holds once the change set has been committed; on a conflict, load the tail again.
    ///
    /// # Errors
    /// [`AuditError::WrongShard`] when [`shard_of`] says another shard, [`AuditError::Envelope`]
    /// when it cannot be sealed.
    pub fn prepare(
        &self,
        keyring: &Keyring,
        event: &Event,
        labels: Vec<Label>,
        changes: &mut ChangeSet,
    ) -> Result<Self, AuditError> {
        let right = shard_of(event, keyring.shards());
        if right != self.shard {
            return Err(AuditError::WrongShard { shard: self.shard, right });
        }
        let (record, leaf) = seal_event(keyring, self.shard, &self.range, self.last_leaf, event, labels)?;
        self.assert_last(keyring, changes);
        changes.write(record);
        let mut tail = self.clone();
        tail.range.append(leaf);
        tail.last_leaf = leaf;
        tail.last_revision = REVISION;
        tail.waiting_since.get_or_insert(event.at);
        tail.checkpoint(keyring, event.at, changes)?;
        Ok(tail)
    }

    /// Adds a checkpoint to a change set if one is due at `now`, for hosts that run scheduled work.
    /// Whether one was added.
    ///
    /// # Errors
    /// [`AuditError::Envelope`] when it cannot be signed or sealed.
    pub fn prepare_checkpoint(
        &mut self,
        keyring: &Keyring,
        now: Timestamp,
        changes: &mut ChangeSet,
    ) -> Result<bool, AuditError> {
        let due = self.is_due(now);
        if due {
            self.assert_last(keyring, changes);
            self.checkpoint(keyring, now, changes)?;
        }
        Ok(due)
    }

    /// The shard.
    #[must_use]
    pub const fn shard(&self) -> u32 {
        self.shard
    }

    /// The number of events.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.range.size()
    }

    /// The size that the newest checkpoint covers, and before which events may be removed.
    #[must_use]
    pub const fn checkpointed(&self) -> u64 {
        self.checkpointed
    }

    /// Size and root.
    #[must_use]
    pub fn head(&self) -> ShardHead {
        ShardHead { shard: self.shard, size: self.range.size(), root: self.range.root() }
    }

    fn checkpoint(&mut self, keyring: &Keyring, now: Timestamp, changes: &mut ChangeSet) -> Result<(), AuditError> {
        if self.is_due(now) {
            changes.write(seal_checkpoint(keyring, &self.head(), now)?);
            self.checkpointed = self.size();
            self.waiting_since = None;
        }
        Ok(())
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let waited = |since: Timestamp| since.plus_millis(CHECKPOINT_MILLIS) <= now;
        self.size().saturating_sub(self.checkpointed) >= CHECKPOINT_EVENTS || self.waiting_since.is_some_and(waited)
    }

    /// Relies on the last event, unless the same change set writes it.
    fn assert_last(&self, keyring: &Keyring, changes: &mut ChangeSet) {
        let Some(sequence) = self.size().checked_sub(1) else { return };
        let last = Position { shard: self.shard, sequence }.event_key(keyring);
        if !changes.writes.iter().any(|write| write.record.key == last) {
            changes.assert(last, Expect::Revision(self.last_revision));
        }
    }
}

/// The last records of a shard, as they were found.
pub(super) struct End {
    shard: u32,
    pub(super) size: u64,
    /// Those of the last window.
    records: Vec<Record>,
    checkpointed: u64,
    waiting_since: Option<Timestamp>,
}

impl End {
    pub(super) fn read(store: &dyn Store, keyring: &Keyring, shard: u32) -> Result<Self, AuditError> {
        check_shard(keyring, shard)?;
        // The checkpoint first: what it covers was there before it.
        let checkpointed = newest(store, keyring, RecordKind::Checkpoint, shard)?.unwrap_or(0);
        let query = shard_query(keyring, RecordKind::Event, shard, 0);
        let query = Query { order: Order::Descending, limit: WINDOW, ..query };
        let newest = Pages::new(store, query).take(WINDOW as usize);
        let mut records = newest.collect::<Result<Vec<_>, _>>()?;
        records.reverse();
        let size = records.last().map_or(0, |record| number_of(record.key.id).saturating_add(1));
        if checkpointed > size {
            return Err(AuditError::Truncated { shard, size, known: checkpointed });
        }
        let window = window_of(size);
        records.retain(|record| number_of(record.key.id) >= window);
        let waiting_since = match checkpointed < size {
            true => match load_time(store, keyring, Position { shard, sequence: checkpointed }) {
                // A damaged event does not say since when: the next checkpoint is due.
                Err(AuditError::Damaged(_)) => Some(Timestamp::from_millis(i64::MIN)),
                time => Some(time?),
            },
            false => None,
        };
        Ok(Self { shard, size, records, checkpointed, waiting_since })
    }

    pub(super) fn tail(self, range: CompactRange, last_leaf: Hash) -> Tail {
        let Self { shard, size: _, records, checkpointed, waiting_since } = self;
        let last_revision = records.last().map_or(REVISION, |record| record.revision);
        Tail { shard, range, last_leaf, last_revision, checkpointed, waiting_since }
    }
}

/// Size and root of every shard: what a host keeps outside the database.
///
/// # Errors
/// As in [`Tail::load`].
pub fn head(store: &dyn Store, keyring: &Keyring) -> Result<Vec<ShardHead>, AuditError> {
    (0..keyring.shards()).map(|shard| Ok(Tail::load(store, keyring, shard)?.head())).collect()
}

/// Checks that the log still begins with what `head` was taken of. Reads at most 17 records,
/// however long the log is, and at most 1,024 more where events before the head were removed;
/// [`verify`](super::verify) reads all of it.
///
/// # Errors
/// [`AuditError::Truncated`] when the log is shorter, [`AuditError::Rewritten`] when it is another,
/// and the others of [`Tail::load`].
pub fn check_head(store: &dyn Store, keyring: &Keyring, head: &ShardHead) -> Result<(), AuditError> {
    let ShardHead { shard, size, root } = *head;
    check_shard(keyring, shard)?;
    let found = newest(store, keyring, RecordKind::Event, shard)?.map_or(0, |sequence| sequence.saturating_add(1));
    if found < size {
        return Err(AuditError::Truncated { shard, size: found, known: size });
    }
    let window = window_of(size);
    let query = Query { limit: WINDOW, ..shard_query(keyring, RecordKind::Event, shard, window) };
    let records = Pages::new(store, query).take(WINDOW as usize).collect::<Result<Vec<_>, _>>()?;
    let (range, _) = state_at(store, keyring, shard, size, &records)?;
    if range.root() == root { Ok(()) } else { Err(AuditError::Rewritten { shard, size }) }
}

/// The number in the highest id of a shard's records.
pub(super) fn newest(
    store: &dyn Store,
    keyring: &Keyring,
    kind: RecordKind,
    shard: u32,
) -> Result<Option<u64>, AuditError> {
    let query = shard_query(keyring, kind, shard, 0);
    let keys = store.scan(&Query { order: Order::Descending, limit: 1, want: Want::Keys, ..query })?.into_keys()?;
    Ok(keys.first().map(|(key, _)| number_of(key.id)))
}

/// The tree of `size` events and its last leaf: from `records`, those of its last window; where one of
/// them was removed, from what is left of its block.
pub(super) fn state_at(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    size: u64,
    records: &[Record],
) -> Result<(CompactRange, Hash), AuditError> {
    match replay(keyring, shard, size, records) {
        Err(AuditError::Damaged(at)) => {
            // Records and tombstone are looked at anew: an event may have been removed meanwhile.
            let block = Block::load(store, keyring, shard, at.sequence)?;
            let Some(range) = block.before() else { return Err(AuditError::Damaged(at)) };
            replay_block(store, keyring, shard, size, &block, range)
        }
        replayed => replayed,
    }
}

/// The tree of `size` events and its last leaf, from a block from which events were removed.
fn replay_block(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    size: u64,
    block: &Block,
    mut range: CompactRange,
) -> Result<(CompactRange, Hash), AuditError> {
    let query = shard_query(keyring, RecordKind::Event, shard, block.first());
    let query = Query { to: Some(record_id(shard, size)), limit: 500, ..query };
    let mut records = Pages::new(store, query).collect::<Result<Vec<_>, _>>()?.into_iter().peekable();
    let mut last_leaf = None;
    for sequence in block.first()..size {
        let at = Position { shard, sequence };
        let record = records.next_if(|record| number_of(record.key.id) == sequence);
        let leaf = match block.get(sequence) {
            Some(remains) => remains.leaf,
            None => {
                let opened = open_or_damaged(keyring, at, record.as_ref())?;
                if last_leaf.is_some_and(|leaf| leaf != opened.previous) {
                    return Err(AuditError::Damaged(at));
                }
                // Behind a damaged event the tree is known again from here.
                opened.before.into_iter().for_each(|before| range = before);
                opened.leaf
            }
        };
        last_leaf = Some(leaf);
        range.append(leaf);
    }
    Ok((range, last_leaf.unwrap_or(NO_LEAF)))
}

/// The tree of `size` events and its last leaf, from the records of its last window.
fn replay(keyring: &Keyring, shard: u32, size: u64, records: &[Record]) -> Result<(CompactRange, Hash), AuditError> {
    let mut range = CompactRange::new();
    let mut last_leaf = NO_LEAF;
    let mut records = records.iter().peekable();
    for sequence in window_of(size)..size {
        let at = Position { shard, sequence };
        let record = records.next_if(|record| number_of(record.key.id) == sequence);
        let opened = open_or_damaged(keyring, at, record)?;
        if let Some(before) = opened.before {
            range = before;
        } else if opened.previous != last_leaf {
            return Err(AuditError::Damaged(at));
        }
        last_leaf = opened.leaf;
        range.append(last_leaf);
    }
    Ok((range, last_leaf))
}

fn load_time(store: &dyn Store, keyring: &Keyring, at: Position) -> Result<Timestamp, AuditError> {
    let record = store.load(&[at.event_key(keyring)])?.pop().flatten();
    Ok(open_or_damaged(keyring, at, record.as_ref())?.event.at)
}

pub(super) fn open_or_damaged(
    keyring: &Keyring,
    at: Position,
    record: Option<&Record>,
) -> Result<OpenedEvent, AuditError> {
    let record = record.ok_or(AuditError::Damaged(at))?;
    if is_newer(keyring, record) {
        return Err(AuditError::StaleKeyring);
    }
    open_event(keyring, at, record).map_err(|_| AuditError::Damaged(at))
}

/// The first event of the last window: the newest one that carries the tree before it.
pub(super) const fn window_of(size: u64) -> u64 {
    size.saturating_sub(1) / NODES_EVERY * NODES_EVERY
}

/// What stands for the leaf before the first.
pub(super) const NO_LEAF: Hash = [0; 32];

const WINDOW: u32 = NODES_EVERY as u32;

#[cfg(test)]
mod tests;
