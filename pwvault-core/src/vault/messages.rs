//! What a vault says.

use super::consequences::{Consequence, HandOver};
use super::error::VaultError;
use super::listing::EntrySort;
use super::rotation::VaultKey;
#[cfg(feature = "csv")]
use super::transfer::Duplicates;
use super::unlock::Challenge;
use crate::model::{Arg, messages, words};

words!(EntrySort, VaultKey);
#[cfg(feature = "csv")]
words!(Duplicates);

messages! { VaultError {
    Self::NotFound => "not-found",
    Self::Denied(decision) => (decision),
    Self::Locked(_) => "vault-locked",
    Self::LockedAll(needs) => "vault-locked-all" [count = Arg::from(&needs.len())],
    Self::WrongAnswer { what } => "vault-wrong-answer" [what = Arg::prose(*what)],
    Self::Invalid { field, problem } => "vault-invalid" [field, problem = Arg::prose(problem)],
    Self::VersionConflict { expected, found } => "vault-version-conflict" [expected, found],
    Self::TooMany { limit } => "vault-too-many" [limit],
    Self::QuotaReached { limit, owned, added } => "vault-quota-reached"
        [total = Arg::from(&owned.saturating_add(u64::from(*added))), limit],
    Self::InUse { what, loss } => "vault-in-use" [what = Arg::prose(*what), loss = Arg::prose(loss)],
    Self::State(state) => "vault-state" [state = Arg::prose(*state)],
    Self::UnexpectedLock => "vault-unexpected-lock",
    Self::NoVault(id) => "vault-no-vault" [id = Arg::text(id)],
    Self::VaultExists(id) => "vault-exists" [id = Arg::text(id)],
    Self::NoPolicy => "vault-no-policy",
    Self::UnknownKek(id) => "vault-unknown-kek" [id = Arg::text(id)],
    Self::WrongKek(id) => "vault-wrong-kek" [id = Arg::text(id)],
    Self::KekLength { id, length } => "vault-kek-length" [id = Arg::text(id), length],
    Self::Tampered { key, cause } => "vault-tampered" [key = Arg::text(key), cause],
    Self::RolledBack { what, found, known } => "vault-rolled-back" [what = Arg::prose(*what), found, known],
    Self::Substituted { what, revision } => "vault-substituted" [what = Arg::prose(*what), revision],
    Self::ReasonRequired => "vault-reason-required",
    Self::ApprovalRequired => "vault-approval-required",
    Self::ApprovalsRequired(entries) => "vault-approvals-required" [count = Arg::from(&entries.len())],
    Self::CheckpointNotKept(cause) => "vault-checkpoint-not-kept" [reason = Arg::text(&cause.reason)],
    Self::Output(cause) => "vault-output" [reason = Arg::text(cause)],
    Self::Schedule { field, cause } => "vault-schedule" [field, cause],
    Self::Busy => "vault-busy",
    Self::Ended { what, why } => "vault-ended" [what = Arg::prose(*what), why],
    Self::Sharing(cause) => (cause),
    Self::Rule(cause) => (cause),
    Self::Envelope(cause) => (cause),
    Self::Crypto(cause) => (cause),
    Self::Audit(cause) => (cause),
    Self::Store(cause) => (cause),
    Self::KeyProvider(cause) => (cause),
    Self::Directory(cause) => (cause),
    Self::Connect(cause) => (cause),
    Self::Services(cause) => (cause),
    Self::Generate(cause) => (cause),
    Self::Otp(cause) => (cause),
    Self::Translate(cause) => (cause),
    Self::Template(cause) => (cause),
    Self::People(cause) => (cause),
    Self::SignIn(cause) => (cause),
    Self::Invite(cause) => (cause),
    Self::Id(cause) => (cause),
    #[cfg(feature = "csv")]
    Self::Csv(cause) => (cause),
    #[cfg(feature = "csv")]
    Self::BadRows(report) => "vault-bad-rows" [count = Arg::from(&report.problems().count())],
} }

messages! { Challenge {
    Self::Passphrase { key, fingerprint: _ } => "challenge-passphrase" [key = Arg::text(key)],
    Self::PrivateKey { key, fingerprint: _ } => "challenge-private-key" [key = Arg::text(key)],
    Self::MasterPassword { owner } => "challenge-master-password" [owner],
} }

messages! { VaultKey {
    Self::Data => "vault-key-data",
    Self::Index => "vault-key-index",
    Self::Audit => "vault-key-audit",
} }

messages! { Consequence {
    Self::EntryTrashed => "consequence-entry-trashed",
    Self::EntryRehomed => "consequence-entry-rehomed",
    Self::EntryKept => "consequence-entry-kept",
    Self::ServiceLeft => "consequence-service-left",
    Self::GrantEnded => "consequence-grant-ended",
    Self::GrantRehomed => "consequence-grant-rehomed",
    Self::CategoryLeft => "consequence-category-left",
    Self::ReminderEnded => "consequence-reminder-ended",
    Self::ServerRuleChanged => "consequence-server-rule-changed",
    Self::KeyRehomed => "consequence-key-rehomed",
    Self::KeyKept => "consequence-key-kept",
    Self::AttachRightEnded => "consequence-attach-right-ended",
    Self::AttachRightRehomed => "consequence-attach-right-rehomed",
    Self::CategoryRehomed => "consequence-category-rehomed",
    Self::MemberRemoved => "consequence-member-removed",
    Self::MemberRehomed => "consequence-member-rehomed",
    Self::ContactRemoved => "consequence-contact-removed",
    Self::SignInEnded => "consequence-sign-in-ended",
    Self::SubUserRemoved => "consequence-sub-user-removed",
    Self::SubUserRehomed => "consequence-sub-user-rehomed",
    Self::RoleTaken => "consequence-role-taken",
    Self::InviteCancelled => "consequence-invite-cancelled",
    Self::LinkEnded => "consequence-link-ended",
    Self::RequestEnded => "consequence-request-ended",
    Self::MessageRemoved => "consequence-message-removed",
    Self::ApprovalRemoved => "consequence-approval-removed",
    Self::RuleChanged => "consequence-rule-changed",
    Self::SettingChanged => "consequence-setting-changed",
    Self::EntryErased => "consequence-entry-erased",
    Self::SecretLost => "consequence-secret-lost",
    Self::KeyErased => "consequence-key-erased",
    Self::MasterPasswordErased => "consequence-master-password-erased",
    Self::CategoryErased => "consequence-category-erased",
    Self::PersonErased => "consequence-person-erased",
    Self::InviteErased => "consequence-invite-erased",
    Self::TicketEnded => "consequence-ticket-ended",
    Self::BindingEnded => "consequence-binding-ended",
    Self::BindingReopened => "consequence-binding-reopened",
} }

messages! { HandOver {
    Self::Locked { entry, needs: _ } => "hand-over-locked" [entry = Arg::text(entry)],
    Self::Private { entry } => "hand-over-private" [entry = Arg::text(entry)],
    Self::GrantsDiffer { entry } => "hand-over-grants" [entry = Arg::text(entry)],
    Self::Key { key } => "hand-over-key" [key = Arg::text(key)],
    Self::Rules => "hand-over-rules",
} }
