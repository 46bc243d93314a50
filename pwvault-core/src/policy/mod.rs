//! Who may do what, and why. Owns every rule about entries, sections, keys and sharing as a pure
//! decision over plain data; knows no keys, no storage, no clock and no session.
//!
//! An [`Authority`] is compiled once from the policy record and a principal. It answers cheaply
//! ([`Authority::actions`], [`Authority::evaluate`]), explains on demand
//! ([`Authority::explain`]), and hands out [`Authorized`], the proof that functions which open or
//! write ask for. The rules are written down in `spec/policy.md`.

mod answer;
mod authority;
mod authorized;
mod capability;
mod decision;
mod entry;
mod entry_grounds;
mod error;
mod exclusion;
mod facts;
mod index;
mod key;
mod lint;
mod messages;
mod preset;
mod question;
mod reason;
mod rules;
mod section_grounds;
mod sections;
mod server;
mod sharing;
#[cfg(test)]
mod tests;
mod verb;
mod ways;

pub use answer::{Answer, AnswerEffect};
pub use authority::{Authority, Breadth};
pub use authorized::{Authorized, Scope};
pub use capability::Capability;
pub use decision::{Decision, Effect, Reach};
pub use entry::normalized;
pub use error::{Denied, QuestionError, RuleError, SharingError};
pub use exclusion::client_forbidden;
pub use facts::Facts;
pub use index::{FactsIndex, Indexed};
pub use key::KeyAction;
pub use lint::{Finding, lint_rules};
pub use preset::RulePreset;
pub use question::{
    Asked, Circumstances, EntryFacts, GrantFacts, KeyFacts, PolicyFacts, PrincipalFacts, Question, ShareFacts,
};
pub use reason::{ModeName, Reason, Remedy, SettingName};
pub use rules::validate_rules;
pub use sections::Sections;
pub use sharing::{GrantChange, apply_grant_changes};
pub use verb::Verb;
pub use ways::{Way, WayTo, ways};
