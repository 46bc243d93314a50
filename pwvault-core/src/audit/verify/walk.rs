//! A walk along one shard's log, event by event: chain, tree and gaps.

use super::report::{Finding, VerifyReport};
use crate::audit::leaf::{OpenedEvent, open_event, position_of};
use crate::audit::log::NO_LEAF;
use crate::audit::shard::Position;
use crate::audit::tombstone::{Block, Remains};
use crate::audit::tree::{CompactRange, Hash};
use crate::envelope::Keyring;
use crate::store::Record;

/// Where a walk has come to.
///
/// A gap is reported as it is met and taken back at the end if no genuine event followed: what
/// stands behind it was then inserted, and nothing was removed.
pub(super) struct Walk {
    pub(super) shard: u32,
    /// The next sequence expected.
    pub(super) next: u64,
    /// The tree before `next`, unless damage before it left it unknown. Known again from the next
    /// event that carries it.
    pub(super) range: Option<CompactRange>,
    /// The leaf before `next`, unless the event there is missing or damaged.
    previous: Option<Hash>,
    gap: Option<Gap>,
    /// What was removed from the block that was looked at last.
    pub(super) block: Option<Block>,
    /// Events that were removed and left a tombstone.
    pub(super) pruned: u64,
    /// Events that are damaged, as a tombstone says.
    pub(super) damaged: u64,
}

/// The first gap since the last genuine event.
struct Gap {
    /// The first sequence missing.
    at: u64,
    /// Where the findings about it and what follows begin.
    findings: usize,
}

impl Walk {
    pub(super) fn new(shard: u32) -> Self {
        let (range, previous) = (Some(CompactRange::new()), Some(NO_LEAF));
        Self { shard, next: 0, range, previous, gap: None, block: None, pruned: 0, damaged: 0 }
    }

    /// Takes the next record of the shard; gives the event if it is genuine.
    pub(super) fn step(
        &mut self,
        keyring: &Keyring,
        record: &Record,
        report: &mut VerifyReport,
    ) -> Option<OpenedEvent> {
        let at = position_of(self.shard, record);
        self.next = at.sequence.saturating_add(1);
        let Ok(opened) = open_event(keyring, at, record) else {
            report.push(Finding::Changed { at });
            self.lose();
            return None;
        };
        self.gap = None;
        let follows = self.previous.is_none_or(|previous| previous == opened.previous);
        let fits = self.range.as_ref().zip(opened.before.as_ref()).is_none_or(|(walked, carried)| walked == carried);
        if !follows || !fits {
            report.push(Finding::BrokenChain { at });
        }
        if opened.before.is_some() {
            self.range.clone_from(&opened.before);
        }
        if let Some(range) = &mut self.range {
            range.append(opened.leaf);
        }
        self.previous = Some(opened.leaf);
        Some(opened)
    }

    /// Reports the events up to `to` as missing.
    pub(super) fn miss(&mut self, to: u64, report: &mut VerifyReport) {
        self.gap.get_or_insert(Gap { at: self.next, findings: report.findings.len() });
        report.push(Finding::Removed { shard: self.shard, from: self.next, to });
        self.lose();
        self.next = to;
    }

    /// Steps over the next event, of which a tombstone tells.
    pub(super) fn pass(&mut self, remains: &Remains, report: &mut VerifyReport) {
        let before = self.block.as_ref().filter(|block| block.first() == self.next).and_then(Block::before);
        if let Some(before) = before {
            if self.range.as_ref().is_some_and(|range| *range != before) {
                report.push(Finding::BrokenChain { at: Position { shard: self.shard, sequence: self.next } });
            }
            self.range = Some(before);
        }
        if let Some(range) = &mut self.range {
            range.append(remains.leaf);
        }
        self.previous = Some(remains.leaf);
        self.next = self.next.saturating_add(1);
        self.gap = None;
        let count = if remains.at.is_some() { &mut self.pruned } else { &mut self.damaged };
        *count = count.saturating_add(1);
    }

    /// Ends the walk; gives the size of the log up to where nothing is missing.
    pub(super) fn finish(&mut self, report: &mut VerifyReport) -> u64 {
        let Some(Gap { at, findings }) = self.gap.take() else { return self.next };
        let behind = report.findings.split_off(findings.min(report.findings.len()));
        report.findings.extend(behind.into_iter().filter_map(|finding| match finding {
            Finding::Removed { .. } => None,
            Finding::Changed { at } => Some(Finding::Inserted { at, copy_of: None }),
            other => Some(other),
        }));
        at
    }

    fn lose(&mut self) {
        self.range = None;
        self.previous = None;
    }
}
