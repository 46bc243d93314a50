//! What a verification found, and what it could not see.

use std::fmt;

use serde::Serialize;

use crate::audit::shard::Position;
use crate::audit::tree::Hash;
use crate::store::RecordKey;

/// Something that is not as the log says, or a log that is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LogFinding"))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// The event, its place or its labels were changed.
    Changed {
        /// Where.
        at: Position,
    },
    /// A genuine event that belongs elsewhere, where it is missing.
    Reordered {
        /// Where it stands.
        at: Position,
        /// Where it belongs.
        belongs: Position,
    },
    /// A record that was never written there.
    Inserted {
        /// Where it stands.
        at: Position,
        /// The event it is a copy of, which still stands at its own place.
        copy_of: Option<Position>,
    },
    /// Events that are gone from the middle of the log.
    Removed {
        /// The shard.
        shard: u32,
        /// The first sequence that is gone.
        from: u64,
        /// The first one after it that is there.
        to: u64,
    },
    /// An event that was removed, as its tombstone says, and is there again.
    PutBack {
        /// Where.
        at: Position,
    },
    /// A genuine event that does not follow on the one before it: the log was cut, written on, and
    /// partly put back.
    BrokenChain {
        /// Where.
        at: Position,
    },
    /// An event or checkpoint whose id lies outside every shard.
    Stray {
        /// Which.
        key: RecordKey,
    },
    /// A stored checkpoint that is not what was written.
    CheckpointChanged {
        /// The shard.
        shard: u32,
        /// The size in its id.
        size: u64,
    },
    /// The log up to here is not the one the witness saw.
    RootMismatch {
        /// The shard.
        shard: u32,
        /// The size compared at.
        size: u64,
        /// Who says so.
        witness: Witness,
    },
    /// The end of the log is gone.
    Truncated {
        /// The shard.
        shard: u32,
        /// The events left.
        size: u64,
        /// The events there were at least.
        known: u64,
        /// Who says so.
        witness: Witness,
    },
    /// A record that is not what was sealed, so that it cannot be opened.
    RecordChanged {
        /// Which.
        key: RecordKey,
    },
    /// A record older than the log says.
    RolledBack {
        /// Which.
        key: RecordKey,
        /// Its revision in the store.
        stored: u64,
        /// Its revision by the log.
        logged: u64,
    },
    /// A genuine record at the revision the log tells, and not the one it tells of: a change that
    /// was refused or held back, put in place of the one that landed.
    Substituted {
        /// Which.
        key: RecordKey,
        /// Its revision, in the store and by the log.
        revision: u64,
    },
    /// A record that was changed on the basis of another state than the log tells of: it had been
    /// substituted or put back, and was then written on. Stays until the record's events are gone.
    Forked {
        /// Which.
        key: RecordKey,
    },
    /// A record that is gone without an event.
    Hidden {
        /// Which.
        key: RecordKey,
        /// Its revision by the log.
        logged: u64,
    },
    /// A record that is there although the log says it was deleted.
    Resurrected {
        /// Which.
        key: RecordKey,
        /// Its revision in the store.
        stored: u64,
    },
    /// A record, or a newer revision of it, that no event speaks of.
    Unlogged {
        /// Which.
        key: RecordKey,
        /// Its revision in the store.
        stored: u64,
        /// Its revision by the log, if the log knows it.
        logged: Option<u64>,
    },
}

/// Who says how a log was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Witness {
    /// A checkpoint in the same store: binds who cannot sign.
    Stored,
    /// A head the host kept outside.
    Head,
    /// A checkpoint the host kept outside: binds a holder of the KEK too.
    Exported,
}

/// A shard as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShardReport {
    /// The shard.
    pub shard: u32,
    /// The events up to the first that is missing at the end.
    pub size: u64,
    /// The root over them; `None` when damage leaves it unknown.
    pub root: Option<Hash>,
    /// The size of the largest stored checkpoint that fits. A writer of the database could have cut
    /// off what follows it, or gone back further by removing checkpoints too.
    pub checkpointed: u64,
    /// The size of the largest exported checkpoint or head that fits. Events up to here are all
    /// there; whether something stood behind `size` once, nothing inside the database can tell.
    pub witnessed: u64,
    /// The events among them that were removed and left a tombstone.
    pub pruned: u64,
    /// The events among them that are damaged and were sealed off: what they told is not known.
    pub sealed_damage: u64,
}

/// The result of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyReport {
    /// What was found, at most [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// How many findings there were beyond those.
    pub more_findings: u64,
    /// How many events were read.
    pub events: u64,
    /// How many records were held against the log.
    pub records: u64,
    /// Every shard as it was found.
    pub shards: Vec<ShardReport>,
    /// Records that were written so often meanwhile that nothing can be said of them.
    pub unsettled: Vec<RecordKey>,
}

/// The most findings a report lists.
pub const FINDINGS_MAX: usize = 10_000;

impl VerifyReport {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(super) fn push(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more_findings = self.more_findings.saturating_add(1);
        }
    }
}

impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { findings, more_findings, events, records, shards, unsettled } = self;
        let found = u64::try_from(findings.len()).unwrap_or(u64::MAX).saturating_add(*more_findings);
        writeln!(f, "{events} events and {records} records read, {found} findings")?;
        if !unsettled.is_empty() {
            writeln!(f, "{} records were written too often meanwhile to be judged", unsettled.len())?;
        }
        for ShardReport { shard, size, witnessed, pruned, sealed_damage, .. } in shards {
            write!(f, "shard {shard}: {size} events, of which a witness outside the database vouches for {witnessed}")?;
            if *pruned > 0 {
                write!(f, "; {pruned} were removed: of them, only place, time and the records they changed are known")?;
            }
            if *sealed_damage > 0 {
                write!(f, "; {sealed_damage} are damaged and were sealed off: nothing is known of them")?;
            }
            writeln!(f)?;
        }
        f.write_str(
            "not seen: events cut off behind the last witness, together with the changes they logged, \
             and whatever a host did not log from the start",
        )
    }
}
