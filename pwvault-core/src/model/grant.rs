//! Sharing: what may be done, and to whom it is granted.

use serde::{Deserialize, Serialize};

use super::principal::Person;
use crate::clock::Timestamp;
use crate::id::{AdminId, ClientId, RoleId, ServiceId, TicketId};

/// Something done to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Action {
    /// See the overview.
    View = 0,
    /// See the secret.
    Reveal = 1,
    /// Use the secret without seeing it.
    Use = 2,
    /// Change the entry.
    Edit = 3,
    /// Trash, restore or purge the entry.
    Delete = 4,
    /// Grant others access.
    Share = 5,
}

impl Action {
    /// Every action, in the order of its number.
    pub const ALL: [Self; 6] = [Self::View, Self::Reveal, Self::Use, Self::Edit, Self::Delete, Self::Share];
}

/// A set of [`Action`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actions(u8);

impl Actions {
    /// No action.
    pub const NONE: Self = Self(0);
    /// What a share gives unless said otherwise: view and reveal.
    pub const VIEW_AND_REVEAL: Self = Self::NONE.with(Action::View).with(Action::Reveal);
    /// Every action.
    pub const ALL: Self = Self((1 << Action::ALL.len()) - 1);

    /// Whether `action` is in the set.
    #[must_use]
    pub const fn has(self, action: Action) -> bool {
        self.0 & (1 << action as u8) != 0
    }

    /// The set with `action` added.
    #[must_use]
    pub const fn with(self, action: Action) -> Self {
        Self(self.0 | (1 << action as u8))
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether everything in this set is in `other`.
    #[must_use]
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The actions in the set, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().filter(move |action| self.has(*action))
    }
}

crate::document::set_form!(Actions(u8) of Action);

impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(iter: I) -> Self {
        iter.into_iter().fold(Self::NONE, Self::with)
    }
}

/// To whom an entry is shared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// One administrator.
    Admin(AdminId),
    /// Every administrator who holds the role.
    Role(RoleId),
    /// A client, and its sub-users as far as their permissions go.
    Client(ClientId),
}

/// What a grant ends with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// With a support ticket.
    Ticket(TicketId),
    /// With a client's service.
    Service(ServiceId),
}

/// What a grant asks for before it gives more than view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Obligations {
    /// A reason, which the log keeps.
    pub reason: bool,
    /// The approval of a second person.
    pub approval: bool,
}

impl Obligations {
    /// Whether nothing is asked for.
    #[must_use]
    pub const fn is_none(self) -> bool {
        !self.reason && !self.approval
    }

    /// Whether everything the other asks for is asked for here too.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        (self.reason || !other.reason) && (self.approval || !other.approval)
    }
}

/// When a grant ends, and what it asks for. The default never ends and asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GrantTerms {
    /// From when on it gives nothing.
    pub ends_at: Option<Timestamp>,
    /// What it ends with.
    pub bound_to: Option<Binding>,
    /// What it asks for.
    pub obligations: Obligations,
}

/// One grant of an entry. An entry holds at most one for each grantee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grant {
    /// To whom.
    pub grantee: Grantee,
    /// What they may do.
    pub actions: Actions,
    /// Who granted it.
    pub granted_by: Person,
    /// When.
    pub granted_at: Timestamp,
    /// From when on it gives nothing.
    pub ends_at: Option<Timestamp>,
    /// What it ends with.
    pub bound_to: Option<Binding>,
    /// What it asks for.
    pub obligations: Obligations,
}

impl Grant {
    /// A grant without an end that asks for nothing.
    #[must_use]
    pub fn new(grantee: Grantee, actions: Actions, granted_by: Person, granted_at: Timestamp) -> Self {
        let obligations = Obligations::default();
        Self { grantee, actions, granted_by, granted_at, ends_at: None, bound_to: None, obligations }
    }

    /// The same grant on these terms.
    #[must_use]
    pub fn on(self, terms: GrantTerms) -> Self {
        let GrantTerms { ends_at, bound_to, obligations } = terms;
        Self { ends_at, bound_to, obligations, ..self }
    }

    /// When it ends, and what it asks for.
    #[must_use]
    pub fn terms(&self) -> GrantTerms {
        GrantTerms { ends_at: self.ends_at, bound_to: self.bound_to.clone(), obligations: self.obligations }
    }

    /// Whether it still gives something at `now`.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}
