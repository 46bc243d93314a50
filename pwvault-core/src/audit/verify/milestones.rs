//! The heads that witnesses vouch for, held against the tree as a walk comes past them.

use std::iter::Peekable;
use std::vec;

use super::report::{Finding, ShardReport, VerifyReport, Witness};
use super::walk::Walk;
use crate::audit::checkpoint::ShardHead;
use crate::audit::tree::CompactRange;

/// The heads of one shard that are still ahead, and what was found at those behind.
pub(super) struct Milestones {
    ahead: Peekable<vec::IntoIter<(ShardHead, Witness)>>,
    furthest: Option<(ShardHead, Witness)>,
    found: ShardReport,
}

impl Milestones {
    pub(super) fn new(shard: u32, mut heads: Vec<(ShardHead, Witness)>) -> Self {
        heads.sort_by_key(|(head, witness)| (head.size, *witness));
        let furthest = heads.last().copied();
        let found =
            ShardReport { shard, size: 0, root: None, checkpointed: 0, witnessed: 0, pruned: 0, sealed_damage: 0 };
        Self { ahead: heads.into_iter().peekable(), furthest, found }
    }

    /// Compares every head that the walk has come to.
    pub(super) fn reached(&mut self, walk: &Walk, report: &mut VerifyReport) {
        while let Some((head, witness)) = self.ahead.next_if(|(head, _)| head.size <= walk.next) {
            let Some(range) = walk.range.as_ref().filter(|range| range.size() == head.size) else { continue };
            if range.root() != head.root {
                report.push(Finding::RootMismatch { shard: head.shard, size: head.size, witness });
            } else if witness == Witness::Stored {
                self.found.checkpointed = head.size;
            } else {
                self.found.witnessed = head.size;
            }
        }
    }

    /// What was found of the shard, at the end of the walk.
    pub(super) fn finish(mut self, walk: &mut Walk, report: &mut VerifyReport) -> ShardReport {
        self.found.size = walk.finish(report);
        self.found.root = walk.range.as_ref().map(CompactRange::root);
        self.found.pruned = walk.pruned;
        self.found.sealed_damage = walk.damaged;
        if let Some((head, witness)) = self.furthest.filter(|(head, _)| head.size > self.found.size) {
            let (shard, size) = (self.found.shard, self.found.size);
            report.push(Finding::Truncated { shard, size, known: head.size, witness });
        }
        self.found
    }
}
