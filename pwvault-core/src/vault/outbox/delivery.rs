//! One message on its way: taken, delivered, failed.

use super::ClaimedMessage;
use super::record::FoundMessage;
use crate::clock::Timestamp;
use crate::id::{EntryId, MessageId, RecordKind};
use crate::model::{
    Addressee, Claim, Contact, DeliveryError, EventKind, MessageHead, MessageState, Notice, NoticeKind, OutboxMessage,
    Outcome, Rendered,
};
use crate::notify::TemplateSet;
use crate::policy::Authorized;
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::queue::{self, queue_id, set_aside_id, tail_of};
use crate::vault::reminders::{Readers, Recipient, change_every, end_of_secret};
use crate::vault::templates::worded;

/// What one look at the queue gave.
pub(in crate::vault) struct ClaimedBatch {
    pub(in crate::vault) claimed: Vec<ClaimedMessage>,
    /// Messages that were removed instead, or became dead letters.
    pub(in crate::vault) dropped: u64,
}

/// What becomes of a message whose time has come.
enum Fate {
    Sent(Box<(Option<Contact>, Rendered)>),
    Removed,
    Dead(Option<String>),
}

impl Gate<'_> {
    /// Takes the messages that have waited longest, each for its own lease.
    pub(in crate::vault) fn claim_messages(
        &self,
        proof: &Authorized,
        now: Timestamp,
        limit: u32,
        lease_ms: i64,
    ) -> Result<ClaimedBatch, VaultError> {
        let records = self.core.store.scan(&queue::due(self.core, RecordKind::Message, now, limit))?.into_records()?;
        let mut batch = ClaimedBatch { claimed: Vec::new(), dropped: 0 };
        if records.is_empty() {
            return Ok(batch);
        }
        let readers = Readers::of(self)?;
        let templates = self.template_set()?;
        let mut changes = ChangeSet::new();
        let mut entries: Vec<EntryId> = Vec::new();
        for record in records {
            let FoundMessage { record, mut head } = self.opened_message(record)?;
            entries.extend(head.notice.entry.filter(|entry| !entries.contains(entry)));
            match self.fate(&readers, &templates, &head)? {
                Fate::Removed => {
                    changes.delete(record.key, record.revision);
                    batch.dropped += 1;
                }
                Fate::Dead(failure) => {
                    head.failure = failure.or(head.failure);
                    head.state = MessageState::Dead;
                    self.move_message(&record, set_aside_id(tail_of(head.id)), &head, &mut changes)?;
                    batch.dropped += 1;
                }
                Fate::Sent(sent) => {
                    let (contact, rendered) = *sent;
                    head.attempts += 1;
                    head.state = MessageState::Claimed;
                    let until = now.max(self.now).plus_millis(lease_ms);
                    let place = queue_id(until, tail_of(head.id));
                    self.move_message(&record, place, &head, &mut changes)?;
                    let MessageHead { id, notice, attempts: attempt, .. } = head;
                    let message = OutboxMessage { id, notice, contact, rendered: Some(rendered), attempt };
                    batch.claimed.push(ClaimedMessage { claim: Claim::from_bytes(place.0), until, message });
                }
            }
        }
        self.commit(proof, changes, self.event(EventKind::MessageClaimed, Outcome::Done, &entries))?;
        Ok(batch)
    }

    fn fate(&self, readers: &Readers<'_>, templates: &TemplateSet, head: &MessageHead) -> Result<Fate, VaultError> {
        let to = match &head.notice.to {
            Addressee::Person(person) => Some(Recipient { person: person.clone(), contact: readers.contact(person)? }),
            Addressee::Address(_) => None,
        };
        if !self.still_stands(readers, &head.notice, to.as_ref())? {
            return Ok(Fate::Removed);
        }
        if head.attempts >= ATTEMPTS_MAX {
            // Taken so often without a word of what became of it.
            return Ok(Fate::Dead(None));
        }
        let contact = to.and_then(|to| to.contact);
        match worded(templates, &head.notice, contact.as_ref()) {
            Ok(Some(rendered)) => Ok(Fate::Sent(Box::new((contact, rendered)))),
            // No template is assigned: such messages are switched off.
            Ok(None) => Ok(Fate::Removed),
            // One that cannot be worded does not hold up the others.
            Err(VaultError::Template(error)) => Ok(Fate::Dead(Some(shortened(&error.to_string()).to_owned()))),
            Err(error) => Err(error),
        }
    }

    /// Removes a message that has been delivered.
    pub(in crate::vault) fn settle_delivered(
        &self,
        proof: &Authorized,
        id: MessageId,
        claim: Claim,
    ) -> Result<(), VaultError> {
        let found = self.claimed(id, claim)?;
        let mut changes = ChangeSet::new();
        changes.delete(found.record.key, found.record.revision);
        let entry = Vec::from_iter(found.head.notice.entry);
        self.commit(proof, changes, self.event(EventKind::MessageDelivered, Outcome::Done, &entry))
    }

    /// Puts a message back for another attempt, or aside.
    pub(in crate::vault) fn settle_failed(
        &self,
        proof: &Authorized,
        now: Timestamp,
        id: MessageId,
        claim: Claim,
        failure: &DeliveryError,
    ) -> Result<MessageState, VaultError> {
        let FoundMessage { record, mut head } = self.claimed(id, claim)?;
        let (reason, again) = match failure {
            DeliveryError::Transient(reason) => (reason, head.attempts < ATTEMPTS_MAX),
            DeliveryError::Permanent(reason) => (reason, false),
        };
        head.failure = Some(shortened(reason).to_owned());
        let tail = tail_of(head.id);
        let (state, place) = if again {
            (MessageState::Waiting, queue_id(now.plus_millis(pause_ms(head.attempts)), tail))
        } else {
            (MessageState::Dead, set_aside_id(tail))
        };
        head.state = state;
        let mut changes = ChangeSet::new();
        self.move_message(&record, place, &head, &mut changes)?;
        let entry = Vec::from_iter(head.notice.entry);
        self.commit(proof, changes, self.event(EventKind::MessageFailed, Outcome::Failed, &entry))?;
        Ok(state)
    }

    fn claimed(&self, id: MessageId, claim: Claim) -> Result<FoundMessage, VaultError> {
        let found = self.find_message(crate::id::RecordId(claim.to_bytes()))?;
        found.filter(|found| found.head.id == id && found.head.state == MessageState::Claimed).ok_or(VaultError::State(
            "the message is not claimed by this claim any more: its lease ended, or it was settled already",
        ))
    }

    /// Whether a message is still to be sent: a reminder only of the secret it was written for, and
    /// only to someone who is still told.
    fn still_stands(&self, readers: &Readers<'_>, notice: &Notice, to: Option<&Recipient>) -> Result<bool, VaultError> {
        if notice.kind == NoticeKind::Invitation {
            return self.still_invites(notice);
        }
        let (Some(entry), Some(changed_at)) = (notice.entry, notice.changed_at) else { return Ok(true) };
        let Some(found) = self.find(entry)? else { return Ok(false) };
        let head = &found.head;
        let asked_for = match notice.kind {
            NoticeKind::SecretExpired => end_of_secret(head).is_some(),
            _ => change_every(&self.snapshot.policy.settings, head).is_some() && head.trashed.is_none(),
        };
        if !asked_for || head.secret.changed_at != changed_at {
            return Ok(false);
        }
        to.map_or(Ok(true), |to| readers.may_be_told(head, to))
    }
}

