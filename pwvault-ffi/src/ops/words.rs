//! Small documents of the boundary itself.

use pwvault_core::SecretBytes;
use pwvault_core::connect::{ConnectError, SignOn};
use pwvault_core::id::{ApprovalId, CategoryId, TagId};
use pwvault_core::model::{Audience, CategoryHead, NoticeKind, Settings, TagHead};
use pwvault_core::notify::{TemplateKey, TemplateSet, TemplateText};
use pwvault_core::vault::{Approval, LogExport, SubjectExport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What came of a sign-on that the host did itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SignOnOutcome {
    /// It came about.
    SignedOn(SignOn),
    /// The server refused the credential.
    Refused,
    /// The server does not allow this account to sign in.
    NotAllowed,
    /// The server could not be reached.
    Unreachable,
    /// The server's certificate is not trusted.
    Untrusted,
    /// The server did not answer in time.
    TimedOut,
    /// The server's answer made no sense.
    Malformed,
}

pub(super) fn outcome_of(outcome: SignOnOutcome) -> Result<SignOn, ConnectError> {
    Err(match outcome {
        SignOnOutcome::SignedOn(signed_on) => return Ok(signed_on),
        SignOnOutcome::Refused => ConnectError::Refused,
        SignOnOutcome::NotAllowed => ConnectError::NotAllowed,
        SignOnOutcome::Unreachable => ConnectError::Unreachable,
        SignOnOutcome::Untrusted => ConnectError::Untrusted,
        SignOnOutcome::TimedOut => ConnectError::TimedOut,
        SignOnOutcome::Malformed => ConnectError::Malformed { problem: "the host could not read it" },
    })
}

/// The settings in force.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CurrentSettings {
    /// What they are.
    settings: Settings,
    /// The revision that a change of them names.
    revision: u64,
}

impl From<(Settings, u64)> for CurrentSettings {
    fn from((settings, revision): (Settings, u64)) -> Self {
        Self { settings, revision }
    }
}

/// Things with their ids.
pub(super) fn each<P, T: From<P>>(pairs: Vec<P>) -> Vec<T> {
    pairs.into_iter().map(T::from).collect()
}

macro_rules! with_id {
    ($($what:literal $name:ident { id: $id:ty, $(#[doc = $doc:literal])* $field:ident: $type:ty })*) => {
        $(
            #[doc = $what]
            #[derive(Debug, Serialize, JsonSchema)]
            pub(super) struct $name {
                /// Its id.
                id: $id,
                $(#[doc = $doc])*
                $field: $type,
            }

            impl From<($id, $type)> for $name {
                fn from((id, $field): ($id, $type)) -> Self {
                    Self { id, $field }
                }
            }
        )*
    };
}

with_id! {
    "A category." Category { id: CategoryId, #[doc = "What is known of it."] head: CategoryHead }
    "A tag." Tag { id: TagId, #[doc = "What is known of it."] head: TagHead }
    "An approval that waits for a decision." PendingApproval { id: ApprovalId, #[doc = "What was asked for."] approval: Approval }
}

/// Everything that hangs on a person, as a file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SubjectFile {
    /// What was written.
    pub(super) export: SubjectExport,
    /// The file: JSON.
    pub(super) file: SecretBytes,
}

/// Events of the log, as a file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LogFile {
    /// What was written.
    pub(super) export: LogExport,
    /// The file.
    pub(super) file: SecretBytes,
}

/// A template as it is in force.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct StoredTemplate {
    kind: NoticeKind,
    audience: Audience,
    locale: String,
    text: TemplateText,
    /// Whether the host put it in the place of the built-in one.
    replaced: bool,
    /// Whether such messages are worded at all.
    assigned: bool,
}

/// Every template in force.
pub(super) type StoredTemplates = Vec<StoredTemplate>;

pub(super) fn stored_templates(set: &TemplateSet) -> StoredTemplates {
    let mut all = Vec::new();
    for kind in NoticeKind::ALL {
        for audience in [Audience::Clients, Audience::Administrators] {
            let assigned = set.is_assigned(kind, audience);
            for locale in set.locales(kind, audience) {
                let key = TemplateKey { kind, audience, locale };
                if let Some((text, replaced)) = set.text(&key) {
                    all.push(StoredTemplate { kind, audience, locale: key.locale, text, replaced, assigned });
                }
            }
        }
    }
    all
}
