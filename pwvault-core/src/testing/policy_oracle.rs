//! A second, naive evaluator of `spec/policy.md`: one question at a time, plain loops, no set, no
//! index, and nothing of `crate::policy`. Where the two differ, one of them is wrong.

use crate::clock::Timestamp;
use crate::id::{AdminId, CategoryId, ClientId, DepartmentId, RoleId};
use crate::model::{
    AccessMode, Action, EntryHead, Grant, Grantee, KeyHead, KeyOwner, Owner, Permission, Permissions, Policy,
    Principal, PrincipalKind, Rule, Section, StaffList, TicketScope,
};

/// What a decision is made in.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// A master password bars the principal's owned entries.
    pub owned_locked: bool,
    /// The moment.
    pub now: Timestamp,
    /// The ticket at hand.
    pub ticket: Option<&'a TicketScope>,
    /// Every category of the vault with its members.
    pub categories: &'a [(CategoryId, Vec<Grantee>)],
}

/// Whether the principal may do `action` with the entry.
#[must_use]
pub fn may(policy: &Policy, principal: &Principal, around: &Around<'_>, action: Action, head: &EntryHead) -> bool {
    if forbidden(policy, principal) {
        return false;
    }
    if around.owned_locked && owns(principal, head) {
        return false;
    }
    if head.trashed.is_none() {
        let left = !barred(policy, head) || action == Action::View || action == Action::Delete;
        return left && may_outside_trash(policy, principal, around, action, head);
    }
    match action {
        Action::View | Action::Delete => may_outside_trash(policy, principal, around, Action::Delete, head),
        Action::Reveal | Action::Use | Action::Edit | Action::Share => false,
    }
}

fn forbidden(policy: &Policy, principal: &Principal) -> bool {
    let named = principal.account().is_some_and(|account| policy.settings.forbidden_clients.contains(account));
    match &principal.kind {
        PrincipalKind::Client { groups, .. } => {
            named || groups.iter().any(|group| policy.settings.forbidden_groups.contains(group))
        }
        _ => named,
    }
}

/// Whether the entry belongs to a service that the settings shut out.
fn barred(policy: &Policy, head: &EntryHead) -> bool {
    let Some(service) = head.service.as_ref().map(|link| &link.service) else { return false };
    let settings = &policy.settings;
    !settings.service_entries
        || settings.forbidden_clients.contains(&service.client)
        || service.product.iter().any(|product| settings.excluded_products.contains(product))
        || service.product_group.iter().any(|group| settings.excluded_product_groups.contains(group))
}

fn may_outside_trash(
    policy: &Policy,
    principal: &Principal,
    around: &Around<'_>,
    action: Action,
    head: &EntryHead,
) -> bool {
    match &principal.kind {
        PrincipalKind::System => false,
        PrincipalKind::Client { id, .. } => account_may(id, around, action, head),
        PrincipalKind::SubUser { account, permissions, .. } => {
            let permitted = match &head.service {
                Some(link) if link.service.client == *account => panel_permits(*permissions, action),
                _ => permissions.has(Permission::View) && permits(*permissions, action),
            };
            permitted && account_may(account, around, action, head)
        }
        PrincipalKind::Admin { id, roles, departments } => {
            if restricted(policy, id, roles, Section::Entries) {
                return false;
            }
            if owns(principal, head) {
                return true;
            }
            if head.private {
                return false;
            }
            let reached = |to: &Grantee| match to {
                Grantee::Admin(admin) => admin == id,
                Grantee::Role(role) => roles.contains(role),
                Grantee::Client(_) => false,
            };
            policy.settings.extended_roles.iter().any(|role| roles.contains(role))
                || granted(action, head, around.now, reached)
                || in_category(action, head, around, reached)
                || (action == Action::View || action == Action::Reveal)
                    && (mode_opens(policy, id, roles, head, around.now)
                        || ticket_opens(policy, principal, departments, head, around))
        }
    }
}

fn account_may(account: &ClientId, around: &Around<'_>, action: Action, head: &EntryHead) -> bool {
    let named = |to: &Grantee| *to == Grantee::Client(account.clone());
    if head.owner == Owner::Client(account.clone()) {
        return true;
    }
    !head.private && (granted(action, head, around.now, named) || in_category(action, head, around, named))
}

/// What must be fulfilled before an action that is allowed: `(reason, approval)`. The action is tried
/// on the entry with every grant that asks for more turned to its owner, who has no use for it.
#[must_use]
pub fn asked(
    policy: &Policy,
    principal: &Principal,
    around: &Around<'_>,
    action: Action,
    head: &EntryHead,
) -> (bool, bool) {
    if action == Action::View {
        return (false, false);
    }
    for (reason, approval) in [(false, false), (true, false), (false, true)] {
        let mut fewer = head.clone();
        for grant in &mut fewer.grants {
            let more = (grant.obligations.reason && !reason) || (grant.obligations.approval && !approval);
            if more {
                grant.grantee = match &head.owner {
                    Owner::Admin(id) => Grantee::Admin(id.clone()),
                    Owner::Client(id) => Grantee::Client(id.clone()),
                };
            }
        }
        if may(policy, principal, around, action, &fewer) {
            return (reason, approval);
        }
    }
    (true, true)
}

fn in_category(action: Action, head: &EntryHead, around: &Around<'_>, reached: impl Fn(&Grantee) -> bool) -> bool {
    let Some(assigned) = &head.category else { return false };
    let gives = assigned.actions.has(action) || (action == Action::View && !assigned.actions.is_empty());
    let members = around.categories.iter().filter(|(id, _)| *id == assigned.category).flat_map(|(_, members)| members);
    let mut named = false;
    for member in members {
        named = named || reached(member);
    }
    gives && named
}

