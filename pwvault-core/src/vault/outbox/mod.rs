//! The outbox: messages that wait for delivery. Owns claims, retries and dead letters; what a
//! message says was written with the change it tells of, and its words come from templates.
//!
//! A message is delivered at least once. Whoever takes it for delivery holds a claim until a lease
//! ends; what is neither acknowledged nor failed by then is taken again, by the same idempotency
//! key. A failed attempt is repeated after 1, 2, 4 minutes and so on, at most 6 hours; after the
//! last the message is a dead letter.

use serde::Serialize;

mod delivery;
mod record;

use super::core::Core;
use super::error::VaultError;
use super::queue::{self, set_aside_id, tail_of};
use super::session::Session;
use crate::clock::Timestamp;
use crate::id::{EntryId, MessageId, RecordKind};
use crate::model::{
    Addressee, Claim, DeliveryError, EventKind, MessageHead, MessageState, NoticeKind, OutboxMessage, Outcome, Section,
};
use crate::store::{ChangeSet, Query, Want};

/// A message taken for delivery.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimedMessage {
    /// The right to deliver it.
    pub claim: Claim,
    /// When the claim ends.
    pub until: Timestamp,
    /// The message.
    pub message: OutboxMessage,
}

/// A message that could not be delivered, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeadLetter {
    /// Which message.
    pub id: MessageId,
    /// What it is about.
    pub kind: NoticeKind,
    /// Whom it is for.
    pub to: Addressee,
    /// The entry it is about.
    pub entry: Option<EntryId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often delivery was tried.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub failure: Option<String>,
}

/// How full the outbox is. Each is counted up to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutboxStatus {
    /// Messages whose time has come.
    pub due: u64,
    /// Messages that wait for their time, for another attempt, or for the end of a lease.
    pub waiting: u64,
    /// Dead letters.
    pub dead: u64,
}

/// Delivering messages by pull, and looking after those that could not be delivered.
///
/// # Security
/// Claimed messages hold what they say, links that open secrets and invitations among it: only
/// [`Principal::system`](crate::Principal::system), the host's mailer, takes and settles them. The section
/// `outbox` is for those who look after what could not be delivered, without what it says.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// let mailer = vault.session(Principal::system(), RequestContext::default());
/// for claimed in mailer.claim_messages(10, 5 * 60 * 1000)? {
///     // Deliver it, by the idempotency key `claimed.message.id`, then:
///     mailer.acknowledge_message(claimed.message.id, claimed.claim)?;
/// }
/// assert_eq!(mailer.outbox_status()?.due, 0);
///
/// let unknown = mailer.retry_messages(&[id::MessageId::from_bytes([7; 16])]);
/// assert!(matches!(unknown, Err(VaultError::NotFound)));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Outbox {
    /// Takes up to `limit` messages (1 to 100) whose time has come for delivery within `lease_ms`
    /// milliseconds (a second to a day). A reminder of a secret that was changed since, and one to
    /// someone who may not be told any more, is removed instead.
    ///
    /// # Errors
    /// [`VaultError::Denied`] for everybody but the host's scheduled work, [`VaultError::Invalid`] for a limit or
    /// lease out of bounds, [`VaultError::Directory`] when the directory fails.
    fn claim_messages(&self, limit: u32, lease_ms: i64) -> Result<Vec<ClaimedMessage>, VaultError>;

    /// Settles a message that has been delivered.
    ///
    /// # Errors
    /// [`VaultError::State`] when the claim has ended and someone else took the message, or it was
    /// settled already; [`VaultError::Denied`] for everybody but the host's scheduled work.
    fn acknowledge_message(&self, id: MessageId, claim: Claim) -> Result<(), VaultError>;

    /// Notes that a message was not delivered, to be tried again later or never. Returns what
    /// became of it. Of the reason the first 500 bytes are kept.
    ///
    /// # Errors
    /// As [`acknowledge_message`](Self::acknowledge_message).
    fn fail_message(&self, id: MessageId, claim: Claim, failure: &DeliveryError) -> Result<MessageState, VaultError>;

    /// Up to `limit` dead letters (1 to 1,000) behind `after`, in no order that means anything.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `outbox`, [`VaultError::Invalid`] for a limit out
    /// of bounds.
    fn dead_letters(&self, after: Option<MessageId>, limit: u32) -> Result<Vec<DeadLetter>, VaultError>;

    /// Puts dead letters back in line, all or none.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when one is no dead letter; [`VaultError::Denied`] without the
    /// section `outbox`.
    fn retry_messages(&self, ids: &[MessageId]) -> Result<(), VaultError>;

    /// Removes dead letters, all or none.
    ///
    /// # Errors
    /// As [`retry_messages`](Self::retry_messages).
    fn remove_messages(&self, ids: &[MessageId]) -> Result<(), VaultError>;

    /// How full the outbox is.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `outbox`.
    fn outbox_status(&self) -> Result<OutboxStatus, VaultError>;
}

