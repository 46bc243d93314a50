//! Secrets at the gate: who an entry's secret is sealed to, and opening it with what the session
//! holds.

use super::error::VaultError;
use super::gate::{FoundEntry, FoundKey, Gate};
use crate::crypto::{PrivateKey, PublicKey};
use crate::envelope::{
    EnvelopeError, LockTarget, SealedSecret, SecretBinding, open_locked, open_vault, seal_locked, seal_vault,
};
use crate::id::{EntryId, KeyId, RecordKind};
use crate::model::{
    Action, EntryHead, Event, EventKind, Fingerprint, KeyConfiguration, LockRef, MasterState, Owner, Recipient, Secret,
    Tier, limits,
};
use crate::policy::{Authorized, KeyAction};
use crate::secret::SecretBytes;

/// Who a secret is sealed to: the lock as the head names it, and the key itself.
pub(super) struct Holder {
    pub(super) lock: LockRef,
    record: [u8; 16],
    public: PublicKey,
}

impl Gate<'_> {
    /// What a secret of an entry is bound to.
    pub(super) fn binding(&self, entry: EntryId, revision: u64) -> SecretBinding {
        SecretBinding { vault: self.core.id, entry, revision }
    }

    /// The holders of an entry locked to these keys, each of which the principal may attach.
    pub(super) fn holders_of_keys(&self, owner: &Owner, keys: &[KeyId]) -> Result<Vec<Holder>, VaultError> {
        if keys.len() > limits::KEYS_MAX {
            let rule = format!("there are {}; an entry is locked to at most {}", keys.len(), limits::KEYS_MAX);
            return Err(VaultError::invalid("keys", rule));
        }
        let guarded = self.is_guarded(owner)?;
        keys.iter()
            .enumerate()
            .map(|(at, id)| {
                if keys.iter().take(at).any(|other| other == id) {
                    return Err(VaultError::invalid("keys", "a key stands twice in the list"));
                }
                let (key, _) = self.key(*id, KeyAction::Attach, EventKind::KeysAttached)?;
                check_beside_master(guarded, &key)?;
                self.holder_of_key(&key)
            })
            .collect()
    }

    /// Whether a master password guards what is this owner's.
    pub(super) fn is_guarded(&self, owner: &Owner) -> Result<bool, VaultError> {
        Ok(self.master_of(owner)?.is_some_and(|master| master.guards()))
    }

    /// The owner's master password as a holder, while it is being enabled or in force.
    pub(super) fn holder_of_master(&self, owner: &Owner) -> Result<Option<Holder>, VaultError> {
        let Some(master) = self.master_of(owner)?.filter(|master| master.head.state != MasterState::Disabling) else {
            return Ok(None);
        };
        let public = master.public_key()?;
        Ok(Some(Holder {
            lock: LockRef {
                recipient: Recipient::MasterPassword,
                tier: Tier::MasterPassword,
                fingerprint: public.fingerprint(),
            },
            record: master.key.id.0,
            public,
        }))
    }

    /// Seals a secret to `holders`, or under the vault's key when there are none, and writes the
    /// locks into the head and their fingerprints into the event.
    pub(super) fn seal_secret(
        &self,
        entry: EntryId,
        head: &mut EntryHead,
        secret: &Secret,
        holders: &[Holder],
        event: &mut Event,
    ) -> Result<Vec<u8>, VaultError> {
        self.check_holders(head, holders)?;
        let rest = self.seal_rest(entry, head.secret.revision, secret, holders)?;
        head.locks = holders.iter().map(|holder| holder.lock.clone()).collect();
        event.sealed_to.extend(fingerprints_of(holders));
        Ok(rest)
    }

    /// Seals a secret at some revision, current or past.
    pub(super) fn seal_rest(
        &self,
        entry: EntryId,
        revision: u64,
        secret: &Secret,
        holders: &[Holder],
    ) -> Result<Vec<u8>, VaultError> {
        let binding = self.binding(entry, revision);
        let keyring = &self.snapshot.keyring;
        if holders.is_empty() {
            return Ok(seal_vault(keyring, binding, secret)?);
        }
        let targets: Vec<_> = holders.iter().map(Holder::target).collect();
        Ok(seal_locked(keyring, self.core.providers.crypto.as_ref(), binding, secret, &targets)?)
    }

    /// Opens the secret of an entry.
    ///
    /// `proof` must speak of revealing, using, editing or sharing this very entry.
    pub(super) fn open_secret(&self, proof: &Authorized, found: &FoundEntry) -> Result<Secret, VaultError> {
        self.open_secret_at(proof, found, found.head.secret.revision, &found.head.locks, &found.rest)
    }

    /// Opens the secret of an entry at some revision, current or past.
    pub(super) fn open_secret_at(
        &self,
        proof: &Authorized,
        found: &FoundEntry,
        revision: u64,
        locks: &[LockRef],
        rest: &[u8],
    ) -> Result<Secret, VaultError> {
        let opens = [Action::Reveal, Action::Use, Action::Edit, Action::Share];
        let covers = opens.into_iter().any(|action| proof.covers_entry(found.id, action));
        if !covers || !proof.obligations().is_none() {
            return Err(VaultError::NotFound);
        }
        self.open_rest(found, revision, locks, rest)
    }

    /// Opens a secret with what the session holds. The caller has shown that it may.
    pub(super) fn open_rest(
        &self,
        found: &FoundEntry,
        revision: u64,
        locks: &[LockRef],
        rest: &[u8],
    ) -> Result<Secret, VaultError> {
        let binding = self.binding(found.id, revision);
        let keyring = &self.snapshot.keyring;
        let opened = if locks.is_empty() {
            open_vault(keyring, binding, rest)
        } else {
            let (record, private) = self.opener(&found.head.owner, locks)?;
            open_locked(keyring, self.core.providers.crypto.as_ref(), binding, rest, record, &private)
        };
        opened.map_err(|cause| self.damaged(found.id, cause))
    }

    /// Opens the DEK of a locked secret with what the session holds. The caller has shown that it
    /// may.
    pub(super) fn open_dek(
        &self,
        found: &FoundEntry,
        revision: u64,
        locks: &[LockRef],
        sealed: &SealedSecret<'_>,
    ) -> Result<SecretBytes, VaultError> {
        let (record, private) = self.opener(&found.head.owner, locks)?;
        let crypto = self.core.providers.crypto.as_ref();
        sealed
            .open_dek(&self.snapshot.keyring, crypto, self.binding(found.id, revision), record, &private)
            .map_err(|cause| self.damaged(found.id, cause))
    }

    /// A private key that opens one of the locks, and the record it belongs to.
    fn opener(&self, owner: &Owner, locks: &[LockRef]) -> Result<([u8; 16], PrivateKey), VaultError> {
        for lock in locks {
            if let Some(private) = self.private_key_of(owner, lock)? {
                return Ok((self.recipient_record(owner, &lock.recipient), private));
            }
        }
        Err(VaultError::Locked(self.challenges(owner, locks)?))
    }

    pub(super) fn damaged(&self, entry: EntryId, cause: EnvelopeError) -> VaultError {
        match cause {
            EnvelopeError::Crypto(error) => VaultError::Crypto(error),
            cause => VaultError::Tampered { key: self.core.key(RecordKind::Entry, entry), cause },
        }
    }

    /// The record id that stands in wraps for a recipient.
    pub(super) fn recipient_record(&self, owner: &Owner, recipient: &Recipient) -> [u8; 16] {
        match recipient {
            Recipient::Key(id) => id.to_bytes(),
            Recipient::MasterPassword => super::master::record_id(&self.snapshot.keyring, owner).0,
        }
    }

    pub(super) fn holder_of_key(&self, key: &FoundKey) -> Result<Holder, VaultError> {
        let record = self.core.key(RecordKind::Key, key.id);
        let public = PublicKey::from_spki_der(&key.head.public_key)?;
        // The head is authentic; a public key that is not the one it names would be our own fault.
        if public.fingerprint() != key.head.fingerprint {
            return Err(VaultError::Tampered { key: record, cause: EnvelopeError::Tampered });
        }
        let tier = match key.head.configuration {
            KeyConfiguration::PublicOnly => Tier::KeyPublicOnly,
            KeyConfiguration::Passphrase => Tier::KeyPassphrase,
            KeyConfiguration::Stored => Tier::KeyStored,
        };
        let lock = LockRef { recipient: Recipient::Key(key.id), tier, fingerprint: public.fingerprint() };
        Ok(Holder { lock, record: record.id.0, public })
    }

    /// The owner may have told the host which key its entries must be locked to.
    pub(super) fn check_expected_lock(&self, owner: &Owner, sealed_to: &[Fingerprint]) -> Result<(), VaultError> {
        let Some(expected) = self.session.principal.expected_lock else { return Ok(()) };
        if self.authority.own() != Some(owner) {
            return Ok(());
        }
        if sealed_to.is_empty() || sealed_to.iter().any(|one| *one != expected) {
            return Err(VaultError::UnexpectedLock);
        }
        Ok(())
    }
}

/// Refuses a key that would open to the vault alone what a master password guards.
pub(super) fn check_beside_master(guarded: bool, key: &FoundKey) -> Result<(), VaultError> {
    if guarded && key.head.configuration == KeyConfiguration::Stored {
        let rule = "the owner has a master password; a stored key without a passphrase would go around it";
        return Err(VaultError::invalid("keys", rule));
    }
    Ok(())
}

/// The keys a secret sealed to these holders is sealed to.
pub(super) fn fingerprints_of(holders: &[Holder]) -> Vec<Fingerprint> {
    holders.iter().map(|holder| holder.lock.fingerprint).collect()
}

impl Holder {
    /// As the envelope wants it.
    pub(super) fn target(&self) -> LockTarget<'_> {
        LockTarget { record: self.record, public: &self.public }
    }
}
