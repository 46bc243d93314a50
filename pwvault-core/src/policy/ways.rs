//! Every way to an action on an entry: not who asks, but whom it is open to.

use serde::Serialize;

use super::entry::{IN_TRASH, normalized};
use super::exclusion::service_bar;
use super::facts::effective;
use super::reason::{ModeName, Reason};
use crate::clock::Timestamp;
use crate::model::{
    AccessMode, Action, Actions, CategoryHead, EntryHead, GrantTerms, Grantee, Owner, Policy, StaffList,
};

/// One thing that gives an action on an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Way {
    /// What gives it.
    pub reason: Reason,
    /// To whom.
    pub to: WayTo,
    /// When it ends, and what it asks for.
    pub terms: GrantTerms,
}

/// Whom a way is open to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WayTo {
    /// These, and nobody else.
    Named(Vec<Grantee>),
    /// Every administrator.
    AllStaff,
    /// Administrators at work on a ticket of the owner, as far as the ticket is theirs.
    TicketStaff,
}

/// Every way to an action on an entry, sorted by its reason. A way says what is given; what sections,
/// permissions and a master password take from a person is not in it.
#[must_use]
pub fn ways(
    policy: &Policy,
    action: Action,
    head: &EntryHead,
    category: Option<&CategoryHead>,
    now: Timestamp,
) -> Vec<Way> {
    let barred = head.service.as_ref().is_some_and(|link| service_bar(&policy.settings, &link.service).is_some());
    if (head.trashed.is_some() || barred) && !IN_TRASH.has(action) {
        return Vec::new();
    }
    // What lies in the trash is seen by those who may take it out.
    let action = if head.trashed.is_some() { Action::Delete } else { action };
    let owner = match &head.owner {
        Owner::Admin(id) => Grantee::Admin(id.clone()),
        Owner::Client(id) => Grantee::Client(id.clone()),
    };
    let mut ways = vec![free(Reason::Owner, WayTo::Named(vec![owner]))];
    if head.private {
        return ways;
    }
    for role in &policy.settings.extended_roles {
        ways.push(free(Reason::ExtendedRole { role: role.clone() }, WayTo::Named(vec![Grantee::Role(role.clone())])));
    }
    for (grant, actions) in effective(&head.grants, now).filter(|(_, actions)| actions.has(action)) {
        let reason = Reason::Grant { grantee: grant.grantee.clone(), actions: actions.iter().collect() };
        ways.push(Way { reason, to: WayTo::Named(vec![grant.grantee.clone()]), terms: grant.terms() });
    }
    let assigned = head.category.map_or(Actions::NONE, |assigned| normalized(assigned.actions));
    if let (Some(assignment), Some(category)) = (&head.category, category)
        && assigned.has(action)
    {
        let reason = Reason::Category { category: assignment.category, actions: assigned.iter().collect() };
        ways.push(free(reason, WayTo::Named(category.members.clone())));
    }
    if matches!(head.owner, Owner::Client(_)) && Actions::VIEW_AND_REVEAL.has(action) {
        let shared = effective(&head.grants, now).next().is_some() || !assigned.is_empty();
        if shared {
            ways.push(free(Reason::Ticket, WayTo::TicketStaff));
        }
        let mode = &policy.settings.access_mode;
        let to = match mode {
            AccessMode::Full => Some(WayTo::AllStaff),
            AccessMode::Restricted(staff) => named(staff),
            AccessMode::Shared(staff) => named(staff).filter(|_| shared),
        };
        ways.extend(to.map(|to| free(Reason::AccessMode { mode: ModeName::from(mode) }, to)));
    }
    ways.sort_by(|a, b| a.reason.cmp(&b.reason));
    ways
}

fn free(reason: Reason, to: WayTo) -> Way {
    Way { reason, to, terms: GrantTerms::default() }
}

fn named(staff: &StaffList) -> Option<WayTo> {
    let admins = staff.admins.iter().cloned().map(Grantee::Admin);
    let named: Vec<_> = admins.chain(staff.roles.iter().cloned().map(Grantee::Role)).collect();
    (!named.is_empty()).then_some(WayTo::Named(named))
}
