//! Copies of signed checkpoints, handed to the host as they are made: only what lies outside the
//! database binds those who hold its key.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::audit::{self, Checkpoint, CheckpointSink, CheckpointSinkError};
use crate::clock::Timestamp;
use crate::envelope::Keyring;
use crate::store::{ChangeSet, Expect, StoreError};
use crate::vault::core::{Core, Snapshot};
use crate::vault::error::VaultError;

/// What a run over the checkpoints did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckpointRun {
    /// Checkpoints that were due and were signed.
    pub made: u32,
    /// Shards whose newest checkpoint the sink took in this run.
    pub kept: u32,
    /// Shards whose newest checkpoint the sink did not take.
    pub unkept: u32,
}

/// What this process knows the sink to have.
#[derive(Default)]
pub(in crate::vault) struct Keeper {
    sink: Option<Arc<dyn CheckpointSink>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: HashMap<u32, u64>,
    failed: HashMap<u32, u64>,
}

impl Keeper {
    pub(in crate::vault) fn new(sink: Option<Arc<dyn CheckpointSink>>) -> Self {
        Self { sink, state: Mutex::default() }
    }

    /// Offers a checkpoint unless the sink has it or a later one. Whether it was taken now.
    pub(super) fn offer(&self, checkpoint: &Checkpoint) -> Result<bool, CheckpointSinkError> {
        let Some(sink) = &self.sink else { return Ok(false) };
        let (shard, size) = (checkpoint.head.shard, checkpoint.head.size);
        if self.state().kept.get(&shard).is_some_and(|kept| *kept >= size) {
            return Ok(false);
        }
        let taken = sink.keep(checkpoint);
        let mut state = self.state();
        if taken.is_ok() {
            let kept = state.kept.entry(shard).or_default();
            *kept = size.max(*kept);
            state.failed.retain(|other, failed| *other != shard || *failed > size);
        } else {
            state.failed.insert(shard, size);
        }
        taken.map(|()| true)
    }

    /// Offers what a change set made; that the sink fails shows in [`Self::unkept`].
    pub(in crate::vault) fn offer_made(&self, keyring: &Keyring, changes: &ChangeSet) {
        if self.sink.is_some() {
            for checkpoint in audit::checkpoints_in(keyring, changes) {
                let _shown_in_health = self.offer(&checkpoint);
            }
        }
    }

    /// How many shards have a newest checkpoint that the sink did not take.
    pub(in crate::vault) fn unkept(&self) -> usize {
        self.state().failed.len()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("sink", &self.sink.is_some()).finish_non_exhaustive()
    }
}

impl Core {
    /// Makes the checkpoints that are due and offers the newest of each shard.
    pub(super) fn make_checkpoints(&self, snapshot: &Snapshot, now: Timestamp) -> Result<CheckpointRun, VaultError> {
        let mut run = CheckpointRun::default();
        let keyring = &snapshot.keyring;
        for shard in 0..keyring.shards() {
            let mut tail = self.tail(snapshot, shard)?;
            let mut changes = ChangeSet::new();
            if tail.prepare_checkpoint(keyring, now, &mut changes)? {
                changes.assert(Keyring::record_key(self.id), Expect::Revision(keyring.epoch()));
                match self.store.commit(&changes) {
                    Ok(()) => {
                        run.made += 1;
                        self.set_tail(tail);
                    }
                    Err(error) => {
                        // Others were faster, and whatever they wrote makes its own; or it is to be tried again.
                        self.forget_tail(shard);
                        match error {
                            StoreError::Conflict(key) if key != Keyring::record_key(self.id) => {}
                            error => return Err(error.into()),
                        }
                    }
                }
            }
            if let Some(newest) = audit::newest_checkpoint(self.store.as_ref(), keyring, shard)? {
                match self.keeper.offer(&newest) {
                    Ok(taken) => run.kept += u32::from(taken),
                    Err(_) => run.unkept += 1,
                }
            }
        }
        Ok(run)
    }
}
