//! The record of a master password: what is stored, and how the private key is opened and wrapped.

use crate::crypto::{PrivateKey, PublicKey};
use crate::envelope::{
    Context, Keyring, MasterWraps, open_password_wrap, open_record, seal_password_wrap, seal_record,
};
use crate::id::{RecordId, RecordKind};
use crate::index;
use crate::model::{KdfParams, MasterHead, MasterState, Owner, Recipient, Section};
use crate::policy::Breadth;
use crate::secret::SecretString;
use crate::store::{Record, RecordKey};
use crate::vault::core::{Core, Snapshot, tampered};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::tickets::Unlocked;
use crate::vault::unlock::{Challenge, wrong_answer};

/// A master password's record whose head has opened.
#[derive(Clone)]
pub(in crate::vault) struct MasterRecord {
    pub(in crate::vault) key: RecordKey,
    pub(in crate::vault) revision: u64,
    pub(in crate::vault) head: MasterHead,
    pub(super) wraps: MasterWraps,
}

impl MasterRecord {
    /// Whether the owned section is barred until it is unlocked.
    pub(in crate::vault) const fn guards(&self) -> bool {
        matches!(self.head.state, MasterState::Active | MasterState::Enabling)
    }

    pub(in crate::vault) fn public_key(&self) -> Result<PublicKey, VaultError> {
        let raw = self.head.public_key.first_chunk::<32>();
        let raw = raw.ok_or(VaultError::State("the master password's public key has a wrong length"))?;
        Ok(PublicKey::x25519_from_raw(raw))
    }
}

/// The id of an owner's master password record.
pub(in crate::vault) fn record_id(keyring: &Keyring, owner: &Owner) -> RecordId {
    index::unique_id(keyring, RecordKind::MasterPassword, "owner", owner.to_string().as_bytes())
}

/// An owner's master password, if one is set.
pub(in crate::vault) fn load_master(
    core: &Core,
    snapshot: &Snapshot,
    owner: &Owner,
) -> Result<Option<MasterRecord>, VaultError> {
    let key = core.key(RecordKind::MasterPassword, record_id(&snapshot.keyring, owner));
    core.load(key)?.map(|record| opened_master(snapshot, &record)).transpose()
}

pub(super) fn opened_master(snapshot: &Snapshot, record: &Record) -> Result<MasterRecord, VaultError> {
    let opened = open_record::<MasterHead>(&snapshot.keyring, RecordKind::MasterPassword, record)
        .map_err(|cause| tampered(record, cause))?;
    let wraps = MasterWraps::decode(opened.rest).map_err(|cause| tampered(record, cause))?;
    Ok(MasterRecord { key: record.key, revision: record.revision, head: opened.head, wraps })
}

