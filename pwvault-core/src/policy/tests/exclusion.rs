//! Clients without a part in the vault, and services without entries.

use super::fixture::*;
use crate::id::{EntryId, GroupId, ProductGroupId, ProductId, ServiceId};
use crate::model::{
    AccessMode, Action, Actions, EntryHead, Permission, Policy, Principal, PrincipalKind, Section, ServiceLink,
    ServicePart, ServiceRef, StaffList, Surface,
};
use crate::policy::{Breadth, Capability, Denied, Reason, Remedy, SettingName};

fn service_of(client: &str) -> ServiceRef {
    ServiceRef {
        id: ServiceId::new("7").unwrap(),
        client: client_id(client),
        product: Some(ProductId::new("basic").unwrap()),
        product_group: Some(ProductGroupId::new("hosting").unwrap()),
    }
}

fn of_service(client: &str) -> EntryHead {
    let link = ServiceLink { service: service_of(client), part: ServicePart::Additional };
    EntryHead { service: Some(link), ..of_client(client) }
}

fn with(change: impl FnOnce(&mut Policy)) -> Policy {
    let mut policy = Policy { rules: vec![full(1, &["boss"])], ..Policy::default() };
    policy.settings.extended_roles = vec![role_id("chief")];
    change(&mut policy);
    policy
}

/// Every way the settings bar the service of client 1.
fn bars() -> Vec<(Policy, Reason)> {
    vec![
        (
            with(|policy| policy.settings.service_entries = false),
            Reason::SettingOff { setting: SettingName::ServiceEntries },
        ),
        (
            with(|policy| policy.settings.excluded_products = vec![ProductId::new("basic").unwrap()]),
            Reason::ServiceExcluded,
        ),
        (
            with(|policy| {
                policy.settings.excluded_product_groups = vec![ProductGroupId::new("hosting").unwrap()];
            }),
            Reason::ServiceExcluded,
        ),
        (with(|policy| policy.settings.forbidden_clients = vec![client_id("1")]), Reason::ClientForbidden),
    ]
}

fn reasons(denied: Denied) -> Vec<Reason> {
    denied.decision().expect("reasons").reasons.clone()
}

#[test]
fn a_forbidden_client_has_nothing_by_whichever_way() {
    let policy = with(|policy| {
        policy.settings.forbidden_clients = vec![client_id("1")];
        policy.settings.forbidden_groups = vec![GroupId::new("late").unwrap()];
    });
    let in_group = PrincipalKind::Client { id: client_id("2"), groups: vec![GroupId::new("late").unwrap()] };
    let everything = sub_user("1", &Permission::ALL);
    let of_group = Principal { kind: in_group, expected_lock: None };
    for (principal, account) in [(client("1"), "1"), (everything, "1"), (of_group, "2")] {
        let authority = authority(&policy, &principal);
        assert_eq!(authority.breadth(), Breadth::Nothing);
        let granted = shared(of_client("9"), vec![to_client(account, &Action::ALL)]);
        for head in [of_client(account), granted, trashed(of_client(account))] {
            assert_eq!(authority.actions(&head), Actions::NONE);
            let refused = authority.authorize(Action::View, EntryId::from_bytes([1; 16]), &head);
            assert_eq!(refused.unwrap_err(), Denied::NotFound);
        }
        let create = Capability::Create { owner: of_client(account).owner, private: false };
        for capability in [Capability::List, create, Capability::Import, Capability::Export] {
            let refused = authority.authorize_capability(capability).unwrap_err();
            assert_eq!(reasons(refused), [Reason::ClientForbidden]);
        }
        assert!(authority.admit(Surface::Api).is_err());
    }
    let other = authority(&policy, &client("3"));
    assert!(other.admit(Surface::Api).is_ok() && other.evaluate(Action::Reveal, &of_client("3")).is_allow());
    assert!(other.with_forbidden(true).admit(Surface::Api).is_err());
}

#[test]
fn nobody_creates_for_a_forbidden_client() {
    let policy = with(|policy| policy.settings.forbidden_clients = vec![client_id("1")]);
    let boss = authority(&policy, &admin("1", &["boss"]));
    let create = |client: &str| Capability::Create { owner: of_client(client).owner, private: false };
    let refused = boss.authorize_capability(create("1")).unwrap_err();
    assert!(reasons(refused).contains(&Reason::ClientForbidden));
    assert!(boss.authorize_capability(create("2")).is_ok());
}

