//! Marking what a person knows as to be changed.

use super::leaver::known_labels;
use crate::id::{RecordId, RecordKind};
use crate::model::{EventKind, Outcome, Person, Section};
use crate::store::{ChangeSet, Query};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::session::Session;

pub(super) fn require(session: &Session, person: &Person) -> Result<u64, VaultError> {
    let (mut marked, mut after) = (0, None);
    loop {
        let (count, next) = session.run(|gate| gate.require_step(person, after))?;
        marked += count;
        match next {
            Some(_) => after = next,
            None => return Ok(marked),
        }
    }
}

impl Gate<'_> {
    /// Marks the entries of one page. How many were not marked before, and where the next begins.
    fn require_step(&self, person: &Person, after: Option<RecordId>) -> Result<(u64, Option<RecordId>), VaultError> {
        let proof = self.section(Section::Reports, EventKind::RotationRequired)?;
        let mut query = Query::new(self.core.id, RecordKind::Entry);
        query.labels = vec![known_labels(&self.snapshot.keyring, person)];
        query.cursor = after;
        let page = self.core.store.scan(&query)?;
        let (mut changes, mut ids) = (ChangeSet::new(), Vec::new());
        let next = page.next;
        for record in page.into_records()? {
            self.note_read(&record);
            let mut found = self.opened_entry(record)?;
            if found.head.secret.needs_rotation || !found.head.known_to().contains(&person) {
                continue;
            }
            found.head.secret.needs_rotation = true;
            changes.write(self.entry_record(found.id, found.revision + 1, &found.head, &found.rest)?);
            ids.push(found.id);
        }
        // A call that marks nothing leaves an event too, as the proof that it was made.
        if !ids.is_empty() || after.is_none() {
            self.commit(&proof, changes, self.event(EventKind::RotationRequired, Outcome::Done, &ids))?;
        }
        Ok((u64::try_from(ids.len()).unwrap_or(u64::MAX), next))
    }
}
