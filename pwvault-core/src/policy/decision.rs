//! The answer to a question, with its grounds.

use serde::{Deserialize, Serialize};

use super::key::KeyAction;
use super::reason::{Reason, Remedy};
use crate::model::{Action, Permission, Section};

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It is refused.
    Deny,
    /// It may be done.
    Allow,
}

impl Effect {
    /// Whether it may be done.
    #[must_use]
    pub const fn is_allow(self) -> bool {
        matches!(self, Self::Allow)
    }
}

impl From<bool> for Effect {
    fn from(allowed: bool) -> Self {
        if allowed { Self::Allow } else { Self::Deny }
    }
}

/// A decision with its grounds. Reasons and remedies are sorted and without repeats, so equal
/// questions give equal answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision {
    /// Yes or no.
    pub effect: Effect,
    /// What spoke for it; when it is refused, what spoke for the principal all the same and what
    /// stood in the way.
    pub reasons: Vec<Reason>,
    /// What would help, each by itself one step; empty when allowed.
    pub remedies: Vec<Remedy>,
    /// What the principal can do or enter.
    pub reach: Reach,
}

/// What a principal can do instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// These actions on the entry.
    Actions(Vec<Action>),
    /// These sections.
    Sections(Vec<Section>),
    /// These actions on the encryption key.
    KeyActions(Vec<KeyAction>),
    /// What these permissions of the account stand for.
    Permissions(Vec<Permission>),
}

/// Collects what speaks for and against.
#[derive(Debug, Default)]
pub(super) struct Grounds {
    pro: Vec<Reason>,
    contra: Vec<Reason>,
    remedies: Vec<Remedy>,
}

impl Grounds {
    pub(super) fn speak(&mut self, reason: Reason) {
        self.pro.push(reason);
    }

    pub(super) fn object(&mut self, reason: Reason, remedies: impl IntoIterator<Item = Remedy>) {
        self.contra.push(reason);
        self.remedies.extend(remedies);
    }

    pub(super) fn help(&mut self, remedies: Vec<Remedy>) {
        self.remedies.extend(remedies);
    }

    pub(super) const fn is_clear(&self) -> bool {
        self.contra.is_empty()
    }

    /// Allowed when nothing was objected.
    pub(super) fn decide(self, reach: Reach) -> Decision {
        let Self { pro: mut reasons, contra, mut remedies } = self;
        let effect = Effect::from(contra.is_empty());
        reasons.extend(contra);
        reasons.sort();
        reasons.dedup();
        remedies.sort();
        remedies.dedup();
        Decision { effect, reasons, remedies, reach }
    }
}
