//! Master passwords: one for each owner. Setting it makes a key pair; the private key is wrapped
//! with the password, owned entries are sealed to the public key.

use super::core::{Core, Snapshot, tampered};
use super::error::VaultError;
use super::gate::Gate;
use super::unlock::{Unlocked, wrong_answer};
use crate::crypto::{PrivateKey, PublicKey};
use crate::envelope::{
    Context, Keyring, MasterWraps, open_password_wrap, open_record, seal_password_wrap, seal_record,
};
use crate::id::{RecordId, RecordKind};
use crate::index;
use crate::model::{KdfParams, MasterHead, MasterState, Owner, Recipient};
use crate::policy::Breadth;
use crate::secret::SecretString;
use crate::store::{Expect, Record, RecordKey};

/// A master password's record whose head has opened.
#[derive(Clone)]
pub(super) struct MasterRecord {
    pub(super) key: RecordKey,
    pub(super) revision: u64,
    pub(super) head: MasterHead,
    wraps: MasterWraps,
}

impl MasterRecord {
    /// Whether the owned section is barred until it is unlocked.
    pub(super) const fn guards(&self) -> bool {
        matches!(self.head.state, MasterState::Active | MasterState::Enabling)
    }

    pub(super) fn public_key(&self) -> Result<PublicKey, VaultError> {
        let raw = self.head.public_key.first_chunk::<32>();
        let raw = raw.ok_or(VaultError::State("the master password's public key has a wrong length"))?;
        Ok(PublicKey::x25519_from_raw(raw))
    }
}

/// The id of an owner's master password record.
pub(super) fn record_id(keyring: &Keyring, owner: &Owner) -> RecordId {
    index::unique_id(keyring, RecordKind::MasterPassword, "owner", owner.to_string().as_bytes())
}

/// An owner's master password, if one is set.
pub(super) fn load_master(core: &Core, snapshot: &Snapshot, owner: &Owner) -> Result<Option<MasterRecord>, VaultError> {
    let key = core.key(RecordKind::MasterPassword, record_id(&snapshot.keyring, owner));
    core.load(key)?.map(|record| opened_master(snapshot, &record)).transpose()
}

fn opened_master(snapshot: &Snapshot, record: &Record) -> Result<MasterRecord, VaultError> {
    let opened = open_record::<MasterHead>(&snapshot.keyring, RecordKind::MasterPassword, record)
        .map_err(|cause| tampered(record, cause))?;
    let wraps = MasterWraps::decode(opened.rest).map_err(|cause| tampered(record, cause))?;
    Ok(MasterRecord { key: record.key, revision: record.revision, head: opened.head, wraps })
}

impl Gate<'_> {
    /// An owner's master password, if one is set. The principal's own is the one read at the gate.
    pub(super) fn master_of(&self, owner: &Owner) -> Result<Option<MasterRecord>, VaultError> {
        if self.authority.own() == Some(owner) {
            return Ok(self.own_master.clone());
        }
        let master = load_master(self.core, &self.snapshot, owner)?;
        let key = self.core.key(RecordKind::MasterPassword, record_id(&self.snapshot.keyring, owner));
        self.rely(key, master.as_ref().map(|master| master.revision));
        Ok(master)
    }

    /// Asserts that an owner's master password still is as it was read, or still is not set.
    pub(super) fn master_assertion(&self, owner: &Owner, master: Option<&MasterRecord>) -> (RecordKey, Expect) {
        let key = self.core.key(RecordKind::MasterPassword, record_id(&self.snapshot.keyring, owner));
        (key, master.map_or(Expect::Absent, |master| Expect::Revision(master.revision)))
    }

    /// The private key of the principal's own master password, if a ticket of the session opens it.
    pub(super) fn own_master_key(&self) -> Result<Option<PrivateKey>, VaultError> {
        match &self.own_master {
            Some(master) => self.master_key_by_ticket(master),
            None => Ok(None),
        }
    }

    /// The private key of a master password, if a ticket issued since it last changed opens it.
    pub(super) fn master_key_by_ticket(&self, master: &MasterRecord) -> Result<Option<PrivateKey>, VaultError> {
        self.key_by_ticket(&Recipient::MasterPassword, master.head.generation, master.head.fingerprint)
    }

    pub(super) fn answer_master_password(
        &self,
        owner: &Owner,
        password: &SecretString,
    ) -> Result<Unlocked, VaultError> {
        let mut master = self.known_master(owner)?;
        let (private, params) = self.open_master(&master, password)?;
        let stretched = if params.cost_less_than(self.snapshot.policy.settings.kdf) {
            master.wraps.password = self.wrap_master(master.key.id, "master password", &private, password)?;
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
    /// administrators who can meet the owner's entries.
    fn known_master(&self, owner: &Owner) -> Result<MasterRecord, VaultError> {
        let meets = match self.authority.breadth() {
            Breadth::Everything => true,
            Breadth::ClientOwned => matches!(owner, Owner::Client(_)),
            Breadth::Named | Breadth::Nothing => false,
        };
        if !meets && self.authority.own() != Some(owner) {
            return Err(VaultError::NotFound);
        }
        self.master_of(owner)?.ok_or(VaultError::NotFound)
    }

    /// The private key, opened with the master password, and what stretching it cost.
    fn open_master(
        &self,
        master: &MasterRecord,
        password: &SecretString,
    ) -> Result<(PrivateKey, KdfParams), VaultError> {
        let context = master_context(self, master.key.id, "master password");
        let password = password.expose().as_bytes();
        let opened = open_password_wrap(&self.snapshot.keyring, &context, password, &master.wraps.password);
        let (der, params) = opened.map_err(|cause| wrong_answer("master password", cause))?;
        Ok((PrivateKey::from_pkcs8_der(der.expose())?, params))
    }

    /// Wraps the private key with a password.
    fn wrap_master(
        &self,
        id: RecordId,
        way: &str,
        private: &PrivateKey,
        password: &SecretString,
    ) -> Result<Vec<u8>, VaultError> {
        Ok(seal_password_wrap(
            &self.snapshot.keyring,
            &master_context(self, id, way),
            password.expose().as_bytes(),
            self.snapshot.policy.settings.kdf,
            private.to_pkcs8_der().expose(),
        )?)
    }

    /// The record at its next revision.
    fn next_master_record(&self, master: &MasterRecord) -> Result<Record, VaultError> {
        let MasterRecord { key, revision, head, wraps } = master;
        Ok(seal_record(&self.snapshot.keyring, *key, revision + 1, head, Vec::new(), &wraps.encode()?)?)
    }
}

/// What the private key of a master password is bound to, for each way of opening it.
pub(super) fn master_context<'a>(gate: &Gate<'_>, id: RecordId, way: &'a str) -> Context<'a> {
    Context {
        vault: Some(gate.core.id),
        kind: Some(RecordKind::MasterPassword),
        id: Some(id.0),
        field: Some(way),
        ..Context::default()
    }
}