impl Gate<'_> {
    /// An owner's master password, if one is set. The principal's own is the one read at the gate.
    pub(in crate::vault) fn master_of(&self, owner: &Owner) -> Result<Option<MasterRecord>, VaultError> {
        if self.authority.own() == Some(owner) {
            return Ok(self.own_master.clone());
        }
        let master = load_master(self.core, &self.snapshot, owner)?;
        let key = self.core.key(RecordKind::MasterPassword, record_id(&self.snapshot.keyring, owner));
        self.rely(key, master.as_ref().map(|master| master.revision))?;
        Ok(master)
    }

    /// The private key of the principal's own master password, if a ticket of the session opens it.
    pub(in crate::vault) fn own_master_key(&self) -> Result<Option<PrivateKey>, VaultError> {
        match &self.own_master {
            Some(master) => self.master_key_by_ticket(master),
            None => Ok(None),
        }
    }

    /// The private key of a master password, if a ticket issued since it last changed opens it.
    pub(in crate::vault) fn master_key_by_ticket(
        &self,
        master: &MasterRecord,
    ) -> Result<Option<PrivateKey>, VaultError> {
        self.key_by_ticket(&Recipient::MasterPassword, master.head.generation, master.head.fingerprint)
    }

    /// Why the owned section is barred.
    pub(in crate::vault) fn owned_locked_error(&self, owner: &Owner) -> VaultError {
        if self.own_master.as_ref().is_some_and(|master| master.head.must_change) {
            return VaultError::State("the master password was recovered by someone else; change it first");
        }
        VaultError::Locked(vec![Challenge::MasterPassword { owner: owner.clone() }])
    }

    pub(in crate::vault) fn answer_master_password(
        &self,
        owner: &Owner,
        password: &SecretString,
    ) -> Result<Unlocked, VaultError> {
        let mut master = self.known_master(owner)?;
        let (private, params) = self.open_master(&master, password)?;
        let stretched = if params.cost_less_than(self.snapshot.policy.settings.kdf) {
            master.wraps.password =
                self.wrap_master(master.key.id, PASSWORD, &private, password.expose().as_bytes())?;
            Some(self.next_master_record(&master)?)
        } else {
            None
        };
        Ok(Unlocked {
            recipient: Recipient::MasterPassword,
            owner: Some(owner.clone()),
            generation: master.head.generation,
            private,
            stretched,
        })
    }

    /// An owner's master password, for those who may know whether there is one: the owner, and
    /// administrators who can meet the owner's entries or manage keys.
    pub(super) fn known_master(&self, owner: &Owner) -> Result<MasterRecord, VaultError> {
        self.may_know_master(owner)?;
        self.master_of(owner)?.ok_or(VaultError::NotFound)
    }

    pub(super) fn has_master(&self, owner: &Owner) -> Result<bool, VaultError> {
        self.may_know_master(owner)?;
        Ok(self.master_of(owner)?.is_some())
    }

    fn may_know_master(&self, owner: &Owner) -> Result<(), VaultError> {
        let meets = match self.authority.breadth() {
            Breadth::Everything => true,
            Breadth::ClientOwned => matches!(owner, Owner::Client(_)),
            Breadth::Named | Breadth::Nothing => false,
        };
        let meets = meets || self.authority.sections().has(Section::KeysManage);
        if meets || self.authority.own() == Some(owner) { Ok(()) } else { Err(VaultError::NotFound) }
    }

    /// The private key, opened with the master password, and what stretching it cost.
    pub(super) fn open_master(
        &self,
        master: &MasterRecord,
        password: &SecretString,
    ) -> Result<(PrivateKey, KdfParams), VaultError> {
        let context = master_context(self, master.key.id, PASSWORD);
        let password = password.expose().as_bytes();
        let opened = open_password_wrap(&self.snapshot.keyring, &context, password, &master.wraps.password);
        let (der, params) = opened.map_err(|cause| wrong_answer("master password", cause))?;
        Ok((PrivateKey::from_pkcs8_der(der.expose())?, params))
    }

    /// Wraps the private key with a password or code.
    pub(super) fn wrap_master(
        &self,
        id: RecordId,
        way: &str,
        private: &PrivateKey,
        password: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        Ok(seal_password_wrap(
            &self.snapshot.keyring,
            &master_context(self, id, way),
            password,
            self.snapshot.policy.settings.kdf,
            private.to_pkcs8_der().expose(),
        )?)
    }

    /// The record at its next revision.
    pub(super) fn next_master_record(&self, master: &MasterRecord) -> Result<Record, VaultError> {
        let MasterRecord { key, revision, head, wraps } = master;
        Ok(seal_record(&self.snapshot.keyring, *key, revision + 1, head, Vec::new(), &wraps.encode()?)?)
    }
}

/// What the private key of a master password is bound to, for each way of opening it.
pub(in crate::vault) fn master_context<'a>(gate: &Gate<'_>, id: RecordId, way: &'a str) -> Context<'a> {
    Context {
        vault: Some(gate.core.id),
        kind: Some(RecordKind::MasterPassword),
        id: Some(id.0),
        field: Some(way),
        ..Context::default()
    }
}

pub(in crate::vault) const PASSWORD: &str = "master password";
pub(in crate::vault) const RECOVERY_CODE: &str = "recovery code";
pub(in crate::vault) const RECOVERY_KEY: &str = "recovery key";
