//! The way through everything that may be concerned: stage by stage, each record once, in steps of
//! bounded size. Looking ahead and acting are the same steps, committed or not.

use serde::{Deserialize, Serialize};

use super::told::{Consequence, Consequences, HandOver};
use super::work::Work;
use crate::id::{EntryId, RecordId};
use crate::model::{Action, Event, HostEvent, Outcome, PersonId};
use crate::store::{ChangeSet, Query, Record};
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};

/// Where a sweep goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::vault) struct Place {
    stage: u8,
    after: Option<RecordId>,
}

/// One step of a sweep, not yet committed.
pub(in crate::vault) struct Step {
    pub(in crate::vault) changes: ChangeSet,
    pub(in crate::vault) event: Event,
    pub(in crate::vault) told: Consequences,
    /// Where the next step begins; none after the last.
    pub(in crate::vault) next: Option<Place>,
}

/// A step in the making.
pub(in crate::vault) struct Sweep<'a> {
    pub(super) gate: &'a Gate<'a>,
    pub(super) work: &'a Work,
    pub(super) changes: ChangeSet,
    pub(super) event: Event,
    pub(super) told: Consequences,
}

impl Gate<'_> {
    /// The step of the consequences of an event that begins at `from`. The caller has shown that it may.
    pub(in crate::vault) fn sweep(&self, event: &HostEvent, from: Place) -> Result<Step, VaultError> {
        let mut step = self.step(&Work::of(event), from)?;
        match event {
            HostEvent::TicketClosed { ticket } | HostEvent::TicketReopened { ticket } => {
                step.event.ticket = Some(ticket.clone());
            }
            HostEvent::ServiceDeleted { service } => step.event.service = Some(service.clone()),
            HostEvent::ServiceMoved { service } => step.event.service = Some(service.id.clone()),
            _ => {}
        }
        Ok(step)
    }

    /// The step of the erasure of a person that begins at `from`. The caller has shown that it may.
    pub(in crate::vault) fn erasure(&self, subject: &PersonId, from: Place) -> Result<Step, VaultError> {
        let mut work = Work::erasing(subject);
        work.emails = self.addresses_of(subject)?;
        work.own_categories = self.own_categories_of(subject)?;
        self.step(&work, from)
    }

    fn step(&self, work: &Work, from: Place) -> Result<Step, VaultError> {
        let event = self.event(work.kind(), Outcome::Done, &[]);
        let (changes, told) = Default::default();
        let mut sweep = Sweep { gate: self, work, changes, event, told };
        let mut place = from;
        let next = loop {
            let Some(after) = sweep.stage(place)? else { break None };
            place.after = after;
            if place.after.is_none() {
                place.stage += 1;
            }
            if sweep.is_full() {
                break Some(place);
            }
        };
        let Sweep { changes, mut event, mut told, .. } = sweep;
        told.finished = next.is_none();
        event.sealed_to.sort_unstable();
        event.sealed_to.dedup();
        Ok(Step { changes, event, told, next })
    }
}

impl Sweep<'_> {
    /// Looks at a page of the records of a stage. Each kind of record belongs to one stage, so that none
    /// is met twice, and what rests on another stands before it: entries are moved while the keys still
    /// say whose they were, and whom an address belongs to is forgotten last. Returns where the stage goes on; nothing behind the last stage.
    fn stage(&mut self, place: Place) -> Result<Option<Option<RecordId>>, VaultError> {
        let after = place.after;
        let next = match place.stage {
            0 => self.bindings()?,
            1 => self.rules()?,
            2 => self.entries(after)?,
            3 => self.lost_secrets(after)?,
            4 => self.keys(after)?,
            5 => self.categories(after)?,
            6 => self.invites(after)?,
            7 => self.messages(after)?,
            8 => self.approvals(after)?,
            9 => self.links(after)?,
            10 => self.requests(after)?,
            11 => self.tickets(after)?,
            12 => self.permits(after)?,
            13 => self.contacts(after)?,
            14 => self.people(after)?,
            15 => self.oneself()?,
            _ => return Ok(None),
        };
        Ok(Some(next))
    }

    /// Looks at a page of records with `each`. Returns where to go on.
    pub(super) fn page(
        &mut self,
        mut query: Query,
        after: Option<RecordId>,
        mut each: impl FnMut(&mut Self, Record) -> Result<(), VaultError>,
    ) -> Result<Option<RecordId>, VaultError> {
        (query.cursor, query.limit) = (after, PAGE);
        let page = self.gate.core.store.scan(&query)?;
        let next = page.next;
        for record in page.into_records()? {
            let id = record.key.id;
            self.gate.note_read(&record);
            each(self, record)?;
            if self.is_full() {
                return Ok(Some(id));
            }
        }
        Ok(next)
    }

    fn is_full(&self) -> bool {
        self.event.entries.len() >= ENTRIES_OF_STEP || self.changes.len() >= CHANGES_OF_STEP
    }

    pub(super) fn tell(&mut self, what: Consequence, count: usize) {
        self.told.add(what, count, None);
    }

    /// The entry as it may be named to the caller.
    pub(super) fn visible(&self, found: &FoundEntry) -> Option<EntryId> {
        self.gate.authority.evaluate(Action::View, &found.head).is_allow().then_some(found.id)
    }

    pub(super) fn hand_over(&mut self, what: HandOver) {
        self.told.hand_overs.push(what);
    }
}

/// Records read at once.
const PAGE: u32 = 100;
/// The most entries of a step: as many as its event can be found by.
const ENTRIES_OF_STEP: usize = crate::index::EVENT_ENTRY_LABELS;
/// The changes behind which a step ends.
const CHANGES_OF_STEP: usize = 1_000;
