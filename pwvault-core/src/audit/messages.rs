//! What this room says.

use super::error::AuditError;
use super::sink::CheckpointSinkError;
use super::verify::{Finding, Witness};
use crate::model::{Arg, messages};

messages! { AuditError {
    Self::Damaged(at) => "audit-damaged" [at = Arg::text(at)],
    Self::Truncated { shard, size, known } => "audit-truncated" [shard, size, known],
    Self::Rewritten { shard, size } => "audit-rewritten" [shard, size],
    Self::NoSuchShard { shard, shards } => "audit-no-such-shard" [shard, shards],
    Self::WrongShard { shard, right } => "audit-wrong-shard" [shard, right],
    Self::BadCheckpoint(reason) => "audit-bad-checkpoint" [reason = Arg::prose(*reason)],
    Self::DamagedCheckpoint(id) => "audit-damaged-checkpoint" [id = Arg::text(id)],
    Self::DamagedTombstone(id) => "audit-damaged-tombstone" [id = Arg::text(id)],
    Self::TooDamaged { shard, limit } => "audit-too-damaged" [shard, limit],
    Self::BadCursor => "audit-bad-cursor",
    Self::StaleKeyring => "audit-stale-keyring",
    Self::Envelope(cause) => (cause),
    Self::Store(cause) => (cause),
} }

messages! { CheckpointSinkError {
    Self { reason } => "audit-checkpoint-not-kept" [reason = Arg::text(reason)],
} }

messages! { Witness {
    Self::Stored => "audit-witness-stored",
    Self::Head => "audit-witness-head",
    Self::Exported => "audit-witness-exported",
} }

messages! { Finding {
    Self::Changed { at } => "audit-finding-changed" [at = Arg::text(at)],
    Self::Reordered { at, belongs } => "audit-finding-reordered" [at = Arg::text(at), belongs = Arg::text(belongs)],
    Self::Inserted { at, copy_of: None } => "audit-finding-inserted" [at = Arg::text(at)],
    Self::Inserted { at, copy_of: Some(original) } => "audit-finding-copied"
        [at = Arg::text(at), original = Arg::text(original)],
    Self::Removed { shard, from, to } => "audit-finding-removed" [shard, from, to],
    Self::PutBack { at } => "audit-finding-put-back" [at = Arg::text(at)],
    Self::BrokenChain { at } => "audit-finding-broken-chain" [at = Arg::text(at)],
    Self::Stray { key } => "audit-finding-stray" [key = Arg::text(key)],
    Self::CheckpointChanged { shard, size } => "audit-finding-checkpoint-changed" [shard, size],
    Self::RootMismatch { shard, size, witness } => "audit-finding-root-mismatch" [shard, size, witness],
    Self::Truncated { shard, size, known, witness } => "audit-finding-truncated" [shard, size, known, witness],
    Self::RecordChanged { key } => "audit-finding-record-changed" [key = Arg::text(key)],
    Self::RolledBack { key, stored, logged } => "audit-finding-rolled-back" [key = Arg::text(key), stored, logged],
    Self::Hidden { key, logged } => "audit-finding-hidden" [key = Arg::text(key), logged],
    Self::Resurrected { key, stored } => "audit-finding-resurrected" [key = Arg::text(key), stored],
    Self::Substituted { key, revision } => "audit-finding-substituted" [key = Arg::text(key), revision],
    Self::Forked { key } => "audit-finding-forked" [key = Arg::text(key)],
    Self::Unlogged { key, stored, logged: None } => "audit-finding-never-logged" [key = Arg::text(key), stored],
    Self::Unlogged { key, stored, logged: Some(logged) } => "audit-finding-unlogged"
        [key = Arg::text(key), stored, logged],
} }
