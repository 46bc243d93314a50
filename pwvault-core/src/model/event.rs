//! Audit events: ids and circumstances, never names, values or secrets.

use serde::{Deserialize, Serialize};

use super::key::Fingerprint;
use super::principal::{Person, Surface};
use crate::clock::Timestamp;
use crate::id::{EntryId, RecordKind, ServiceId, TicketId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// A category was created.
    CategoryCreated,
    /// A category was changed.
    CategoryUpdated,
    /// A category was deleted.
    CategoryDeleted,
    /// Entries were put into a category, or out of one.
    CategoryAssigned,
    /// A tag was created.
    TagCreated,
    /// A tag was renamed.
    TagUpdated,
    /// Tags were deleted.
    TagDeleted,
    /// The tags of entries were changed.
    TagsAssigned,
    /// An entry's reminders were changed.
    ReminderChanged,
    /// Work that was due was done.
    ScheduledRun,
    /// Messages were taken for delivery.
    MessageClaimed,
    /// A message was delivered.
    MessageDelivered,
    /// A message could not be delivered.
    MessageFailed,
    /// Messages were removed or put back in line.
    MessageRemoved,
    /// A template of messages was changed.
    TemplateChanged,
    /// Translations were changed.
    TranslationsChanged,
    /// A one-time code was shown.
    TotpShown,
    /// An entry's web address was opened.
    UrlOpened,
    /// How a server is signed in to was changed.
    ConnectChanged,
    /// A secret was handed to a connector.
    SignOnStarted,
    /// A connector answered.
    SignOnFinished,
    /// The host was permitted to show a service's secret.
    ServiceRevealed,
    /// The sealed copy of a service's secret was changed.
    ServiceSecretChanged,
    /// A link that hands over a secret was made.
    LinkCreated,
    /// A link was opened.
    LinkOpened,
    /// A link was ended.
    LinkRevoked,
    /// Credentials were asked for.
    CredentialsRequested,
    /// A request for credentials was filled in.
    CredentialsGiven,
    /// A request for credentials was taken back.
    CredentialRequestEnded,
    /// An approval was asked for.
    ApprovalAsked,
    /// An approval was given.
    ApprovalGiven,
    /// An approval was refused.
    ApprovalRefused,
    /// Old events were deleted.
    LogPruned,
    /// Signed checkpoints were taken outside.
    CheckpointsCopied,
    /// A person of the directory was created.
    PersonCreated,
    /// A person of the directory was changed.
    PersonUpdated,
    /// A person of the directory was deleted.
    PersonDeleted,
    /// A role, department or group of the directory was changed.
    UnitChanged,
    /// An invitation was made.
    InviteCreated,
    /// An invitation was accepted.
    InviteAccepted,
    /// An invitation was taken back.
    InviteCancelled,
    /// A person signed in.
    SignedIn,
    /// A second factor was set up or taken off.
    SecondFactorChanged,
    /// A sign-in password was changed.
    LoginPasswordChanged,
    /// The consequences of something in the host were drawn.
    HostEventApplied,
    /// A person's data was exported.
    SubjectExported,
    /// A person's data was erased.
    SubjectErased,
    /// A report was read.
    ReportRead,
    /// Another principal's decisions were explained.
    AccessExplained,
    /// The format of records was brought up to date.
    Migrated,
    /// Someone without a part in the vault was turned away.
    TurnedAway,
    /// A sign-in password was right, and a second factor was asked for.
    SecondFactorAsked,
    /// A new sign-in password was asked for.
    LoginResetAsked,
    /// A person of the directory, or several, were looked at.
    PeopleListed,
    /// A new recovery code of a master password was made.
    RecoveryCodeRenewed,
    /// Secrets were marked as to be changed.
    RotationRequired,
    /// A request for approval, or an approval, was taken back.
    ApprovalWithdrawn,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// Kind of the record.
    pub kind: RecordKind,
    /// Its id.
    pub id: [u8; 16],
    /// Its new revision; 0 when it was deleted.
    pub revision: u64,
    /// Which bytes were stored: the first 16 bytes of SHA-256 over its labels and body. `None` when
    /// it was deleted.
    pub digest: Option<[u8; 16]>,
    /// The same of what it replaced; `None` when there was nothing.
    pub before: Option<[u8; 16]>,
}

/// An event of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The public keys sealed to; of an unlock, the one that was opened or tried; of a reveal, the one
    /// the secret left sealed to.
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
