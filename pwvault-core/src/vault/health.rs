//! Health: what a host's monitoring wants to know, in counts.

use super::builder::Vault;
use super::error::VaultError;
use super::outbox::{self, OutboxStatus};
use crate::audit;
use crate::clock::Timestamp;
use crate::crypto;
use crate::store::StoreInfo;

/// The state of a vault in counts; no ids of people or entries.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// What the store says of itself.
    pub store: StoreInfo,
    /// The keyring's epoch.
    pub keyring_epoch: u64,
    /// Data keys that only open; some until a rotation has been finished.
    pub retired_data_keys: usize,
    /// Events in the log.
    pub events: u64,
    /// Events no signed checkpoint covers yet.
    pub events_since_checkpoint: u64,
    /// When the newest checkpoint was signed, if there is one.
    pub last_checkpoint: Option<Timestamp>,
    /// Audit shards whose newest checkpoint the host's sink did not take, as far as this process knows.
    pub unkept_checkpoints: usize,
    /// How full the outbox is.
    pub outbox: OutboxStatus,
    /// How often a call of Argon2id in this process waited for others to finish.
    pub argon2_waits: u64,
}

impl Vault {
    /// The state of the vault, at the cost of a few records for each audit shard.
    ///
    /// # Errors
    /// Those of the store, and of a log whose end is not what was written.
    pub fn health(&self) -> Result<Health, VaultError> {
        let core = self.core.as_ref();
        let snapshot = core.snapshot()?;
        let mut health = Health {
            store: core.store.info()?,
            keyring_epoch: snapshot.keyring.epoch(),
            retired_data_keys: snapshot.keyring.data_keys().len().saturating_sub(1),
            events: 0,
            events_since_checkpoint: 0,
            last_checkpoint: None,
            unkept_checkpoints: core.keeper.unkept(),
            outbox: outbox::status(core, core.now())?,
            argon2_waits: crypto::argon2id_waits(),
        };
        for head in audit::head(core.store.as_ref(), &snapshot.keyring)? {
            // An append that crosses 1,000 events signs a checkpoint, so the newest is not far back.
            let after = head.size.saturating_sub(2 * audit::CHECKPOINT_EVENTS);
            let recent = audit::checkpoints(core.store.as_ref(), &snapshot.keyring, head.shard, after, 100)?;
            let newest = recent.last();
            health.events += head.size;
            health.events_since_checkpoint += head.size - newest.map_or(0, |checkpoint| checkpoint.head.size);
            health.last_checkpoint = health.last_checkpoint.max(newest.map(|checkpoint| checkpoint.at));
        }
        Ok(health)
    }
}
