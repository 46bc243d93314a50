//! Verification: the whole log against itself, against checkpoints, and the store against the log.
//!
//! Writers may go on meanwhile. Checkpoints are read before events, so every checkpoint looked at
//! covers events that were there. A record that differs from the log is only reported if it stayed
//! the same from before to after the log was read on to its end: whatever changed it committed its
//! event with it, so that event would have been met.

mod locate;
mod milestones;
mod records;
mod report;
mod walk;

pub use report::{FINDINGS_MAX, Finding, ShardReport, VerifyReport, Witness};

use self::locate::{LOCATED_MAX, locate};
use self::milestones::Milestones;
use self::records::{Logged, logged_kinds};
use self::walk::Walk;
use super::checkpoint::{ShardHead, open_checkpoint, verify_checkpoint};
use super::error::AuditError;
use super::leaf::{is_newer, position_of};
use super::log::newest;
use super::pages::Pages;
use super::shard::{Position, check_shard, number_of, record_id, shard_query};
use super::tombstone::{Block, Remains, block_of, next_block};
use crate::envelope::{EnvelopeError, Keyring, authenticate_record};
use crate::id::RecordKind;
use crate::store::{Query, Record, RecordKey, Store};

/// What the host kept outside the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct VerifyOptions {
    /// Checkpoints it exported, as texts.
    pub checkpoints: Vec<String>,
    /// Heads it kept.
    pub heads: Vec<ShardHead>,
}

/// Verifies every event of every shard, every checkpoint, and every record whose changes are logged.
/// Needs memory for one page of events and a line for each checkpoint of a shard and each record the
/// log knows.
///
/// Of an event that was removed it proves that it stood at its place, when, and which records it
/// changed to what; who did it, to which entry and how it ended is gone, and cannot be checked.
///
/// # Errors
/// [`AuditError::BadCheckpoint`] and [`AuditError::NoSuchShard`] when an option is not of this vault,
/// [`AuditError::StaleKeyring`] when the keyring was changed since it was loaded, and
/// [`AuditError::Store`] when the store fails. What is wrong with the log is no error: it stands in
/// the report.
pub fn verify(store: &dyn Store, keyring: &Keyring, options: &VerifyOptions) -> Result<VerifyReport, AuditError> {
    let witnessed = witnessed(keyring, options)?;
    let shards = 0..keyring.shards();
    let snapshot = shards.map(|shard| Snapshot::take(store, keyring, shard)).collect::<Result<Vec<_>, _>>()?;
    let mut verifier = Verifier {
        store,
        keyring,
        walks: Vec::new(),
        logged: Logged::default(),
        misplaced: Vec::new(),
        report: VerifyReport::default(),
    };
    // Every event in the snapshot was sealed under a keyring no newer than this.
    if verifier.is_stale()? {
        return Err(AuditError::StaleKeyring);
    }
    for snapshot in snapshot {
        let milestones = witnessed.iter().filter(|(head, _)| head.shard == snapshot.shard).copied().collect();
        verifier.walk_shard(snapshot, milestones)?;
    }
    verifier.strays(RecordKind::Event)?;
    verifier.strays(RecordKind::Checkpoint)?;
    locate(store, keyring, &verifier.misplaced, &mut verifier.report.findings)?;
    let suspects = verifier.suspects()?;
    verifier.settle(suspects)?;
    Ok(verifier.report)
}

/// How far a shard's records reached when the verification began.
struct Snapshot {
    shard: u32,
    checkpoints_end: u64,
    events_end: u64,
}

impl Snapshot {
    fn take(store: &dyn Store, keyring: &Keyring, shard: u32) -> Result<Self, AuditError> {
        let end = |kind| newest(store, keyring, kind, shard).map(|last| last.map_or(0, |last| last.saturating_add(1)));
        Ok(Self { shard, checkpoints_end: end(RecordKind::Checkpoint)?, events_end: end(RecordKind::Event)? })
    }
}

struct Verifier<'a> {
    store: &'a dyn Store,
    keyring: &'a Keyring,
    walks: Vec<Walk>,
    logged: Logged,
    /// Records that do not open at their place, for [`locate`].
    misplaced: Vec<(Position, Record)>,
    report: VerifyReport,
}

