//! The queue of what is due: each record is taken out, and its messages and its next place in the
//! queue are written in the same commit.

use std::cell::Cell;

use super::Progress;
use crate::clock::Timestamp;
use crate::id::RecordKind;
use crate::model::{Event, EventKind, Outcome, Section};
use crate::store::{ChangeSet, StoreError};
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};
use crate::vault::queue;
use crate::vault::reminders::{DueWork, FoundDue, Readers, end_of_secret, next_step};
use crate::vault::session::Session;

pub(super) fn run(session: &Session, now: Timestamp, progress: &mut Progress) -> Result<(), VaultError> {
    for _ in 0..BATCHES {
        // Entries change all the time; a batch that meets a change is made smaller.
        let limit = Cell::new(BATCH);
        let taken = session.run(|gate| {
            let batch = gate.fire_batch(now, limit.get());
            if let Err(VaultError::Store(StoreError::Conflict(_))) = &batch {
                limit.set((limit.get() / 2).max(1));
            }
            batch
        })?;
        progress.done += u64::from(taken);
        if taken < limit.get() {
            return Ok(());
        }
    }
    progress.more = true;
    Ok(())
}

impl Gate<'_> {
    /// Works on the records that have been due longest; returns how many.
    fn fire_batch(&self, now: Timestamp, limit: u32) -> Result<u32, VaultError> {
        let proof = self.section(Section::Scheduled, EventKind::ScheduledRun)?;
        let records = self.core.store.scan(&queue::due(self.core, RecordKind::Due, now, limit))?.into_records()?;
        if records.is_empty() {
            return Ok(0);
        }
        let readers = Readers::of(self)?;
        let mut changes = ChangeSet::new();
        let mut event = self.event(EventKind::ScheduledRun, Outcome::Done, &[]);
        let taken = u32::try_from(records.len()).unwrap_or(limit);
        for record in records {
            let due = self.opened_due(record)?;
            self.fire(&readers, &due, now, &mut changes, &mut event)?;
            event.entries.push(due.work.entry());
        }
        event.entries.sort_unstable();
        event.entries.dedup();
        self.commit(&proof, changes, event)?;
        Ok(taken)
    }

    fn fire(
        &self,
        readers: &Readers<'_>,
        due: &FoundDue,
        now: Timestamp,
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<(), VaultError> {
        changes.delete(due.record.key, due.record.revision);
        let Some(found) = self.find(due.work.entry())? else { return Ok(()) };
        self.assert_entry(&found, changes);
        match due.work {
            DueWork::Reminder { entry, changed_at, told } => {
                let told = told.filter(|_| changed_at == found.head.secret.changed_at);
                let told = self.fire_reminder(readers, &found, told, now, changes)?;
                let next = next_step(&self.snapshot.policy.settings, &found.head, told, now)?;
                let changed_at = found.head.secret.changed_at;
                match next {
                    Some(step) => {
                        self.write_due(step.queued_at, DueWork::Reminder { entry, changed_at, told }, changes)
                    }
                    None => Ok(()),
                }
            }
            DueWork::Expiry { at, .. } if end_of_secret(&found.head) == Some(at) => {
                self.tell_expired(readers, &found, at, now, changes)
            }
            DueWork::Expiry { .. } => Ok(()),
            DueWork::GrantsEnd { .. } => self.end_grants(&found, now, changes, event),
        }
    }

    /// Takes the grants off an entry that have ended.
    fn end_grants(
        &self,
        found: &FoundEntry,
        now: Timestamp,
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<(), VaultError> {
        let key = self.core.key(RecordKind::Entry, found.id);
        if changes.writes.iter().any(|write| write.record.key == key) {
            return Ok(());
        }
        let mut head = found.head.clone();
        if head.end_grants(|grant| !grant.is_open(now)) > 0 {
            let rest = self.rest_once_ended(found, &mut head, changes, event)?;
            // Its version stays: whoever is editing it loses nothing.
            changes.write(self.entry_record(found.id, found.revision + 1, &head, &rest)?);
        }
        self.keep_end_of_grants(found.id, &head, changes)
    }

    /// Sends the reminder if it is still due; returns up to when reminders have been sent.
    fn fire_reminder(
        &self,
        readers: &Readers<'_>,
        found: &FoundEntry,
        told: Option<Timestamp>,
        now: Timestamp,
        changes: &mut ChangeSet,
    ) -> Result<Option<Timestamp>, VaultError> {
        match next_step(&self.snapshot.policy.settings, &found.head, told, now)? {
            Some(step) if step.queued_at <= now => {
                self.remind(readers, found, &step, now, changes)?;
                Ok(Some(now))
            }
            Some(_) | None => Ok(told),
        }
    }
}

/// How many records a commit works on.
const BATCH: u32 = 64;
/// How many commits a call makes.
const BATCHES: u32 = 8;
