//! Messages to people: what the outbox keeps, and who delivers it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::directory::Contact;
use super::principal::Person;
use crate::clock::Timestamp;
use crate::id::{EntryId, MessageId, RecordId};

/// What a message is about. With the [`Audience`] it selects the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoticeKind {
    /// A secret was changed.
    SecretChanged,
    /// A secret should be changed soon.
    ChangeSoon,
    /// A secret should be changed now; repeated until it is.
    ChangeDue,
    /// A secret has come to its end.
    SecretExpired,
    /// A secret was revealed or copied.
    SecretRevealed,
    /// Someone is invited.
    Invitation,
    /// Credentials are asked for.
    CredentialsRequested,
    /// Credentials that were asked for have been given.
    CredentialsGiven,
    /// An approval is asked for.
    ApprovalAsked,
    /// An approval was given or refused.
    ApprovalDecided,
}

impl NoticeKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 10] = [
        Self::SecretChanged,
        Self::ChangeSoon,
        Self::ChangeDue,
        Self::SecretExpired,
        Self::SecretRevealed,
        Self::Invitation,
        Self::CredentialsRequested,
        Self::CredentialsGiven,
        Self::ApprovalAsked,
        Self::ApprovalDecided,
    ];
}

/// For whom a message is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Clients and their sub-users.
    Clients,
    /// Administrators.
    Administrators,
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// A person, reached as the directory says at the time of delivery.
    Person(Person),
    /// An e-mail address of someone the directory does not know yet, such as an invited person.
    Address(String),
}

/// A message without words: the facts a template is filled with when it is delivered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// For whom it is worded.
    pub audience: Audience,
    /// Whom it is for.
    pub to: Addressee,
    /// The entry it is about.
    pub entry: Option<EntryId>,
    /// Placeholders with their texts, such as `entry`, `actor`, `due_at`. Never a secret, but `link` may
    /// open one.
    pub facts: BTreeMap<String, String>,
    /// The locale to word it in; the contact's own when absent.
    pub locale: Option<String>,
    /// The reminder it belongs to: it is not sent any more when the secret has changed since this
    /// time.
    pub changed_at: Option<Timestamp>,
}

impl fmt::Debug for Notice {
    /// The names of the facts without their texts, of which one may be an address that opens a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, audience, to, entry, facts, locale, changed_at } = self;
        f.debug_struct("Notice")
            .field("kind", kind)
            .field("audience", audience)
            .field("to", to)
            .field("entry", entry)
            .field("facts", &facts.keys())
            .field("locale", locale)
            .field("changed_at", changed_at)
            .finish()
    }
}

/// How far the delivery of a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// It waits for its time.
    Waiting,
    /// Someone has taken it for delivery, until the lease ends.
    Claimed,
    /// It could not be delivered and is not tried again by itself.
    Dead,
}

/// A message of the outbox, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageHead {
    /// Which message. It stays the same however often delivery is tried.
    pub id: MessageId,
    /// What it says.
    pub notice: Notice,
    /// When it was written.
    pub created_at: Timestamp,
    /// How far its delivery has come.
    pub state: MessageState,
    /// How often delivery was begun.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub failure: Option<String>,
}

/// Subject and body of a message, from a template.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendered(redacted)")
    }
}

/// A message to be delivered now.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutboxMessage {
    /// The idempotency key: the same at every attempt, and no other message has it.
    pub id: MessageId,
    /// What it says.
    pub notice: Notice,
    /// How to reach the recipient, as far as the directory knows.
    pub contact: Option<Contact>,
    /// Its words, as the template says.
    pub rendered: Option<Rendered>,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// The right to deliver one message until a lease ends. Its 16 bytes may travel through the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Claim(pub(crate) RecordId);

crate::document::hex_form!(
    Claim,
    "the claim of a message: 32 hexadecimal digits",
    |claim| claim.to_bytes().to_vec(),
    |bytes| bytes.try_into().ok().map(Claim::from_bytes)
);

impl Claim {
    /// From its 16 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(RecordId(bytes))
    }

    /// Its 16 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.0
    }
}

/// A message was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryError {
    /// It may work later: the vault tries again.
    #[error("the message could not be delivered now: {0}")]
    Transient(String),
    /// It will not work: the message becomes a dead letter.
    #[error("the message cannot be delivered: {0}")]
    Permanent(String),
}

/// Delivers messages, such as by mail.
///
/// # Contract
/// Called from the thread that called the vault, with no lock held. `Ok` means that the message has
/// been handed over for good. After a crash the same message may come once more with the same
/// [`OutboxMessage::id`]; a notifier that can tell repetitions by it delivers exactly once. The
/// reason of an error holds no address and no text of the message: it is stored and listed.
pub trait Notifier: Send + Sync {
    /// Delivers one message.
    ///
    /// # Errors
    /// [`DeliveryError`] says whether trying again makes sense.
    fn deliver(&self, message: &OutboxMessage) -> Result<(), DeliveryError>;
}
