//! The errors of a vault: what the rooms below report, gathered for hosts.

use crate::audit::{AuditError, CheckpointSinkError};
use crate::connect::ConnectError;
use crate::crypto::CryptoError;
use crate::directory::{InviteError, PeopleError, SignInError};
use crate::envelope::EnvelopeError;
use crate::generate::GenerateError;
use crate::id::{EntryId, IdError, VaultId};
use crate::model::{DirectoryError, Ended, KekId, KeyProviderError, ServicesError};
use crate::notify::TemplateError;
use crate::otp::OtpError;
use crate::policy::{Decision, Denied, RuleError, SharingError};
use crate::schedule::ScheduleError;
use crate::store::{RecordKey, StoreError};
use crate::translate::TranslateError;

use super::unlock::{Challenge, Needed};

/// Something a vault refused or could not do. Where the store failed, a change may have been made or not.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// There is no such thing, or the principal may not know of it: the two look the same.
    #[error("there is nothing here under this id")]
    NotFound,
    /// The principal may know of it, but not do this; the decision says why and what would help.
    #[error("this is not allowed: {}", reasons(.0))]
    Denied(Box<Decision>),
    /// The secret is locked; any one of the challenges opens it.
    #[error(
        "the secret is locked: unlock a key or master password it is sealed to, and give the ticket to the session"
    )]
    Locked(Vec<Challenge>),
    /// Several secrets are locked; every one of these needs is to be answered, each by any one of
    /// its challenges.
    #[error("{} keys or master passwords are needed: unlock one for each need, and give the tickets to the session", .0.len())]
    LockedAll(Vec<Needed>),
    /// A passphrase, master password, recovery code or private key that does not fit.
    #[error("the {what} does not fit")]
    WrongAnswer {
        /// What was given.
        what: &'static str,
    },
    /// A value that is not accepted.
    #[error("{field}: {problem}")]
    Invalid {
        /// Which input.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// Someone else changed the entry or key in the meantime.
    #[error("it was changed in the meantime: version {expected} was expected, it is at {found}; read it again")]
    VersionConflict {
        /// The version the change was based on.
        expected: u64,
        /// The version it has.
        found: u64,
    },
    /// More entries would have to be opened than the setting allows.
    #[error("more than {limit} entries would have to be opened; narrow the filter by owner, key or sharing")]
    TooMany {
        /// The limit in force.
        limit: u32,
    },
    /// The thing is in use and deleting it would lose something.
    #[error("{what} is in use: {loss}")]
    InUse {
        /// What.
        what: &'static str,
        /// What would be lost.
        loss: String,
    },
    /// A state in which the request makes no sense.
    #[error("{0}")]
    State(&'static str),
    /// The owner expects another key than the one the secret would be sealed to.
    #[error("the secret would not be sealed to the key its owner expects; nothing was sealed")]
    UnexpectedLock,
    /// No vault has this id in this store.
    #[error("the store holds no vault {0}")]
    NoVault(VaultId),
    /// A vault with this id exists already.
    #[error("the store holds a vault {0} already; open it, or choose another id")]
    VaultExists(VaultId),
    /// The rules and settings are missing; a vault without them does not open.
    #[error("the vault's policy record is missing: the store was tampered with or is incomplete")]
    NoPolicy,
    /// The keyring names a KEK that the key provider did not give.
    #[error("the vault is sealed under KEK {0}, which the key provider did not give")]
    UnknownKek(KekId),
    /// The KEK of the right id does not open the keyring.
    #[error("KEK {0} does not open the vault: it is another key under the same id, or the keyring was changed")]
    WrongKek(KekId),
    /// A KEK that is not 32 bytes.
    #[error("a KEK is 32 bytes; the one with id {id} has {length}")]
    KekLength {
        /// Which KEK.
        id: KekId,
        /// How many bytes it has.
        length: usize,
    },
    /// A record is not what the vault wrote.
    #[error("{key} was changed, moved or swapped outside the vault: {cause}")]
    Tampered {
        /// Which record.
        key: RecordKey,
        /// How it was noticed.
        cause: EnvelopeError,
    },
    /// The store is older than what was seen of it before.
    #[error("the store was rolled back: {what} is at {found}, but {known} was seen before")]
    RolledBack {
        /// What went back.
        what: &'static str,
        /// What the store has.
        found: u64,
        /// What was seen.
        known: u64,
    },
    /// The account would own more entries than the settings allow.
    #[error("the account would own {} entries, and {limit} are allowed; delete some, or raise the quota", .owned + u64::from(*.added))]
    QuotaReached {
        /// The most an account may own.
        limit: u32,
        /// How many it owns, counted up to one above the limit.
        owned: u64,
        /// How many were to be added.
        added: u32,
    },
    /// A link or request that is over.
    #[error("the {what} {}", end_of(*.why))]
    Ended {
        /// What is over.
        what: &'static str,
        /// Why.
        why: Ended,
    },
    /// A record of the revision that was seen before, and not the one that was seen.
    #[error("the store was tampered with: {what} is at {revision} as it was seen before, but it is another one")]
    Substituted {
        /// What was replaced.
        what: &'static str,
        /// Its revision.
        revision: u64,
    },
    /// The grant that allows it asks for a reason, which goes into the log.
    #[error("this is allowed with a reason only; give one with the request")]
    ReasonRequired,
    /// The grant that allows it asks for the approval of a second person.
    #[error("this is allowed with the approval of a second person only; ask for it, and come back when it is given")]
    ApprovalRequired,
    /// The grants that allow it ask for the approval of a second person for each of these entries.
    #[error(
        "{} of the entries take the approval of a second person: ask for it, or leave them out", .0.len()
    )]
    ApprovalsRequired(Vec<EntryId>),
    /// The host did not keep a checkpoint that must be kept before events are removed.
    #[error("nothing is removed before its checkpoint is kept outside: {}", .0.reason)]
    CheckpointNotKept(CheckpointSinkError),
    /// What was written to failed.
    #[error("the output could not be written: {0}")]
    Output(std::io::Error),
    /// A period or time that makes no sense.
    #[error("{field}: {cause}")]
    Schedule {
        /// Which input.
        field: &'static str,
        /// What is wrong with it.
        cause: ScheduleError,
    },
    /// Others kept changing what this operation rests on.
    #[error("others kept changing the same records; try again")]
    Busy,
    /// Sharing was refused.
    #[error(transparent)]
    Sharing(SharingError),
    /// A change of rules was refused.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// An envelope could not be made.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A cryptographic operation was refused, such as a key that is not accepted.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The log could not be read or written.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The host's key provider failed.
    #[error(transparent)]
    KeyProvider(#[from] KeyProviderError),
    /// Options or a policy of the password generator are refused, or randomness failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// A sign-on to a server did not come about.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The host's list of services failed.
    #[error(transparent)]
    Services(#[from] ServicesError),
    /// The host's directory failed.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// A locale or catalogue is refused, or a message has no words.
    #[error(transparent)]
    Translate(#[from] TranslateError),
    /// A template of messages is refused.
    #[error(transparent)]
    Template(Box<TemplateError>),
    /// A person of the stored directory, or a name or password, that is not accepted.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A sign-in that did not succeed.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// An invitation that could not be accepted.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// What stands as a seed of one-time codes is none.
    #[error(transparent)]
    Otp(#[from] OtpError),
    /// An id is not accepted.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A CSV file that is refused as a whole.
    #[cfg(feature = "csv")]
    #[error(transparent)]
    Csv(#[from] crate::csv::CsvError),
    /// Rows of a CSV file that cannot become entries; the report names each.
    #[cfg(feature = "csv")]
    #[error("nothing was imported, since some rows cannot become entries ({}); mend them, or import the good rows only", .0.problems().count())]
    BadRows(Box<super::transfer::ImportReport>),
}

crate::model::said_form!(VaultError);

impl VaultError {
    /// An input that is not accepted.
    pub(super) fn invalid(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid { field, problem: problem.into() }
    }
}

impl From<TemplateError> for VaultError {
    fn from(error: TemplateError) -> Self {
        Self::Template(Box::new(error))
    }
}

impl From<ScheduleError> for VaultError {
    fn from(cause: ScheduleError) -> Self {
        Self::Schedule { field: "reminder", cause }
    }
}

impl From<Denied> for VaultError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            Denied::Forbidden(decision) => Self::Denied(decision),
        }
    }
}

impl From<SharingError> for VaultError {
    fn from(error: SharingError) -> Self {
        match error {
            SharingError::Denied(denied) => denied.into(),
            other => Self::Sharing(other),
        }
    }
}

fn reasons(decision: &Decision) -> String {
    let list = |items: Vec<String>| items.join("; ");
    let why = list(decision.reasons.iter().map(ToString::to_string).collect());
    if decision.remedies.is_empty() {
        return why;
    }
    format!("{why} (what would help: {})", list(decision.remedies.iter().map(ToString::to_string).collect()))
}

const fn end_of(why: Ended) -> &'static str {
    match why {
        Ended::Expired => "has expired",
        Ended::Used => "has been used up",
        Ended::Guessed => "has ended after too many wrong passphrases",
    }
}