fn ticket_opens(
    policy: &Policy,
    principal: &Principal,
    departments: &[DepartmentId],
    head: &EntryHead,
    around: &Around<'_>,
) -> bool {
    let Some(scope) = around.ticket else { return false };
    let belongs = match &scope.department {
        Some(department) => departments.contains(department),
        None => false,
    };
    head.owner == Owner::Client(scope.client.clone())
        && is_shared(head, around.now)
        && (belongs || may_enter(policy, principal, Section::Tickets))
}

fn is_shared(head: &EntryHead, now: Timestamp) -> bool {
    let granted = head.grants.iter().any(|grant| !grant.actions.is_empty() && !has_ended(grant, now));
    granted || head.category.as_ref().is_some_and(|assigned| !assigned.actions.is_empty())
}

fn has_ended(grant: &Grant, now: Timestamp) -> bool {
    match grant.ends_at {
        Some(end) => end <= now,
        None => false,
    }
}

fn granted(action: Action, head: &EntryHead, now: Timestamp, reached: impl Fn(&Grantee) -> bool) -> bool {
    for grant in &head.grants {
        if has_ended(grant, now) {
            continue;
        }
        let gives = grant.actions.has(action) || (action == Action::View && !grant.actions.is_empty());
        if gives && reached(&grant.grantee) {
            return true;
        }
    }
    false
}

fn mode_opens(policy: &Policy, id: &AdminId, roles: &[RoleId], head: &EntryHead, now: Timestamp) -> bool {
    let listed = |staff: &StaffList| staff.admins.contains(id) || staff.roles.iter().any(|role| roles.contains(role));
    let of_a_client = matches!(head.owner, Owner::Client(_));
    let shared = is_shared(head, now);
    of_a_client
        && match &policy.settings.access_mode {
            AccessMode::Full => true,
            AccessMode::Restricted(staff) => listed(staff),
            AccessMode::Shared(staff) => listed(staff) && shared,
        }
}

fn permits(permissions: Permissions, action: Action) -> bool {
    permissions.has(match action {
        Action::View => Permission::View,
        Action::Reveal => Permission::Reveal,
        Action::Use => Permission::Use,
        Action::Edit => Permission::Edit,
        Action::Delete => Permission::Delete,
        Action::Share => Permission::Share,
    })
}

/// On entries of the account's own services.
fn panel_permits(permissions: Permissions, action: Action) -> bool {
    if !permissions.has(Permission::Products) {
        return false;
    }
    match action {
        Action::View | Action::Reveal => true,
        Action::Use => permissions.has(Permission::ProductSso),
        Action::Edit => permissions.has(Permission::ManageProducts),
        Action::Delete => permissions.has(Permission::Delete),
        Action::Share => permissions.has(Permission::Share),
    }
}

fn owns(principal: &Principal, head: &EntryHead) -> bool {
    match &principal.kind {
        PrincipalKind::Admin { id, .. } => head.owner == Owner::Admin(id.clone()),
        _ => principal.account().is_some_and(|account| head.owner == Owner::Client(account.clone())),
    }
}

/// Whether the principal may enter the section.
#[must_use]
pub fn may_enter(policy: &Policy, principal: &Principal, section: Section) -> bool {
    match &principal.kind {
        PrincipalKind::System => [
            Section::Rotation,
            Section::LogsVerify,
            Section::LogsPrune,
            Section::Outbox,
            Section::Scheduled,
            Section::HostEvents,
        ]
        .contains(&section),
        PrincipalKind::Client { .. } | PrincipalKind::SubUser { .. } => false,
        PrincipalKind::Admin { id, roles, .. } => {
            let allows = |rule: &Rule| applies(rule, id, roles) && (rule.full_access || within(section, &rule.allow));
            !restricted(policy, id, roles, section) && policy.rules.iter().any(allows)
        }
    }
}

fn restricted(policy: &Policy, id: &AdminId, roles: &[RoleId], section: Section) -> bool {
    policy.rules.iter().any(|rule| applies(rule, id, roles) && within(section, &rule.restrict))
}

fn applies(rule: &Rule, id: &AdminId, roles: &[RoleId]) -> bool {
    rule.admins.contains(id) || rule.roles.iter().any(|role| roles.contains(role))
}

fn within(section: Section, listed: &[Section]) -> bool {
    listed.contains(&section) || section.parent().is_some_and(|parent| within(parent, listed))
}

/// Whether the principal may change and delete the encryption key (`manage`), or else see it and
/// lock entries to it.
#[must_use]
pub fn may_with_key(policy: &Policy, principal: &Principal, manage: bool, head: &KeyHead) -> bool {
    if forbidden(policy, principal) {
        return false;
    }
    let named = |mine: &Grantee| head.may_attach.contains(mine);
    match &principal.kind {
        PrincipalKind::System => false,
        PrincipalKind::Client { id, .. } => {
            head.owner == KeyOwner::Client(id.clone()) || !manage && named(&Grantee::Client(id.clone()))
        }
        PrincipalKind::SubUser { account, permissions, .. } => {
            let own = head.owner == KeyOwner::Client(account.clone());
            let see = permissions.has(Permission::View) && (own || named(&Grantee::Client(account.clone())));
            own && permissions.has(Permission::Keys) || !manage && see
        }
        PrincipalKind::Admin { id, roles, .. } => {
            let by_section = |section| head.owner == KeyOwner::Vault && may_enter(policy, principal, section);
            let own = head.owner == KeyOwner::Admin(id.clone());
            let right = named(&Grantee::Admin(id.clone())) || roles.iter().any(|r| named(&Grantee::Role(r.clone())));
            !restricted(policy, id, roles, Section::Keys)
                && (own || by_section(Section::KeysManage) || !manage && (right || by_section(Section::Keys)))
        }
    }
}
