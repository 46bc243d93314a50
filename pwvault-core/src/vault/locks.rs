//! The locks of entries: whom an entry's secret is sealed to, and moving it with its whole history
//! from one list of holders to another. No revision of a secret changes on the way.

use super::core::tampered;
use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::sealing::{Holder, fingerprints_of};
use super::unlock::Challenge;
use crate::envelope::{SealedSecret, open_record, seal_record};
use crate::id::RecordKind;
use crate::index;
use crate::model::{Action, EntryHead, Event, LockRef, PastSecretHead, Recipient, Tier};
use crate::policy::Authorized;
use crate::store::ChangeSet;

/// A secret as it lies after it was moved.
struct Moved {
    rest: Vec<u8>,
    locks: Vec<LockRef>,
}

impl Gate<'_> {
    /// Whom the entry's secret is to be sealed to now: its keys, else the owner's master password
    /// while the entry is not shared, else nobody but the vault. Stored keys go when there is a
    /// master password, which they would go around.
    pub(super) fn holders_now(&self, head: &EntryHead) -> Result<Vec<Holder>, VaultError> {
        let master = if !head.is_shared() { self.holder_of_master(&head.owner)? } else { None };
        let stays = |lock: &LockRef| master.is_none() || lock.tier != Tier::KeyStored;
        let keys = self.holders_of_live_keys(head, stays)?;
        if !keys.is_empty() {
            return Ok(keys);
        }
        if head.locks.iter().any(|lock| is_key(lock) && stays(lock)) {
            return Err(VaultError::State(
                "every key of the entry was deleted, and its secret is lost; make a new entry and purge this one",
            ));
        }
        Ok(Vec::from_iter(master))
    }

    /// Whom an entry is to be moved to when its owner's master password is set or disabled; nothing
    /// when its keys stay as they are.
    pub(super) fn holders_to_move_to(&self, head: &EntryHead) -> Result<Option<Vec<Holder>>, VaultError> {
        let master = if !head.is_shared() { self.holder_of_master(&head.owner)? } else { None };
        let goes = |lock: &LockRef| !is_key(lock) || (master.is_some() && lock.tier == Tier::KeyStored);
        if !head.locks.is_empty() && !head.locks.iter().any(goes) {
            return Ok(None);
        }
        let keys = self.holders_of_live_keys(head, |lock| !goes(lock))?;
        Ok(Some(if keys.is_empty() { Vec::from_iter(master) } else { keys }))
    }

    /// Whether every key an entry is locked to was deleted.
    pub(super) fn is_lost(&self, head: &EntryHead) -> Result<bool, VaultError> {
        for lock in &head.locks {
            match &lock.recipient {
                Recipient::Key(id) if self.find_key(*id)?.is_none() => {}
                Recipient::Key(_) | Recipient::MasterPassword => return Ok(false),
            }
        }
        Ok(!head.locks.is_empty())
    }

    /// What would open an entry; nothing when the session can, or nobody can any more.
    pub(super) fn missing_to_open(&self, found: &FoundEntry) -> Result<Vec<Challenge>, VaultError> {
        for lock in &found.head.locks {
            if self.private_key_of(&found.head.owner, lock)?.is_some() {
                return Ok(Vec::new());
            }
        }
        if self.is_lost(&found.head)? { Ok(Vec::new()) } else { self.challenges(&found.head.owner, &found.head.locks) }
    }

    /// The keys among an entry's locks that are still there and wanted.
    pub(super) fn holders_of_live_keys(
        &self,
        head: &EntryHead,
        wanted: impl Fn(&LockRef) -> bool,
    ) -> Result<Vec<Holder>, VaultError> {
        let mut holders = Vec::new();
        for lock in head.locks.iter().filter(|lock| wanted(lock)) {
            let Recipient::Key(id) = &lock.recipient else { continue };
            if let Some(key) = self.find_key(*id)? {
                holders.push(self.holder_of_key(&key)?);
            }
        }
        Ok(holders)
    }

    /// Checks that an entry may be sealed to these holders: the owner may expect another lock, and
    /// what a master password guards is not sealed around it.
    pub(super) fn check_holders(&self, head: &EntryHead, holders: &[Holder]) -> Result<(), VaultError> {
        self.check_expected_lock(&head.owner, &fingerprints_of(holders))?;
        let around = holders.is_empty() || holders.iter().any(|holder| holder.lock.tier == Tier::KeyStored);
        if around && !head.is_shared() && self.holder_of_master(&head.owner)?.is_some() {
            return Err(VaultError::UnexpectedLock);
        }
        Ok(())
    }

    /// Moves an entry's secret and all its past secrets to other holders. Past secrets go into the
    /// change set; the entry's own new rest is returned.
    ///
    /// `proof` must speak of editing or sharing this very entry.
    pub(super) fn reseal_with_history(
        &self,
        proof: &Authorized,
        found: &FoundEntry,
        head: &mut EntryHead,
        holders: &[Holder],
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<Vec<u8>, VaultError> {
        if ![Action::Edit, Action::Share].into_iter().any(|action| proof.covers_entry(found.id, action)) {
            return Err(VaultError::NotFound);
        }
        let moved = self.move_locks(found, head, holders, changes, event)?;
        Ok(moved.unwrap_or_else(|| found.rest.clone()))
    }

    /// As [`reseal_with_history`](Self::reseal_with_history), for callers who have shown otherwise
    /// that they may. Returns nothing, and adds nothing to the change set, when every secret lies
    /// as it should.
    pub(super) fn move_locks(
        &self,
        found: &FoundEntry,
        head: &mut EntryHead,
        holders: &[Holder],
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        self.check_holders(head, holders)?;
        let mut past_moved = false;
        for (record, mut past) in self.past_records(found)? {
            let opened = open_record::<PastSecretHead>(&self.snapshot.keyring, RecordKind::PastSecret, &record)
                .map_err(|cause| tampered(&record, cause))?;
            let Some(moved) = self.move_one(found, past.revision, &past.locks, opened.rest, holders)? else { continue };
            past.locks = moved.locks;
            let labels = index::past_secret_label(&self.snapshot.keyring, found.id);
            let revision = record.revision + 1;
            changes.write(seal_record(&self.snapshot.keyring, record.key, revision, &past, labels, &moved.rest)?);
            past_moved = true;
        }
        let moved = self.move_one(found, head.secret.revision, &found.head.locks, &found.rest, holders)?;
        if !past_moved && moved.is_none() {
            return Ok(None);
        }
        event.sealed_to.extend(fingerprints_of(holders));
        let moved = moved.unwrap_or_else(|| Moved { rest: found.rest.clone(), locks: found.head.locks.clone() });
        head.locks = moved.locks;
        // A link has a copy that no lock guards.
        if weakest(&head.locks) > weakest(&found.head.locks) {
            self.end_links_of(found.id, changes)?;
        }
        Ok(Some(moved.rest))
    }

    /// Moves one secret. Wraps that stay are kept as they are, so that only adding one, and going
    /// from or to the vault's own key, needs the secret to be opened.
    fn move_one(
        &self,
        found: &FoundEntry,
        revision: u64,
        locks: &[LockRef],
        rest: &[u8],
        holders: &[Holder],
    ) -> Result<Option<Moved>, VaultError> {
        if locks.is_empty() || holders.is_empty() {
            if locks.len() == holders.len() {
                return Ok(None);
            }
            let secret = self.open_rest(found, revision, locks, rest)?;
            let rest = self.seal_rest(found.id, revision, &secret, holders)?;
            let locks = holders.iter().map(|holder| holder.lock.clone()).collect();
            return Ok(Some(Moved { rest, locks }));
        }
        let place = |holder: &Holder| {
            locks.iter().position(|lock| {
                (&lock.recipient, lock.fingerprint) == (&holder.lock.recipient, holder.lock.fingerprint)
            })
        };
        let (stay, join): (Vec<_>, Vec<_>) = holders.iter().partition(|holder| place(holder).is_some());
        if join.is_empty() && stay.len() == locks.len() {
            return Ok(None);
        }
        let sealed = SealedSecret::parse(rest).map_err(|cause| self.damaged(found.id, cause))?;
        let dek = if join.is_empty() { None } else { Some(self.open_dek(found, revision, locks, &sealed)?) };
        let keep: Vec<_> = stay.iter().filter_map(|holder| place(holder)).collect();
        let add: Vec<_> = join.iter().map(|holder| holder.target()).collect();
        let crypto = self.core.providers.crypto.as_ref();
        let binding = self.binding(found.id, revision);
        let rest = sealed.with_recipients(&self.snapshot.keyring, crypto, binding, &keep, &add, dek.as_ref())?;
        let locks = stay.into_iter().chain(join).map(|holder| holder.lock.clone()).collect();
        Ok(Some(Moved { rest, locks }))
    }
}

/// How well a secret is locked: as well as by the weakest of its locks.
fn weakest(locks: &[LockRef]) -> Tier {
    locks.iter().map(|lock| lock.tier).min().unwrap_or(Tier::Vault)
}

const fn is_key(lock: &LockRef) -> bool {
    matches!(lock.recipient, Recipient::Key(_))
}
