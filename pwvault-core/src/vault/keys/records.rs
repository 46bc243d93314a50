//! Records of encryption keys: made, listed and changed.

use super::{GeneratedKey, KeyCustody, KeyGeneration, KeyMaterial, KeyPatch, KeyRegistration, KeyView, PrivateKeyPem};
use crate::crypto::{PrivateKey, PublicKey, prove_possession};
use crate::envelope::{self, Purpose, Suite, seal_password_wrap, seal_record};
use crate::id::{KeyId, RecordKind};
use crate::index::{self, KeyTerm};
use crate::model::{EventKind, Grantee, KeyConfiguration, KeyHead, KeyOwner, Outcome, limits};
use crate::policy::{Authorized, Capability, KeyAction};
use crate::secret::SecretString;
use crate::store::{ChangeSet, Query, Record};
use crate::vault::draft::{check_passphrase, checked_name};
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundKey, Gate};
use crate::vault::unlock::key_context;

/// A key pair about to become a record.
struct NewKey<'a> {
    name: &'a str,
    owner: &'a KeyOwner,
    may_attach: &'a [Grantee],
    public: &'a PublicKey,
    kept: Kept<'a>,
}

/// What the record keeps of the private key.
enum Kept<'a> {
    Nothing { proved: bool },
    Wrapped(&'a PrivateKey, &'a SecretString),
    Stored(&'a PrivateKey),
}

