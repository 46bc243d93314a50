//! A sub-user's permissions, the panel's and the vault's, on entries and on those of services.

use super::fixture::*;
use crate::id::{EntryId, ServiceId};
use crate::model::{
    Action, Actions, EntryHead, Permission, Permissions, Policy, Principal, PrincipalKind, ServiceLink, ServicePart,
    ServiceRef,
};
use crate::policy::{Authority, Capability, Reason, Remedy};

fn of_service(owner: &str, client: &str) -> EntryHead {
    let service =
        ServiceRef { id: ServiceId::new("7").unwrap(), client: client_id(client), product: None, product_group: None };
    EntryHead { service: Some(ServiceLink { service, part: ServicePart::Additional }), ..of_client(owner) }
}

fn with(permissions: &[Permission]) -> Authority {
    authority(&Policy::default(), &sub_user("1", permissions))
}

fn can(permissions: &[Permission], head: &EntryHead) -> Vec<Action> {
    with(permissions).actions(head).iter().collect()
}

#[test]
fn products_show_the_logins_of_services_and_the_panels_other_keys_add_to_it() {
    use Permission as P;
    let (service, plain) = (of_service("1", "1"), of_client("1"));
    for (permissions, expected) in [
        (&[P::Products][..], &[Action::View, Action::Reveal][..]),
        (&[P::Products, P::ManageProducts], &[Action::View, Action::Reveal, Action::Edit]),
        (&[P::Products, P::ProductSso], &[Action::View, Action::Reveal, Action::Use]),
        (&[P::Products, P::Delete], &[Action::View, Action::Reveal, Action::Delete]),
        (&[P::Products, P::Share], &[Action::View, Action::Reveal, Action::Share]),
        // Who does not see the account's products does not see their entries.
        (&[P::ManageProducts, P::ProductSso, P::Delete], &[]),
        (&[P::View, P::Reveal, P::Use, P::Edit, P::Delete, P::Share], &[]),
    ] {
        assert_eq!(can(permissions, &service), expected, "{permissions:?}");
    }
    // On other entries the panel's keys give nothing.
    assert_eq!(can(&[P::Products, P::ManageProducts, P::ProductSso], &plain), []);
    assert_eq!(can(&[P::View, P::Reveal], &plain), [Action::View, Action::Reveal]);
}

#[test]
fn the_panels_other_permissions_give_nothing_in_the_vault() {
    use Permission as P;
    let others = [
        P::Profile,
        P::Contacts,
        P::Domains,
        P::ManageDomains,
        P::Invoices,
        P::Quotes,
        P::Tickets,
        P::Affiliates,
        P::Emails,
        P::Orders,
    ];
    for head in [of_service("1", "1"), of_client("1")] {
        assert_eq!(can(&others, &head), []);
    }
    let authority = with(&others);
    for capability in [Capability::List, Capability::Import, Capability::Export, Capability::Categories] {
        assert!(authority.authorize_capability(capability).is_err());
    }
}

#[test]
fn products_are_the_accounts_own_and_never_more_than_its_rights() {
    use Permission as P;
    let all = [P::Products, P::ManageProducts, P::ProductSso];
    // Another client's service, shared to the account: the vault's permissions count.
    let mut shared = of_service("2", "2");
    shared.grants.push(to_client("1", &[Action::View, Action::Reveal]));
    assert_eq!(can(&all, &shared), []);
    assert_eq!(can(&[P::View], &shared), [Action::View]);
    // The account's own service, of which the account has a part alone.
    let mut of_other = of_service("2", "1");
    of_other.grants.push(to_client("1", &[Action::View]));
    assert_eq!(can(&all, &of_other), [Action::View]);
    // Everyone but sub-users is not touched by it.
    let owner = Principal { kind: PrincipalKind::Client { id: client_id("1"), groups: vec![] }, expected_lock: None };
    assert_eq!(authority(&Policy::default(), &owner).actions(&of_service("1", "1")), Actions::ALL);
}

#[test]
fn a_denial_asks_for_the_panels_permission() {
    let refused =
        with(&[Permission::Products]).authorize(Action::Edit, EntryId::from_bytes([1; 16]), &of_service("1", "1"));
    let decision = refused.unwrap_err().decision().unwrap().clone();
    let (has, lacks) = (Permission::Products, Permission::ManageProducts);
    assert!(decision.reasons.contains(&Reason::Permission { permission: has }));
    assert!(decision.reasons.contains(&Reason::PermissionMissing { permission: lacks }));
    assert_eq!(decision.remedies, [Remedy::AskForPermission { permission: lacks }]);
    let hidden = with(&[Permission::View]).authorize(Action::View, EntryId::from_bytes([1; 16]), &of_service("1", "1"));
    assert!(hidden.unwrap_err().decision().is_none());
}

#[test]
fn who_sees_products_alone_lists_their_entries() {
    assert!(with(&[Permission::Products]).authorize_capability(Capability::List).is_ok());
    let refused = with(&[Permission::Tickets]).explain_capability(&Capability::List);
    assert_eq!(refused.reasons, [Reason::PermissionMissing { permission: Permission::View }]);
    let everything: Permissions = Permission::ALL.into_iter().collect();
    assert!(Permission::ALL.into_iter().all(|one| everything.has(one)));
}
