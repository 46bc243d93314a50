//! Messages as records: written with the change they tell of, and moved as their delivery goes on.

use crate::clock::Timestamp;
use crate::envelope::{open_record, seal_record};
use crate::id::{MessageId, RecordId, RecordKind};
use crate::index;
use crate::model::{Addressee, MessageHead, MessageState, Notice};
use crate::store::{ChangeSet, Label, Record};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::queue::{queue_id, tail_of};

/// A message that has opened.
pub(in crate::vault) struct FoundMessage {
    pub(in crate::vault) record: Record,
    pub(in crate::vault) head: MessageHead,
}

impl Gate<'_> {
    /// Adds a message to a change set, to be delivered at `at` or as soon as can be after it.
    pub(in crate::vault) fn write_message(
        &self,
        notice: Notice,
        at: Timestamp,
        changes: &mut ChangeSet,
    ) -> Result<MessageId, VaultError> {
        let id = MessageId::generate(self.now)?;
        let head =
            MessageHead { id, notice, created_at: self.now, state: MessageState::Waiting, attempts: 0, failure: None };
        changes.write(self.message_record(queue_id(at, tail_of(id)), 1, &head)?);
        Ok(id)
    }

    pub(in crate::vault) fn opened_message(&self, record: Record) -> Result<FoundMessage, VaultError> {
        self.note_read(&record);
        let opened = open_record::<MessageHead>(&self.snapshot.keyring, RecordKind::Message, &record)
            .map_err(|cause| tampered(&record, cause))?;
        let head = opened.head;
        Ok(FoundMessage { record, head })
    }

    pub(super) fn find_message(&self, id: RecordId) -> Result<Option<FoundMessage>, VaultError> {
        let record = self.core.load(self.core.key(RecordKind::Message, id))?;
        record.map(|record| self.opened_message(record)).transpose()
    }

    /// Moves a message to another place in the queue, as `head` says it is now.
    pub(super) fn move_message(
        &self,
        found: &Record,
        to: RecordId,
        head: &MessageHead,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        if found.key.id == to {
            changes.write(self.message_record(to, found.revision + 1, head)?);
            return Ok(());
        }
        changes.delete(found.key, found.revision);
        changes.write(self.message_record(to, 1, head)?);
        Ok(())
    }

    fn message_record(&self, id: RecordId, revision: u64, head: &MessageHead) -> Result<Record, VaultError> {
        let key = self.core.key(RecordKind::Message, id);
        Ok(seal_record(&self.snapshot.keyring, key, revision, head, self.message_labels(&head.notice), &[])?)
    }

    fn message_labels(&self, notice: &Notice) -> Vec<Label> {
        let keyring = &self.snapshot.keyring;
        let mut labels = Vec::from_iter(notice.entry.map(|entry| index::message_entry_label(keyring, entry)));
        if let Addressee::Person(person) = &notice.to {
            labels.push(index::message_person_label(keyring, person));
        }
        labels
    }
}
