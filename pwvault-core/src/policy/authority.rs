//! A principal under a policy, compiled.

use std::sync::Arc;

use super::entry::cut_of;
use super::sections::{Merged, Sections, applying};
use crate::clock::Timestamp;
use crate::id::{CategoryId, ClientId};
use crate::model::{
    AccessMode, Actions, Grantee, Owner, Permissions, Person, Policy, Principal, PrincipalKind, Rule, Section,
    StaffList, TicketScope,
};

/// What one principal may do under one policy. Compile it once for a session, and again when the
/// policy record changes.
#[derive(Clone, Debug)]
pub struct Authority {
    pub(super) policy: Arc<Policy>,
    pub(super) kind: PrincipalKind,
    pub(super) merged: Merged,
    /// What is left of any right: everything, a sub-user's permissions, or nothing.
    pub(super) cut: Actions,
    /// The same on entries of the services of the account a sub-user acts for.
    pub(super) service_cut: Actions,
    pub(super) extended: bool,
    pub(super) mode: ModeReach,
    pub(super) owned_locked: bool,
    pub(super) forbidden: bool,
    owner: Option<Owner>,
    grantees: Vec<Grantee>,
    categories: Vec<CategoryId>,
    now: Timestamp,
    ticket: Option<ClientId>,
}

/// Which client-owned entries the access mode opens to the principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ModeReach {
    None,
    Shared,
    Any,
}

/// Which entries a listing has to look at; every one of them still needs a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Breadth {
    /// None.
    Nothing,
    /// Those the principal owns ([`Authority::own`]), is granted ([`Authority::grantees`],
    /// [`Authority::categories`]), or of the client of the ticket at hand
    /// ([`Authority::ticket_client`]).
    Named,
    /// These, and every entry of a client.
    ClientOwned,
    /// Every entry.
    Everything,
}

impl Authority {
    /// Compiles what `policy` says about `principal`.
    #[must_use]
    pub fn compile(policy: Arc<Policy>, principal: &Principal) -> Self {
        let kind = principal.kind.clone();
        let grantees = grantees_of(&kind);
        let merged = match kind {
            PrincipalKind::System => Merged::scheduled_work(),
            _ => Merged::of(rules_applying(&policy, &kind)),
        };
        let (mode, extended) = match &kind {
            PrincipalKind::Admin { id, roles, .. } => {
                let listed = |staff: &StaffList| {
                    staff.admins.contains(id) || staff.roles.iter().any(|role| roles.contains(role))
                };
                let mode = match &policy.settings.access_mode {
                    AccessMode::Full => ModeReach::Any,
                    AccessMode::Restricted(staff) if listed(staff) => ModeReach::Any,
                    AccessMode::Shared(staff) if listed(staff) => ModeReach::Shared,
                    AccessMode::Restricted(_) | AccessMode::Shared(_) => ModeReach::None,
                };
                (mode, policy.settings.extended_roles.iter().any(|role| roles.contains(role)))
            }
            PrincipalKind::Client { .. } | PrincipalKind::SubUser { .. } | PrincipalKind::System => {
                (ModeReach::None, false)
            }
        };
        let [cut, service_cut] = [false, true].map(|of_service| cut_of(&kind, merged.restricted, of_service));
        let owner = owner_of(&kind);
        let forbidden = is_forbidden(&policy, &kind);
        Self {
            policy,
            kind,
            merged,
            cut,
            service_cut,
            extended,
            mode,
            owned_locked: false,
            forbidden,
            owner,
            grantees,
            categories: Vec::new(),
            now: Timestamp::MIN,
            ticket: None,
        }
    }

    /// The same authority at a moment: grants that have ended by then give nothing. Without one, no
    /// grant has ended.
    #[must_use]
    pub const fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// The same authority as a member of these categories.
    #[must_use]
    pub fn in_categories(mut self, categories: Vec<CategoryId>) -> Self {
        self.categories = categories;
        self
    }

    /// The same authority at work on a ticket. It opens the shared entries of the ticket's client to
    /// staff of the ticket's department, and to staff with the section `tickets`.
    #[must_use]
    pub fn in_ticket(mut self, scope: Option<&TicketScope>) -> Self {
        let PrincipalKind::Admin { departments, .. } = &self.kind else { return self };
        let helps = |scope: &&TicketScope| {
            self.merged.open.has(Section::Tickets)
                || scope.department.as_ref().is_some_and(|department| departments.contains(department))
        };
        self.ticket = scope.filter(helps).map(|scope| scope.client.clone());
        self
    }

