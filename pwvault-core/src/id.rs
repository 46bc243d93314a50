//! Identifiers. Owns the typed UUIDv7 ids the vault makes, the text ids hosts bring along, and the
//! list of record kinds; knows nothing of what the ids name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::{Clock, SystemClock, Timestamp};

/// A text that is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Not a UUID.
    #[error("an id is a UUID in its hyphenated form; this text of {length} bytes is none")]
    NotAUuid {
        /// Length of the refused text in bytes.
        length: usize,
    },
    /// A host id that is empty, too long or holds control characters.
    #[error("a host id is 1 to {max} bytes of text without control characters; this one has {length} bytes")]
    HostId {
        /// Length of the refused text in bytes.
        length: usize,
        /// The most a host id may have.
        max: usize,
    },
    /// A number that is no kind of record.
    #[error("{number} is no kind of record; they are numbered 1 to {}", RecordKind::ALL.len())]
    Kind {
        /// The refused number.
        number: u8,
    },
    /// The operating system gave no randomness.
    #[error("the operating system's random source failed")]
    Random,
}

/// The most bytes a host id may have.
pub const HOST_ID_MAX: usize = 128;

macro_rules! vault_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: UUIDv7 of `now`, the rest from the operating system's random source.
            ///
            /// # Errors
            /// [`IdError::Random`] when the operating system gives no randomness.
            pub fn generate(now: Timestamp) -> Result<Self, IdError> {
                uuid_v7(now).map(Self)
            }

            /// From its 16 bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The lowest id that one generated for `time` or later can have.
            #[must_use]
            pub fn earliest(time: Timestamp) -> Self {
                let millis = u64::try_from(time.as_millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
            }

            /// Its 16 bytes.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }
        }

        impl From<$name> for RecordId {
            fn from(id: $name) -> Self {
                Self(id.to_bytes())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.as_hyphenated())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError::NotAUuid { length: text.len() })
            }
        }

        crate::document::text_schema!($name, "a UUID in its hyphenated form");
    )+};
}

impl VaultId {
    /// A new id, of the operating system's time and randomness.
    ///
    /// # Errors
    /// As [`generate`](Self::generate).
    pub fn random() -> Result<Self, IdError> {
        Self::generate(SystemClock.now())
    }
}

macro_rules! host_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks and takes the host's id.
            ///
            /// # Errors
            /// [`IdError::HostId`] when it is empty, over [`HOST_ID_MAX`] bytes, or holds a
            /// control character.
            pub fn new(id: impl Into<String>) -> Result<Self, IdError> {
                checked_host_id(id.into()).map(Self)
            }

            /// The id as the host wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(id: String) -> Result<Self, IdError> {
                Self::new(id)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        crate::document::text_schema!($name, "an id of the host: 1 to 128 bytes without control characters");
    )+};
}

vault_id! {
    /// A vault. One database holds many.
    VaultId,
    /// An entry.
    EntryId,
    /// A past secret of an entry.
    PastSecretId,
    /// A field of an entry.
    FieldId,
    /// An encryption key record.
    KeyId,
    /// A rule of the access control.
    RuleId,
    /// An event of the audit log, as shown to readers.
    EventId,
    /// A category of entries.
    CategoryId,
    /// A tag of entries.
    TagId,
    /// A message of the outbox.
    MessageId,
    /// A link that hands over a secret.
    LinkId,
    /// A request for credentials that a client fills in.
    CredentialRequestId,
    /// A request for the approval of a second person.
    ApprovalId,
    /// An invitation.
    InviteId,
}

host_id! {
    /// An administrator, as the host names it.
    AdminId,
    /// A role of administrators.
    RoleId,
    /// A support department.
    DepartmentId,
    /// A client: the account that owns entries.
    ClientId,
    /// A group of clients.
    GroupId,
    /// A person who acts for one or more accounts.
    UserId,
    /// A support ticket.
    TicketId,
    /// A product or service of a client.
    ServiceId,
    /// A product that services are of.
    ProductId,
    /// A group of products.
    ProductGroupId,
}

/// The id of a stored record: 16 bytes, compared byte by byte. A UUIDv7 for most kinds, a label or a
/// due time with random bits for others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct RecordId(pub [u8; 16]);

impl RecordId {
    /// The lowest id.
    pub const MIN: Self = Self([0; 16]);
    /// The highest id.
    pub const MAX: Self = Self([0xff; 16]);

    /// The next higher id; `None` after [`Self::MAX`].
    #[must_use]
    pub fn successor(self) -> Option<Self> {
        u128::from_be_bytes(self.0).checked_add(1).map(|next| Self(next.to_be_bytes()))
    }

    /// The next lower id; `None` before [`Self::MIN`].
    #[must_use]
    pub fn predecessor(self) -> Option<Self> {
        u128::from_be_bytes(self.0).checked_sub(1).map(|previous| Self(previous.to_be_bytes()))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({self})")
    }
}

