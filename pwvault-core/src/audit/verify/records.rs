//! What the log says of the records of the store.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::report::Finding;
use crate::audit::change::{Digest, is_logged, record_digest};
use crate::audit::shard::Position;
use crate::clock::Timestamp;
use crate::id::{RecordId, RecordKind};
use crate::model::Change;
use crate::store::{Record, RecordKey};

/// The kinds whose every change is logged.
pub(super) fn logged_kinds() -> impl Iterator<Item = RecordKind> {
    RecordKind::ALL.into_iter().filter(|kind| is_logged(*kind))
}

/// The last state of every record the log knows.
#[derive(Default)]
pub(super) struct Logged(HashMap<(RecordKind, RecordId), History>);

/// A record's changes, kept so that the order in which shards are read does not matter.
struct History {
    creations: u32,
    deletions: u32,
    /// Every digest told, as a state that was made or one that was replaced, joined by XOR. If each
    /// state was made by one change and replaced by one, or is the one the record is in, only that
    /// last one is left, in whatever order the changes were read.
    open: u128,
    highest: Told,
    latest: Told,
    seen: bool,
}

/// A state of a record as an event tells it.
#[derive(Clone, Copy)]
struct Told {
    at: (Timestamp, Position),
    revision: u64,
    digest: Option<Digest>,
}

impl History {
    /// The state the record is in; `None` when it was deleted.
    fn state(&self) -> Option<Told> {
        let last = match self.creations {
            // Within one life, revisions order the changes, whichever shard they are in.
            0 | 1 if self.deletions == 0 => self.highest,
            0 | 1 => return None,
            // Made again under the same id: the times order its lives.
            _ => self.latest,
        };
        (last.revision > 0).then_some(last)
    }

    /// Whether a change was made to another state than the one left by the change before.
    fn is_forked(&self, state: Option<Told>) -> bool {
        self.open != state.and_then(|told| told.digest).map_or(0, u128::from_be_bytes)
    }
}

impl Logged {
    /// Takes in the changes that the event of `at` told at `time`.
    pub(super) fn note(&mut self, at: Position, time: Timestamp, changes: &[Change]) {
        for change in changes.iter().filter(|change| is_logged(change.kind)) {
            let now = Told { at: (time, at), revision: change.revision, digest: change.digest };
            let history = self.0.entry((change.kind, RecordId(change.id))).or_insert(History {
                creations: 0,
                deletions: 0,
                open: 0,
                highest: now,
                latest: now,
                seen: false,
            });
            match change.revision {
                0 => history.deletions = history.deletions.saturating_add(1),
                1 => history.creations = history.creations.saturating_add(1),
                _ => {}
            }
            for digest in change.digest.into_iter().chain(change.before) {
                history.open ^= u128::from_be_bytes(digest);
            }
            if (history.highest.revision, history.highest.at) < (now.revision, now.at) {
                history.highest = now;
            }
            if history.latest.at < now.at {
                history.latest = now;
            }
        }
    }

    /// Marks a record as found in the store.
    pub(super) fn see(&mut self, key: &RecordKey) {
        if let Some(history) = self.0.get_mut(&(key.kind, key.id)) {
            history.seen = true;
        }
    }

    /// The records that were not found and of which something is to be said, as kind and id.
    pub(super) fn unseen(&self) -> impl Iterator<Item = (RecordKind, RecordId)> {
        let missing = |history: &History| {
            let state = history.state();
            !history.seen && (state.is_some() || history.is_forked(state))
        };
        self.0.iter().filter(move |(_, history)| missing(history)).map(|(name, _)| *name)
    }

    /// Holds a record in the store (`None`: absent) against the log.
    pub(super) fn judge(&self, key: RecordKey, record: Option<&Record>) -> Option<Finding> {
        let history = self.0.get(&(key.kind, key.id));
        let told = history.and_then(History::state);
        let forked = history.filter(|history| history.is_forked(told)).map(|_| Finding::Forked { key });
        let (record, Told { revision: logged, digest, .. }) = match (record, told) {
            (None, None) => return forked,
            (None, Some(told)) => return Some(Finding::Hidden { key, logged: told.revision }),
            (Some(record), None) if history.is_some() => {
                return Some(Finding::Resurrected { key, stored: record.revision });
            }
            (Some(record), None) => return Some(Finding::Unlogged { key, stored: record.revision, logged: None }),
            (Some(record), Some(told)) => (record, told),
        };
        let stored = record.revision;
        match stored.cmp(&logged) {
            Ordering::Less => Some(Finding::RolledBack { key, stored, logged }),
            Ordering::Greater => Some(Finding::Unlogged { key, stored, logged: Some(logged) }),
            Ordering::Equal if Some(record_digest(record)) != digest => {
                Some(Finding::Substituted { key, revision: stored })
            }
            Ordering::Equal => forked,
        }
    }
}
