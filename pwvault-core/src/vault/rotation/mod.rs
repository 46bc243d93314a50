//! Rotation of the vault's own keys, while sessions go on working: the KEK, and the keyring's data,
//! index and audit keys. Nothing about a run is stored: a record itself says which keys it is under.
//!
//! A key is taken out of use in three steps: [`rotate_keys`](Rotation::rotate_keys) makes its
//! successor, [`reseal_records`](Rotation::reseal_records) seals what lies under it again, and
//! [`retire_old_keys`](Rotation::retire_old_keys) removes it.

mod keyring;
mod layers;
mod records;
#[cfg(all(test, feature = "testing"))]
mod tests;

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::session::Session;
use crate::id::RecordKind;
use crate::model::KekId;
use crate::store::RecordKey;

/// A sort of key of the vault's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VaultKey {
    /// Seals records and the outer layer of everything locked.
    Data,
    /// Makes the labels by which records are found.
    Index,
    /// Seals events and signs checkpoints. Old ones stay, to verify what they sealed.
    Audit,
}

/// How far [`Rotation::reseal_records`] has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResealProgress {
    /// Records there are, as counted at the beginning; more when others were added since.
    pub total: u64,
    /// Records looked at.
    pub seen: u64,
    /// Records sealed again.
    pub resealed: u64,
    /// Unlock tickets of an old data key that were ended.
    pub tickets_ended: u64,
    /// Records that do not open and were left alone. As long as there are any, no key is retired.
    pub damaged: Vec<RecordKey>,
    /// Whether everything was looked at.
    pub finished: bool,
}

/// Where the vault's keys stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RotationStatus {
    /// The KEK the keyring is sealed under.
    pub kek: KekId,
    /// The keyring's epoch.
    pub epoch: u64,
    /// Generations of the data key, the current one last.
    pub data: Vec<u32>,
    /// Generations of the index key, the current one last.
    pub index: Vec<u32>,
    /// Generations of the audit key, the current one last.
    pub audit: Vec<u32>,
    /// How many records of each kind need an old data or index key or are of an older format; kinds
    /// without any are left out.
    pub under_old_keys: Vec<RecordCount>,
    /// Records that do not open.
    pub damaged: Vec<RecordKey>,
}

/// How many records of a kind there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordCount {
    /// The kind.
    pub kind: RecordKind,
    /// How many.
    pub count: u64,
}

/// Rotating the vault's keys. Everything here needs the section `rotation`, which the system
/// principal has, and may be run again after it was cut off.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// # use pwvault_core::vault::VaultKey;
/// # use std::ops::ControlFlow;
/// let job = vault.session(Principal::system(), RequestContext::default());
/// job.rotate_keys(VaultKey::Data)?;
/// assert!(matches!(job.retire_old_keys(), Err(VaultError::InUse { .. })));
/// assert!(job.reseal_records(&mut |_progress| ControlFlow::Continue(()))?.finished);
/// job.retire_old_keys()?;
/// assert_eq!(anna.reveal(id)?.password.expose(), "s3cret");
/// # Ok::<(), VaultError>(())
/// ```
pub trait Rotation {
    /// Seals the keyring under the first KEK of the key provider's ring and returns that KEK. It
    /// does nothing when the keyring lies under it already.
    ///
    /// Give every process of the host a ring with the new KEK first and the old one behind it, call
    /// this, then drop the old one.
    ///
    /// # Errors
    /// [`VaultError::Denied`]; [`VaultError::Invalid`] when the provider gives no KEK;
    /// [`VaultError::UnknownKek`] when it does not give the one that opens the keyring.
    ///
    /// # Security
    /// Whoever has the old KEK and an old copy of the database still has the keyring of then. After
    /// a compromise rotate the data, index and audit keys too, and change the secrets.
    fn rotate_kek(&self) -> Result<KekId, VaultError>;

    /// Makes a new key of a sort and returns its generation. From this commit on, nothing is sealed
    /// or labelled with the one before; what lies under it still opens, and is still found.
    ///
    /// # Errors
    /// [`VaultError::Denied`]; the errors of key provider and store.
    fn rotate_keys(&self, sort: VaultKey) -> Result<u32, VaultError>;

    /// Seals everything that lies under an old data key, carries labels of an old index key or is of
    /// an older format again, with the current keys and in the current format, and ends unlock tickets of an old data key. Secrets that are locked
    /// stay locked: only their outer layer changes, and nobody's key is needed. Versions and times
    /// of entries stay as they are.
    ///
    /// It works in batches, each a commit with its event, and calls `progress` behind each;
    /// [`ControlFlow::Break`] ends the run there. A run that was cut off is run again and passes
    /// over what is done; several at once do no harm.
    ///
    /// # Errors
    /// [`VaultError::Denied`]; [`VaultError::Busy`] when others kept changing the same records; the
    /// errors of key provider and store. Records that do not open are no error but stand in the
    /// result.
    fn reseal_records(
        &self,
        progress: &mut dyn FnMut(&ResealProgress) -> ControlFlow<()>,
    ) -> Result<ResealProgress, VaultError>;

    /// Removes old data and index keys, after every record was opened without them. Audit keys
    /// stay.
    ///
    /// # Errors
    /// [`VaultError::InUse`] when records need one, [`VaultError::Tampered`] for a record that does
    /// not open, [`VaultError::Denied`]; the errors of key provider and store.
    ///
    /// # Security
    /// A backup of the database from before can no longer be opened with the keyring of after, only
    /// with its own.
    fn retire_old_keys(&self) -> Result<(), VaultError>;

    /// Generations of the keys, and what needs old ones. Reads every record.
    ///
    /// # Errors
    /// [`VaultError::Denied`]; the errors of key provider and store.
    fn rotation_status(&self) -> Result<RotationStatus, VaultError>;
}

impl Rotation for Session {
    fn rotate_kek(&self) -> Result<KekId, VaultError> {
        self.run(|gate| gate.rotate_kek())
    }

    fn rotate_keys(&self, sort: VaultKey) -> Result<u32, VaultError> {
        self.run(|gate| gate.rotate_keys(sort))
    }

    fn reseal_records(
        &self,
        progress: &mut dyn FnMut(&ResealProgress) -> ControlFlow<()>,
    ) -> Result<ResealProgress, VaultError> {
        records::reseal(self, progress)
    }

    fn retire_old_keys(&self) -> Result<(), VaultError> {
        self.run(|gate| gate.retire_old_keys())
    }

    fn rotation_status(&self) -> Result<RotationStatus, VaultError> {
        self.run(|gate| gate.rotation_status())
    }
}
