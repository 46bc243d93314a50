//! What goes wrong, as other languages see it: a frozen number and name, a text, and facts.

use pwvault_core::VaultError;
use pwvault_core::model::Message;
use serde_json::{Value, json};

use crate::hosts::Refusal;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $number:literal, $name:literal;)+) => {
        /// What went wrong. Numbers and names are frozen; `bindings/errors.toml` lists them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant = $number,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name, such as `NOT_FOUND`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it means.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

codes! {
    /// A fault of the library itself. Whether the call was done is not known.
    Internal = 1, "INTERNAL";
    /// The handle is closed, stale or of another sort.
    InvalidHandle = 2, "INVALID_HANDLE";
    /// An argument is missing, unknown or not what is expected at its place.
    InvalidArgument = 3, "INVALID_ARGUMENT";
    /// There is no operation of this name.
    UnknownOperation = 4, "UNKNOWN_OPERATION";
    /// There is no such thing, or the principal may not know of it.
    NotFound = 10, "NOT_FOUND";
    /// The principal may not do this; the detail says why and what would help.
    Denied = 11, "DENIED";
    /// The secret is locked; the detail lists the challenges.
    Locked = 12, "LOCKED";
    /// A passphrase, password, code or key that does not fit.
    WrongAnswer = 13, "WRONG_ANSWER";
    /// A value that is not accepted.
    Invalid = 14, "INVALID";
    /// Someone else changed it in the meantime.
    VersionConflict = 15, "VERSION_CONFLICT";
    /// More would have to be opened than the settings allow.
    TooMany = 16, "TOO_MANY";
    /// It is in use, and deleting it would lose something.
    InUse = 17, "IN_USE";
    /// A state in which the request makes no sense.
    State = 18, "STATE";
    /// The secret would be sealed to another key than its owner expects.
    UnexpectedLock = 19, "UNEXPECTED_LOCK";
    /// The account would own more entries than the settings allow.
    QuotaReached = 20, "QUOTA_REACHED";
    /// A reason must be given.
    ReasonRequired = 21, "REASON_REQUIRED";
    /// A second person must approve.
    ApprovalRequired = 22, "APPROVAL_REQUIRED";
    /// A link or request is over.
    Ended = 23, "ENDED";
    /// Others kept changing the same records; try again.
    Busy = 24, "BUSY";
    /// The store holds no such vault.
    NoVault = 30, "NO_VAULT";
    /// The store holds such a vault already.
    VaultExists = 31, "VAULT_EXISTS";
    /// The key provider gave no fitting key.
    Kek = 32, "KEK";
    /// The store was tampered with or rolled back.
    Tampered = 33, "TAMPERED";
    /// The store failed. Whether a change was made is not known.
    Store = 34, "STORE";
    /// Sharing was refused.
    Sharing = 40, "SHARING";
    /// A change of rules was refused.
    Rule = 41, "RULE";
    /// A key or cryptographic operation was refused.
    Crypto = 42, "CRYPTO";
    /// The log could not be read or written.
    Audit = 43, "AUDIT";
    /// Options of the generator are refused.
    Generate = 44, "GENERATE";
    /// A sign-on to a server did not come about.
    Connect = 45, "CONNECT";
    /// A directory, list of services or other provider of the host failed.
    Provider = 46, "PROVIDER";
    /// A locale, catalogue or template is refused.
    Words = 47, "WORDS";
    /// A person, name or password of the stored directory is refused.
    People = 48, "PEOPLE";
    /// A sign-in did not succeed.
    SignIn = 49, "SIGN_IN";
    /// An invitation could not be accepted.
    Invite = 50, "INVITE";
    /// A CSV file, or rows of it, are refused.
    Csv = 51, "CSV";
    /// An error that this version has no number for.
    Other = 99, "OTHER";
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub code: Code,
    /// What was wrong and what would be right, in English. Never a secret.
    pub message: String,
    /// Facts for programs. `key` and `args` are the phrase that `say` puts into other languages.
    pub detail: Value,
}

impl Fault {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: Value::Null }
    }

    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, message)
    }

    /// Code, name, message and detail as one document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "code": self.code as i32, "name": self.code.name(), "message": self.message, "detail": self.detail })
    }
}

