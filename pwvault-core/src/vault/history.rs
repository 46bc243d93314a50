//! The history of a secret: what is kept of the one before, and who is said to know the new one.

use super::core::tampered;
use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use crate::envelope::{EnvelopeError, open_record, seal_record};
use crate::id::{EntryId, PastSecretId, RecordKind};
use crate::index;
use crate::model::{EntryHead, EntryPatch, Event, PastSecretHead, Secret};
use crate::secret::SecretString;
use crate::store::{ChangeSet, Query, Record, RecordKey, StoreError};

impl Gate<'_> {
    /// Makes `secret` the entry's secret: the one before becomes a record of the history as it
    /// lies, the new one is sealed to the same holders. With `renewed` the credential is another
    /// one, else only what stands beside it. Returns the entry's new rest.
    pub(super) fn replace_secret(
        &self,
        found: &FoundEntry,
        head: &mut EntryHead,
        secret: &Secret,
        renewed: bool,
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<Vec<u8>, VaultError> {
        let holders = self.holders_now(head)?;
        self.keep_past_secret(found, changes)?;
        let kept = keys_of(&self.past_records(found)?);
        let limit = usize::try_from(self.snapshot.policy.settings.history_limit).unwrap_or(usize::MAX);
        let surplus = (kept.len() + 1).saturating_sub(limit.max(1));
        for (key, revision) in kept.iter().take(surplus) {
            changes.delete(*key, *revision);
        }
        head.secret.history = u32::try_from(kept.len() + 1 - surplus.min(kept.len())).unwrap_or(u32::MAX);
        head.secret.revision += 1;
        let rest = self.seal_secret(found.id, head, secret, &holders, event)?;
        self.follow_secret(found, head, secret, renewed, changes)?;
        Ok(rest)
    }

    /// The records of an entry's past secrets, oldest first, as many as its head says: one that is
    /// hidden would be left out when they are all sealed anew.
    pub(super) fn past_records(&self, found: &FoundEntry) -> Result<Vec<(Record, PastSecretHead)>, VaultError> {
        let records = self.scan_past(found.id)?;
        if u32::try_from(records.len()) == Ok(found.head.secret.history) {
            return Ok(records);
        }
        let key = self.core.key(RecordKind::Entry, found.id);
        let unchanged = self.core.load(key)?.is_some_and(|record| record.revision == found.revision);
        Err(if unchanged {
            VaultError::Tampered { key, cause: EnvelopeError::Tampered }
        } else {
            StoreError::Conflict(key).into()
        })
    }

    /// The records of an entry's past secrets that the store gives, oldest first. The order is that
    /// of the secret's revisions: ids of one millisecond, or of a clock that was set back, are in
    /// none.
    pub(super) fn scan_past(&self, entry: EntryId) -> Result<Vec<(Record, PastSecretHead)>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::PastSecret);
        query.labels = vec![index::past_secret_query(&self.snapshot.keyring, entry)];
        query.limit = 1_000;
        let mut records = Vec::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let opened = open_record::<PastSecretHead>(&self.snapshot.keyring, RecordKind::PastSecret, &record)
                    .map_err(|cause| tampered(&record, cause))?;
                if opened.head.entry == entry {
                    let head = opened.head;
                    records.push((record, head));
                }
            }
            if query.cursor.is_none() {
                records.sort_by_key(|(_, head)| head.revision);
                return Ok(records);
            }
        }
    }

    /// A past secret's head and rest, if it belongs to the entry.
    pub(super) fn past_secret(
        &self,
        entry: EntryId,
        id: PastSecretId,
    ) -> Result<Option<(PastSecretHead, Vec<u8>)>, VaultError> {
        let Some(record) = self.core.load(self.core.key(RecordKind::PastSecret, id))? else { return Ok(None) };
        let opened = open_record::<PastSecretHead>(&self.snapshot.keyring, RecordKind::PastSecret, &record)
            .map_err(|cause| tampered(&record, cause))?;
        Ok((opened.head.entry == entry).then(|| (opened.head, opened.rest.to_vec())))
    }

    fn keep_past_secret(&self, found: &FoundEntry, changes: &mut ChangeSet) -> Result<(), VaultError> {
        let head = &found.head;
        let past = PastSecretHead {
            entry: found.id,
            revision: head.secret.revision,
            since: head.secret.changed_at,
            set_by: head.secret.changed_by.clone(),
            replaced_at: self.now,
            fields: head.fields.clone(),
            has_totp: head.secret.has_totp,
            locks: head.locks.clone(),
        };
        let key = self.core.key(RecordKind::PastSecret, PastSecretId::generate(self.now)?);
        let labels = index::past_secret_label(&self.snapshot.keyring, found.id);
        changes.write(seal_record(&self.snapshot.keyring, key, 1, &past, labels, &found.rest)?);
        Ok(())
    }
}

/// Whether a patch brings a new credential: another password or, of a secret without one, another
/// seed or fields. New notes alone leave everyone who saw the secret able to use it.
pub(super) fn renews(patch: &EntryPatch, old: &Secret) -> bool {
    let differs =
        |new: &Option<SecretString>, old: &SecretString| new.as_ref().is_some_and(|new| new.expose() != old.expose());
    let password = differs(&patch.password, &old.password);
    password || old.password.is_empty() && (differs(&patch.totp, &old.totp) || patch.fields.is_some())
}

pub(super) fn keys_of(records: &[(Record, PastSecretHead)]) -> Vec<(RecordKey, u64)> {
    records.iter().map(|(record, _)| (record.key, record.revision)).collect()
}

/// Whether a patch gives every part of the secret, so that nothing of the old one is needed.
pub(super) const fn covers_all(patch: &EntryPatch) -> bool {
    patch.password.is_some() && patch.notes.is_some() && patch.totp.is_some() && patch.fields.is_some()
}
