//! What is due: records whose id begins with the time. Owns their content and how an entry's are
//! kept in step with it; the calendar is in `schedule`.
//!
//! A due record is a place in the queue and no more: what is to be done is worked out anew from the
//! entry and the settings when its time has come, so one that is out of date moves or goes.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::envelope::{open_record, seal_record};
use crate::id::{EntryId, RecordKind};
use crate::index;
use crate::model::{EntryHead, Settings};
use crate::store::{ChangeSet, Query, Record};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::queue::{self, queue_id};

use super::plan;

/// The content of a due record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::vault) struct DueHead {
    pub(in crate::vault) work: DueWork,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::vault) enum DueWork {
    /// Remind of changing an entry's secret.
    Reminder {
        entry: EntryId,
        /// When the secret last changed; of a newer secret the record means nothing.
        changed_at: Timestamp,
        /// Up to when reminders of this secret have been sent.
        told: Option<Timestamp>,
    },
    /// Tell that an entry's secret has come to its end.
    Expiry { entry: EntryId, at: Timestamp },
    /// Remove grants that have ended.
    GrantsEnd { entry: EntryId, at: Timestamp },
}

impl DueWork {
    /// The entry it is about.
    pub(in crate::vault) const fn entry(&self) -> EntryId {
        match self {
            Self::Reminder { entry, .. } | Self::Expiry { entry, .. } | Self::GrantsEnd { entry, .. } => *entry,
        }
    }
}

/// A due record that has opened.
pub(in crate::vault) struct FoundDue {
    pub(in crate::vault) record: Record,
    pub(in crate::vault) work: DueWork,
}

/// What the entry was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::vault) enum Before {
    /// It was not there.
    Absent,
    /// It was there with the same credential.
    Same,
    /// It was there with another credential.
    Renewed,
}

impl Gate<'_> {
    /// Brings an entry's due records in step with it, in the commit that changes it.
    pub(in crate::vault) fn keep_due(
        &self,
        id: EntryId,
        head: &EntryHead,
        before: Before,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let found = if before == Before::Absent { Vec::new() } else { self.due_of(id)? };
        let told = told(&found, head).filter(|_| before == Before::Same);
        let mut wanted = wanted(&self.snapshot.policy.settings, id, head, told, self.now)?;
        for due in found {
            let place = (queue::time_of(due.record.key.id), due.work);
            match wanted.iter().position(|one| *one == place) {
                Some(at) => drop(wanted.swap_remove(at)),
                None => changes.delete(due.record.key, due.record.revision),
            }
        }
        for (at, work) in wanted {
            self.write_due(at, work, changes)?;
        }
        Ok(())
    }

    /// Takes everything due for an entry out of the queue.
    pub(in crate::vault) fn drop_due(&self, entry: EntryId, changes: &mut ChangeSet) -> Result<(), VaultError> {
        for due in self.due_of(entry)? {
            changes.delete(due.record.key, due.record.revision);
        }
        Ok(())
    }

    /// Adds a place in the queue for the next end of an entry's grants, in place of the one whose time has
    /// come.
    pub(in crate::vault) fn keep_end_of_grants(
        &self,
        entry: EntryId,
        head: &EntryHead,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let next = next_end_of_grants(head);
        next.map_or(Ok(()), |at| self.write_due(at, DueWork::GrantsEnd { entry, at }, changes))
    }

    /// Up to when reminders of an entry's present secret have been sent.
    pub(in crate::vault) fn told_until(&self, id: EntryId, head: &EntryHead) -> Result<Option<Timestamp>, VaultError> {
        Ok(told(&self.due_of(id)?, head))
    }

    /// Adds a due record to a change set.
    pub(in crate::vault) fn write_due(
        &self,
        at: Timestamp,
        work: DueWork,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let keyring = &self.snapshot.keyring;
        let key = self.core.key(RecordKind::Due, queue_id(at, queue::fresh_tail()?));
        let labels = vec![index::due_label(keyring, work.entry())];
        changes.write(seal_record(keyring, key, 1, &DueHead { work }, labels, &[])?);
        Ok(())
    }

    pub(in crate::vault) fn opened_due(&self, record: Record) -> Result<FoundDue, VaultError> {
        self.note_read(&record);
        let opened = open_record::<DueHead>(&self.snapshot.keyring, RecordKind::Due, &record)
            .map_err(|cause| tampered(&record, cause))?;
        let work = opened.head.work;
        Ok(FoundDue { record, work })
    }

    fn due_of(&self, entry: EntryId) -> Result<Vec<FoundDue>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Due);
        query.labels = vec![vec![index::due_label(&self.snapshot.keyring, entry)]];
        let records = self.core.store.scan(&query)?.into_records()?;
        let found = records.into_iter().map(|record| self.opened_due(record)).collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().filter(|due| due.work.entry() == entry).collect())
    }
}

/// Up to when reminders of the present secret have been sent, as the queue says.
fn told(found: &[FoundDue], head: &EntryHead) -> Option<Timestamp> {
    found.iter().find_map(|due| match due.work {
        DueWork::Reminder { changed_at, told, .. } if changed_at == head.secret.changed_at => told,
        DueWork::Reminder { .. } | DueWork::Expiry { .. } | DueWork::GrantsEnd { .. } => None,
    })
}

/// What an entry should have in the queue, and for when.
fn wanted(
    settings: &Settings,
    id: EntryId,
    head: &EntryHead,
    told: Option<Timestamp>,
    now: Timestamp,
) -> Result<Vec<(Timestamp, DueWork)>, VaultError> {
    let mut wanted = Vec::new();
    if let Some(step) = plan::next_step(settings, head, told, now)? {
        let changed_at = head.secret.changed_at;
        wanted.push((step.queued_at, DueWork::Reminder { entry: id, changed_at, told }));
    }
    if let Some(at) = plan::end_of_secret(head).filter(|at| *at > now) {
        wanted.push((at, DueWork::Expiry { entry: id, at }));
    }
    if let Some(at) = next_end_of_grants(head) {
        wanted.push((at, DueWork::GrantsEnd { entry: id, at }));
    }
    Ok(wanted)
}

fn next_end_of_grants(head: &EntryHead) -> Option<Timestamp> {
    head.grants.iter().filter_map(|grant| grant.ends_at).min()
}
