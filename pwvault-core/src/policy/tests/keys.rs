//! The rule about encryption keys.

use super::fixture::*;
use crate::model::{Grantee, KeyOwner, Permission, Policy, Principal, Section};
use crate::policy::{Authority, Denied, KeyAction, Reach, Reason, Remedy};

use KeyAction::{Attach, Manage, View};

fn plain(principal: &Principal) -> Authority {
    authority(&Policy::default(), principal)
}

fn clients(id: &str) -> KeyOwner {
    KeyOwner::Client(client_id(id))
}

#[test]
fn owners_manage_their_keys() {
    assert_eq!(plain(&client("1")).key_action(&key(clients("1"), vec![])), Some(Manage));
    assert_eq!(plain(&client("2")).key_action(&key(clients("1"), vec![])), None);
    let admins = key(KeyOwner::Admin(admin_id("1")), vec![]);
    assert_eq!(plain(&admin("1", &[])).key_action(&admins), Some(Manage));
    assert_eq!(plain(&admin("2", &[])).key_action(&admins), None);
    assert_eq!(plain(&client("1")).key_action(&admins), None);
}

#[test]
fn sub_users_need_a_permission_for_the_accounts_keys() {
    let head = key(clients("1"), vec![]);
    for (permissions, expected) in [
        (&[Permission::Keys][..], Some(Manage)),
        (&[Permission::View][..], Some(Attach)),
        (&[Permission::Edit, Permission::Create][..], None),
    ] {
        assert_eq!(plain(&sub_user("1", permissions)).key_action(&head), expected, "{permissions:?}");
    }
}

#[test]
fn a_right_to_attach_is_no_right_to_manage() {
    let to = |grantee| key(clients("9"), vec![grantee]);
    let by_role = to(Grantee::Role(role_id("r")));
    assert_eq!(plain(&admin("1", &["r"])).key_action(&by_role), Some(Attach));
    assert_eq!(plain(&admin("1", &["s"])).key_action(&by_role), None);
    let by_account = to(Grantee::Client(client_id("1")));
    assert_eq!(plain(&client("1")).key_action(&by_account), Some(Attach));
    assert_eq!(plain(&sub_user("1", &[Permission::View])).key_action(&by_account), Some(Attach));
    assert_eq!(plain(&sub_user("1", &[Permission::Keys])).key_action(&by_account), None);
}

#[test]
fn the_vaults_keys_follow_the_sections() {
    let head = key(KeyOwner::Vault, vec![]);
    for (section, expected) in
        [(Section::Keys, Some(Manage)), (Section::KeysManage, Some(Manage)), (Section::Logs, None)]
    {
        let policy = with_rules(vec![allowing(1, &["r"], &[section])]);
        assert_eq!(authority(&policy, &admin("1", &["r"])).key_action(&head), expected, "{section:?}");
    }
    let policy =
        with_rules(vec![allowing(1, &["r"], &[Section::Keys]), restricting(2, &["r"], &[Section::KeysManage])]);
    assert_eq!(authority(&policy, &admin("1", &["r"])).key_action(&head), Some(Attach));
    assert_eq!(plain(&client("1")).key_action(&head), None);
    assert_eq!(plain(&Principal::system()).key_action(&head), None);
}

#[test]
fn restricting_the_section_of_keys_takes_own_keys_and_rights_to_attach_too() {
    let policy = with_rules(vec![restricting(1, &["r"], &[Section::Keys])]);
    let out = authority(&policy, &admin("1", &["r"]));
    assert_eq!(out.key_action(&key(KeyOwner::Admin(admin_id("1")), vec![])), None);
    assert_eq!(out.key_action(&key(clients("1"), vec![Grantee::Admin(admin_id("1"))])), None);
}

#[test]
fn an_unknown_key_is_not_found_and_a_known_one_explained() {
    let head = key(clients("1"), vec![Grantee::Client(client_id("2"))]);
    assert_eq!(plain(&client("3")).authorize_key(View, key_id(), &head).unwrap_err(), Denied::NotFound);
    let denied = plain(&client("2")).authorize_key(Manage, key_id(), &head).unwrap_err();
    let decision = denied.decision().unwrap();
    let grantee = Grantee::Client(client_id("2"));
    assert_eq!(decision.reasons, [Reason::AttachRight { grantee }, Reason::KeyNotCovered { action: Manage }]);
    assert_eq!(decision.remedies, [Remedy::AskOwner]);
    assert_eq!(decision.reach, Reach::KeyActions(vec![View, Attach]));
    let proof = plain(&client("2")).authorize_key(Attach, key_id(), &head).unwrap();
    assert!(proof.covers_key(key_id(), Attach));
    assert!(!proof.covers_key(key_id(), Manage));
}
