//! Tickets: what carries an unlock from request to request. Owns how they are issued, tried and end; what
//! opened the key is not its business.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::core::tampered;
use super::error::VaultError;
use super::gate::Gate;
use crate::crypto::{self, PrivateKey};
use crate::envelope::{self, Context, EnvelopeError, Keyring, Purpose, Suite, open_record, seal_record};
use crate::id::{RecordId, RecordKind};
use crate::index;
use crate::model::{EventKind, Fingerprint, Outcome, Owner, Recipient, TicketHead};
use crate::secret::SecretBytes;
use crate::store::{ChangeSet, Expect, Query, Record, StoreError};

/// Stands for an unlocked key or master password: 32 random bytes for the host's cookie or
/// server-side session.
///
/// # Security
/// Whoever holds it, and is the same principal, opens what the key opens until it ends: after 15
/// minutes without use and 8 hours at most (settings), on [`Unlocking::lock`](super::Unlocking::lock), and when the
/// password is changed or the key deleted.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct UnlockTicket([u8; 32]);

#[cfg(feature = "crossing")]
crate::secret::secret_form!(
    UnlockTicket,
    "an unlock ticket",
    |ticket| SecretBytes::from_slice(ticket.expose()),
    |bytes| bytes.try_into().ok().map(UnlockTicket::from_bytes)
);

impl UnlockTicket {
    /// From the bytes of [`expose`](Self::expose).
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a cookie.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn record_id(&self, keyring: &Keyring) -> RecordId {
        index::unique_id(keyring, RecordKind::Ticket, "ticket", &crypto::sha256(&[&self.0]))
    }
}

impl fmt::Debug for UnlockTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnlockTicket(redacted)")
    }
}

/// A private key that an answer has opened.
pub(super) struct Unlocked {
    pub(super) recipient: Recipient,
    pub(super) owner: Option<Owner>,
    pub(super) generation: u32,
    pub(super) private: PrivateKey,
    /// The record with its private key stretched anew, when the setting asks for more now.
    pub(super) stretched: Option<Record>,
}

