//! Master passwords: one for each owner. Setting it makes a key pair; the private key is wrapped
//! with the password, owned entries are sealed to the public key.

use super::core::{Core, Snapshot, tampered};
use super::error::VaultError;
use super::gate::Gate;
use super::unlock::{Unlocked, wrong_answer};
use crate::crypto::{PrivateKey, PublicKey};
use crate::envelope::{Context, Keyring, open_password_wrap, open_record};
use crate::id::{RecordId, RecordKind};
use crate::index;
use crate::model::{MasterHead, MasterState, Owner, Recipient};
use crate::secret::SecretString;
use crate::store::RecordKey;

/// A master password's record whose head has opened.
pub(super) struct MasterRecord {
    pub(super) key: RecordKey,
    pub(super) revision: u64,
    pub(super) head: MasterHead,
    pub(super) rest: Vec<u8>,
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
    let Some(record) = core.load(key)? else { return Ok(None) };
    let opened = open_record::<MasterHead>(&snapshot.keyring, RecordKind::MasterPassword, &record)
        .map_err(|cause| tampered(&record, cause))?;
    Ok(Some(MasterRecord { key, revision: record.revision, head: opened.head, rest: opened.rest.to_vec() }))
}

impl Gate<'_> {
    /// An owner's master password, if one is set.
    pub(super) fn master_of(&self, owner: &Owner) -> Result<Option<MasterRecord>, VaultError> {
        load_master(self.core, &self.snapshot, owner)
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
        self.key_by_ticket(&Recipient::MasterPassword, Some(master.head.changed_at), master.head.fingerprint)
    }

    pub(super) fn answer_master_password(
        &self,
        owner: &Owner,
        password: &SecretString,
    ) -> Result<Unlocked, VaultError> {
        let master = self.master_of(owner)?.ok_or(VaultError::NotFound)?;
        let private = self.open_master(&master, password)?;
        Ok(Unlocked { recipient: Recipient::MasterPassword, owner: Some(owner.clone()), private })
    }

    /// The private key, opened with the master password.
    pub(super) fn open_master(&self, master: &MasterRecord, password: &SecretString) -> Result<PrivateKey, VaultError> {
        let context = master_context(self, master.key.id, "master password");
        let opened = open_password_wrap(&self.snapshot.keyring, &context, password.expose().as_bytes(), &master.rest);
        let (der, _) = opened.map_err(|cause| wrong_answer("master password", cause))?;
        Ok(PrivateKey::from_pkcs8_der(der.expose())?)
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
