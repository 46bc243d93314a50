//! A vault to try things on.

use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::id::{RoleId, VaultId};
use crate::model::KekId;
use crate::secret::SecretBytes;
use crate::store::MemoryStore;
use crate::vault::{KekRing, Vault, VaultBuilder, VaultError};

/// A new, empty vault in memory, under a KEK that is no secret. Role `full` has every section.
///
/// # Errors
/// [`VaultError::Id`] when the operating system gives no randomness.
pub fn memory_vault() -> Result<Vault, VaultError> {
    let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![1; 32]));
    let id = VaultId::generate(SystemClock.now())?;
    VaultBuilder::new(kek).create(Arc::new(MemoryStore::new()), id, RoleId::new("full")?)
}
