//! Where the host takes copies of signed checkpoints as they are made.

use super::checkpoint::Checkpoint;

/// Keeps signed checkpoints outside the database: in a file of another machine, a mail, a public log.
///
/// # Contract
/// Called after the commit that made the checkpoint, on the thread that committed, with no lock held.
/// May be called from several threads at once, and more than once with the same checkpoint. Must not
/// call back into the vault. What fails is tried again with the next checkpoint of the shard, by
/// `Logs::make_checkpoints` and before events are removed; a
/// later checkpoint covers all earlier ones of its shard, so none needs to be made up for.
pub trait CheckpointSink: Send + Sync {
    /// Keeps a checkpoint.
    ///
    /// # Errors
    /// When it is not kept. What was committed stays committed.
    fn keep(&self, checkpoint: &Checkpoint) -> Result<(), CheckpointSinkError>;
}

impl<F: Fn(&Checkpoint) -> Result<(), CheckpointSinkError> + Send + Sync> CheckpointSink for F {
    fn keep(&self, checkpoint: &Checkpoint) -> Result<(), CheckpointSinkError> {
        self(checkpoint)
    }
}

/// Why a checkpoint was not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint was not kept: {reason}")]
pub struct CheckpointSinkError {
    /// In the host's words, without secrets.
    pub reason: String,
}
