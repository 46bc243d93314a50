//! Sealing off damage at the end of a log, so that it can be written on. The damaged records stay as
//! they are; a tombstone says that they are damaged, and of each what leaf stands for it.

use super::error::AuditError;
use super::leaf::{Body, OpenedEvent, is_newer, open_event};
use super::log::{End, NO_LEAF, Tail, state_at, window_of};
use super::pages::Pages;
use super::shard::{Position, number_of, record_id, shard_query};
use super::tombstone::{Block, Remains, RemovalNote, block_of};
use super::tree::{CompactRange, Hash, leaf_hash};
use crate::envelope::Keyring;
use crate::id::RecordKind;
use crate::store::{ChangeSet, Query, Record, Store};

/// The most damaged events that are sealed off. More is no accident of a few records.
pub const DAMAGE_MAX: u64 = 16;

/// Adds to a change set what seals off the damaged events in the last block of a shard. Gives the
/// positions and the tail behind them, which holds once the change set has been committed; the event
/// that tells of it is the caller's to write. Nothing is sealed off when the log can be written on.
///
/// What the damaged events told is lost. The leaf of each is the one that the event behind it names;
/// where there is none, it is made of what was found, and checkpoints over it no longer fit.
///
/// # Errors
/// [`AuditError::TooDamaged`] above [`DAMAGE_MAX`]; [`AuditError::Truncated`] when the end is gone
/// and [`AuditError::Damaged`] when damage reaches back too far: both need a backup;
/// [`AuditError::StaleKeyring`], [`AuditError::NoSuchShard`], [`AuditError::Store`].
pub fn seal_damage(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    note: &RemovalNote,
    changes: &mut ChangeSet,
) -> Result<Option<(Vec<Position>, Tail)>, AuditError> {
    match Tail::load(store, keyring, shard) {
        Ok(_) => return Ok(None),
        Err(AuditError::Damaged(_)) => {}
        Err(error) => return Err(error),
    }
    let end = End::read(store, keyring, shard)?;
    let first = block_of(end.size.saturating_sub(1));
    let block = Block::load(store, keyring, shard, first)?;
    let query = shard_query(keyring, RecordKind::Event, shard, first);
    let query = Query { to: Some(record_id(shard, end.size)), limit: 500, ..query };
    let records = Pages::new(store, query).collect::<Result<Vec<_>, _>>()?;
    let before = match block.before() {
        Some(before) => before,
        None => tree_before(store, keyring, shard, first, records.first())?,
    };
    let mut found = Vec::new();
    let mut records = records.iter().peekable();
    for sequence in first..end.size {
        let at = Position { shard, sequence };
        let record = records.next_if(|record| number_of(record.key.id) == sequence);
        if record.is_some_and(|record| is_newer(keyring, record)) {
            return Err(AuditError::StaleKeyring);
        }
        found.push((at, record, record.and_then(|record| open_event(keyring, at, record).ok())));
    }
    let mut range = before.clone();
    let mut last_leaf = None;
    let mut damaged = Vec::new();
    for (index, (at, record, opened)) in found.iter().enumerate() {
        let follows = |opened: &&OpenedEvent| last_leaf.is_none_or(|leaf| leaf == opened.previous);
        let leaf = match (block.get(at.sequence), opened.as_ref().filter(follows)) {
            (Some(remains), _) => remains.leaf,
            (None, Some(opened)) => {
                opened.before.iter().for_each(|before| range = before.clone());
                opened.leaf
            }
            (None, None) => {
                let named = found.get(index.saturating_add(1)).and_then(|(_, _, next)| next.as_ref());
                let leaf = named.map_or_else(|| stand_in(*at, *record), |next| next.previous);
                damaged.push(Remains { sequence: at.sequence, leaf, at: None, changes: Vec::new() });
                leaf
            }
        };
        last_leaf = Some(leaf);
        range.append(leaf);
    }
    if damaged.len() as u64 > DAMAGE_MAX {
        return Err(AuditError::TooDamaged { shard, limit: DAMAGE_MAX });
    }
    let positions = damaged.iter().map(|remains| Position { shard, sequence: remains.sequence }).collect();
    block.grown(keyring, &before, damaged, note)?.into_iter().for_each(|part| changes.write(part));
    Ok(Some((positions, end.tail(range, last_leaf.unwrap_or(NO_LEAF)))))
}

/// The tree over the events before a block: as its first event carries it, else from the block before.
fn tree_before(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    first: u64,
    record: Option<&Record>,
) -> Result<CompactRange, AuditError> {
    let opened = record.and_then(|record| open_event(keyring, Position { shard, sequence: first }, record).ok());
    match opened.and_then(|opened| opened.before) {
        Some(before) => Ok(before),
        None if first == 0 => Ok(CompactRange::new()),
        None => {
            let query = shard_query(keyring, RecordKind::Event, shard, window_of(first));
            let query = Query { to: Some(record_id(shard, first)), ..query };
            let records = Pages::new(store, query).collect::<Result<Vec<_>, _>>()?;
            state_at(store, keyring, shard, first, &records).map(|(range, _)| range)
        }
    }
}

/// A leaf for an event of which no other tells.
fn stand_in(at: Position, record: Option<&Record>) -> Hash {
    let found = record.map(|record| Body::parse(record).map_or(record.body.as_slice(), |body| body.envelope));
    leaf_hash(at.shard, at.sequence, found.unwrap_or_default())
}

#[cfg(test)]
mod tests;
