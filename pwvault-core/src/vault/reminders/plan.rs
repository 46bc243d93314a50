//! Which reminder of an entry comes next. Pure: from the entry, the settings and the time.

use crate::clock::Timestamp;
use crate::model::{Choice, EntryHead, NoticeKind, Period, Settings};
use crate::schedule::{Recurrence, ScheduleError, Zone, check_warning};

/// The next reminder of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::vault) struct Step {
    /// When it is worked on: before it is due in any recipient's zone.
    pub(in crate::vault) queued_at: Timestamp,
    recurrence: Recurrence,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Warning(Period),
    Occurrence(u32),
}

impl Step {
    pub(in crate::vault) const fn notice(&self) -> NoticeKind {
        match self.kind {
            Kind::Warning(_) => NoticeKind::ChangeSoon,
            Kind::Occurrence(_) => NoticeKind::ChangeDue,
        }
    }

    /// When it reaches a recipient in this zone.
    pub(in crate::vault) fn arrives_at(&self, zone: &Zone) -> Result<Timestamp, ScheduleError> {
        match self.kind {
            Kind::Warning(before) => self.recurrence.warning(before, zone),
            Kind::Occurrence(number) => self.recurrence.occurrence(number, zone),
        }
    }

    /// When the secret should be changed, for a recipient in this zone.
    pub(in crate::vault) fn due_at(&self, zone: &Zone) -> Result<Timestamp, ScheduleError> {
        match self.kind {
            Kind::Warning(_) => self.recurrence.occurrence(1, zone),
            Kind::Occurrence(number) => self.recurrence.occurrence(number, zone),
        }
    }
}

/// How long after its last change the secret should be changed, if at all.
pub(in crate::vault) fn change_every(settings: &Settings, head: &EntryHead) -> Option<Period> {
    chosen(head.reminder.change_every, settings.reminders.change_every)
}

/// How long before that a warning is sent, if at all.
pub(in crate::vault) fn warn_before(settings: &Settings, head: &EntryHead) -> Option<Period> {
    let every = change_every(settings, head)?;
    // The vault's warning may not fit an entry's own period.
    chosen(head.reminder.warn_before, settings.reminders.warn_before).filter(|warn| check_warning(every, *warn).is_ok())
}

/// Whether changes of the secret are told.
pub(in crate::vault) fn on_change(settings: &Settings, head: &EntryHead) -> bool {
    head.reminder.on_change.unwrap_or(settings.reminders.on_change)
}

/// When the entry's present secret ends.
pub(in crate::vault) fn end_of_secret(head: &EntryHead) -> Option<Timestamp> {
    let current = head.expires.filter(|end| end.revision == head.secret.revision && head.trashed.is_none());
    current.map(|end| end.at)
}

/// The reminder that comes next when everything up to `told` has been sent. Of several that were
/// missed only the last is sent.
pub(in crate::vault) fn next_step(
    settings: &Settings,
    head: &EntryHead,
    told: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<Step>, ScheduleError> {
    let Some(every) = change_every(settings, head).filter(|_| head.trashed.is_none()) else { return Ok(None) };
    let recurrence = Recurrence::new(head.secret.changed_at, every, settings.reminders.hour)?;
    let is_open = |at: Timestamp| told.is_none_or(|told| at > told);
    let occurrence = |number| {
        let queued_at = recurrence.before_any_zone(number)?;
        Ok(Step { queued_at, recurrence, kind: Kind::Occurrence(number) })
    };
    let coming = recurrence.next_in_any_zone(now)?;
    if coming > 1 {
        let missed: Step = occurrence(coming - 1)?;
        return if is_open(missed.queued_at) { Ok(Some(missed)) } else { occurrence(coming).map(Some) };
    }
    if let Some(before) = warn_before(settings, head) {
        let queued_at = recurrence.warning_before_any_zone(before)?;
        if is_open(queued_at) {
            return Ok(Some(Step { queued_at, recurrence, kind: Kind::Warning(before) }));
        }
    }
    occurrence(coming).map(Some)
}

fn chosen(own: Choice<Period>, default: Option<Period>) -> Option<Period> {
    match own {
        Choice::Default => default,
        Choice::Off => None,
        Choice::Set(period) => Some(period),
    }
}
