//! The audit log: event -> leaf -> tree -> checkpoint. Owns how events are chained, sealed and
//! signed, and how the whole of it is checked against the store (`spec/audit.md`). Must not know
//! who may read the log or which actions are logged.

mod change;
mod checkpoint;
mod error;
mod leaf;
mod log;
mod messages;
mod pages;
mod read;
mod shard;
mod tree;
mod verify;

pub use change::{Digest, change_of, deletion_of, record_digest};
pub use checkpoint::{
    Checkpoint, ShardHead, checkpoints, sign_checkpoint, verifier_keys, verify_checkpoint, verify_checkpoint_with,
};
pub use error::AuditError;
pub use log::{CHECKPOINT_EVENTS, CHECKPOINT_MILLIS, Tail, check_head, head};
pub use read::{LogCursor, LogPage, LogQuery, LoggedEvent, read};
pub use shard::{Position, shard_of};
pub use tree::{CompactRange, Hash, leaf_hash};
pub use verify::{FINDINGS_MAX, Finding, ShardReport, VerifyOptions, VerifyReport, Witness, verify};

#[cfg(test)]
mod fixture;