    /// The same circumstances for another authority.
    pub(super) fn under_circumstances_of(mut self, other: &Self) -> Self {
        self.owned_locked = other.owned_locked;
        self.categories.clone_from(&other.categories);
        self.now = other.now;
        self.ticket.clone_from(&other.ticket);
        self
    }

    /// The moment decided for.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The categories the principal is a member of.
    #[must_use]
    pub fn categories(&self) -> &[CategoryId] {
        &self.categories
    }

    /// The client whose shared entries the ticket at hand opens.
    #[must_use]
    pub const fn ticket_client(&self) -> Option<&ClientId> {
        self.ticket.as_ref()
    }

    /// The same authority while a master password guards the principal's owned entries and is
    /// not unlocked.
    #[must_use]
    pub const fn with_owned_locked(mut self, locked: bool) -> Self {
        self.owned_locked = locked;
        self
    }

    /// Whether a master password bars the principal's owned entries now.
    #[must_use]
    pub const fn owned_locked(&self) -> bool {
        self.owned_locked
    }

    /// The sections open to the principal. Only administrators and the system have any.
    #[must_use]
    pub const fn sections(&self) -> Sections {
        self.merged.open
    }

    /// As which owner the principal acts; none for the system.
    #[must_use]
    pub const fn own(&self) -> Option<&Owner> {
        self.owner.as_ref()
    }

    /// Under which names grants reach the principal.
    #[must_use]
    pub fn grantees(&self) -> &[Grantee] {
        &self.grantees
    }

    /// Which entries a listing has to look at.
    #[must_use]
    pub fn breadth(&self) -> Breadth {
        if self.forbidden || self.cut.union(self.service_cut).is_empty() {
            Breadth::Nothing
        } else if self.extended {
            Breadth::Everything
        } else if self.mode != ModeReach::None {
            Breadth::ClientOwned
        } else {
            Breadth::Named
        }
    }

    /// The policy it was compiled from.
    #[must_use]
    pub const fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// A sub-user's permissions; none for anyone else.
    pub(super) const fn permissions(&self) -> Option<Permissions> {
        match self.kind {
            PrincipalKind::SubUser { permissions, .. } => Some(permissions),
            PrincipalKind::Admin { .. } | PrincipalKind::Client { .. } | PrincipalKind::System => None,
        }
    }

    pub(super) fn person(&self) -> Person {
        Principal { kind: self.kind.clone(), expected_lock: None }.person()
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule> {
        rules_applying(&self.policy, &self.kind)
    }
}

/// Whether the settings name the client, or a group it is known to belong to.
fn is_forbidden(policy: &Policy, kind: &PrincipalKind) -> bool {
    let settings = &policy.settings;
    match kind {
        PrincipalKind::Client { id, groups } => {
            settings.forbidden_clients.contains(id)
                || groups.iter().any(|group| settings.forbidden_groups.contains(group))
        }
        PrincipalKind::SubUser { account, .. } => settings.forbidden_clients.contains(account),
        PrincipalKind::Admin { .. } | PrincipalKind::System => false,
    }
}

fn owner_of(kind: &PrincipalKind) -> Option<Owner> {
    match kind {
        PrincipalKind::Admin { id, .. } => Some(Owner::Admin(id.clone())),
        PrincipalKind::Client { id: account, .. } | PrincipalKind::SubUser { account, .. } => {
            Some(Owner::Client(account.clone()))
        }
        PrincipalKind::System => None,
    }
}

fn grantees_of(kind: &PrincipalKind) -> Vec<Grantee> {
    match kind {
        PrincipalKind::Admin { id, roles, .. } => {
            let mut grantees = vec![Grantee::Admin(id.clone())];
            grantees.extend(roles.iter().cloned().map(Grantee::Role));
            grantees
        }
        PrincipalKind::Client { id: account, .. } | PrincipalKind::SubUser { account, .. } => {
            vec![Grantee::Client(account.clone())]
        }
        PrincipalKind::System => Vec::new(),
    }
}

fn rules_applying<'a>(policy: &'a Policy, kind: &'a PrincipalKind) -> impl Iterator<Item = &'a Rule> {
    let (admin, roles) = match kind {
        PrincipalKind::Admin { id, roles, .. } => (Some(id), roles.as_slice()),
        PrincipalKind::Client { .. } | PrincipalKind::SubUser { .. } | PrincipalKind::System => (None, [].as_slice()),
    };
    applying(&policy.rules, admin, roles)
}