impl Gate<'_> {
    /// Issues a ticket for an opened key.
    pub(super) fn issue_ticket(&self, unlocked: Unlocked) -> Result<UnlockTicket, VaultError> {
        let ticket = UnlockTicket(crypto::random_array()?);
        let keyring = &self.snapshot.keyring;
        let person = self.session.principal.person();
        let head = TicketHead {
            person: person.clone(),
            recipient: unlocked.recipient,
            owner: unlocked.owner,
            fingerprint: unlocked.private.public().fingerprint(),
            generation: unlocked.generation,
            issued_at: self.now,
            used_at: self.now,
        };
        let key = self.core.key(RecordKind::Ticket, ticket.record_id(keyring));
        let person = person.to_string();
        let rest = envelope::seal(
            &keyring.ticket_key(&ticket.0)?,
            Purpose::Ticket,
            Suite::Symmetric,
            &ticket_context(self, key.id, &person),
            &[],
            unlocked.private.to_pkcs8_der().expose(),
        )?;
        let mut changes = ChangeSet::new();
        self.clear_tickets(key.id, &mut changes)?;
        changes.write(seal_record(keyring, key, 1, &head, Vec::new(), &rest)?);
        unlocked.stretched.into_iter().for_each(|record| changes.write(record));
        // The answer that opened the key is what entitles to the ticket; no rule is asked.
        let mut event = self.event(EventKind::Unlocked, Outcome::Done, &[]);
        event.sealed_to.push(head.fingerprint);
        self.commit_relying(changes, event)?;
        Ok(ticket)
    }

    /// Ends a ticket. One that has ended already is as good.
    pub(super) fn end_ticket(&self, ticket: &UnlockTicket) -> Result<(), VaultError> {
        let key = self.core.key(RecordKind::Ticket, ticket.record_id(&self.snapshot.keyring));
        let Some(record) = self.core.load(key)? else { return Ok(()) };
        let mut changes = ChangeSet::new();
        changes.delete(key, record.revision);
        self.commit_relying(changes, self.event(EventKind::TicketEnded, Outcome::Done, &[]))
    }

    /// A private key from a ticket of the session that still holds.
    pub(super) fn key_by_ticket(
        &self,
        recipient: &Recipient,
        generation: u32,
        fingerprint: Fingerprint,
    ) -> Result<Option<PrivateKey>, VaultError> {
        for ticket in &self.session.tickets {
            if let Some(private) = self.try_ticket(ticket, recipient, generation, fingerprint)? {
                return Ok(Some(private));
            }
        }
        Ok(None)
    }

    fn try_ticket(
        &self,
        ticket: &UnlockTicket,
        recipient: &Recipient,
        generation: u32,
        fingerprint: Fingerprint,
    ) -> Result<Option<PrivateKey>, VaultError> {
        let keyring = &self.snapshot.keyring;
        let key = self.core.key(RecordKind::Ticket, ticket.record_id(keyring));
        let Some(record) = self.core.load(key)? else { return Ok(None) };
        let opened = open_record::<TicketHead>(keyring, RecordKind::Ticket, &record)
            .map_err(|cause| tampered(&record, cause))?;
        let head = opened.head;
        let person = self.session.principal.person();
        let holds = head.person == person
            && head.recipient == *recipient
            && head.fingerprint == fingerprint
            && head.generation == generation
            && self.in_time(&head);
        if !holds {
            return Ok(None);
        }
        let person = person.to_string();
        let context = ticket_context(self, key.id, &person);
        let der: SecretBytes = match envelope::open(
            &keyring.ticket_key(&ticket.0)?,
            Purpose::Ticket,
            Suite::Symmetric,
            &context,
            &[],
            opened.rest,
        ) {
            Ok(der) => der,
            // Issued under a data key that has been rotated since.
            Err(EnvelopeError::WrongKey) => return Ok(None),
            Err(cause) => return Err(tampered(&record, cause)),
        };
        let revision = self.touch_ticket(&record, head, opened.rest)?;
        self.rely(record.key, Some(revision))?;
        Ok(Some(PrivateKey::from_pkcs8_der(der.expose())?))
    }

    /// Notes the use of a ticket, to the minute, and gives its revision then. It is no event: the
    /// use itself is logged.
    fn touch_ticket(&self, record: &Record, mut head: TicketHead, rest: &[u8]) -> Result<u64, VaultError> {
        if self.now < head.used_at.plus_millis(TOUCH_EVERY_MS) {
            return Ok(record.revision);
        }
        head.used_at = self.now;
        let mut changes = ChangeSet::new();
        let keyring = &self.snapshot.keyring;
        changes.assert(Keyring::record_key(self.core.id), Expect::Revision(keyring.epoch()));
        changes.write(seal_record(keyring, record.key, record.revision + 1, &head, record.labels.clone(), rest)?);
        match self.core.store.commit(&changes) {
            // Another request noted its use at the same time or ended it, or the keyring was rotated.
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(record.revision + 1),
            Err(error) => Err(error.into()),
        }
    }

    fn in_time(&self, head: &TicketHead) -> bool {
        let settings = &self.snapshot.policy.settings;
        self.now < head.issued_at.plus_millis(settings.ticket_max_ms)
            && self.now < head.used_at.plus_millis(settings.ticket_idle_ms)
    }

    /// Adds to a change set that some tickets whose time is over are gone: those next to a new one. Ids
    /// are as good as random, so each has its turn, and more are looked at than are made.
    fn clear_tickets(&self, beside: RecordId, changes: &mut ChangeSet) -> Result<(), VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Ticket);
        query.limit = CLEARED_AT_ONCE;
        let first = query.clone();
        query.from = Some(beside);
        let mut found = self.core.store.scan(&query)?.into_records()?;
        if found.is_empty() {
            found = self.core.store.scan(&first)?.into_records()?;
        }
        for record in found {
            let opened = open_record::<TicketHead>(&self.snapshot.keyring, RecordKind::Ticket, &record)
                .map_err(|cause| tampered(&record, cause))?;
            if !self.in_time(&opened.head) {
                changes.delete(record.key, record.revision);
            }
        }
        Ok(())
    }
}

fn ticket_context<'a>(gate: &Gate<'_>, id: RecordId, person: &'a str) -> Context<'a> {
    Context {
        vault: Some(gate.core.id),
        kind: Some(RecordKind::Ticket),
        id: Some(id.0),
        field: Some("private key"),
        person: Some(person),
        ..Context::default()
    }
}

const TOUCH_EVERY_MS: i64 = 60_000;
const CLEARED_AT_ONCE: u32 = 4;
