//! One named case for each rule about entries.

use super::fixture::*;
use crate::model::{AccessMode, Action, Actions, Permission, Policy, Principal, Section, StaffList};
use crate::policy::Authority;

use Action::{Delete, Edit, Reveal, Share, Use, View};

fn mode(access_mode: AccessMode) -> Policy {
    let mut policy = Policy::default();
    policy.settings.access_mode = access_mode;
    policy
}

fn listed(admins: &[&str], roles: &[&str]) -> StaffList {
    StaffList {
        admins: admins.iter().map(|id| admin_id(id)).collect(),
        roles: roles.iter().map(|id| role_id(id)).collect(),
    }
}

fn extended(roles: &[&str]) -> Policy {
    let mut policy = Policy::default();
    policy.settings.extended_roles = roles.iter().map(|id| role_id(id)).collect();
    policy
}

fn plain(principal: &Principal) -> Authority {
    authority(&Policy::default(), principal)
}

#[test]
fn owners_have_all_actions() {
    assert_eq!(plain(&admin("1", &[])).actions(&of_admin("1")), Actions::ALL);
    assert_eq!(plain(&client("1")).actions(&of_client("1")), Actions::ALL);
    assert_eq!(plain(&client("1")).actions(&of_client("2")), Actions::NONE);
}

#[test]
fn an_admin_and_a_client_of_one_id_are_two() {
    assert_eq!(plain(&admin("1", &[])).actions(&of_client("1")), Actions::NONE);
    assert_eq!(plain(&client("1")).actions(&of_admin("1")), Actions::NONE);
    let head = shared(of_admin("9"), vec![to_role("1", &[View])]);
    assert_eq!(plain(&admin("1", &[])).actions(&head), Actions::NONE);
}

#[test]
fn sub_users_have_the_accounts_rights_cut_by_their_permissions() {
    let some = sub_user("1", &[Permission::View, Permission::Edit, Permission::Keys]);
    assert_eq!(plain(&some).actions(&of_client("1")), set(&[View, Edit]));
    let granted = shared(of_admin("9"), vec![to_client("1", &[View, Reveal, Edit])]);
    assert_eq!(plain(&some).actions(&granted), set(&[View, Edit]));
    assert_eq!(plain(&some).actions(&of_client("2")), Actions::NONE);
}

#[test]
fn no_permission_counts_without_view() {
    let blind = sub_user("1", &[Permission::Reveal, Permission::Delete]);
    assert_eq!(plain(&blind).actions(&of_client("1")), Actions::NONE);
}

#[test]
fn grants_reach_by_name_by_role_and_by_account() {
    let head = shared(
        of_admin("9"),
        vec![to_admin("1", &[Edit]), to_role("r", &[Use]), to_role("s", &[Delete]), to_client("1", &[Reveal])],
    );
    assert_eq!(plain(&admin("1", &[])).actions(&head), set(&[View, Edit]));
    assert_eq!(plain(&admin("2", &["r", "s"])).actions(&head), set(&[View, Use, Delete]));
    assert_eq!(plain(&admin("1", &["r"])).actions(&head), set(&[View, Edit, Use]));
    assert_eq!(plain(&client("1")).actions(&head), set(&[View, Reveal]));
    assert_eq!(plain(&client("2")).actions(&head), Actions::NONE);
}

#[test]
fn a_grant_of_anything_brings_view_and_a_grant_of_nothing_gives_nothing() {
    let head = shared(of_admin("9"), vec![to_client("1", &[Share]), to_client("2", &[])]);
    assert_eq!(plain(&client("1")).actions(&head), set(&[View, Share]));
    assert_eq!(plain(&client("2")).actions(&head), Actions::NONE);
}

#[test]
fn private_beats_grants_modes_and_extended_roles() {
    let head = private(shared(of_client("1"), vec![to_admin("1", &Action::ALL), to_client("2", &[View])]));
    assert_eq!(plain(&admin("1", &[])).actions(&head), Actions::NONE);
    assert_eq!(plain(&client("2")).actions(&head), Actions::NONE);
    assert_eq!(authority(&mode(AccessMode::Full), &admin("1", &[])).actions(&head), Actions::NONE);
    assert_eq!(authority(&extended(&["r"]), &admin("1", &["r"])).actions(&head), Actions::NONE);
}

#[test]
fn private_leaves_the_owner_and_the_accounts_sub_users() {
    let head = private(of_client("1"));
    assert_eq!(plain(&client("1")).actions(&head), Actions::ALL);
    let some = sub_user("1", &[Permission::View, Permission::Reveal]);
    assert_eq!(plain(&some).actions(&head), Actions::VIEW_AND_REVEAL);
}

#[test]
fn mode_full_gives_any_admin_view_and_reveal_of_clients_entries() {
    let any = authority(&mode(AccessMode::Full), &admin("1", &[]));
    assert_eq!(any.actions(&of_client("1")), Actions::VIEW_AND_REVEAL);
    assert_eq!(any.actions(&of_admin("2")), Actions::NONE);
    assert_eq!(authority(&mode(AccessMode::Full), &client("2")).actions(&of_client("1")), Actions::NONE);
}

