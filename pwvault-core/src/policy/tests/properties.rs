//! What must hold whatever the policy says.

use proptest::prelude::*;

use super::fixture::*;
use crate::clock::Timestamp;
use crate::id::{CategoryId, DepartmentId, ProductId, RuleId, ServiceId};
use crate::model::{
    AccessMode, Action, Actions, Assignment, EntryHead, Grant, GrantTerms, Grantee, Obligations, Owner, Permission,
    Policy, Principal, PrincipalKind, Rule, Section, ServiceLink, ServicePart, ServiceRef, StaffList, TicketScope,
};
use crate::policy::{Authority, Decision, GrantChange, Reason, Remedy, apply_grant_changes};

const NOW: Timestamp = Timestamp::from_millis(10);

fn department() -> DepartmentId {
    DepartmentId::new("d").unwrap()
}

fn category(number: u8) -> CategoryId {
    CategoryId::from_bytes([number; 16])
}

/// Two categories and who is in them.
fn categories() -> [(CategoryId, Vec<Grantee>); 2] {
    [
        (category(0), vec![Grantee::Client(client_id("1")), Grantee::Role(role_id("2"))]),
        (category(1), vec![Grantee::Admin(admin_id("1")), Grantee::Client(client_id("3"))]),
    ]
}

/// The principal's authority at a moment, at work on a ticket, as a member of its categories.
fn authority(policy: &Policy, principal: &Principal) -> Authority {
    let authority = super::fixture::authority(policy, principal);
    let member = |members: &[Grantee]| members.iter().any(|member| authority.grantees().contains(member));
    let joined = categories().into_iter().filter(|(_, members)| member(members)).map(|(id, _)| id).collect();
    let ticket = TicketScope { client: client_id("1"), department: Some(department()) };
    authority.clone().at(NOW).in_ticket(Some(&ticket)).in_categories(joined)
}

fn id() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["1", "2", "3"])
}

fn ids() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(id(), 0..3)
}

fn any_grant() -> impl Strategy<Value = Grant> {
    let actions = prop::sample::subsequence(Action::ALL.to_vec(), 0..=6);
    (0..3, id(), actions, any_terms()).prop_map(|(kind, id, actions, terms)| {
        let grant = match kind {
            0 => to_admin(id, &actions),
            1 => to_role(id, &actions),
            _ => to_client(id, &actions),
        };
        grant.on(terms)
    })
}

/// Ends around the moment that is decided for, and what a grant may ask for.
fn any_terms() -> impl Strategy<Value = GrantTerms> {
    (prop::option::of(9_i64..12), any::<bool>(), any::<bool>()).prop_map(|(end, reason, approval)| GrantTerms {
        ends_at: end.map(Timestamp::from_millis),
        bound_to: None,
        obligations: Obligations { reason, approval },
    })
}

fn any_assignment() -> impl Strategy<Value = Assignment> {
    let actions = prop::sample::subsequence(Action::ALL.to_vec(), 0..=6);
    (0..3_u8, actions).prop_map(|(number, actions)| Assignment { category: category(number), actions: set(&actions) })
}

fn any_service() -> impl Strategy<Value = ServiceLink> {
    (id(), id()).prop_map(|(client, product)| {
        let product = Some(ProductId::new(product).unwrap());
        let id = ServiceId::new("1").unwrap();
        let service = ServiceRef { id, client: client_id(client), product, product_group: None };
        ServiceLink { service, part: ServicePart::Additional }
    })
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let sections = || prop::sample::subsequence(Section::ALL.to_vec(), 0..3);
    (any::<[u8; 16]>(), any::<bool>(), sections(), sections(), ids(), ids()).prop_map(
        |(id, full_access, allow, restrict, admins, roles)| Rule {
            id: RuleId::from_bytes(id),
            name: String::new(),
            full_access,
            allow,
            restrict,
            admins: admins.into_iter().map(admin_id).collect(),
            roles: roles.into_iter().map(role_id).collect(),
        },
    )
}

fn any_policy() -> impl Strategy<Value = Policy> {
    (prop::collection::vec(any_rule(), 0..4), 0..3, ids(), ids(), ids()).prop_map(
        |(rules, mode, admins, roles, extended)| {
            let mut policy = with_rules(rules);
            let roles = roles.into_iter().map(role_id).collect();
            let staff = StaffList { admins: admins.into_iter().map(admin_id).collect(), roles };
            policy.settings.access_mode = match mode {
                0 => AccessMode::Full,
                1 => AccessMode::Restricted(staff),
                _ => AccessMode::Shared(staff),
            };
            policy.settings.extended_roles = extended.into_iter().map(role_id).collect();
            policy.settings.excluded_products = vec![ProductId::new("1").unwrap()];
            policy
        },
    )
}

