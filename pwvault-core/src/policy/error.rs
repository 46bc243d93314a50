//! What the policy refuses.

use super::decision::Decision;
use crate::model::{Surface, limits};

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// The principal may not know whether there is such a thing. Absent ones give the same.
    #[error("there is nothing here under this id")]
    NotFound,
    /// The principal may know, and is told why.
    #[error("this is not allowed; the decision names the reasons and what would help")]
    Forbidden(Box<Decision>),
}

impl Denied {
    /// The reasons, if the principal may know them.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        match self {
            Self::NotFound => None,
            Self::Forbidden(decision) => Some(decision),
        }
    }
}

impl From<Decision> for Denied {
    fn from(decision: Decision) -> Self {
        Self::Forbidden(Box::new(decision))
    }
}

/// A change of grants that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SharingError {
    /// The principal may not share the entry, or not know of it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A private entry is not shared.
    #[error("a private entry cannot be shared; make it not private first")]
    Private,
    /// The owner needs no grant.
    #[error("the owner has all actions already and is granted none")]
    ToOwner,
    /// The principal holds less than it would grant or take away.
    #[error("only actions held on the entry can be granted or taken away")]
    NotHeld,
    /// The grant would last longer, or ask for less, than what the principal holds.
    #[error("a grant ends no later, and asks for no less, than the grant it is passed on from")]
    BeyondTerms,
    /// The grant would have ended already.
    #[error("the end of the grant has passed; choose a later one, or remove the grant")]
    Ended,
    /// A grant of nothing.
    #[error("a grant needs at least one action; to end it, remove it")]
    Empty,
    /// Two changes name one grantee, so their order would matter.
    #[error("a grantee may stand only once among the changes")]
    Repeated,
    /// Too many grants.
    #[error("an entry holds at most {} grants; with this change it would be {count}", limits::GRANTS_MAX)]
    TooMany {
        /// How many there would be.
        count: usize,
    },
}

/// A set of rules that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// Too many rules.
    #[error("a vault holds at most {} rules; these are {count}", limits::RULES_MAX)]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// A name that is empty, too long or holds control characters.
    #[error("a rule's name is 1 to {} bytes of text without control characters", limits::NAME_MAX)]
    Name,
    /// Two rules have one id.
    #[error("two rules have the same id")]
    RepeatedId,
    /// Two rules have one name.
    #[error("two rules have the same name")]
    RepeatedName,
    /// A rule lists something twice.
    #[error("a rule lists a section, administrator or role twice")]
    RepeatedItem,
    /// Nobody could change the rules any more.
    #[error("no administrator or role named by these rules would hold the section access, so nobody could change them")]
    Lockout,
}

/// A question that cannot be answered from its facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// What the request is about is not among the facts.
    #[error("the request needs the fact `{0}`, which is missing")]
    Missing(&'static str),
    /// A surface that no setting switches off.
    #[error("the surface {0} cannot be switched off; the client area, the summary and tickets can")]
    AlwaysOn(Surface),
}