impl Verifier<'_> {
    fn walk_shard(&mut self, snapshot: Snapshot, mut heads: Vec<(ShardHead, Witness)>) -> Result<(), AuditError> {
        let Snapshot { shard, checkpoints_end, events_end } = snapshot;
        self.stored_checkpoints(shard, checkpoints_end, &mut heads)?;
        let mut milestones = Milestones::new(shard, heads);
        let mut walk = Walk::new(shard);
        let query = self.until(RecordKind::Event, shard, 0, events_end);
        for record in Pages::new(self.store, query) {
            self.take(&mut walk, record?, &mut milestones)?;
        }
        let found = milestones.finish(&mut walk, &mut self.report);
        self.report.shards.push(found);
        self.walks.push(walk);
        Ok(())
    }

    /// Takes the next event into the walk, with what is left of those before it.
    fn take(&mut self, walk: &mut Walk, record: Record, milestones: &mut Milestones) -> Result<(), AuditError> {
        let at = position_of(walk.shard, &record);
        self.step_over(walk, at.sequence, milestones)?;
        if walk.block.as_ref().is_none_or(|block| block.first() != block_of(at.sequence)) {
            walk.block = Some(self.block(at)?);
        }
        let remains = walk.block.as_ref().and_then(|block| block.get(at.sequence)).cloned();
        match remains {
            None => self.step(walk, record),
            // A damaged event stays where it was.
            Some(remains) if remains.at.is_none() => {
                self.report.events = self.report.events.saturating_add(1);
                walk.pass(&remains, &mut self.report);
            }
            Some(remains) => {
                // Read before it was removed, or put back since: what the tombstone has is gone.
                if self.store.load(&[record.key])?.pop().flatten().is_some() {
                    self.report.push(Finding::PutBack { at });
                }
                self.pass(walk, &remains);
            }
        }
        milestones.reached(walk, &mut self.report);
        Ok(())
    }

    /// Steps over the events up to `to`, which are not there: by their tombstones, or as missing.
    fn step_over(&mut self, walk: &mut Walk, to: u64, milestones: &mut Milestones) -> Result<(), AuditError> {
        while walk.next < to {
            let at = Position { shard: walk.shard, sequence: walk.next };
            let known = walk.block.as_ref().and_then(|block| block.get(at.sequence)).cloned();
            let remains = match known {
                Some(remains) => Some(remains),
                // Removed after the block was looked at, perhaps.
                None => walk.block.insert(self.block(at)?).get(at.sequence).cloned(),
            };
            if let Some(remains) = remains {
                self.pass(walk, &remains);
                milestones.reached(walk, &mut self.report);
                continue;
            }
            let later = walk.block.iter().flat_map(Block::remains).map(|remains| remains.sequence);
            let end = match later.filter(|sequence| *sequence > at.sequence).min() {
                Some(sequence) => sequence,
                None => next_block(self.store, self.keyring, at.shard, at.sequence)?.unwrap_or(to),
            };
            walk.miss(end.min(to), &mut self.report);
        }
        Ok(())
    }

    fn pass(&mut self, walk: &mut Walk, remains: &Remains) {
        let at = Position { shard: walk.shard, sequence: walk.next };
        walk.pass(remains, &mut self.report);
        if let Some(time) = remains.at {
            self.logged.note(at, time, &remains.changes);
        }
    }

    /// What was removed from the block of a position; nothing, if the tombstone does not open: that is
    /// found among the records.
    fn block(&self, at: Position) -> Result<Block, AuditError> {
        match Block::load(self.store, self.keyring, at.shard, at.sequence) {
            Err(AuditError::StaleKeyring) if self.is_stale()? => Err(AuditError::StaleKeyring),
            Err(AuditError::StaleKeyring | AuditError::DamagedTombstone(_)) => Ok(Block::none(at.shard, at.sequence)),
            block => block,
        }
    }

    /// Takes one event into the walk and its changes into the account.
    fn step(&mut self, walk: &mut Walk, record: Record) {
        self.report.events = self.report.events.saturating_add(1);
        let at = position_of(walk.shard, &record);
        match walk.step(self.keyring, &record, &mut self.report) {
            Some(opened) => self.logged.note(at, opened.event.at, &opened.event.changes),
            None if self.misplaced.len() < LOCATED_MAX => self.misplaced.push((at, record)),
            None => {}
        }
    }

    fn stored_checkpoints(
        &mut self,
        shard: u32,
        end: u64,
        milestones: &mut Vec<(ShardHead, Witness)>,
    ) -> Result<(), AuditError> {
        for record in Pages::new(self.store, self.until(RecordKind::Checkpoint, shard, 0, end)) {
            let record = record?;
            match open_checkpoint(self.keyring, &record) {
                Ok(checkpoint) => milestones.push((checkpoint.head, Witness::Stored)),
                // One that says it is newer than the keyring may have been sealed anew meanwhile.
                Err(AuditError::StaleKeyring) if self.is_stale()? => return Err(AuditError::StaleKeyring),
                Err(AuditError::DamagedCheckpoint(_) | AuditError::StaleKeyring) => {
                    self.report.push(Finding::CheckpointChanged { shard, size: number_of(record.key.id) });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reports records of a kind whose ids lie between the shards or behind the last.
    fn strays(&mut self, kind: RecordKind) -> Result<(), AuditError> {
        for shard in 0..self.keyring.shards() {
            let next = shard.checked_add(1).filter(|next| *next < self.keyring.shards());
            let from = Some(record_id(shard, u64::MAX));
            let to = next.map(|next| record_id(next, 0));
            let query = Query { from, to, ..Query::new(self.keyring.vault(), kind) };
            for record in Pages::new(self.store, query) {
                self.report.push(Finding::Stray { key: record?.key });
            }
        }
        Ok(())
    }

    /// The records that are not as the log, as far as it was read, says, or do not open.
    fn suspects(&mut self) -> Result<Vec<RecordKey>, AuditError> {
        let vault = self.keyring.vault();
        let mut suspects = Vec::new();
        for kind in logged_kinds() {
            for record in Pages::new(self.store, Query { limit: 500, ..Query::new(vault, kind) }) {
                let record = record?;
                self.report.records = self.report.records.saturating_add(1);
                self.logged.see(&record.key);
                if self.judge(record.key, Some(&record))?.is_some() {
                    suspects.push(record.key);
                }
            }
        }
        suspects.extend(self.logged.unseen().map(|(kind, id)| RecordKey::new(vault, kind, id)));
        Ok(suspects)
    }

    /// What is wrong with a record, if anything.
    fn judge(&self, key: RecordKey, stored: Option<&Record>) -> Result<Option<Finding>, AuditError> {
        // The keyring opens with the KEK alone: whoever has it loaded has checked it.
        if let Some(record) = stored.filter(|_| key.kind != RecordKind::Keyring)
            && let Err(error) = authenticate_record(self.keyring, record)
        {
            let newer = matches!(error, EnvelopeError::NewerKeyring { .. });
            return if newer && self.is_stale()? {
                Err(AuditError::StaleKeyring)
            } else {
                Ok(Some(Finding::RecordChanged { key }))
            };
        }
        Ok(self.logged.judge(key, stored))
    }

    /// Looks at suspects again, between two readings of each the log on to its end.
    fn settle(&mut self, mut suspects: Vec<RecordKey>) -> Result<(), AuditError> {
        suspects.sort_unstable();
        for _ in 0..ROUNDS {
            let mut moving = Vec::new();
            for keys in suspects.chunks(100) {
                let before = self.store.load(keys)?;
                self.walk_on()?;
                let after = self.store.load(keys)?;
                for ((key, before), after) in keys.iter().zip(before).zip(after) {
                    if before != after {
                        moving.push(*key);
                    } else if let Some(finding) = self.judge(*key, after.as_ref())? {
                        self.report.push(finding);
                    }
                }
            }
            suspects = moving;
        }
        self.report.unsettled = suspects;
        Ok(())
    }

    /// Takes in what was appended since.
    fn walk_on(&mut self) -> Result<(), AuditError> {
        let mut walks = std::mem::take(&mut self.walks);
        for walk in &mut walks {
            for record in Pages::new(self.store, self.until(RecordKind::Event, walk.shard, walk.next, u64::MAX)) {
                let record = record?;
                if is_newer(self.keyring, &record) && self.is_stale()? {
                    return Err(AuditError::StaleKeyring);
                }
                self.take(walk, record, &mut Milestones::new(walk.shard, Vec::new()))?;
            }
            walk.finish(&mut self.report);
        }
        self.walks = walks;
        Ok(())
    }

    fn is_stale(&self) -> Result<bool, AuditError> {
        let stored = self.store.load(&[Keyring::record_key(self.keyring.vault())])?.pop().flatten();
        Ok(stored.is_some_and(|record| record.revision > self.keyring.epoch()))
    }

    fn until(&self, kind: RecordKind, shard: u32, from: u64, end: u64) -> Query {
        Query { to: Some(record_id(shard, end)), limit: 500, ..shard_query(self.keyring, kind, shard, from) }
    }
}

/// The heads the host vouches for.
fn witnessed(keyring: &Keyring, options: &VerifyOptions) -> Result<Vec<(ShardHead, Witness)>, AuditError> {
    let VerifyOptions { checkpoints, heads } = options;
    let exported = checkpoints.iter().map(|text| Ok((verify_checkpoint(keyring, text)?, Witness::Exported)));
    let kept = heads.iter().map(|head| check_shard(keyring, head.shard).map(|()| (*head, Witness::Head)));
    exported.chain(kept).filter(|head| !matches!(head, Ok((ShardHead { size: 0, .. }, _)))).collect()
}

/// How often a record that keeps changing is looked at.
const ROUNDS: usize = 8;

#[cfg(test)]
mod tests;