fn any_principal() -> impl Strategy<Value = Principal> {
    let permissions = prop::sample::subsequence(Permission::ALL.to_vec(), 0..=9);
    (0..4, id(), ids(), permissions).prop_map(|(kind, id, roles, permissions)| match kind {
        0 => client(id),
        1 => sub_user(id, &permissions),
        _ => {
            let mut principal = admin(id, &roles);
            // Those without a role work in the department.
            if let (PrincipalKind::Admin { departments, .. }, true) = (&mut principal.kind, roles.is_empty()) {
                departments.push(department());
            }
            principal
        }
    })
}

fn any_entry() -> impl Strategy<Value = EntryHead> {
    let flags = (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.2));
    let places = (prop::option::of(any_assignment()), prop::option::weighted(0.2, any_service()));
    (flags, id(), prop::collection::vec(any_grant(), 0..5), places).prop_map(
        |((of_staff, hidden, binned), id, grants, (category, service))| {
            let owner = if of_staff { Owner::Admin(admin_id(id)) } else { Owner::Client(client_id(id)) };
            let mut head = shared(entry(owner), grants);
            head.private = hidden;
            (head.category, head.service) = (category, service);
            if binned { trashed(head) } else { head }
        },
    )
}

fn decisions(policy: &Policy, principal: &Principal, head: &EntryHead) -> (Vec<Decision>, Vec<Decision>) {
    let authority = authority(policy, principal);
    (
        Action::ALL.into_iter().map(|action| authority.explain(action, head)).collect(),
        Section::ALL.into_iter().map(|section| authority.explain_section(section)).collect(),
    )
}

/// What each action asks for.
fn asked(policy: &Policy, principal: &Principal, head: &EntryHead) -> Vec<Obligations> {
    let authority = authority(policy, principal);
    Action::ALL.into_iter().map(|action| authority.obligations(action, head)).collect()
}

fn actions(policy: &Policy, principal: &Principal, head: &EntryHead) -> Actions {
    authority(policy, principal).actions(head)
}

