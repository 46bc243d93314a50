//! Host events: what happened in the host and has consequences in the vault. Owns who may say so, and
//! that what follows is written in steps, each with its event, up to the end; what follows is worked out
//! in [`super::consequences`].
//!
//! What fits into one change set, 100 entries at most, is written at once. Of more, the first step
//! leaves a record of how far it has come, which every step moves and the last removes.

use serde::{Deserialize, Serialize};

use super::consequences::{Consequences, Place, Step};
use super::core::tampered;
use super::error::VaultError;
use super::gate::Gate;
use super::principals::directory_of;
use super::session::Session;
use crate::clock::Timestamp;
use crate::envelope::{EnvelopeError, open_record, seal_record};
use crate::id::RecordKind;
use crate::index;
use crate::model::{EventKind, HostEvent, Person, PersonId, PrincipalKind, Section};
use crate::policy::Authorized;
use crate::store::{ChangeSet, Query, Record, RecordKey};

/// Telling the vault what happened in the host.
///
/// An event may be told twice, and again whenever something had been left to a person: what is done is
/// not done again.
///
/// # Security
/// The section `host_events` is a strong one: with it one can say that an administrator left, and name
/// who gets the entries. Nobody can name themselves. Private entries, and secrets that only the one who
/// is gone can open, never change hands by it.
///
/// # Examples
/// ```
/// # use pwvault_core::{model::*, testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::policy::GrantChange;
/// # use pwvault_core::vault::Consequence;
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let ticket = id::TicketId::new("4711")?;
/// let terms = GrantTerms { bound_to: Some(Binding::Ticket(ticket.clone())), ..GrantTerms::default() };
/// let sam = AdminId::new("sam")?;
/// anna.share(id, &[GrantChange::put_on(Grantee::Admin(sam.clone()), Actions::VIEW_AND_REVEAL, terms)])?;
/// let sam = vault.session(Principal::admin(sam), RequestContext::default());
/// assert!(sam.reveal(id).is_ok());
///
/// let host = vault.session(Principal::system(), RequestContext::default());
/// let closed = HostEvent::TicketClosed { ticket };
/// let ahead = host.preview_host_event(&closed)?;
/// assert_eq!(ahead.count(Consequence::GrantEnded), 1);
/// assert_eq!(host.apply_host_event(&closed)?, ahead);
/// assert!(matches!(sam.reveal(id), Err(VaultError::NotFound)));
/// # Ok::<(), VaultError>(())
/// ```
pub trait HostEvents {
    /// What would follow from an event. Changes nothing; it costs what applying the event would.
    ///
    /// # Errors
    /// As [`apply_host_event`](Self::apply_host_event).
    fn preview_host_event(&self, event: &HostEvent) -> Result<Consequences, VaultError>;

    /// Draws the consequences of an event, and tells those of this call. Up to 5,000 entries are seen to
    /// at once; the rest is left to [`run_due`](super::Scheduled::run_due), or to another call.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `host_events`, which scheduled work has;
    /// [`VaultError::Invalid`] when someone takes the own place, or the directory knows no such new owner;
    /// [`VaultError::State`] when the new owner is the caller; [`VaultError::People`] when the administrator
    /// who left stands above the caller; [`VaultError::NotFound`] when the host
    /// knows the moved service as another client's.
    fn apply_host_event(&self, event: &HostEvent) -> Result<Consequences, VaultError>;
}

impl HostEvents for Session {
    fn preview_host_event(&self, event: &HostEvent) -> Result<Consequences, VaultError> {
        self.run(|gate| {
            let _proof = gate.may_tell(event)?;
            let mut told = Consequences::default();
            let mut next = Some(gate.job_of(event)?.map_or_else(Place::default, |(_, job)| job.place));
            while let Some(from) = next {
                let step = gate.sweep(event, from)?;
                told.merge(step.told);
                next = step.next;
            }
            Ok(told)
        })
    }

    fn apply_host_event(&self, event: &HostEvent) -> Result<Consequences, VaultError> {
        let mut told = Consequences::default();
        for _ in 0..STEPS_OF_CALL {
            told.merge(self.run(|gate| {
                let proof = gate.may_tell(event)?;
                gate.host_event_step(&proof, event)
            })?);
            if told.finished {
                break;
            }
        }
        Ok(told)
    }
}