impl From<VaultError> for Fault {
    fn from(error: VaultError) -> Self {
        let phrase = error.phrase();
        let mut detail = serde_json::Map::from_iter([
            ("key".to_owned(), json!(phrase.key())),
            ("args".to_owned(), json!(phrase.args())),
        ]);
        let mut add = |name: &str, value: Value| {
            detail.insert(name.to_owned(), value);
        };
        let plain = |value: serde_json::Result<Value>| value.unwrap_or_default();
        let code = match &error {
            VaultError::NotFound => Code::NotFound,
            VaultError::Denied(decision) => {
                add("decision", plain(serde_json::to_value(decision)));
                Code::Denied
            }
            VaultError::Locked(challenges) => {
                add("any_of", plain(serde_json::to_value(challenges)));
                Code::Locked
            }
            VaultError::LockedAll(needs) => {
                add("needs", plain(serde_json::to_value(needs)));
                Code::Locked
            }
            VaultError::WrongAnswer { .. } => Code::WrongAnswer,
            VaultError::Invalid { field, .. } | VaultError::Schedule { field, .. } => {
                add("field", json!(field));
                Code::Invalid
            }
            VaultError::VersionConflict { expected, found } => {
                add("expected", json!(expected));
                add("found", json!(found));
                Code::VersionConflict
            }
            VaultError::TooMany { limit } => {
                add("limit", json!(limit));
                Code::TooMany
            }
            VaultError::InUse { .. } => Code::InUse,
            VaultError::State(_) => Code::State,
            VaultError::UnexpectedLock => Code::UnexpectedLock,
            VaultError::QuotaReached { limit, owned, added } => {
                add("limit", json!(limit));
                add("owned", json!(owned));
                add("added", json!(added));
                Code::QuotaReached
            }
            VaultError::ReasonRequired => Code::ReasonRequired,
            VaultError::ApprovalRequired => Code::ApprovalRequired,
            VaultError::ApprovalsRequired(entries) => {
                add("entries", plain(serde_json::to_value(entries)));
                Code::ApprovalRequired
            }
            VaultError::Ended { .. } => Code::Ended,
            VaultError::Busy => Code::Busy,
            VaultError::NoVault(_) => Code::NoVault,
            VaultError::VaultExists(_) => Code::VaultExists,
            VaultError::UnknownKek(_)
            | VaultError::WrongKek(_)
            | VaultError::KekLength { .. }
            | VaultError::KeyProvider(_) => Code::Kek,
            VaultError::Tampered { .. }
            | VaultError::RolledBack { .. }
            | VaultError::Substituted { .. }
            | VaultError::NoPolicy
            | VaultError::Envelope(_) => Code::Tampered,
            VaultError::Store(_) => Code::Store,
            VaultError::Sharing(_) => Code::Sharing,
            VaultError::Rule(_) => Code::Rule,
            VaultError::Crypto(_) | VaultError::Otp(_) => Code::Crypto,
            VaultError::Audit(_) => Code::Audit,
            VaultError::Generate(_) => Code::Generate,
            VaultError::Connect(_) => Code::Connect,
            VaultError::Services(_)
            | VaultError::Directory(_)
            | VaultError::CheckpointNotKept(_)
            | VaultError::Output(_) => Code::Provider,
            VaultError::Translate(_) | VaultError::Template(_) => Code::Words,
            VaultError::People(_) => Code::People,
            VaultError::SignIn(_) => Code::SignIn,
            VaultError::Invite(_) => Code::Invite,
            VaultError::Id(_) => Code::Invalid,
            VaultError::Csv(_) => Code::Csv,
            VaultError::BadRows(report) => {
                add("report", plain(serde_json::to_value(report)));
                Code::Csv
            }
            _ => Code::Other,
        };
        let mut message = error.to_string();
        if let Some(refusal) = refusal(&error) {
            message = format!("{message}: {refusal}");
        }
        Self { code, message, detail: detail.into() }
    }
}

/// What a host's own store said, if that is the cause.
fn refusal(error: &VaultError) -> Option<&Refusal> {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref() {
            return Some(refusal);
        }
        cause = error.source();
    }
    None
}