impl Gate<'_> {
    pub(super) fn register_key(&self, registration: &KeyRegistration) -> Result<KeyId, VaultError> {
        let KeyRegistration { name, owner, material, may_attach } = registration;
        let proof = self.may_create_key(owner)?;
        let crypto = self.core.providers.crypto.as_ref();
        let (private, public) = match material {
            KeyMaterial::PublicOnly { public, proof } => {
                (proof.as_ref().map(PrivateKeyPem::read).transpose()?, PublicKey::from_pem(public)?)
            }
            KeyMaterial::Passphrase { private, .. } | KeyMaterial::Stored { private } => {
                let private = private.read()?;
                let public = private.public().clone();
                (Some(private), public)
            }
        };
        if let Some(private) = &private {
            prove_possession(crypto, private, &public)?;
        }
        let kept = match (material, &private) {
            (KeyMaterial::Passphrase { passphrase, .. }, Some(private)) => Kept::Wrapped(private, passphrase),
            (KeyMaterial::Stored { .. }, Some(private)) => Kept::Stored(private),
            (_, private) => Kept::Nothing { proved: private.is_some() },
        };
        self.add_key(&proof, &NewKey { name, owner, may_attach, public: &public, kept })
    }

    pub(super) fn generate_key(&self, generation: &KeyGeneration) -> Result<GeneratedKey, VaultError> {
        let KeyGeneration { name, owner, bits, custody, may_attach } = generation;
        let proof = self.may_create_key(owner)?;
        let private = self.core.providers.crypto.generate_rsa(*bits)?;
        let (kept, private_pem) = match custody {
            KeyCustody::PublicOnly => (Kept::Nothing { proved: true }, Some(private.to_pem())),
            KeyCustody::Passphrase(passphrase) => (Kept::Wrapped(&private, passphrase), None),
            KeyCustody::Stored => (Kept::Stored(&private), None),
        };
        let public = private.public();
        let id = self.add_key(&proof, &NewKey { name, owner, may_attach, public, kept })?;
        Ok(GeneratedKey { id, fingerprint: public.fingerprint(), public_pem: public.to_pem(), private_pem })
    }

    /// Asked first: reading an encrypted key and generating one are work.
    fn may_create_key(&self, owner: &KeyOwner) -> Result<Authorized, VaultError> {
        self.capability(Capability::CreateKey { owner: owner.clone() }, EventKind::KeyCreated)
    }

    fn add_key(&self, proof: &Authorized, new: &NewKey<'_>) -> Result<KeyId, VaultError> {
        let id = KeyId::generate(self.now)?;
        let (configuration, possession_proved, rest) = match new.kept {
            Kept::Nothing { proved } => (KeyConfiguration::PublicOnly, proved, Vec::new()),
            Kept::Wrapped(private, passphrase) => {
                check_passphrase("passphrase", passphrase.len())?;
                (KeyConfiguration::Passphrase, true, self.wrap_private_key(id, private, passphrase)?)
            }
            Kept::Stored(private) => {
                let rest = envelope::seal(
                    self.snapshot.keyring.data_key(),
                    Purpose::StoredKey,
                    Suite::Symmetric,
                    &key_context(self, id),
                    &[],
                    private.to_pkcs8_der().expose(),
                )?;
                (KeyConfiguration::Stored, true, rest)
            }
        };
        let head = KeyHead {
            name: checked_name("name", new.name)?,
            owner: new.owner.clone(),
            suite: new.public.suite(),
            bits: new.public.bits(),
            configuration,
            public_key: new.public.spki_der().to_vec(),
            fingerprint: new.public.fingerprint(),
            possession_proved,
            may_attach: checked_grantees(new.may_attach)?,
            generation: 0,
            created_by: self.session.principal.person(),
            created_at: self.now,
        };
        let mut changes = ChangeSet::new();
        changes.write(self.key_record(id, 1, &head, &rest)?);
        self.commit(proof, changes, self.event(EventKind::KeyCreated, Outcome::Done, &[]))?;
        Ok(id)
    }

    pub(super) fn view_key(&self, id: KeyId) -> Result<KeyView, VaultError> {
        let (key, _) = self.key(id, KeyAction::View, EventKind::KeyUpdated)?;
        self.key_view(key).ok_or(VaultError::NotFound)
    }

    pub(super) fn list_keys(&self) -> Result<Vec<KeyView>, VaultError> {
        let keyring = &self.snapshot.keyring;
        let own = self.authority.own().map(KeyOwner::from);
        let owners = own.iter().chain([&KeyOwner::Vault]).map(KeyTerm::Owner);
        let terms = owners.chain(self.authority.grantees().iter().map(KeyTerm::MayAttach));
        let mut query = Query::new(self.core.id, RecordKind::Key);
        query.labels = vec![terms.flat_map(|term| index::key_query(keyring, term)).collect()];
        let mut views = Vec::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                views.extend(self.key_view(self.opened_key(&record)?));
            }
            if query.cursor.is_none() {
                return Ok(views);
            }
        }
    }

    pub(super) fn update_key(&self, id: KeyId, version: u64, patch: &KeyPatch) -> Result<u64, VaultError> {
        let (mut key, proof) = self.key(id, KeyAction::Manage, EventKind::KeyUpdated)?;
        if key.revision != version {
            return Err(VaultError::VersionConflict { expected: version, found: key.revision });
        }
        let KeyPatch { name, may_attach } = patch;
        if let Some(name) = name {
            key.head.name = checked_name("name", name)?;
        }
        if let Some(may_attach) = may_attach {
            key.head.may_attach = checked_grantees(may_attach)?;
        }
        let mut changes = ChangeSet::new();
        changes.write(self.key_record(id, version + 1, &key.head, &key.rest)?);
        self.commit(&proof, changes, self.event(EventKind::KeyUpdated, Outcome::Done, &[]))?;
        Ok(version + 1)
    }

    pub(super) fn change_key_passphrase(
        &self,
        id: KeyId,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<(), VaultError> {
        let (mut key, proof) = self.key(id, KeyAction::Manage, EventKind::KeyUpdated)?;
        check_passphrase("new passphrase", new.len())?;
        if key.head.configuration != KeyConfiguration::Passphrase {
            return Err(VaultError::State("the vault holds no private key with a passphrase for this key"));
        }
        let opened = self.open_passphrase_key(&key, old);
        if matches!(opened, Err(VaultError::WrongAnswer { .. })) {
            self.log(EventKind::KeyUpdated, Outcome::Failed, &[])?;
        }
        let (private, _) = opened?;
        key.head.generation += 1;
        let rest = self.wrap_private_key(id, &private, new)?;
        let mut changes = ChangeSet::new();
        changes.write(self.key_record(id, key.revision + 1, &key.head, &rest)?);
        self.commit(&proof, changes, self.event(EventKind::KeyUpdated, Outcome::Done, &[]))
    }

    /// The private key of configuration K2, wrapped.
    pub(in crate::vault) fn wrap_private_key(
        &self,
        id: KeyId,
        private: &PrivateKey,
        passphrase: &SecretString,
    ) -> Result<Vec<u8>, VaultError> {
        Ok(seal_password_wrap(
            &self.snapshot.keyring,
            &key_context(self, id),
            passphrase.expose().as_bytes(),
            self.snapshot.policy.settings.kdf,
            private.to_pkcs8_der().expose(),
        )?)
    }

    /// The record of a key.
    pub(in crate::vault) fn key_record(
        &self,
        id: KeyId,
        revision: u64,
        head: &KeyHead,
        rest: &[u8],
    ) -> Result<Record, VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels = index::key_labels(keyring, head);
        Ok(seal_record(keyring, self.core.key(RecordKind::Key, id), revision, head, labels, rest)?)
    }

    fn key_view(&self, key: FoundKey) -> Option<KeyView> {
        let FoundKey { id, revision, mut head, rest: _ } = key;
        let action = self.authority.key_action(&head)?;
        if action < KeyAction::Manage {
            head.may_attach.clear();
        }
        Some(KeyView { id, version: revision, head, action })
    }
}

impl PrivateKeyPem {
    /// The key itself.
    pub(in crate::vault) fn read(&self) -> Result<PrivateKey, VaultError> {
        Ok(PrivateKey::from_pem(self.pem.expose(), self.passphrase.as_ref())?)
    }
}

fn checked_grantees(grantees: &[Grantee]) -> Result<Vec<Grantee>, VaultError> {
    if grantees.len() > limits::GRANTS_MAX {
        let rule = format!("there are {}; at most {} are accepted", grantees.len(), limits::GRANTS_MAX);
        return Err(VaultError::invalid("may_attach", rule));
    }
    let mut sorted = grantees.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != grantees.len() {
        return Err(VaultError::invalid("may_attach", "someone stands twice in the list"));
    }
    Ok(sorted)
}