/// How far the consequences of an event have been drawn.
#[derive(Serialize, Deserialize)]
struct HostJob {
    event: HostEvent,
    place: Place,
    begun_at: Timestamp,
}

impl Gate<'_> {
    /// The events whose consequences have not all been drawn.
    pub(super) fn open_host_events(&self) -> Result<Vec<HostEvent>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Job);
        query.labels = vec![vec![index::host_job_label(&self.snapshot.keyring)]];
        let records = self.core.store.scan(&query)?.into_records()?;
        records.iter().map(|record| Ok(self.opened_job(record)?.event)).collect()
    }

    /// Takes the next step of an event's consequences.
    pub(super) fn host_event_step(&self, proof: &Authorized, event: &HostEvent) -> Result<Consequences, VaultError> {
        let job = self.job_of(event)?;
        let from = job.as_ref().map_or_else(Place::default, |(_, job)| job.place);
        let Step { mut changes, event: happened, told, next } = self.sweep(event, from)?;
        match (next, &job) {
            (Some(place), job) => {
                let begun_at = job.as_ref().map_or(self.now, |(_, job)| job.begun_at);
                let revision = job.as_ref().map_or(0, |(record, _)| record.revision);
                let head = HostJob { event: event.clone(), place, begun_at };
                self.write_job(event, revision + 1, &head, &mut changes)?;
            }
            (None, Some((record, _))) => changes.delete(record.key, record.revision),
            (None, None) => {}
        }
        if !changes.is_empty() {
            self.commit(proof, changes, happened)?;
        }
        Ok(told)
    }

    fn may_tell(&self, event: &HostEvent) -> Result<Authorized, VaultError> {
        let kind = EventKind::HostEventApplied;
        let proof = self.section(Section::HostEvents, kind)?;
        let heir = match event {
            HostEvent::ClientsMerged { from, into } if from == into => {
                return Err(VaultError::invalid("into", "it is the client that is no more"));
            }
            HostEvent::AdminLeft { admin, new_owner } if admin == new_owner => {
                return Err(VaultError::invalid("new_owner", "it is the administrator who left"));
            }
            HostEvent::ClientsMerged { into, .. } => ("into", Person::Client(into.clone())),
            HostEvent::AdminLeft { new_owner, .. } => ("new_owner", Person::Admin(new_owner.clone())),
            HostEvent::ServiceMoved { service } => {
                self.known_service(service, kind)?;
                return Ok(proof);
            }
            _ => return Ok(proof),
        };
        if let (HostEvent::AdminLeft { admin, .. }, PrincipalKind::Admin { .. }) = (event, &self.session.principal.kind)
        {
            self.check_over_subject(&PersonId::Admin(admin.clone()), kind)?;
        }
        let (field, heir) = heir;
        if self.session.principal.person() == heir {
            return Err(VaultError::State("nobody names themselves as the new owner; let someone else say so"));
        }
        if directory_of(&self.session.core)?.contact(&heir)?.is_none() {
            return Err(VaultError::invalid(field, format!("the directory knows no {heir}")));
        }
        Ok(proof)
    }

    fn job_of(&self, event: &HostEvent) -> Result<Option<(Record, HostJob)>, VaultError> {
        let Some(record) = self.load_noted(self.job_key(event)?)? else { return Ok(None) };
        let job = self.opened_job(&record)?;
        Ok(Some((record, job)))
    }

    fn opened_job(&self, record: &Record) -> Result<HostJob, VaultError> {
        let opened = open_record(&self.snapshot.keyring, RecordKind::Job, record);
        Ok(opened.map_err(|cause| tampered(record, cause))?.head)
    }

    fn write_job(
        &self,
        event: &HostEvent,
        revision: u64,
        job: &HostJob,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels = vec![index::host_job_label(keyring)];
        changes.write(seal_record(keyring, self.job_key(event)?, revision, job, labels, &[])?);
        Ok(())
    }

    fn job_key(&self, event: &HostEvent) -> Result<RecordKey, VaultError> {
        let value = postcard::to_allocvec(event).map_err(|_| EnvelopeError::BadPayload { what: "host event" })?;
        let id = index::unique_id(&self.snapshot.keyring, RecordKind::Job, "host event", &value);
        Ok(self.core.key(RecordKind::Job, id))
    }
}

/// How many change sets one call writes.
const STEPS_OF_CALL: usize = 50;
