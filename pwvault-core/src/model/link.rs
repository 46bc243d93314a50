//! Links that hand over a secret: what is stored of one, and what it hands over.

use serde::{Deserialize, Serialize};

use super::grant::{Action, Actions};
use super::principal::Person;
use super::standing::Standing;
use crate::clock::Timestamp;
use crate::id::{EntryId, FieldId};
use crate::secret::SecretString;

/// Which parts of an entry a link hands over. What the entry does not have is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LinkParts {
    /// The password.
    pub password: bool,
    /// The user name.
    pub username: bool,
    /// The notes.
    pub notes: bool,
    /// The TOTP seed itself.
    pub totp: bool,
    /// Custom fields, visible or secret.
    pub fields: Vec<FieldId>,
}

/// What a link hands over. Wiped when dropped; never serialized by serde.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct LinkContents {
    /// The password; empty when it is not part of the link.
    pub password: SecretString,
    /// The user name.
    pub username: SecretString,
    /// The notes.
    pub notes: SecretString,
    /// The TOTP seed.
    pub totp: SecretString,
    /// Custom fields in the order of the entry.
    pub fields: Vec<LinkedField>,
}

/// A custom field that a link hands over.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct LinkedField {
    /// Its name.
    pub name: SecretString,
    /// Its value.
    pub value: SecretString,
}

impl LinkContents {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { password, username, notes, totp, fields } = self;
        [password, username, notes, totp].into_iter().all(SecretString::is_empty) && fields.is_empty()
    }
}

/// A link as it is stored. Of its key only a hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkHead {
    /// The entry whose secret it hands over.
    pub entry: EntryId,
    /// What is kept of its key, a hash.
    pub key_hash: [u8; 32],
    /// Who made it.
    pub created_by: Person,
    /// When.
    pub created_at: Timestamp,
    /// Whose right to the entry it rests on.
    pub rests_on: Standing,
    /// What that right consists of.
    pub needs: Actions,
    /// From when on it hands over nothing.
    pub expires_at: Timestamp,
    /// How often it could be opened at first.
    pub views: u32,
    /// How often it can still be opened.
    pub views_left: u32,
    /// Whether it takes a passphrase too.
    pub passphrase: bool,
    /// Wrong passphrases so far.
    pub failures: u32,
}

impl LinkHead {
    /// Whether a message carries it to someone who may reveal the entry, as its need of that right
    /// alone tells; what people make themselves takes the right to share as well.
    #[must_use]
    pub const fn is_in_message(&self) -> bool {
        !self.needs.has(Action::Share)
    }

    /// Why it hands over nothing at `now`, if so.
    #[must_use]
    pub const fn ended(&self, now: Timestamp) -> Option<Ended> {
        if self.views_left == 0 {
            Some(Ended::Used)
        } else if self.failures >= LINK_FAILURES_MAX {
            Some(Ended::Guessed)
        } else if self.expires_at.as_millis() <= now.as_millis() {
            Some(Ended::Expired)
        } else {
            None
        }
    }
}

/// Why something that is given out once or for a while is good for nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ended {
    /// Its time is over.
    Expired,
    /// It has been used as often as it could be.
    Used,
    /// Too many wrong passphrases were tried.
    Guessed,
}

/// How many wrong passphrases end a link.
pub const LINK_FAILURES_MAX: u32 = 10;
