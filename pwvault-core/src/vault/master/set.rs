//! Setting, changing and disabling a master password.

use subtle::ConstantTimeEq;

use super::record::{MasterRecord, PASSWORD, RECOVERY_CODE, RECOVERY_KEY, master_context, record_id};
use super::{ChangeMaster, MasterStatus, Recovery, SetMaster, recovery_code};
use crate::crypto::{CryptoError, PrivateKey, PublicKey};
use crate::envelope::{MasterWraps, seal_key_wrap};
use crate::id::{RecordId, RecordKind};
use crate::model::{EventKind, MasterHead, MasterState, Outcome, Owner, limits};
use crate::policy::Capability;
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

impl Gate<'_> {
    pub(super) fn set_master(&self, set: &SetMaster) -> Result<(Owner, Option<SecretString>), VaultError> {
        let proof = self.capability(Capability::SetMasterPassword, EventKind::MasterPasswordSet)?;
        let owner = self.own_owner()?;
        match self.own_master.as_ref().map(|master| master.head.state) {
            None => {}
            Some(MasterState::Disabling) => {
                return Err(VaultError::State("the master password is still being disabled; resume that first"));
            }
            Some(MasterState::Active | MasterState::Enabling) => {
                return Err(VaultError::State("a master password is set already; change it instead"));
            }
        }
        let private = PrivateKey::generate_x25519()?;
        let public = private.public();
        self.check_expected_lock(&owner, &[public.fingerprint()])?;
        let key = self.core.key(RecordKind::MasterPassword, record_id(&self.snapshot.keyring, &owner));
        let mut wraps = MasterWraps {
            password: self.wrap_master(key.id, PASSWORD, &private, set.password.expose().as_bytes())?,
            ..MasterWraps::default()
        };
        let (mut printed, mut recovery_key) = (None, None);
        match set.recovery {
            Recovery::None => {}
            Recovery::Code => {
                let (bits, code) = recovery_code::generate()?;
                wraps.recovery_code = self.wrap_master(key.id, RECOVERY_CODE, &private, bits.expose())?;
                printed = Some(code);
            }
            Recovery::OfflineKey => {
                let offline = self.core.providers.recovery_key.as_ref().ok_or_else(|| {
                    VaultError::invalid("recovery", "the host has configured no offline recovery key")
                })?;
                wraps.recovery_key = self.wrap_to_recovery_key(key.id, &private, offline)?;
                recovery_key = Some(offline.fingerprint());
            }
        }
        let head = MasterHead {
            owner: owner.clone(),
            state: MasterState::Enabling,
            public_key: public.x25519_raw().ok_or(CryptoError::KeyUnsupported)?.to_vec(),
            fingerprint: public.fingerprint(),
            recovery_code: printed.is_some(),
            recovery_key,
            must_change: false,
            generation: 0,
            set_at: self.now,
            changed_at: self.now,
        };
        let mut event = self.event(EventKind::MasterPasswordSet, Outcome::Done, &[]);
        event.sealed_to.push(head.fingerprint);
        let mut changes = ChangeSet::new();
        changes.write(self.next_master_record(&MasterRecord { key, revision: 0, head, wraps })?);
        self.commit(&proof, changes, event)?;
        Ok((owner, printed))
    }

    pub(super) fn change_master(&self, change: &ChangeMaster) -> Result<(), VaultError> {
        let kind = EventKind::MasterPasswordChanged;
        let proof = self.capability(Capability::ManageMasterPassword, kind)?;
        let mut master = self.own_master_set()?;
        let private = self.open_own_master(&master, &change.old, kind)?;
        if same(&change.old, &change.password) {
            return Err(VaultError::invalid("password", "it is the old one; choose another"));
        }
        self.renew_password(&mut master, &private, &change.password)?;
        let mut changes = ChangeSet::new();
        changes.write(self.next_master_record(&master)?);
        self.commit(&proof, changes, self.event(kind, Outcome::Done, &[]))
    }

    pub(super) fn begin_disabling(&self) -> Result<Owner, VaultError> {
        let kind = EventKind::MasterPasswordDisabled;
        let proof = self.capability(Capability::ManageMasterPassword, kind)?;
        let mut master = self.own_master_set()?;
        let owner = master.head.owner.clone();
        if self.authority.owned_locked() || self.own_master_key()?.is_none() {
            return Err(self.owned_locked_error(&owner));
        }
        self.check_expected_lock(&owner, &[])?;
        if master.head.state != MasterState::Disabling {
            master.head.state = MasterState::Disabling;
            let mut changes = ChangeSet::new();
            changes.write(self.next_master_record(&master)?);
            self.commit(&proof, changes, self.event(kind, Outcome::Done, &[]))?;
        }
        Ok(owner)
    }

    /// The private key, opened with the password. One that does not fit is logged as `kind`.
    pub(super) fn open_own_master(
        &self,
        master: &MasterRecord,
        password: &SecretString,
        kind: EventKind,
    ) -> Result<PrivateKey, VaultError> {
        let opened = self.open_master(master, password);
        if matches!(opened, Err(VaultError::WrongAnswer { .. })) {
            self.log(kind, Outcome::Failed, &[])?;
        }
        Ok(opened?.0)
    }

    /// Puts a new password in the place of the old one, whose tickets end with it.
    pub(super) fn renew_password(
        &self,
        master: &mut MasterRecord,
        private: &PrivateKey,
        password: &SecretString,
    ) -> Result<(), VaultError> {
        master.wraps.password = self.wrap_master(master.key.id, PASSWORD, private, password.expose().as_bytes())?;
        master.head.generation += 1;
        master.head.changed_at = self.now;
        master.head.must_change = false;
        Ok(())
    }

    pub(super) fn own_owner(&self) -> Result<Owner, VaultError> {
        self.authority.own().cloned().ok_or(VaultError::State("scheduled work owns nothing"))
    }

    pub(super) fn own_master_set(&self) -> Result<MasterRecord, VaultError> {
        self.own_master.clone().ok_or(VaultError::State("no master password is set"))
    }

    fn wrap_to_recovery_key(&self, id: RecordId, private: &PrivateKey, to: &PublicKey) -> Result<Vec<u8>, VaultError> {
        let mut context = master_context(self, id, RECOVERY_KEY);
        context.recipient = Some(id.0);
        let raw = private.x25519_raw().ok_or(CryptoError::KeyUnsupported)?;
        let crypto = self.core.providers.crypto.as_ref();
        Ok(seal_key_wrap(&self.snapshot.keyring, crypto, &context, to, raw.expose())?)
    }
}

impl MasterRecord {
    pub(super) fn status(&self) -> MasterStatus {
        let MasterHead {
            owner: _,
            state,
            public_key: _,
            fingerprint,
            recovery_code,
            recovery_key,
            must_change,
            generation: _,
            set_at,
            changed_at,
        } = self.head.clone();
        MasterStatus { state, fingerprint, recovery_code, recovery_key, must_change, set_at, changed_at }
    }
}

/// The rules about a new master password are about its length alone.
pub(super) fn check_new(password: &SecretString, confirmation: &SecretString) -> Result<(), VaultError> {
    let (min, max) = (limits::MASTER_PASSWORD_MIN, limits::PASSPHRASE_MAX);
    if password.expose().chars().count() < min || password.len() > max {
        let rule = format!("at least {min} characters and at most {max} bytes are accepted");
        return Err(VaultError::invalid("password", rule));
    }
    if !same(password, confirmation) {
        return Err(VaultError::invalid("confirmation", "it differs from the password"));
    }
    Ok(())
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
}
