//! Master passwords: one for each owner. Setting it makes a key pair; the private key is wrapped
//! with the password, owned entries are sealed to the public key.
//!
//! [`record`] owns what is stored and how it is opened, [`set`] setting, changing and disabling,
//! [`recovery`] the ways back, and [`reseal`] brings the owner's entries along.

use serde::{Deserialize, Serialize};

mod record;
mod recovery;
mod recovery_code;
mod reseal;
mod set;

pub(super) use record::{MasterRecord, PASSWORD, RECOVERY_CODE, RECOVERY_KEY, load_master, master_context, record_id};

use super::error::VaultError;
use super::keys::PrivateKeyPem;
use super::session::Session;
use crate::clock::Timestamp;
use crate::model::{Fingerprint, MasterState, Owner};
use crate::secret::SecretString;

/// A first master password.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
pub struct SetMaster {
    /// The password: at least 8 characters and at most 1,024 bytes, taken as they are.
    pub password: SecretString,
    /// The password once more.
    pub confirmation: SecretString,
    /// The way back when it is forgotten. It can be chosen only here.
    pub recovery: Recovery,
}

/// The way back when a master password is forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// There is none: what is sealed to it is lost with it.
    #[default]
    None,
    /// A code of 128 bits, returned once, for the owner to print. It can be renewed.
    Code,
    /// The offline recovery key of the host's configuration.
    OfflineKey,
}

/// A new password for an old one.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
pub struct ChangeMaster {
    /// The password in force.
    pub old: SecretString,
    /// The new one, under the same rules as the first.
    pub password: SecretString,
    /// The new one once more.
    pub confirmation: SecretString,
}

/// A new password for a forgotten one.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
pub struct RecoverMaster {
    /// Whose; the principal's own when absent.
    pub owner: Option<Owner>,
    /// What stands in for the forgotten password.
    pub with: RecoverWith,
    /// The new password, under the same rules as the first.
    pub password: SecretString,
    /// The new one once more.
    pub confirmation: SecretString,
}

/// What stands in for a forgotten master password.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(rename_all = "snake_case"))]
pub enum RecoverWith {
    /// The printed code. Case, hyphens and spaces don't matter, nor do `O` for `0` and `I` or `L`
    /// for `1`.
    Code(SecretString),
    /// The private half of the offline recovery key.
    OfflineKey(PrivateKeyPem),
}

/// Where a master password stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MasterStatus {
    /// Whether entries are still being sealed to it or away from it.
    pub state: MasterState,
    /// The fingerprint entries are sealed to, as [`Principal::expecting_lock`] takes it.
    ///
    /// [`Principal::expecting_lock`]: crate::model::Principal::expecting_lock
    pub fingerprint: Fingerprint,
    /// Whether a printed recovery code opens it too.
    pub recovery_code: bool,
    /// The offline recovery key that opens it too.
    pub recovery_key: Option<Fingerprint>,
    /// Someone else recovered it: it bars the owned section until it is changed.
    pub must_change: bool,
    /// When it was set.
    pub set_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// A master password that was set.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct MasterSet {
    /// The recovery code, if one was asked for. It is not kept; a lost one is renewed.
    pub recovery_code: Option<SecretString>,
    /// `Active`, or `Enabling` when sealing the owner's entries was interrupted: the password is in
    /// force, and [`MasterPassword::resume_master_password`] goes on.
    pub state: MasterState,
}

/// The master password of the principal's own entries: of the account for a client and its
/// sub-users, of the person for an administrator.
///
/// While it is set, the principal's own entries are neither listed nor opened without a ticket of
/// [`Unlocking::unlock`](super::Unlocking::unlock), and the secrets of those that are not shared
/// are sealed to it. New entries are written without a ticket.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # use pwvault_core::vault::{Recovery, SetMaster, UnlockAnswer};
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let password = SecretString::from("correct horse");
/// let set = SetMaster { password: password.clone(), confirmation: password.clone(), recovery: Recovery::Code };
/// let code = anna.set_master_password(&set)?.recovery_code; // for the owner to print
/// assert!(code.is_some());
/// assert!(matches!(anna.reveal(id), Err(VaultError::Denied(_) | VaultError::Locked(_))));
///
/// let owner = Owner::Client(ClientId::new("anna")?);
/// let ticket = anna.unlock(&UnlockAnswer::MasterPassword { owner, password })?;
/// assert_eq!(anna.with_ticket(ticket).reveal(id)?.password.expose(), "s3cret");
/// # Ok::<(), VaultError>(())
/// ```
pub trait MasterPassword {
    /// The principal's own master password, if one is set.
    ///
    /// # Errors
    /// Those of the store.
    fn master_password(&self) -> Result<Option<MasterStatus>, VaultError>;

    /// Whether an owner has a master password, for that owner and for administrators who may meet
    /// its entries.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] for anyone else.
    fn has_master_password(&self, owner: &Owner) -> Result<bool, VaultError>;

