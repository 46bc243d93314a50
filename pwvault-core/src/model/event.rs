//! Audit events: ids and circumstances, never names, values or secrets.

use serde::{Deserialize, Serialize};

use super::key::Fingerprint;
use super::principal::{Person, Surface};
use crate::clock::Timestamp;
use crate::id::{EntryId, RecordKind, ServiceId, TicketId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// The vault was created.
    VaultCreated,
    /// An entry was created.
    EntryCreated,
    /// An entry's overview was changed.
    EntryUpdated,
    /// An entry's secret was changed.
    SecretChanged,
    /// A past secret was made the current one.
    SecretRestored,
    /// Entries were moved to the trash.
    EntryTrashed,
    /// Entries were taken out of the trash.
    EntryRestored,
    /// Entries were destroyed.
    EntryPurged,
    /// Entries were listed or searched.
    EntriesListed,
    /// An entry was viewed.
    EntryViewed,
    /// A secret was revealed.
    SecretRevealed,
    /// A past secret was revealed.
    PastSecretRevealed,
    /// A secret was copied.
    SecretCopied,
    /// Entries were imported.
    EntriesImported,
    /// Entries were exported.
    EntriesExported,
    /// Grants of an entry were changed.
    SharingChanged,
    /// Keys were attached to an entry.
    KeysAttached,
    /// Keys were detached from an entry.
    KeysDetached,
    /// An encryption key was registered or generated.
    KeyCreated,
    /// An encryption key's record was changed.
    KeyUpdated,
    /// An encryption key was deleted.
    KeyDeleted,
    /// A key or master password was unlocked and a ticket issued.
    Unlocked,
    /// An unlock ticket was ended.
    TicketEnded,
    /// A master password was set.
    MasterPasswordSet,
    /// A master password was changed.
    MasterPasswordChanged,
    /// A master password was disabled.
    MasterPasswordDisabled,
    /// A master password was recovered.
    MasterPasswordRecovered,
    /// A rule of the access control was added, changed or removed.
    AccessChanged,
    /// Settings were changed.
    SettingsChanged,
    /// The stored mirror of principals was changed.
    PrincipalsSynced,
    /// A rotation took a step.
    Rotated,
    /// The log was read.
    LogRead,
    /// The log was exported.
    LogExported,
    /// The log was verified.
    LogVerified,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused by the policy.
    Denied,
    /// It failed: a wrong passphrase, key or ticket.
    Failed,
}

/// One record written with an event. `verify` holds the store against these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// Kind of the record.
    pub kind: RecordKind,
    /// Its id.
    pub id: [u8; 16],
    /// Its new revision; 0 when it was deleted.
    pub revision: u64,
}

/// An event of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, by the vault's clock.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// How it ended.
    pub outcome: Outcome,
    /// Who.
    pub actor: Person,
    /// The administrator signed in as the actor.
    pub on_behalf_of: Option<Person>,
    /// Where in the host.
    pub surface: Surface,
    /// The ticket worked on.
    pub ticket: Option<TicketId>,
    /// The service worked on.
    pub service: Option<ServiceId>,
    /// The caller's address.
    pub ip: Option<String>,
    /// The caller's user agent.
    pub user_agent: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The host's id of the request.
    pub request_id: Option<String>,
    /// The entries concerned.
    pub entries: Vec<EntryId>,
    /// Every record written in the same commit.
    pub changes: Vec<Change>,
    /// The public keys sealed to.
    pub sealed_to: Vec<Fingerprint>,
}

impl Event {
    /// An event without circumstances, done.
    #[must_use]
    pub const fn by(actor: Person, kind: EventKind, at: Timestamp, surface: Surface) -> Self {
        Self {
            at,
            kind,
            outcome: Outcome::Done,
            actor,
            on_behalf_of: None,
            surface,
            ticket: None,
            service: None,
            ip: None,
            user_agent: None,
            reason: None,
            request_id: None,
            entries: Vec::new(),
            changes: Vec::new(),
            sealed_to: Vec::new(),
        }
    }
}