proptest! {
    #[test]
    fn order_means_nothing(
        policy in any_policy(), principal in any_principal(), head in any_entry(),
    ) {
        let before = decisions(&policy, &principal, &head);
        let asked = asked(&policy, &principal, &head);
        let (mut policy, mut head) = (policy, head);
        policy.rules.reverse();
        head.grants.reverse();
        for rule in &mut policy.rules {
            rule.allow.reverse();
            rule.restrict.reverse();
        }
        policy.settings.extended_roles.reverse();
        prop_assert_eq!(decisions(&policy, &principal, &head), before);
        prop_assert_eq!(self::asked(&policy, &principal, &head), asked);
    }

    #[test]
    fn another_grant_never_asks_for_more(
        policy in any_policy(), principal in any_principal(), head in any_entry(), more in any_grant(),
    ) {
        let held = actions(&policy, &principal, &head);
        let before = asked(&policy, &principal, &head);
        let mut head = head;
        head.grants.push(more);
        for (action, (before, after)) in Action::ALL.into_iter().zip(before.into_iter().zip(asked(&policy, &principal, &head))) {
            let weight = |asked: Obligations| (asked.approval, asked.reason);
            prop_assert!(!held.has(action) || weight(after) <= weight(before));
        }
    }

    #[test]
    fn another_end_never_gives(
        policy in any_policy(), principal in any_principal(), head in any_entry(), at in any::<prop::sample::Index>(),
    ) {
        prop_assume!(!head.grants.is_empty());
        let before = actions(&policy, &principal, &head);
        let mut head = head;
        let at = at.index(head.grants.len());
        head.grants[at].ends_at = Some(NOW);
        prop_assert!(actions(&policy, &principal, &head).is_subset_of(before));
    }

    #[test]
    fn leaving_a_category_never_gives(policy in any_policy(), principal in any_principal(), head in any_entry()) {
        let before = actions(&policy, &principal, &head);
        let head = EntryHead { category: None, ..head };
        prop_assert!(actions(&policy, &principal, &head).is_subset_of(before));
    }

    #[test]
    fn another_grant_never_takes_away(
        policy in any_policy(), principal in any_principal(), head in any_entry(), more in any_grant(),
    ) {
        let before = actions(&policy, &principal, &head);
        let mut head = head;
        head.grants.push(more);
        prop_assert!(before.is_subset_of(actions(&policy, &principal, &head)));
    }

    #[test]
    fn another_restriction_never_gives(
        policy in any_policy(), principal in any_principal(), head in any_entry(),
        at in any::<prop::sample::Index>(), section in prop::sample::select(Section::ALL.to_vec()),
    ) {
        prop_assume!(!policy.rules.is_empty());
        let before = authority(&policy, &principal);
        let mut policy = policy;
        let at = at.index(policy.rules.len());
        policy.rules[at].restrict.push(section);
        let after = authority(&policy, &principal);
        prop_assert!(after.actions(&head).is_subset_of(before.actions(&head)));
        for section in after.sections().iter() {
            prop_assert!(before.allows_section(section));
        }
    }

    #[test]
    fn ending_a_grant_changes_nobody_else(
        policy in any_policy(), principal in any_principal(), head in any_entry(), gone in any_grant(),
    ) {
        let change = GrantChange::Remove { grantee: gone.grantee.clone() };
        let mut after = head.clone();
        after.grants = apply_grant_changes(&head.grants, &[change], &principal.person(), head.created_at).unwrap();
        // In mode "shared", and to those at work on a ticket, the last grant also tells that the entry is shared.
        let mode_turns = after.grants.iter().all(|grant| grant.actions.is_empty() || !grant.is_open(NOW));
        let reached = authority(&policy, &principal).grantees().contains(&gone.grantee);
        if !reached && !mode_turns {
            prop_assert_eq!(actions(&policy, &principal, &after), actions(&policy, &principal, &head));
        }
    }

    #[test]
    fn permissions_only_ever_cut(
        policy in any_policy(), account in id(), head in any_entry(),
        permissions in prop::sample::subsequence(Permission::ALL.to_vec(), 0..=9),
    ) {
        let whole = actions(&policy, &client(account), &head);
        prop_assert!(actions(&policy, &sub_user(account, &permissions), &head).is_subset_of(whole));
        prop_assert_eq!(actions(&policy, &sub_user(account, &Permission::ALL), &head), whole);
    }

    #[test]
    fn every_right_comes_with_view(policy in any_policy(), principal in any_principal(), head in any_entry()) {
        let actions = actions(&policy, &principal, &head);
        prop_assert!(actions.is_empty() || actions.has(Action::View));
    }

    #[test]
    fn a_role_named_as_remedy_helps(policy in any_policy(), who in id(), roles in ids(), head in any_entry()) {
        let held: Vec<_> = roles;
        let (entries, sections) = decisions(&policy, &admin(who, &held), &head);
        for (action, decision) in Action::ALL.into_iter().zip(entries) {
            for role in roles_in(&decision) {
                let with: Vec<_> = held.iter().copied().chain([role.as_str()]).collect();
                prop_assert!(actions(&policy, &admin(who, &with), &head).has(action));
            }
        }
        for (section, decision) in Section::ALL.into_iter().zip(sections) {
            for role in roles_in(&decision) {
                let with: Vec<_> = held.iter().copied().chain([role.as_str()]).collect();
                prop_assert!(authority(&policy, &admin(who, &with)).allows_section(section));
            }
        }
    }

    #[test]
    fn an_allowance_has_reasons_and_a_denial_remedies(
        policy in any_policy(), principal in any_principal(), head in any_entry(),
    ) {
        let (entries, _) = decisions(&policy, &principal, &head);
        for decision in entries {
            prop_assert!(!decision.reasons.is_empty());
            // That a product has no entries is not for anyone to mend who asks for one.
            let excluded = decision.reasons.contains(&Reason::ServiceExcluded);
            prop_assert!(excluded || decision.remedies.is_empty() == decision.effect.is_allow());
        }
    }
}

fn roles_in(decision: &Decision) -> Vec<crate::id::RoleId> {
    let role = |remedy: &Remedy| match remedy {
        Remedy::HoldRole { role } => Some(role.clone()),
        _ => None,
    };
    decision.remedies.iter().filter_map(role).collect()
}
