//! The answer to a policy question in plain facts (`spec/policy.md`, "Vectors").

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::authority::Authority;
use super::authorized::Authorized;
use super::capability::Capability;
use super::decision::{Decision, Effect, Reach};
use super::error::{Denied, QuestionError, RuleError, SharingError};
use super::question::{Asked, Circumstances, GrantFacts, Question};
use super::reason::{Reason, Remedy};
use super::rules::validate_rules;
use super::sharing::{GrantChange, apply_grant_changes};
use crate::id::{EntryId, KeyId};
use crate::model::{EntryHead, Grant, GrantTerms, KeyHead, Obligations, Person, Policy, Principal};

/// What the policy says. What does not belong to an answer is left out of its document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "PolicyAnswer"))]
pub struct Answer {
    /// Yes or no, unless the answer is a set of grants or an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<AnswerEffect>,
    /// What spoke for it and what stood in the way, where grounds are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Vec<Reason>>,
    /// What would help.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<Remedy>,
    /// The names of what the principal can do, or enter, where grounds are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can: Option<Vec<String>>,
    /// What has to come first: `reason`, `approval`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
    /// The grants after a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<GrantFacts>>,
    /// The name of what is wrong with what was asked, where it is refused without a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Yes, no, or nothing to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AnswerEffect {
    /// It may be done.
    Allow,
    /// It is refused, with reasons.
    Deny,
    /// The principal may not know that there is such a thing.
    NotFound,
}

impl Answer {
    fn allow() -> Self {
        Self { effect: Some(AnswerEffect::Allow), ..Self::default() }
    }

    fn error(name: &str) -> Self {
        Self { error: Some(name.to_owned()), ..Self::default() }
    }

    fn asking(mut self, Obligations { reason, approval }: Obligations) -> Self {
        let asked = [("reason", reason), ("approval", approval)].into_iter().filter(|(_, asked)| *asked);
        self.asks = asked.map(|(what, _)| what.to_owned()).collect();
        self
    }
}

impl From<&Decision> for Answer {
    fn from(Decision { effect, reasons, remedies, reach }: &Decision) -> Self {
        let can = match reach {
            Reach::Actions(actions) => names(actions),
            Reach::Sections(sections) => names(sections),
            Reach::KeyActions(actions) => names(actions),
            Reach::Permissions(permissions) => names(permissions),
        };
        let effect = match effect {
            Effect::Allow => AnswerEffect::Allow,
            Effect::Deny => AnswerEffect::Deny,
        };
        Self {
            effect: Some(effect),
            reasons: Some(reasons.clone()),
            remedies: remedies.clone(),
            can: Some(can),
            ..Self::default()
        }
    }
}

impl From<Denied> for Answer {
    fn from(denied: Denied) -> Self {
        denied.decision().map_or_else(|| Self { effect: Some(AnswerEffect::NotFound), ..Self::default() }, Self::from)
    }
}

impl From<SharingError> for Answer {
    fn from(error: SharingError) -> Self {
        Self::error(match error {
            SharingError::Denied(denied) => return denied.into(),
            SharingError::Private => "private",
            SharingError::ToOwner => "to_owner",
            SharingError::NotHeld => "not_held",
            SharingError::BeyondTerms => "beyond_terms",
            SharingError::Ended => "ended",
            SharingError::Empty => "empty",
            SharingError::Repeated => "repeated",
            SharingError::TooMany { .. } => "too_many",
        })
    }
}

impl From<RuleError> for Answer {
    fn from(error: RuleError) -> Self {
        Self::error(match error {
            RuleError::TooMany { .. } => "too_many",
            RuleError::Name => "name",
            RuleError::RepeatedId => "repeated_id",
            RuleError::RepeatedName => "repeated_name",
            RuleError::RepeatedItem => "repeated_item",
            RuleError::Lockout => "lockout",
        })
    }
}

