//! The proof that the policy was asked and said yes.

use super::capability::Capability;
use super::key::KeyAction;
use crate::id::{EntryId, KeyId, ServiceId};
use crate::model::{Action, Obligations, Person, Section};

/// Proof of one allowance. Only this room makes it, so code that opens or writes without asking
/// does not compile. Not `Clone`: one decision, one use.
///
/// # Security
/// A function that takes it must check that it speaks of the right thing
/// ([`covers_entry`](Self::covers_entry) and the like), and commit against the revisions of the
/// records the decision rested on.
#[derive(Debug)]
#[must_use = "an allowance is there to be used"]
pub struct Authorized {
    person: Person,
    scope: Scope,
    obligations: Obligations,
}

/// What an [`Authorized`] speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// An action on an entry.
    Entry {
        /// The entry.
        entry: EntryId,
        /// The action.
        action: Action,
    },
    /// A section.
    Section(Section),
    /// An action on an encryption key.
    Key {
        /// The key.
        key: KeyId,
        /// The action.
        action: KeyAction,
    },
    /// Something that is not done to a thing that exists already.
    Capability(Capability),
    /// The secret of a service, which lies in the host or is a copy of what lies there.
    Service(ServiceId),
}

impl Authorized {
    pub(super) fn new(person: Person, scope: Scope) -> Self {
        Self { person, scope, obligations: Obligations::default() }
    }

    pub(super) const fn with_obligations(mut self, obligations: Obligations) -> Self {
        self.obligations = obligations;
        self
    }

    /// What has to be fulfilled before the allowance is used.
    #[must_use]
    pub const fn obligations(&self) -> Obligations {
        self.obligations
    }

    /// The allowance, once the vault has seen to its obligations.
    pub(crate) fn fulfilled(self) -> Self {
        Self { obligations: Obligations::default(), ..self }
    }

    /// Who was allowed.
    #[must_use]
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// What was allowed.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether it speaks of this action on this entry.
    #[must_use]
    pub fn covers_entry(&self, entry: EntryId, action: Action) -> bool {
        self.scope == Scope::Entry { entry, action }
    }

    /// Whether it speaks of this section.
    #[must_use]
    pub fn covers_section(&self, section: Section) -> bool {
        self.scope == Scope::Section(section)
    }

    /// Whether it speaks of this action on this encryption key.
    #[must_use]
    pub fn covers_key(&self, key: KeyId, action: KeyAction) -> bool {
        self.scope == Scope::Key { key, action }
    }

    /// Whether it speaks of this service.
    #[must_use]
    pub fn covers_service(&self, service: &ServiceId) -> bool {
        matches!(&self.scope, Scope::Service(own) if own == service)
    }

    /// Whether it speaks of this capability.
    #[must_use]
    pub fn covers_capability(&self, capability: &Capability) -> bool {
        matches!(&self.scope, Scope::Capability(own) if own == capability)
    }
}