/// How long after the attempt with this number the next one is made.
fn pause_ms(attempt: u32) -> i64 {
    let doublings = attempt.saturating_sub(1).min(16);
    (MINUTE_MS << doublings).min(PAUSE_MAX_MS)
}

/// The beginning of a text, at most [`REASON_MAX`] bytes.
fn shortened(text: &str) -> &str {
    let end = (0..=REASON_MAX).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    if text.len() <= REASON_MAX { text } else { text.get(..end).unwrap_or(text) }
}

const MINUTE_MS: i64 = 60 * 1000;
const PAUSE_MAX_MS: i64 = 6 * 60 * MINUTE_MS;
/// With the pauses between them, attempts go on for about a day.
const ATTEMPTS_MAX: u32 = 12;
const REASON_MAX: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_six_hours() {
        let minutes: Vec<_> = (1..=ATTEMPTS_MAX).map(|attempt| pause_ms(attempt) / MINUTE_MS).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);
        assert_eq!(pause_ms(u32::MAX), PAUSE_MAX_MS);
    }

    #[test]
    fn reasons_are_cut_between_characters() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened(&"ä".repeat(400)).len(), REASON_MAX);
        assert_eq!(shortened(&format!("x{}", "ä".repeat(400))).len(), REASON_MAX - 1);
    }
}