    /// Sets the first master password and seals every own entry to it that is held by the vault
    /// alone and not shared, its history and the trash included. Wraps to stored keys without a
    /// passphrase go, since they would go around it.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for a password out of bounds, a confirmation that differs, or a
    /// recovery key that is not configured; [`VaultError::State`] when one is set already;
    /// [`VaultError::UnexpectedLock`]; [`VaultError::Denied`].
    ///
    /// After an error of the store the password may be set all the same, and its recovery code lost:
    /// see [`master_password`](Self::master_password), and make a new code with
    /// [`renew_recovery_code`](Self::renew_recovery_code).
    ///
    /// # Security
    /// Without recovery, a forgotten password means lost secrets.
    fn set_master_password(&self, set: &SetMaster) -> Result<MasterSet, VaultError>;

    /// Changes the master password. Unlock tickets of the old one end.
    ///
    /// # Errors
    /// [`VaultError::WrongAnswer`] when the old one does not fit; [`VaultError::Invalid`] for a new
    /// one out of bounds or the same as the old; [`VaultError::State`] when none is set;
    /// [`VaultError::Denied`].
    ///
    /// # Security
    /// An old backup, the KEK and the old password together still open what was sealed before.
    fn change_master_password(&self, change: &ChangeMaster) -> Result<(), VaultError>;

    /// Disables the master password: own entries are held by the vault alone again. Needs a ticket.
    ///
    /// When it is interrupted, new secrets are no longer sealed to it, and
    /// [`resume_master_password`](Self::resume_master_password) goes on.
    ///
    /// # Errors
    /// [`VaultError::Locked`] without a ticket, [`VaultError::State`] when none is set,
    /// [`VaultError::UnexpectedLock`], [`VaultError::Denied`].
    fn disable_master_password(&self) -> Result<(), VaultError>;

    /// Sets a new password with a recovery code or the offline recovery key. Unlock tickets of the
    /// old one end. A code is used up; the new one is returned.
    ///
    /// An administrator with the section `keys.manage` does it for an owner, who must then change
    /// the password before anything else.
    ///
    /// # Errors
    /// [`VaultError::WrongAnswer`] for a code or key that does not fit, [`VaultError::Invalid`] for
    /// a mistyped code or a password out of bounds, [`VaultError::State`] when this way was not
    /// switched on or none is set; [`VaultError::Denied`]. After an error of the store, as in
    /// [`set_master_password`](Self::set_master_password).
    fn recover_master_password(&self, recover: &RecoverMaster) -> Result<Option<SecretString>, VaultError>;

    /// Makes a new recovery code for one that was lost or seen, and returns it. The old one is void;
    /// the password and its tickets stay.
    ///
    /// # Errors
    /// [`VaultError::WrongAnswer`] when the password does not fit; [`VaultError::State`] when this
    /// way of recovery was not switched on, none is set, or someone else recovered it;
    /// [`VaultError::Denied`]. After an error of the store, do it again.
    fn renew_recovery_code(&self, password: &SecretString) -> Result<SecretString, VaultError>;

    /// Goes on with what was interrupted: setting, or disabling, which needs a ticket. Scheduled
    /// work goes on with setting for every owner.
    ///
    /// # Errors
    /// [`VaultError::Locked`] without a ticket it needs; [`VaultError::Denied`].
    fn resume_master_password(&self) -> Result<(), VaultError>;
}

impl MasterPassword for Session {
    fn master_password(&self) -> Result<Option<MasterStatus>, VaultError> {
        self.run(|gate| Ok(gate.own_master.as_ref().map(MasterRecord::status)))
    }

    fn has_master_password(&self, owner: &Owner) -> Result<bool, VaultError> {
        self.run(|gate| gate.has_master(owner))
    }

    fn set_master_password(&self, set: &SetMaster) -> Result<MasterSet, VaultError> {
        set::check_new(&set.password, &set.confirmation)?;
        let (owner, recovery_code) = self.run(|gate| gate.set_master(set))?;
        // It is set now, and its recovery code must reach the owner whatever happens to the rest.
        let state = self.reseal_owned(&owner).map_or(MasterState::Enabling, |()| MasterState::Active);
        Ok(MasterSet { recovery_code, state })
    }

    fn change_master_password(&self, change: &ChangeMaster) -> Result<(), VaultError> {
        set::check_new(&change.password, &change.confirmation)?;
        self.run(|gate| gate.change_master(change))
    }

    fn disable_master_password(&self) -> Result<(), VaultError> {
        let owner = self.run(|gate| gate.begin_disabling())?;
        self.reseal_owned(&owner)
    }

    fn recover_master_password(&self, recover: &RecoverMaster) -> Result<Option<SecretString>, VaultError> {
        set::check_new(&recover.password, &recover.confirmation)?;
        self.run(|gate| gate.recover_master(recover))
    }

    fn renew_recovery_code(&self, password: &SecretString) -> Result<SecretString, VaultError> {
        self.run(|gate| gate.renew_recovery_code(password))
    }

    fn resume_master_password(&self) -> Result<(), VaultError> {
        let owners = self.run(|gate| gate.interrupted_owners())?;
        owners.iter().try_for_each(|owner| self.reseal_owned(owner))
    }
}