pub(super) fn answer(question: Question) -> Result<Answer, QuestionError> {
    let Question { policy, principal, around, entry, key, request } = question;
    let policy = Policy::try_from(policy)?;
    if let Asked::WriteRules = request {
        return Ok(told(validate_rules(&policy.rules)));
    }
    let principal = Principal::try_from(principal.ok_or(QuestionError::Missing("principal"))?)?;
    let authority = Circumstances::apply(&around, policy, &principal);
    let entry = entry.map(EntryHead::from);
    let head = || entry.as_ref().ok_or(QuestionError::Missing("entry"));
    let capability = |capability| Answer::from(&authority.explain_capability(&capability));
    Ok(match request {
        Asked::Action(action) => match authority.authorize(action, ENTRY, head()?) {
            Ok(proof) => Answer::from(&authority.explain(action, head()?)).asking(proof.obligations()),
            Err(denied) => denied.into(),
        },
        Asked::Section(section) => (&authority.explain_section(section)).into(),
        Asked::KeyAction(action) => {
            let head = KeyHead::from(key.ok_or(QuestionError::Missing("key"))?);
            match authority.authorize_key(action, KEY, &head) {
                Ok(_) => (&authority.explain_key(action, &head)).into(),
                Err(denied) => denied.into(),
            }
        }
        Asked::Create { owner, private } => capability(Capability::Create { owner, private }),
        Asked::Import => capability(Capability::Import),
        Asked::Export => capability(Capability::Export),
        Asked::SetMasterPassword => capability(Capability::SetMasterPassword),
        Asked::MakePrivate(private) => told(authority.authorize_privacy(private, ENTRY, head()?)),
        Asked::Share(changes) => {
            shared(&authority, head()?, &changes.into_iter().map(GrantChange::from).collect::<Vec<_>>())
        }
        Asked::Assign(to) => match authority.authorize(crate::model::Action::Share, ENTRY, head()?) {
            Ok(_) => told(authority.check_assignment(head()?, to)),
            Err(denied) => denied.into(),
        },
        Asked::RevealService(service) => told(authority.authorize_service(&service)),
        Asked::ComeFrom(surface) => told(authority.admit(surface)),
        Asked::WriteRules => Answer::allow(),
    })
}

fn told<T, E: Into<Answer>>(result: Result<T, E>) -> Answer {
    result.map_or_else(Into::into, |_| Answer::allow())
}

fn shared(authority: &Authority, head: &EntryHead, changes: &[GrantChange]) -> Answer {
    let proof: Result<Authorized, _> = authority.authorize_sharing(ENTRY, head, changes);
    let after = proof.and_then(|_| apply_grant_changes(&head.grants, changes, &Person::System, authority.now()));
    match after {
        Ok(grants) => Answer { grants: Some(grants.iter().map(GrantFacts::from).collect()), ..Answer::default() },
        Err(error) => error.into(),
    }
}

impl From<&Grant> for GrantFacts {
    fn from(grant: &Grant) -> Self {
        Self { to: grant.grantee.clone(), actions: grant.actions, terms: grant.terms() }
    }
}

/// The terms without what they leave open.
pub(super) fn terms<S: Serializer>(terms: &GrantTerms, serializer: S) -> Result<S::Ok, S::Error> {
    let GrantTerms { ends_at, bound_to, obligations } = terms;
    let mut map = serializer.serialize_map(None)?;
    if let Some(end) = ends_at {
        map.serialize_entry("ends_at", end)?;
    }
    if let Some(binding) = bound_to {
        map.serialize_entry("bound_to", binding)?;
    }
    if !obligations.is_none() {
        map.serialize_entry("obligations", obligations)?;
    }
    map.end()
}

/// The names of plain cases, as documents write them.
fn names<T: Serialize>(cases: &[T]) -> Vec<String> {
    let name = |case| serde_json::to_value(case).ok()?.as_str().map(str::to_owned);
    cases.iter().filter_map(name).collect()
}

/// The entry and the key of every question; a decision does not depend on their ids.
const ENTRY: EntryId = EntryId::from_bytes([1; 16]);
const KEY: KeyId = KeyId::from_bytes([7; 16]);
