//! Reminders: when people are told about an entry. Owns the settings of single entries and what
//! follows from them; when a reminder falls is reckoned by `schedule`, and messages are delivered
//! by [`Outbox`](super::Outbox).

use serde::Serialize;

mod audience;
mod due;
mod notices;
mod plan;

pub(super) use audience::{Readers, Recipient};
pub(super) use due::{Before, DueWork, FoundDue};
pub(super) use plan::{change_every, end_of_secret, next_step};

use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::clock::Timestamp;
use crate::id::EntryId;
use crate::model::{Action, Choice, EntryHead, EntryReminder, EventKind, Expiry, Outcome, Period};
use crate::schedule::{ScheduleError, check_period, check_warning};
use crate::store::ChangeSet;

/// The reminders of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReminderView {
    /// As it is set for this entry.
    pub own: EntryReminder,
    /// How long after its last change the secret should be changed, with the vault's default taken
    /// into account.
    pub change_every: Option<Period>,
    /// How long before that a warning is sent.
    pub warn_before: Option<Period>,
    /// Whether changes of the secret are told.
    pub on_change: bool,
    /// When the next reminder reaches the principal, in its zone and at the vault's hour.
    pub next: Option<Timestamp>,
    /// When the present secret ends.
    pub ends_at: Option<Timestamp>,
}

/// When people are told about single entries.
///
/// The owner, those an entry is shared with who may reveal it, and sub-users who may view it and
/// want mail are told; never whoever did what is told. A reminder counts from the last change of
/// the secret and comes again each period until it is changed; `spec/reminders.md` says when
/// exactly.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::model::{Choice, EntryReminder, Period, PeriodUnit};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let quarterly = Period { count: 3, unit: PeriodUnit::Months };
/// let reminder = EntryReminder { change_every: Choice::Set(quarterly), ..EntryReminder::default() };
/// anna.set_reminder(id, 1, &reminder)?;
/// assert_eq!(anna.reminder(id)?.change_every, Some(quarterly));
///
/// let never = Period { count: 0, unit: PeriodUnit::Months };
/// let reminder = EntryReminder { change_every: Choice::Set(never), ..EntryReminder::default() };
/// assert!(matches!(anna.set_reminder(id, 2, &reminder), Err(VaultError::Schedule { field: "change_every", .. })));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Reminders {
    /// The reminders of an entry.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when the principal may not view it; [`VaultError::Directory`] when
    /// the directory cannot tell the principal's zone.
    fn reminder(&self, id: EntryId) -> Result<ReminderView, VaultError>;

    /// Changes the reminders of an entry that is still at `version`, and returns its new version.
    ///
    /// # Errors
    /// [`VaultError::Schedule`] for a period that is not accepted; [`VaultError::VersionConflict`];
    /// [`VaultError::Denied`] without the right to edit, or for `on_reveal` of someone who is not
    /// the owner; [`VaultError::NotFound`].
    fn set_reminder(&self, id: EntryId, version: u64, reminder: &EntryReminder) -> Result<u64, VaultError>;

    /// Sets when the present secret ends, or that it has no end, and returns the entry's new
    /// version. The next secret has none.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for a time that is not in the future; else as
    /// [`set_reminder`](Self::set_reminder).
    fn set_expiry(&self, id: EntryId, version: u64, ends_at: Option<Timestamp>) -> Result<u64, VaultError>;
}

impl Reminders for Session {
    fn reminder(&self, id: EntryId) -> Result<ReminderView, VaultError> {
        self.run(|gate| {
            let (found, _) = gate.entry(id, Action::View, EventKind::EntryViewed)?;
            let head = &found.head;
            let settings = &gate.snapshot.policy.settings;
            let person = self.principal.person();
            let reader = Recipient { contact: Readers::of(gate)?.contact(&person)?, person };
            let zone = reader.zone();
            let arrival = |told, now| -> Result<Option<Timestamp>, VaultError> {
                let step = next_step(settings, head, told, now)?;
                Ok(step.map(|step| step.arrives_at(&zone)).transpose()?)
            };
            // What was worked on last may have yet to arrive in this zone.
            let told = gate.told_until(id, head)?;
            let last = told.map(|told| arrival(None, told)).transpose()?.flatten();
            let next = last.filter(|at| *at > gate.now).map_or_else(|| arrival(told, gate.now), |at| Ok(Some(at)))?;
            Ok(ReminderView {
                own: head.reminder,
                change_every: change_every(settings, head),
                warn_before: plan::warn_before(settings, head),
                on_change: plan::on_change(settings, head),
                next,
                ends_at: end_of_secret(head),
            })
        })
    }

    fn set_reminder(&self, id: EntryId, version: u64, reminder: &EntryReminder) -> Result<u64, VaultError> {
        check_reminder(reminder)?;
        self.run(|gate| {
            let own = |head: &EntryHead| head.reminder.on_reveal != reminder.on_reveal;
            gate.change_reminders(id, version, own, |head| head.reminder = *reminder)
        })
    }

    fn set_expiry(&self, id: EntryId, version: u64, ends_at: Option<Timestamp>) -> Result<u64, VaultError> {
        self.run(|gate| {
            if ends_at.is_some_and(|end| end <= gate.now) {
                return Err(VaultError::invalid("ends_at", "the time has passed; an end lies in the future"));
            }
            gate.change_reminders(
                id,
                version,
                |_| false,
                |head| head.expires = ends_at.map(|at| Expiry { at, revision: head.secret.revision }),
            )
        })
    }
}

impl Gate<'_> {
    /// Changes what an entry's reminders hang on. With `owners_alone` it takes the owner.
    fn change_reminders(
        &self,
        id: EntryId,
        version: u64,
        owners_alone: impl Fn(&EntryHead) -> bool,
        change: impl Fn(&mut EntryHead),
    ) -> Result<u64, VaultError> {
        let (found, mut proof) = self.entry(id, Action::Edit, EventKind::ReminderChanged)?;
        if owners_alone(&found.head) {
            let verdict = self.authority.authorize_privacy(found.head.private, id, &found.head);
            proof = self.logged(verdict, EventKind::ReminderChanged)?;
        }
        if found.head.version != version {
            return Err(VaultError::VersionConflict { expected: version, found: found.head.version });
        }
        let mut head = found.head.clone();
        change(&mut head);
        let mut changes = ChangeSet::new();
        self.keep_due(id, &head, Before::Same, &mut changes)?;
        self.write_entry(id, found.revision + 1, head, &found.rest, &mut changes)?;
        self.commit(&proof, changes, self.event(EventKind::ReminderChanged, Outcome::Done, &[id]))?;
        Ok(version + 1)
    }
}

fn check_reminder(reminder: &EntryReminder) -> Result<(), VaultError> {
    let EntryReminder { change_every, warn_before, on_change: _, with_link: _, on_reveal: _ } = reminder;
    let set = |choice: &Choice<Period>| match choice {
        Choice::Set(period) => Some(*period),
        Choice::Default | Choice::Off => None,
    };
    check_periods(set(change_every), set(warn_before))
}

/// Refuses periods that make no sense, alone and together.
pub(super) fn check_periods(change_every: Option<Period>, warn_before: Option<Period>) -> Result<(), VaultError> {
    let field = |field| move |cause: ScheduleError| VaultError::Schedule { field, cause };
    change_every.map_or(Ok(()), check_period).map_err(field("change_every"))?;
    let checked = match (change_every, warn_before) {
        (Some(every), Some(warn)) => check_warning(every, warn),
        (None, Some(warn)) => check_period(warn),
        (_, None) => Ok(()),
    };
    checked.map_err(field("warn_before"))
}
