//! Ways back when a master password is forgotten.

use super::record::{MasterRecord, RECOVERY_CODE, RECOVERY_KEY, master_context};
use super::{RecoverMaster, RecoverWith, recovery_code};
use crate::crypto::PrivateKey;
use crate::envelope::{open_key_wrap, open_password_wrap};
use crate::model::{EventKind, Outcome, Section};
use crate::policy::Capability;
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::unlock::wrong_answer;

impl Gate<'_> {
    pub(super) fn recover_master(&self, recover: &RecoverMaster) -> Result<Option<SecretString>, VaultError> {
        let kind = EventKind::MasterPasswordRecovered;
        let owner = recover.owner.clone().map_or_else(|| self.own_owner(), Ok)?;
        let own = self.authority.own() == Some(&owner);
        let proof = if own {
            self.capability(Capability::ManageMasterPassword, kind)?
        } else {
            self.section(Section::KeysManage, kind)?
        };
        let mut master = self.master_of(&owner)?.ok_or(VaultError::State("no master password is set"))?;
        let opened = match &recover.with {
            RecoverWith::Code(code) => self.open_with_code(&master, code),
            RecoverWith::OfflineKey(offline) => self.open_with_recovery_key(&master, &offline.read()?),
        };
        if matches!(opened, Err(VaultError::WrongAnswer { .. })) {
            self.log(kind, Outcome::Failed, &[])?;
        }
        let private = opened?;
        self.renew_password(&mut master, &private, &recover.password)?;
        // Someone else knows it now.
        master.head.must_change = !own;
        let mut printed = None;
        if matches!(recover.with, RecoverWith::Code(_)) {
            printed = Some(self.wrap_to_new_code(&mut master, &private)?);
        }
        let mut changes = ChangeSet::new();
        changes.write(self.next_master_record(&master)?);
        self.commit(&proof, changes, self.event(kind, Outcome::Done, &[]))?;
        Ok(printed)
    }

    pub(super) fn renew_recovery_code(&self, password: &SecretString) -> Result<SecretString, VaultError> {
        let kind = EventKind::RecoveryCodeRenewed;
        let proof = self.capability(Capability::ManageMasterPassword, kind)?;
        let mut master = self.own_master_set()?;
        if !master.head.recovery_code {
            return Err(NOT_SWITCHED_ON);
        }
        if master.head.must_change {
            return Err(self.owned_locked_error(&master.head.owner));
        }
        let private = self.open_own_master(&master, password, kind)?;
        let code = self.wrap_to_new_code(&mut master, &private)?;
        let mut changes = ChangeSet::new();
        changes.write(self.next_master_record(&master)?);
        self.commit(&proof, changes, self.event(kind, Outcome::Done, &[]))?;
        Ok(code)
    }

    /// Wraps the private key to a new code in the place of the old one.
    pub(super) fn wrap_to_new_code(
        &self,
        master: &mut MasterRecord,
        private: &PrivateKey,
    ) -> Result<SecretString, VaultError> {
        let (bits, code) = recovery_code::generate()?;
        master.wraps.recovery_code = self.wrap_master(master.key.id, RECOVERY_CODE, private, bits.expose())?;
        Ok(code)
    }

    fn open_with_code(&self, master: &MasterRecord, code: &SecretString) -> Result<PrivateKey, VaultError> {
        if !master.head.recovery_code {
            return Err(NOT_SWITCHED_ON);
        }
        let bits = recovery_code::read(code)?;
        let context = master_context(self, master.key.id, RECOVERY_CODE);
        let wrap = &master.wraps.recovery_code;
        let opened = open_password_wrap(&self.snapshot.keyring, &context, bits.expose(), wrap);
        let (der, _) = opened.map_err(|cause| wrong_answer("recovery code", cause))?;
        Ok(PrivateKey::from_pkcs8_der(der.expose())?)
    }

    fn open_with_recovery_key(&self, master: &MasterRecord, offline: &PrivateKey) -> Result<PrivateKey, VaultError> {
        let expected = master.head.recovery_key.ok_or(NOT_SWITCHED_ON)?;
        if offline.public().fingerprint() != expected {
            return Err(VaultError::WrongAnswer { what: "recovery key" });
        }
        let mut context = master_context(self, master.key.id, RECOVERY_KEY);
        context.recipient = Some(master.key.id.0);
        let crypto = self.core.providers.crypto.as_ref();
        let raw = open_key_wrap(&self.snapshot.keyring, crypto, &context, offline, &master.wraps.recovery_key)
            .map_err(|cause| wrong_answer("recovery key", cause))?;
        Ok(PrivateKey::x25519_from_raw(&raw)?)
    }
}

const NOT_SWITCHED_ON: VaultError = VaultError::State("this way of recovery was not switched on");
