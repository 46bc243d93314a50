//! The audit log: event -> leaf -> tree -> checkpoint. Owns how events are chained, sealed and
//! signed, how old ones are removed, and how the whole of it is checked against the store
//! (`spec/audit.md`). Must not know who may read the log or which actions are logged.

mod change;
mod checkpoint;
mod error;
mod leaf;
mod log;
mod messages;
mod pages;
mod prune;
mod read;
mod repair;
mod shard;
mod sink;
mod tombstone;
mod tree;
mod verify;

pub use change::{Digest, change_of, deletion_of, is_logged, record_digest};
pub use checkpoint::{
    Checkpoint, ShardHead, checkpoints, checkpoints_in, newest_checkpoint, sign_checkpoint, verifier_keys,
    verify_checkpoint, verify_checkpoint_with,
};
pub use error::AuditError;
pub use log::{CHECKPOINT_EVENTS, CHECKPOINT_MILLIS, Tail, check_head, head};
pub use prune::{Prunable, PrunedBlock, prunable, prune_block};
pub use read::{EventState, LogCursor, LogPage, LogQuery, LoggedEvent, bounds, event_at, read, sequences};
pub use repair::{DAMAGE_MAX, seal_damage};
pub use shard::{Position, shard_of};
pub use sink::{CheckpointSink, CheckpointSinkError};
pub use tombstone::{BLOCK, Removal, RemovalCause, RemovalNote, RemovedEvents, removed_events};
pub use tree::{CompactRange, Hash, leaf_hash};
pub use verify::{FINDINGS_MAX, Finding, ShardReport, VerifyOptions, VerifyReport, Witness, verify};

#[cfg(test)]
mod fixture;
