//! Where an event stands: which shard it belongs to, and the record ids of events and checkpoints.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::AuditError;
use crate::crypto;
use crate::envelope::Keyring;
use crate::id::{RecordId, RecordKind};
use crate::model::Event;
use crate::store::{Query, RecordKey};

/// A place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Position {
    /// The shard, counted from 0.
    pub shard: u32,
    /// The place in the shard, counted from 0.
    pub sequence: u64,
}

impl Position {
    pub(super) fn event_key(self, keyring: &Keyring) -> RecordKey {
        RecordKey::new(keyring.vault(), RecordKind::Event, record_id(self.shard, self.sequence))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} sequence {}", self.shard, self.sequence)
    }
}

/// The shard an event belongs to: by the first entry it concerns, else by its actor. All events
/// that name an entry first are in one shard, and so totally ordered.
#[must_use]
pub fn shard_of(event: &Event, shards: u32) -> u32 {
    let hash = match event.entries.first() {
        Some(entry) => crypto::sha256(&[&entry.to_bytes()]),
        None => crypto::sha256(&[event.actor.to_string().as_bytes()]),
    };
    let first = hash.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    u32::try_from(first % u64::from(shards.max(1))).unwrap_or(0)
}

/// `shard u32 || 0u32 || number u64`: the sequence of an event, the size of a checkpoint.
pub(super) fn record_id(shard: u32, number: u64) -> RecordId {
    part_id(shard, 0, number)
}

/// `shard u32 || part u32 || number u64`: a part of the tombstone of the events from a sequence on.
pub(super) fn part_id(shard: u32, part: u32, number: u64) -> RecordId {
    RecordId((u128::from(shard) << 96 | u128::from(part) << 64 | u128::from(number)).to_be_bytes())
}

/// The number at the end of an id made by [`record_id`].
pub(super) fn number_of(id: RecordId) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = id.0;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// A query over the records of one shard, from `number` on.
pub(super) fn shard_query(keyring: &Keyring, kind: RecordKind, shard: u32, number: u64) -> Query {
    Query {
        from: Some(record_id(shard, number)),
        to: Some(record_id(shard, u64::MAX)),
        ..Query::new(keyring.vault(), kind)
    }
}

pub(super) fn check_shard(keyring: &Keyring, shard: u32) -> Result<(), AuditError> {
    let shards = keyring.shards();
    if shard < shards { Ok(()) } else { Err(AuditError::NoSuchShard { shard, shards }) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn ids_sort_by_shard_then_sequence() {
        assert!(record_id(0, u64::MAX) < record_id(1, 0));
        assert!(record_id(1, 255) < record_id(1, 256));
        assert_eq!(record_id(0x0102_0304, 5).to_string(), "01020304000000000000000000000005");
        assert_eq!(number_of(record_id(7, 1 << 40)), 1 << 40);
    }
}
