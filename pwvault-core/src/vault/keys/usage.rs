//! Where a key is used, and deleting it.

use super::{DeleteKey, KeyUsage};
use crate::id::{EntryId, KeyId, RecordKind};
use crate::index::{self, Place, Term};
use crate::model::{Action, EntryHead, EventKind, Outcome, Recipient};
use crate::policy::KeyAction;
use crate::store::{ChangeSet, Query};
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};

impl Gate<'_> {
    pub(super) fn usage_of_key(&self, id: KeyId) -> Result<KeyUsage, VaultError> {
        let _proof = self.key(id, KeyAction::Manage, EventKind::KeyUpdated)?;
        Ok(self.count_usage(id)?.0)
    }

    pub(super) fn delete_key(&self, id: KeyId, how: DeleteKey) -> Result<KeyUsage, VaultError> {
        let (key, proof) = self.key(id, KeyAction::Manage, EventKind::KeyDeleted)?;
        let (usage, lost, barred) = self.count_usage(id)?;
        if how == DeleteKey::RefuseInUse && usage.entries > 0 {
            let KeyUsage { entries, sole, past_secrets, visible: _ } = &usage;
            let loss = format!(
                "{entries} entries with {past_secrets} past secrets are locked to it, and the secrets of {sole} of them would be lost"
            );
            return Err(VaultError::InUse { what: "the key", loss });
        }
        if let Some(owner) = self.authority.own().filter(|_| barred) {
            self.log(EventKind::KeyDeleted, Outcome::Denied, &[])?;
            return Err(self.owned_locked_error(owner));
        }
        let mut changes = ChangeSet::new();
        changes.delete(self.core.key(RecordKind::Key, id), key.revision);
        self.commit(&proof, changes, self.event(EventKind::KeyDeleted, Outcome::Done, &lost))?;
        Ok(usage)
    }

    /// The usage, the entries that are locked to nothing else, and whether one of these is the
    /// principal's own, which a master password bars.
    fn count_usage(&self, id: KeyId) -> Result<(KeyUsage, Vec<EntryId>, bool), VaultError> {
        let (mut usage, mut sole, mut barred) = (KeyUsage::default(), Vec::new(), false);
        self.each_locked_to(id, |found| {
            usage.entries += 1;
            usage.past_secrets += u64::from(found.head.secret.history);
            if !self.opens_otherwise(id, &found.head)? {
                usage.sole += 1;
                barred |= self.authority.owned_locked() && self.authority.own() == Some(&found.head.owner);
                sole.push(found.id);
            }
            if self.authority.evaluate(Action::View, &found.head).is_allow() {
                usage.visible.push(found.id);
            }
            Ok(())
        })?;
        Ok((usage, sole, barred))
    }

    fn opens_otherwise(&self, id: KeyId, head: &EntryHead) -> Result<bool, VaultError> {
        for lock in &head.locks {
            let opens = match &lock.recipient {
                Recipient::Key(other) => *other != id && self.find_key(*other)?.is_some(),
                Recipient::MasterPassword => true,
            };
            if opens {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(in crate::vault) fn each_locked_to(
        &self,
        id: KeyId,
        mut each: impl FnMut(FoundEntry) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let keyring = &self.snapshot.keyring;
        let mut query = Query::new(self.core.id, RecordKind::Entry);
        // Both places in one group, so that an entry which moves between them is not missed.
        let places = [Place::Active, Place::Trash].into_iter();
        query.labels = vec![places.flat_map(|place| index::entry_query(keyring, place, Term::Key(id))).collect()];
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let found = self.opened_entry(record)?;
                if found.head.locks.iter().any(|lock| lock.recipient == Recipient::Key(id)) {
                    each(found)?;
                }
            }
            if query.cursor.is_none() {
                return Ok(());
            }
        }
    }
}
