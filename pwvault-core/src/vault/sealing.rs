//! Secrets at the gate: who an entry's secret is sealed to, and opening it with what the session
//! holds.

use super::core::tampered;
use super::error::VaultError;
use super::gate::{FoundEntry, FoundKey, Gate};
use super::unlock::challenges;
use crate::crypto::PublicKey;
use crate::envelope::{
    LockTarget, SecretBinding, open_locked, open_record, open_vault, seal_locked, seal_record, seal_vault,
};
use crate::id::{EntryId, KeyId, RecordKind};
use crate::index;
use crate::model::{
    Action, EntryHead, Event, EventKind, Fingerprint, KeyConfiguration, LockRef, MasterState, Owner, PastSecretHead,
    Recipient, Secret, Tier, limits,
};
use crate::policy::{Authorized, KeyAction};
use crate::store::{ChangeSet, Expect, RecordKey};

/// A sealed secret, with what the commit must assert because the seal rested on it.
pub(super) struct SealedRest {
    pub(super) rest: Vec<u8>,
    pub(super) asserts: Vec<(RecordKey, Expect)>,
    pub(super) sealed_to: Vec<Fingerprint>,
}

/// Who a secret is sealed to: the lock as the head names it, and the key itself.
pub(super) struct Holder {
    pub(super) lock: LockRef,
    record: RecordKey,
    revision: u64,
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
        let guarded = self.master_of(owner)?.is_some_and(|master| master.guards());
        keys.iter()
            .enumerate()
            .map(|(at, id)| {
                if keys.iter().take(at).any(|other| other == id) {
                    return Err(VaultError::invalid("keys", "a key stands twice in the list"));
                }
                let (key, _) = self.key(*id, KeyAction::Attach, EventKind::KeysAttached)?;
                if guarded && key.head.configuration == KeyConfiguration::Stored {
                    let rule = "the owner has a master password; a stored key without a passphrase would go around it";
                    return Err(VaultError::invalid("keys", rule));
                }
                self.holder_of_key(&key)
            })
            .collect()
    }

    /// The holders an existing entry is sealed to now.
    pub(super) fn holders_of(&self, head: &EntryHead) -> Result<Vec<Holder>, VaultError> {
        head.locks
            .iter()
            .map(|lock| match &lock.recipient {
                Recipient::Key(id) => {
                    let key = self.find_key(*id)?.ok_or(VaultError::State(
                        "a key of the entry is gone; detach it before the secret can be written",
                    ))?;
                    self.holder_of_key(&key)
                }
                Recipient::MasterPassword => self.holder_of_master(&head.owner)?.ok_or(VaultError::State(
                    "the owner's master password is gone; the entry has to be re-sealed first",
                )),
            })
            .collect()
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
            record: master.key,
            revision: master.revision,
            public,
        }))
    }

    /// Seals a secret to `holders`, or under the vault's key when there are none, and writes the
    /// locks into the head.
    pub(super) fn seal_secret(
        &self,
        entry: EntryId,
        head: &mut EntryHead,
        secret: &Secret,
        holders: &[Holder],
    ) -> Result<SealedRest, VaultError> {
        let sealed = self.seal_secret_at(entry, &head.owner, head.secret.revision, secret, holders)?;
        head.locks = locks_of(holders);
        Ok(sealed)
    }

    fn seal_secret_at(
        &self,
        entry: EntryId,
        owner: &Owner,
        revision: u64,
        secret: &Secret,
        holders: &[Holder],
    ) -> Result<SealedRest, VaultError> {
        let sealed_to: Vec<_> = holders.iter().map(|holder| holder.lock.fingerprint).collect();
        self.check_expected_lock(owner, &sealed_to)?;
        let binding = self.binding(entry, revision);
        let keyring = &self.snapshot.keyring;
        let rest = if holders.is_empty() {
            seal_vault(keyring, binding, secret)?
        } else {
            let targets: Vec<_> = holders.iter().map(Holder::target).collect();
            seal_locked(keyring, self.core.providers.crypto.as_ref(), binding, secret, &targets)?
        };
        let asserts = holders.iter().map(Holder::assertion).collect();
        Ok(SealedRest { rest, asserts, sealed_to })
    }

    /// Seals an entry's secret and all its past secrets to other holders. No revision of a secret
    /// changes. Past secrets go into the change set; the entry's own new rest is returned.
    ///
    /// `proof` must speak of revealing, using, editing or sharing this very entry.
    pub(super) fn reseal_with_history(
        &self,
        proof: &Authorized,
        found: &FoundEntry,
        head: &mut EntryHead,
        holders: &[Holder],
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<Vec<u8>, VaultError> {
        for (record, mut past) in self.past_records(found.id)? {
            let opened = open_record::<PastSecretHead>(&self.snapshot.keyring, RecordKind::PastSecret, &record)
                .map_err(|cause| tampered(&record, cause))?;
            let secret = self.open_secret_at(proof, found, past.revision, &past.locks, opened.rest)?;
            let sealed = self.seal_secret_at(found.id, &head.owner, past.revision, &secret, holders)?;
            past.locks = locks_of(holders);
            let labels = index::past_secret_label(&self.snapshot.keyring, found.id);
            let revision = record.revision + 1;
            changes.write(seal_record(&self.snapshot.keyring, record.key, revision, &past, labels, &sealed.rest)?);
        }
        let secret = self.open_secret(proof, found)?;
        let sealed = self.seal_secret(found.id, head, &secret, holders)?;
        changes.asserts.extend(sealed.asserts);
        event.sealed_to.extend(sealed.sealed_to);
        Ok(sealed.rest)
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
        if !opens.into_iter().any(|action| proof.covers_entry(found.id, action)) {
            return Err(VaultError::NotFound);
        }
        let binding = self.binding(found.id, revision);
        let keyring = &self.snapshot.keyring;
        let damaged = |cause| match cause {
            crate::envelope::EnvelopeError::Crypto(error) => VaultError::Crypto(error),
            cause => VaultError::Tampered { key: self.core.key(RecordKind::Entry, found.id), cause },
        };
        if locks.is_empty() {
            return open_vault(keyring, binding, rest).map_err(damaged);
        }
        for lock in locks {
            let Some(private) = self.private_key_of(&found.head.owner, lock)? else { continue };
            let record = self.recipient_record(&found.head.owner, &lock.recipient);
            let crypto = self.core.providers.crypto.as_ref();
            return open_locked(keyring, crypto, binding, rest, record, &private).map_err(damaged);
        }
        Err(VaultError::Locked(challenges(&found.head.owner, locks)))
    }

    /// The record id that stands in wraps for a recipient.
    pub(super) fn recipient_record(&self, owner: &Owner, recipient: &Recipient) -> [u8; 16] {
        match recipient {
            Recipient::Key(id) => id.to_bytes(),
            Recipient::MasterPassword => super::master::record_id(&self.snapshot.keyring, owner).0,
        }
    }

    fn holder_of_key(&self, key: &FoundKey) -> Result<Holder, VaultError> {
        let record = self.core.key(RecordKind::Key, key.id);
        let public = PublicKey::from_spki_der(&key.head.public_key)?;
        // The head is authentic; a public key that is not the one it names would be our own fault.
        if public.fingerprint() != key.head.fingerprint {
            return Err(VaultError::Tampered { key: record, cause: crate::envelope::EnvelopeError::Tampered });
        }
        let tier = match key.head.configuration {
            KeyConfiguration::PublicOnly => Tier::KeyPublicOnly,
            KeyConfiguration::Passphrase => Tier::KeyPassphrase,
            KeyConfiguration::Stored => Tier::KeyStored,
        };
        let lock = LockRef { recipient: Recipient::Key(key.id), tier, fingerprint: public.fingerprint() };
        Ok(Holder { lock, record, revision: key.revision, public })
    }

    /// The owner may have told the host which key its entries must be locked to.
    fn check_expected_lock(&self, owner: &Owner, sealed_to: &[Fingerprint]) -> Result<(), VaultError> {
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

fn locks_of(holders: &[Holder]) -> Vec<LockRef> {
    holders.iter().map(|holder| holder.lock.clone()).collect()
}

impl Holder {
    /// As the envelope wants it.
    pub(super) fn target(&self) -> LockTarget<'_> {
        LockTarget { record: self.record.id.0, public: &self.public }
    }

    /// What a commit that sealed to it asserts.
    pub(super) const fn assertion(&self) -> (RecordKey, Expect) {
        (self.record, Expect::Revision(self.revision))
    }
}