#[test]
fn of_a_barred_service_entries_can_only_be_seen_and_cleared_away() {
    let head = of_service("1");
    for (policy, reason) in bars() {
        for principal in [client("1"), sub_user("1", &Permission::ALL), admin("1", &["chief"])] {
            let authority = authority(&policy, &principal);
            if authority.forbidden() {
                continue;
            }
            assert_eq!(authority.actions(&head), [Action::View, Action::Delete].into_iter().collect());
            for action in [Action::Reveal, Action::Use, Action::Edit, Action::Share] {
                let refused = authority.authorize(action, EntryId::from_bytes([1; 16]), &head).unwrap_err();
                assert!(reasons(refused).contains(&reason), "{principal:?} {action:?}");
            }
            assert!(authority.evaluate(Action::Reveal, &of_client("1")).is_allow());
        }
    }
}

#[test]
fn the_secret_of_a_service_is_for_its_client_and_whom_the_modes_name() {
    let all = Permission::ALL;
    let without = |left_out: Permission| all.into_iter().filter(|one| *one != left_out).collect::<Vec<_>>();
    let service = service_of("1");
    let staff = StaffList { admins: vec![admin_id("2")], roles: Vec::new() };
    let mode = |mode: AccessMode| with(|policy| policy.settings.access_mode = mode);
    let restricted = mode(AccessMode::Restricted(staff.clone()));
    let shared_only = mode(AccessMode::Shared(staff));
    let may = |policy: &Policy, principal: &Principal| authority(policy, principal).authorize_service(&service).is_ok();
    for (principal, by_restricted, by_shared) in [
        (client("1"), true, true),
        (client("2"), false, false),
        (sub_user("1", &all), true, true),
        (sub_user("1", &without(Permission::View)), true, true),
        (sub_user("1", &without(Permission::Reveal)), true, true),
        (sub_user("1", &without(Permission::Products)), false, false),
        (sub_user("2", &all), false, false),
        (admin("1", &["chief"]), true, true),
        (admin("1", &["boss"]), false, false),
        (admin("2", &[]), true, false),
        (Principal::system(), false, false),
    ] {
        assert_eq!(
            (may(&restricted, &principal), may(&shared_only, &principal)),
            (by_restricted, by_shared),
            "{principal:?}"
        );
    }
    assert!(may(&mode(AccessMode::Full), &admin("1", &[])));
    // A master password bars what the account has, also where the host keeps it.
    let locked = authority(&restricted, &client("1")).with_owned_locked(true).authorize_service(&service);
    assert_eq!(reasons(locked.unwrap_err()), [Reason::OwnedLocked]);
    let stranger = authority(&restricted, &client("2")).authorize_service(&service);
    assert_eq!(stranger.unwrap_err(), Denied::NotFound);
}

#[test]
fn the_secret_of_a_barred_service_is_for_nobody() {
    let service = service_of("1");
    for (policy, reason) in bars() {
        for principal in [client("1"), admin("1", &["chief"])] {
            let refused = authority(&policy, &principal).authorize_service(&service).unwrap_err();
            if refused != Denied::NotFound {
                assert!(reasons(refused).contains(&reason), "{principal:?}");
            }
        }
        for principal in [Principal::system(), admin("1", &["boss"])] {
            let refused = authority(&policy, &principal).authorize_service_change(&service).unwrap_err();
            assert!(reasons(refused).contains(&reason), "{principal:?}");
        }
    }
    let off = with(|policy| policy.settings.service_entries = false);
    let refused = authority(&off, &client("1")).authorize_service(&service).unwrap_err();
    let remedies = refused.decision().unwrap().remedies.clone();
    assert_eq!(remedies, [Remedy::SwitchOn { setting: SettingName::ServiceEntries }]);
}

#[test]
fn a_services_new_secret_comes_from_the_host_or_from_staff() {
    let policy = with(|policy| policy.rules.push(allowing(2, &["desk"], &[Section::EntriesForClients])));
    let may = |principal: &Principal| authority(&policy, principal).authorize_service_change(&service_of("1"));
    assert!(may(&Principal::system()).is_ok());
    assert!(may(&admin("1", &["desk"])).is_ok());
    assert!(matches!(may(&admin("1", &["chief"])), Err(Denied::Forbidden(_))));
    assert_eq!(reasons(may(&client("1")).unwrap_err()), [Reason::StaffOnly]);
    assert_eq!(may(&client("2")).unwrap_err(), Denied::NotFound);
}

#[test]
fn a_surface_that_is_switched_off_refuses_everyone() {
    let policy = with(|policy| policy.settings.display.tickets = false);
    for principal in [admin("1", &["boss"]), client("1"), Principal::system()] {
        let refused = authority(&policy, &principal).admit(Surface::Ticket).unwrap_err();
        assert_eq!(refused.decision().unwrap().remedies, [Remedy::SwitchOn { setting: SettingName::Tickets }]);
        assert_eq!(reasons(refused), [Reason::SettingOff { setting: SettingName::Tickets }]);
        for open in [Surface::Api, Surface::AdminArea, Surface::ClientArea, Surface::Summary, Surface::Cron] {
            assert!(authority(&policy, &principal).admit(open).is_ok(), "{open:?}");
        }
    }
}