/// What a record is. The number is part of the format, also inside payloads, and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "u8", into = "u8")]
#[repr(u8)]
#[non_exhaustive]
pub enum RecordKind {
    /// The keyring; one in a vault.
    Keyring = 1,
    /// Rules and settings; one in a vault.
    Policy = 2,
    /// An entry: overview in the head, secret in the rest.
    Entry = 3,
    /// A past secret of an entry.
    PastSecret = 4,
    /// An encryption key.
    Key = 5,
    /// A client's or administrator's master password.
    MasterPassword = 6,
    /// An unlock ticket.
    Ticket = 7,
    /// An event of the audit log.
    Event = 8,
    /// A signed checkpoint of an audit shard.
    Checkpoint = 9,
    /// A tombstone of pruned events.
    Tombstone = 10,
    /// The stored mirror of one principal.
    Mirror = 11,
    /// Progress of a resumable job (rotation, enabling a master password).
    Job = 12,
    /// A category.
    Category = 13,
    /// A tag.
    Tag = 14,
    /// Something due: its id begins with the time.
    Due = 15,
    /// A message of the outbox.
    Message = 16,
    /// A link that hands over a secret.
    Link = 17,
    /// A request for credentials.
    CredentialRequest = 18,
    /// A request for approval.
    Approval = 19,
    /// A person of the stored directory.
    Account = 20,
    /// A role, department or group of the stored directory.
    Unit = 21,
    /// An invitation.
    Invite = 22,
    /// A name that is taken: there is one record for each.
    Name = 23,
    /// A template of messages.
    Template = 24,
    /// A catalogue of translations.
    Translation = 25,
    /// How many entries an account holds.
    Usage = 26,
    /// A permit that a host redeems.
    Permit = 27,
}

impl RecordKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 27] = [
        Self::Keyring,
        Self::Policy,
        Self::Entry,
        Self::PastSecret,
        Self::Key,
        Self::MasterPassword,
        Self::Ticket,
        Self::Event,
        Self::Checkpoint,
        Self::Tombstone,
        Self::Mirror,
        Self::Job,
        Self::Category,
        Self::Tag,
        Self::Due,
        Self::Message,
        Self::Link,
        Self::CredentialRequest,
        Self::Approval,
        Self::Account,
        Self::Unit,
        Self::Invite,
        Self::Name,
        Self::Template,
        Self::Translation,
        Self::Usage,
        Self::Permit,
    ];

    /// Its number in the format.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

impl From<RecordKind> for u8 {
    fn from(kind: RecordKind) -> Self {
        kind.number()
    }
}

impl TryFrom<u8> for RecordKind {
    type Error = IdError;

    fn try_from(number: u8) -> Result<Self, IdError> {
        Self::from_number(number).ok_or(IdError::Kind { number })
    }
}

fn checked_host_id(id: String) -> Result<Box<str>, IdError> {
    if id.is_empty() || id.len() > HOST_ID_MAX || id.chars().any(char::is_control) {
        return Err(IdError::HostId { length: id.len(), max: HOST_ID_MAX });
    }
    Ok(id.into_boxed_str())
}

fn uuid_v7(now: Timestamp) -> Result<Uuid, IdError> {
    let mut random = [0_u8; 10];
    getrandom::fill(&mut random).map_err(|_| IdError::Random)?;
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn ids_sort_by_time_and_read_back() {
        let early = EntryId::generate(Timestamp::from_millis(1_000)).unwrap();
        let late = EntryId::generate(Timestamp::from_millis(2_000)).unwrap();
        assert!(early < late);
        assert_eq!(early.to_string().parse::<EntryId>().unwrap(), early);
        assert_eq!("x".parse::<EntryId>(), Err(IdError::NotAUuid { length: 1 }));
    }

    #[test]
    fn record_ids_have_neighbours() {
        let id = RecordId::from(EntryId::from_bytes([7; 16]));
        assert_eq!(id.successor().unwrap().predecessor(), Some(id));
        assert!(id.successor().unwrap() > id);
        assert_eq!(RecordId::MAX.successor(), None);
        assert_eq!(RecordId::MIN.predecessor(), None);
        assert_eq!(id.to_string(), "07".repeat(16));
    }

    #[test]
    fn host_ids_have_bounds() {
        assert!(AdminId::new("a".repeat(HOST_ID_MAX)).is_ok());
        for bad in ["", "a\nb", &"a".repeat(HOST_ID_MAX + 1)] {
            assert!(matches!(AdminId::new(bad), Err(IdError::HostId { .. })));
        }
    }

    #[test]
    fn kinds_keep_their_numbers() {
        for (at, kind) in RecordKind::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(kind.number()), at + 1);
            assert_eq!(RecordKind::from_number(kind.number()), Some(kind));
            assert_eq!(postcard::to_allocvec(&kind).unwrap(), [kind.number()]);
            assert_eq!(postcard::from_bytes::<RecordKind>(&[kind.number()]).unwrap(), kind);
        }
        assert!(postcard::from_bytes::<RecordKind>(&[0]).is_err());
        assert_eq!(RecordKind::from_number(0), None);
    }
}