impl Outbox for Session {
    fn claim_messages(&self, limit: u32, lease_ms: i64) -> Result<Vec<ClaimedMessage>, VaultError> {
        within("limit", i64::from(limit), 1, i64::from(CLAIM_MAX))?;
        within("lease_ms", lease_ms, 1_000, LEASE_MAX_MS)?;
        self.run(|gate| {
            let proof = gate.delivery(EventKind::MessageClaimed)?;
            gate.claim_messages(&proof, gate.now, limit, lease_ms).map(|batch| batch.claimed)
        })
    }

    fn acknowledge_message(&self, id: MessageId, claim: Claim) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.delivery(EventKind::MessageDelivered)?;
            gate.settle_delivered(&proof, id, claim)
        })
    }

    fn fail_message(&self, id: MessageId, claim: Claim, failure: &DeliveryError) -> Result<MessageState, VaultError> {
        self.run(|gate| {
            let proof = gate.delivery(EventKind::MessageFailed)?;
            gate.settle_failed(&proof, gate.now, id, claim, failure)
        })
    }

    fn dead_letters(&self, after: Option<MessageId>, limit: u32) -> Result<Vec<DeadLetter>, VaultError> {
        within("limit", i64::from(limit), 1, 1_000)?;
        self.run(|gate| {
            let _proof = gate.section(Section::Outbox, EventKind::MessageFailed)?;
            let [_, mut dead] = queue::waiting_and_aside(gate.core, RecordKind::Message);
            dead.limit = limit;
            dead.cursor = after.map(|id| set_aside_id(tail_of(id)));
            let records = gate.core.store.scan(&dead)?.into_records()?;
            records.into_iter().map(|record| Ok(letter(gate.opened_message(record)?.head))).collect()
        })
    }

    fn retry_messages(&self, ids: &[MessageId]) -> Result<(), VaultError> {
        self.settle_dead(ids, |gate, found, changes| {
            let head = MessageHead { state: MessageState::Waiting, attempts: 0, ..found.head.clone() };
            gate.move_message(&found.record, queue::queue_id(gate.now, tail_of(head.id)), &head, changes)
        })
    }

    fn remove_messages(&self, ids: &[MessageId]) -> Result<(), VaultError> {
        self.settle_dead(ids, |_, found, changes| {
            changes.delete(found.record.key, found.record.revision);
            Ok(())
        })
    }

    fn outbox_status(&self) -> Result<OutboxStatus, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Outbox, EventKind::MessageClaimed)?;
            status(gate.core, gate.now)
        })
    }
}

impl Session {
    fn settle_dead(
        &self,
        ids: &[MessageId],
        settle: impl Fn(&super::gate::Gate<'_>, &record::FoundMessage, &mut ChangeSet) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Outbox, EventKind::MessageRemoved)?;
            let mut changes = ChangeSet::new();
            let mut entries = Vec::new();
            for (at, id) in ids.iter().enumerate() {
                if ids.iter().take(at).any(|other| other == id) {
                    return Err(VaultError::invalid("ids", "a message stands twice in the list"));
                }
                let found = gate.find_message(set_aside_id(tail_of(*id)))?.filter(|found| found.head.id == *id);
                let found = found.ok_or(VaultError::NotFound)?;
                settle(gate, &found, &mut changes)?;
                entries.extend(found.head.notice.entry.filter(|entry| !entries.contains(entry)));
            }
            if changes.is_empty() {
                return Ok(());
            }
            gate.commit(&proof, changes, gate.event(EventKind::MessageRemoved, Outcome::Done, &entries))
        })
    }
}

/// How full the outbox is now.
pub(super) fn status(core: &Core, now: Timestamp) -> Result<OutboxStatus, VaultError> {
    let count = |query| {
        let query = Query { want: Want::Count, limit: COUNT_MAX, ..query };
        Ok::<_, VaultError>(core.store.scan(&query)?.into_count()?)
    };
    let [live, dead] = queue::waiting_and_aside(core, RecordKind::Message);
    let due = count(queue::due(core, RecordKind::Message, now, COUNT_MAX))?;
    Ok(OutboxStatus { due, waiting: count(live)?.saturating_sub(due), dead: count(dead)? })
}

fn letter(head: MessageHead) -> DeadLetter {
    let MessageHead { id, notice, created_at, state: _, attempts, failure } = head;
    DeadLetter { id, kind: notice.kind, to: notice.to, entry: notice.entry, created_at, attempts, failure }
}

fn within(field: &'static str, value: i64, min: i64, max: i64) -> Result<(), VaultError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(VaultError::invalid(field, format!("it is {value}; {min} to {max} are accepted")))
}

const CLAIM_MAX: u32 = 100;
const LEASE_MAX_MS: i64 = 24 * 60 * 60 * 1000;
const COUNT_MAX: u32 = 10_000;
