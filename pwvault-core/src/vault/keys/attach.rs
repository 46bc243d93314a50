//! Locking entries to keys, and taking keys off.

use crate::id::{EntryId, KeyId};
use crate::model::{Action, EntryHead, EventKind, Outcome, Recipient, limits};
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::sealing::Holder;

impl Gate<'_> {
    pub(super) fn attach_keys(&self, entry: EntryId, version: u64, keys: &[KeyId]) -> Result<u64, VaultError> {
        if keys.is_empty() {
            return Err(VaultError::invalid("keys", "name at least one key"));
        }
        self.change_locks(entry, version, EventKind::KeysAttached, |head| {
            if keys.iter().any(|key| is_locked_to(head, *key)) {
                return Err(VaultError::invalid("keys", "the entry is locked to one of the keys already"));
            }
            let mut holders = self.holders_of_live_keys(head, |_| true)?;
            if holders.len() + keys.len() > limits::KEYS_MAX {
                let (count, max) = (holders.len() + keys.len(), limits::KEYS_MAX);
                let rule = format!("there would be {count}; an entry is locked to at most {max}");
                return Err(VaultError::invalid("keys", rule));
            }
            holders.extend(self.holders_of_keys(&head.owner, keys)?);
            Ok(holders)
        })
    }

    pub(super) fn detach_key(&self, entry: EntryId, version: u64, key: KeyId) -> Result<u64, VaultError> {
        self.change_locks(entry, version, EventKind::KeysDetached, |head| {
            if !is_locked_to(head, key) {
                return Err(VaultError::invalid("key", "the entry is not locked to it"));
            }
            head.secret.needs_rotation = true;
            let left = self.holders_of_live_keys(head, |lock| lock.recipient != Recipient::Key(key))?;
            if left.is_empty() && !head.is_shared() {
                return Ok(Vec::from_iter(self.holder_of_master(&head.owner)?));
            }
            Ok(left)
        })
    }

    /// Seals an entry and its past secrets to the holders that `choose` gives.
    fn change_locks(
        &self,
        entry: EntryId,
        version: u64,
        kind: EventKind,
        choose: impl Fn(&mut EntryHead) -> Result<Vec<Holder>, VaultError>,
    ) -> Result<u64, VaultError> {
        let (found, proof) = self.entry(entry, Action::Edit, kind)?;
        if found.head.version != version {
            return Err(VaultError::VersionConflict { expected: version, found: found.head.version });
        }
        let mut head = found.head.clone();
        let holders = choose(&mut head)?;
        let mut changes = ChangeSet::new();
        let mut event = self.event(kind, Outcome::Done, &[entry]);
        let rest = self.reseal_with_history(&proof, &found, &mut head, &holders, &mut changes, &mut event)?;
        self.write_entry(entry, found.revision + 1, head, &rest, &mut changes)?;
        self.commit(&proof, changes, event)?;
        Ok(version + 1)
    }
}

fn is_locked_to(head: &EntryHead, key: KeyId) -> bool {
    head.locks.iter().any(|lock| lock.recipient == Recipient::Key(key))
}
