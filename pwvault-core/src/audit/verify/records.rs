//! What the log says of the records of the store.

use std::collections::HashMap;

use super::report::Finding;
use crate::audit::shard::Position;
use crate::clock::Timestamp;
use crate::id::{RecordId, RecordKind};
use crate::model::Event;
use crate::store::RecordKey;

/// The kinds whose every change is logged.
pub(super) const LOGGED_KINDS: [RecordKind; 8] = [
    RecordKind::Keyring,
    RecordKind::Policy,
    RecordKind::Entry,
    RecordKind::PastSecret,
    RecordKind::Key,
    RecordKind::MasterPassword,
    RecordKind::Mirror,
    RecordKind::Job,
];

/// The last state of every record the log knows.
#[derive(Default)]
pub(super) struct Logged(HashMap<(RecordKind, RecordId), History>);

/// A record's changes, kept so that the order in which shards are read does not matter.
struct History {
    creations: u32,
    deletions: u32,
    highest: u64,
    latest: (Timestamp, Position, u64),
    seen: bool,
}

impl History {
    /// The revision the record is at; `None` when it was deleted.
    fn revision(&self) -> Option<u64> {
        let last = match self.creations {
            // Within one life, revisions order the changes, whichever shard they are in.
            0 | 1 if self.deletions == 0 => self.highest,
            0 | 1 => 0,
            // Made again under the same id: the times order its lives.
            _ => self.latest.2,
        };
        (last > 0).then_some(last)
    }
}

impl Logged {
    /// Takes in the changes of one event.
    pub(super) fn note(&mut self, at: Position, event: &Event) {
        for change in event.changes.iter().filter(|change| LOGGED_KINDS.contains(&change.kind)) {
            let now = (event.at, at, change.revision);
            let history = self.0.entry((change.kind, RecordId(change.id))).or_insert(History {
                creations: 0,
                deletions: 0,
                highest: 0,
                latest: now,
                seen: false,
            });
            match change.revision {
                0 => history.deletions = history.deletions.saturating_add(1),
                1 => history.creations = history.creations.saturating_add(1),
                _ => {}
            }
            history.highest = history.highest.max(change.revision);
            history.latest = history.latest.max(now);
        }
    }

    /// Marks a record as found in the store.
    pub(super) fn see(&mut self, key: &RecordKey) {
        if let Some(history) = self.0.get_mut(&(key.kind, key.id)) {
            history.seen = true;
        }
    }

    /// The records that should be there and were not found, as kind and id.
    pub(super) fn unseen(&self) -> impl Iterator<Item = (RecordKind, RecordId)> {
        let missing = |history: &History| !history.seen && history.revision().is_some();
        self.0.iter().filter(move |(_, history)| missing(history)).map(|(name, _)| *name)
    }

    /// Holds a record's revision in the store (`None`: absent) against the log.
    pub(super) fn judge(&self, key: RecordKey, stored: Option<u64>) -> Option<Finding> {
        let history = self.0.get(&(key.kind, key.id));
        let logged = history.and_then(History::revision);
        match (stored, logged) {
            (None, None) => None,
            (None, Some(logged)) => Some(Finding::Hidden { key, logged }),
            (Some(stored), None) if history.is_some() => Some(Finding::Resurrected { key, stored }),
            (Some(stored), None) => Some(Finding::Unlogged { key, stored, logged: None }),
            (Some(stored), Some(logged)) if stored < logged => Some(Finding::RolledBack { key, stored, logged }),
            (Some(stored), Some(logged)) if stored > logged => {
                Some(Finding::Unlogged { key, stored, logged: Some(logged) })
            }
            (Some(_), Some(_)) => None,
        }
    }
}
