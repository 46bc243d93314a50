//! Requests for credentials that a client fills in: what is asked for, and what is stored of it.

use serde::{Deserialize, Serialize};

use super::entry::{EntryKind, Owner};
use super::key::Fingerprint;
use super::link::Ended;
use super::principal::Person;
use super::standing::Standing;
use crate::clock::Timestamp;
use crate::id::{ClientId, EntryId, KeyId};

/// A part of an entry that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WantedPart {
    /// The user name.
    Username,
    /// The password or licence key.
    Password,
    /// Notes.
    Notes,
    /// The TOTP seed.
    Totp,
    /// The website.
    Website,
    /// Where to sign in.
    LoginUrl,
    /// A custom field whose value is shown in lists.
    VisibleField(String),
    /// A custom field whose value is held with the secret.
    SecretField(String),
}

/// One thing asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wanted {
    /// What.
    pub part: WantedPart,
    /// Whether an answer without it is refused.
    pub required: bool,
}

/// A key that an answer is sealed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AnswerKey {
    /// Which key.
    pub key: KeyId,
    /// Its fingerprint when it was chosen.
    pub fingerprint: Fingerprint,
}

/// A request for credentials, as it is stored. Of its token only a hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRequestHead {
    /// What is kept of its token, a hash.
    pub token_hash: [u8; 32],
    /// Who is asked.
    pub client: ClientId,
    /// Who will own the entry.
    pub owner: Owner,
    /// The entry's name.
    pub name: String,
    /// What the entry is for.
    pub kind: EntryKind,
    /// What is asked for.
    pub wanted: Vec<Wanted>,
    /// What the client is told.
    pub message: String,
    /// The keys that the answer is sealed to.
    pub keys: Vec<AnswerKey>,
    /// Who asks.
    pub created_by: Person,
    /// When.
    pub created_at: Timestamp,
    /// Whose right to ask it rests on.
    pub rests_on: Standing,
    /// From when on it takes no answer.
    pub expires_at: Timestamp,
    /// The answer.
    pub given: Option<Given>,
}

impl CredentialRequestHead {
    /// Why it takes no answer at `now`, if so.
    #[must_use]
    pub const fn ended(&self, now: Timestamp) -> Option<Ended> {
        if self.given.is_some() {
            Some(Ended::Used)
        } else if self.expires_at.as_millis() <= now.as_millis() {
            Some(Ended::Expired)
        } else {
            None
        }
    }
}

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Given {
    /// The entry it became.
    pub entry: EntryId,
    /// Who gave it.
    pub by: Person,
    /// When.
    pub at: Timestamp,
}
