//! What this room says.

use super::decision::{Decision, Effect};
use super::error::{Denied, QuestionError, RuleError, SharingError};
use super::key::KeyAction;
use super::lint::Finding;
use super::reason::{ModeName, Reason, Remedy, SettingName};
use super::verb::Verb;
use crate::id::RoleId;
use crate::model::{Arg, Message, Phrase, limits, messages, words};

words!(Effect, KeyAction, ModeName, SettingName, Verb);

messages! { Reason {
    Self::Owner => "reason-owner",
    Self::ExtendedRole { role } => "reason-extended-role" [role = Arg::text(role)],
    Self::Grant { grantee, actions } => "reason-grant" [grantee, actions = Arg::names(actions)],
    Self::Category { category, actions } =>
        "reason-category" [category = Arg::text(category), actions = Arg::names(actions)],
    Self::Ticket => "reason-ticket",
    Self::AccessMode { mode } => "reason-access-mode" [mode],
    Self::RuleAllows { rule, section } => "reason-rule-allows" [rule = Arg::text(rule), section],
    Self::RuleFullAccess { rule } => "reason-rule-full-access" [rule = Arg::text(rule)],
    Self::Permission { permission } => "reason-permission" [permission],
    Self::Account => "reason-account",
    Self::AttachRight { grantee } => "reason-attach-right" [grantee],
    Self::ScheduledWork => "reason-scheduled-work",
    Self::ScheduledOnly => "reason-scheduled-only",
    Self::Private => "reason-private",
    Self::OwnedLocked => "reason-owned-locked",
    Self::Trashed => "reason-trashed",
    Self::RuleRestricts { rule, section } => "reason-rule-restricts" [rule = Arg::text(rule), section],
    Self::PermissionMissing { permission } => "reason-permission-missing" [permission],
    Self::SettingOff { setting } => "reason-setting-off" [setting],
    Self::StaffOnly => "reason-staff-only",
    Self::OwnerOnly => "reason-owner-only",
    Self::NotCovered { action } => "reason-not-covered" [action],
    Self::ClientForbidden => "reason-client-forbidden",
    Self::ServiceExcluded => "reason-service-excluded",
    Self::ServerRule { roles } => "reason-server-rule" [roles = Arg::Text(listed(roles))],
    Self::KeyNotCovered { action } => "reason-key-not-covered" [action],
    Self::SectionNotCovered { section } => "reason-section-not-covered" [section],
} }

messages! { Remedy {
    Self::UnlockMasterPassword => "remedy-unlock-master-password",
    Self::RestoreFromTrash => "remedy-restore-from-trash",
    Self::MakeNotPrivate => "remedy-make-not-private",
    Self::AskForGrant { action } => "remedy-ask-for-grant" [action],
    Self::AskOwner => "remedy-ask-owner",
    Self::AskForPermission { permission } => "remedy-ask-for-permission" [permission],
    Self::HoldRole { role } => "remedy-hold-role" [role = Arg::text(role)],
    Self::AllowSection { section } => "remedy-allow-section" [section],
    Self::LiftRestriction { rule, section } => "remedy-lift-restriction" [rule = Arg::text(rule), section],
    Self::SwitchOn { setting } => "remedy-switch-on" [setting],
} }

messages! { ModeName {
    Self::Full => "access-mode-full",
    Self::Restricted => "access-mode-restricted",
    Self::Shared => "access-mode-shared",
} }

messages! { SettingName {
    Self::PrivateEntries => "setting-private-entries",
    Self::MasterPasswords => "setting-master-passwords",
    Self::ServiceEntries => "setting-service-entries",
    Self::ClientArea => "setting-client-area",
    Self::Summary => "setting-summary",
    Self::Tickets => "setting-tickets",
} }

messages! { KeyAction {
    Self::View => "key-action-view",
    Self::Attach => "key-action-attach",
    Self::Manage => "key-action-manage",
} }

messages! { Effect {
    Self::Deny => "effect-deny",
    Self::Allow => "effect-allow",
} }

messages! { Denied {
    Self::NotFound => "not-found",
    Self::Forbidden(decision) => (decision),
} }

messages! { SharingError {
    Self::Denied(denied) => (denied),
    Self::Private => "sharing-private",
    Self::ToOwner => "sharing-to-owner",
    Self::NotHeld => "sharing-not-held",
    Self::BeyondTerms => "sharing-beyond-terms",
    Self::Ended => "sharing-ended",
    Self::Empty => "sharing-empty",
    Self::Repeated => "sharing-repeated",
    Self::TooMany { count } => "sharing-too-many" [count, max = Arg::from(&limits::GRANTS_MAX)],
} }

messages! { RuleError {
    Self::TooMany { count } => "rule-too-many" [count, max = Arg::from(&limits::RULES_MAX)],
    Self::Name => "rule-name" [max = Arg::from(&limits::NAME_MAX)],
    Self::RepeatedId => "rule-repeated-id",
    Self::RepeatedName => "rule-repeated-name",
    Self::RepeatedItem => "rule-repeated-item",
    Self::Lockout => "rule-lockout",
} }

messages! { QuestionError {
    Self::Missing(fact) => "question-missing" [fact],
    Self::AlwaysOn(surface) => "question-always-on" [surface],
} }

messages! { Verb {
    Self::List => "verb-list",
    Self::View => "verb-view",
    Self::Create => "verb-create",
    Self::Manage => "verb-manage",
    Self::Configure => "verb-configure",
    Self::Delete => "verb-delete",
    Self::Cancel => "verb-cancel",
} }

messages! { Finding {
    Self::NamesNobody { rule } => "finding-names-nobody" [rule = Arg::text(rule)],
    Self::SaysNothing { rule } => "finding-says-nothing" [rule = Arg::text(rule)],
    Self::Shadowed { rule } => "finding-shadowed" [rule = Arg::text(rule)],
    Self::Dependent { subject, section, verb, needs, given_by } =>
        "finding-dependent" [subject, section, verb, needs, given_by],
    Self::NoLanding { subject } => "finding-no-landing" [subject],
} }

/// The verdict with its grounds, and what would help where something would.
impl Message for Decision {
    fn phrase(&self) -> Phrase {
        let key = match (self.effect, self.remedies.is_empty()) {
            (Effect::Allow, _) => {
                return Phrase::new("decision-allowed").with("reasons", Arg::sentences(&self.reasons));
            }
            (Effect::Deny, true) => {
                return Phrase::new("decision-denied").with("reasons", Arg::sentences(&self.reasons));
            }
            (Effect::Deny, false) => "decision-denied-with-help",
        };
        Phrase::new(key).with("reasons", Arg::sentences(&self.reasons)).with("remedies", Arg::sentences(&self.remedies))
    }
}

fn listed(roles: &[RoleId]) -> String {
    roles.iter().map(RoleId::as_str).collect::<Vec<_>>().join(", ")
}
