//! Why the log could not be written, read or checked.

use super::shard::Position;
use crate::envelope::EnvelopeError;
use crate::id::RecordId;
use crate::store::StoreError;

/// The audit log refused or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// An event at the end of the log is not what was written. Nothing is appended to it; run
    /// `verify`.
    #[error("the audit event at {0} is not what was written; verify the log")]
    Damaged(Position),
    /// Events that once were there are gone. Nothing is appended to what is left; run `verify`.
    #[error("audit shard {shard} has {size} events where at least {known} were known; verify the log")]
    Truncated {
        /// The shard.
        shard: u32,
        /// The events found.
        size: u64,
        /// The events known to have been there.
        known: u64,
    },
    /// The log is not the one a head was taken of.
    #[error("audit shard {shard} is not the log whose head was kept at size {size}; verify the log")]
    Rewritten {
        /// The shard.
        shard: u32,
        /// The size at which it differs.
        size: u64,
    },
    /// A shard the vault does not have.
    #[error("there is no audit shard {shard}; the vault has {shards}, counted from 0")]
    NoSuchShard {
        /// The shard asked for.
        shard: u32,
        /// How many there are.
        shards: u32,
    },
    /// An event prepared behind the tail of another shard than its own.
    #[error("the event belongs to audit shard {right}; the tail is of shard {shard}")]
    WrongShard {
        /// The shard of the tail.
        shard: u32,
        /// The shard of the event.
        right: u32,
    },
    /// A text that is no checkpoint of this vault.
    #[error("not a checkpoint of this vault: {0}")]
    BadCheckpoint(&'static str),
    /// A checkpoint record that does not open.
    #[error("the checkpoint record {0} is not what was written; verify the log")]
    DamagedCheckpoint(RecordId),
    /// A record of what is left of removed events that does not open.
    #[error("the tombstone record {0} is not what was written; verify the log")]
    DamagedTombstone(RecordId),
    /// More at the end of a log is damaged than can be sealed off.
    #[error("more than {limit} events at the end of audit shard {shard} are damaged; restore them from a backup")]
    TooDamaged {
        /// The shard.
        shard: u32,
        /// The most that can be sealed off.
        limit: u64,
    },
    /// A cursor that no page gave out.
    #[error("not a cursor of this log; begin again without one")]
    BadCursor,
    /// The keyring was changed after it was loaded.
    #[error("the keyring was changed; load it again")]
    StaleKeyring,
    /// An event could not be sealed.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
