//! Removing events: whose time is over, or whom somebody names. What is left of them stands in
//! tombstones; the newest events, which the log is written on from, and those no checkpoint covers
//! yet, are never removed.

use super::checkpoint::{Checkpoint, newest_checkpoint};
use super::error::AuditError;
use super::leaf::{OpenedEvent, REVISION, is_newer, open_event, position_of};
use super::log::{check_head, window_of};
use super::pages::Pages;
use super::shard::{Position, check_shard, number_of, record_id, shard_query};
use super::tombstone::{BLOCK, Block, Remains, RemovalNote, block_of};
use crate::envelope::Keyring;
use crate::id::RecordKind;
use crate::model::Event;
use crate::store::{ChangeSet, Query, Store, Want};

/// What of a shard may be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prunable {
    /// The newest checkpoint, which covers it.
    pub checkpoint: Checkpoint,
    /// Events before this sequence may be removed.
    pub end: u64,
}

/// How far a shard may be pruned: up to its newest checkpoint, but for the last events before it,
/// which prove the end of the log together with it. `None` when there is no checkpoint. The
/// checkpoint is checked against the log first.
///
/// # Errors
/// [`AuditError::DamagedCheckpoint`], [`AuditError::Damaged`], [`AuditError::Truncated`] and
/// [`AuditError::Rewritten`] when log and checkpoint are not what was written;
/// [`AuditError::NoSuchShard`], [`AuditError::StaleKeyring`], [`AuditError::Store`].
pub fn prunable(store: &dyn Store, keyring: &Keyring, shard: u32) -> Result<Option<Prunable>, AuditError> {
    check_shard(keyring, shard)?;
    let Some(checkpoint) = newest_checkpoint(store, keyring, shard)? else { return Ok(None) };
    check_head(store, keyring, &checkpoint.head)?;
    let end = window_of(checkpoint.head.size);
    Ok(Some(Prunable { checkpoint, end }))
}

/// What one block gave up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrunedBlock {
    /// Events removed.
    pub removed: u64,
    /// Events that are not what was written, and were left.
    pub damaged: u64,
    /// Where the next block that has events begins; `None` at the end.
    pub next: Option<u64>,
}

/// Adds to a change set the removal of those events of the block of `from`, and before `end`, that
/// `choose` says. The event that tells of the removal is the caller's to write.
///
/// # Errors
/// [`AuditError::DamagedTombstone`], [`AuditError::StaleKeyring`], [`AuditError::NoSuchShard`],
/// [`AuditError::Envelope`], [`AuditError::Store`].
pub fn prune_block(
    store: &dyn Store,
    keyring: &Keyring,
    (shard, from, end): (u32, u64, u64),
    note: &RemovalNote,
    choose: &dyn Fn(Position, &Event) -> bool,
    changes: &mut ChangeSet,
) -> Result<PrunedBlock, AuditError> {
    check_shard(keyring, shard)?;
    let first = block_of(from);
    let behind = first.saturating_add(BLOCK);
    let mut pruned = PrunedBlock { next: next_event(store, keyring, shard, behind, end)?, ..PrunedBlock::default() };
    let query = Query {
        to: Some(record_id(shard, behind.min(end))),
        limit: 500,
        ..shard_query(keyring, RecordKind::Event, shard, first)
    };
    // The tombstone first: what it has is gone, so what is read then is what may still be removed.
    let block = Block::load(store, keyring, shard, first)?;
    let mut before = block.before();
    let mut removed = Vec::new();
    let mut gone = Vec::new();
    for record in Pages::new(store, query) {
        let record = record?;
        if is_newer(keyring, &record) {
            return Err(AuditError::StaleKeyring);
        }
        let at = position_of(shard, &record);
        let Ok(OpenedEvent { event, before: carried, leaf, .. }) = open_event(keyring, at, &record) else {
            pruned.damaged = pruned.damaged.saturating_add(1);
            continue;
        };
        if at.sequence == first && before.is_none() {
            before = carried;
        }
        if block.get(at.sequence).is_none() && choose(at, &event) {
            removed.push(Remains { sequence: at.sequence, leaf, at: Some(event.at), changes: event.changes });
            gone.push(record.key);
        }
    }
    // Without the tree before it, what is left of a block would prove nothing.
    let Some(before) = before else { return Ok(pruned) };
    if !removed.is_empty() {
        pruned.removed = removed.len() as u64;
        block.grown(keyring, &before, removed, note)?.into_iter().for_each(|part| changes.write(part));
        gone.into_iter().for_each(|key| changes.delete(key, REVISION));
    }
    Ok(pruned)
}

/// The block of the first event from `from` on and before `end`.
fn next_event(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    from: u64,
    end: u64,
) -> Result<Option<u64>, AuditError> {
    let query = shard_query(keyring, RecordKind::Event, shard, from);
    let query = Query { to: Some(record_id(shard, end)), limit: 1, want: Want::Keys, ..query };
    let found = store.scan(&query)?.into_keys()?;
    Ok(found.first().map(|(key, _)| block_of(number_of(key.id))))
}

#[cfg(test)]
mod tests;