#[test]
fn mode_restricted_gives_it_to_listed_staff() {
    let policy = mode(AccessMode::Restricted(listed(&["1"], &["r"])));
    for (principal, expected) in [
        (admin("1", &[]), Actions::VIEW_AND_REVEAL),
        (admin("2", &["r"]), Actions::VIEW_AND_REVEAL),
        (admin("2", &["s"]), Actions::NONE),
    ] {
        assert_eq!(authority(&policy, &principal).actions(&of_client("1")), expected, "{principal:?}");
    }
}

#[test]
fn mode_shared_gives_it_on_entries_shared_with_anyone() {
    let policy = mode(AccessMode::Shared(listed(&["1"], &[])));
    let staff = authority(&policy, &admin("1", &[]));
    assert_eq!(staff.actions(&of_client("1")), Actions::NONE);
    assert_eq!(staff.actions(&shared(of_client("1"), vec![to_client("2", &[View])])), Actions::VIEW_AND_REVEAL);
    assert_eq!(staff.actions(&shared(of_client("1"), vec![to_client("2", &[])])), Actions::NONE);
    assert_eq!(staff.actions(&shared(of_admin("2"), vec![to_client("2", &[View])])), Actions::NONE);
    let other = authority(&policy, &admin("2", &[]));
    assert_eq!(other.actions(&shared(of_client("1"), vec![to_client("2", &[View])])), Actions::NONE);
}

#[test]
fn mode_and_grants_add_up() {
    let staff = authority(&mode(AccessMode::Full), &admin("1", &[]));
    let head = shared(of_client("1"), vec![to_admin("1", &[Delete])]);
    assert_eq!(staff.actions(&head), set(&[View, Reveal, Delete]));
}

#[test]
fn extended_roles_have_all_actions() {
    let policy = extended(&["r"]);
    assert_eq!(authority(&policy, &admin("1", &["r"])).actions(&of_admin("2")), Actions::ALL);
    assert_eq!(authority(&policy, &admin("1", &["r"])).actions(&of_client("2")), Actions::ALL);
    assert_eq!(authority(&policy, &admin("1", &["s"])).actions(&of_client("2")), Actions::NONE);
}

#[test]
fn the_trash_leaves_view_and_delete_to_those_who_may_delete() {
    assert_eq!(plain(&client("1")).actions(&trashed(of_client("1"))), set(&[View, Delete]));
    let head = trashed(shared(of_client("1"), vec![to_client("2", &[Delete]), to_client("3", &[View, Edit])]));
    assert_eq!(plain(&client("2")).actions(&head), set(&[View, Delete]));
    assert_eq!(plain(&client("3")).actions(&head), Actions::NONE);
    let reader = sub_user("1", &[Permission::View, Permission::Reveal]);
    assert_eq!(plain(&reader).actions(&head), Actions::NONE);
    assert_eq!(authority(&mode(AccessMode::Full), &admin("1", &[])).actions(&head), Actions::NONE);
}

#[test]
fn a_locked_master_password_bars_owned_entries_only() {
    let head = shared(of_client("1"), vec![to_client("2", &[View])]);
    let locked = |principal: &Principal| plain(principal).with_owned_locked(true);
    assert_eq!(locked(&client("1")).actions(&head), Actions::NONE);
    assert_eq!(locked(&sub_user("1", &Permission::ALL)).actions(&head), Actions::NONE);
    assert_eq!(locked(&client("2")).actions(&head), set(&[View]));
    assert_eq!(plain(&client("1")).actions(&head), Actions::ALL);
    let policy = extended(&["r"]);
    let owner = authority(&policy, &admin("1", &["r"])).with_owned_locked(true);
    assert_eq!(owner.actions(&of_admin("1")), Actions::NONE, "no other way around the password");
}

#[test]
fn restricting_the_section_of_entries_shuts_an_admin_out() {
    let mut policy = extended(&["r"]);
    policy.settings.access_mode = AccessMode::Full;
    policy.rules = vec![full(1, &["r"]), restricting(2, &["s"], &[Section::Entries])];
    let out = authority(&policy, &admin("1", &["r", "s"]));
    let head = shared(of_client("1"), vec![to_admin("1", &Action::ALL)]);
    assert_eq!(out.actions(&head), Actions::NONE);
    assert_eq!(out.actions(&of_admin("1")), Actions::NONE);
    assert_eq!(authority(&policy, &admin("1", &["r"])).actions(&head), Actions::ALL);
}

#[test]
fn restricting_a_part_of_the_section_leaves_entries_open() {
    let policy = with_rules(vec![restricting(1, &["r"], &[Section::EntriesExport])]);
    assert_eq!(authority(&policy, &admin("1", &["r"])).actions(&of_admin("1")), Actions::ALL);
}

#[test]
fn a_grant_needs_no_section() {
    let head = shared(of_client("1"), vec![to_admin("1", &[Reveal])]);
    assert_eq!(plain(&admin("1", &[])).actions(&head), Actions::VIEW_AND_REVEAL);
}

#[test]
fn scheduled_work_has_no_part_in_entries() {
    let system = authority(&mode(AccessMode::Full), &Principal::system());
    assert_eq!(system.actions(&of_client("1")), Actions::NONE);
    assert_eq!(system.actions(&of_admin("1")), Actions::NONE);
}
