//! Listing, creating, import and export, keys, master passwords, and privacy.

use super::fixture::*;
use crate::id::EntryId;
use crate::model::{Action, KeyOwner, Owner, Permission, Policy, Principal, Section};
use crate::policy::{Capability, Denied, Reach, Reason, Remedy, SettingName};

fn may(policy: &Policy, principal: &Principal, capability: &Capability) -> bool {
    authority(policy, principal).explain_capability(capability).effect.is_allow()
}

fn create(owner: Owner, private: bool) -> Capability {
    Capability::Create { owner, private }
}

fn owned_by_client(id: &str) -> Owner {
    Owner::Client(client_id(id))
}

#[test]
fn an_admin_needs_the_section() {
    use Capability as C;
    let cases = [
        (C::List, Section::Entries),
        (create(Owner::Admin(admin_id("1")), true), Section::Entries),
        (create(owned_by_client("1"), false), Section::EntriesForClients),
        (C::Import, Section::EntriesImport),
        (C::Export, Section::EntriesExport),
        (C::CreateKey { owner: KeyOwner::Admin(admin_id("1")) }, Section::Keys),
        (C::CreateKey { owner: KeyOwner::Vault }, Section::KeysManage),
        (C::SetMasterPassword, Section::Entries),
        (C::ManageMasterPassword, Section::Entries),
    ];
    for (capability, section) in cases {
        let with = with_rules(vec![allowing(1, &["r"], &[section])]);
        assert!(may(&with, &admin("1", &["r"]), &capability), "{capability:?}");
        let without = with_rules(vec![full(1, &["r"]), restricting(2, &["r"], &[section])]);
        assert!(!may(&without, &admin("1", &["r"]), &capability), "{capability:?}");
    }
}

#[test]
fn a_sub_user_needs_the_permissions_and_the_account_none() {
    use Capability as C;
    use Permission as P;
    let cases = [
        (C::List, vec![P::View]),
        (create(owned_by_client("1"), true), vec![P::Create]),
        (C::Import, vec![P::Create, P::Transfer]),
        (C::Export, vec![P::View, P::Reveal, P::Transfer]),
        (C::CreateKey { owner: KeyOwner::Client(client_id("1")) }, vec![P::Keys]),
        (C::SetMasterPassword, vec![P::Keys]),
        (C::ManageMasterPassword, vec![P::Keys]),
    ];
    let policy = Policy::default();
    for (capability, needed) in cases {
        assert!(may(&policy, &client("1"), &capability), "{capability:?}");
        assert!(may(&policy, &sub_user("1", &needed), &capability), "{capability:?}");
        for missing in &needed {
            // Products let list too.
            let rest: Vec<_> = P::ALL.into_iter().filter(|one| one != missing && *one != P::Products).collect();
            assert!(!may(&policy, &sub_user("1", &rest), &capability), "{capability:?} without {missing:?}");
        }
    }
}

#[test]
fn nobody_creates_for_others_but_staff_for_clients() {
    let all = with_rules(vec![full(1, &["r"])]);
    let staff = admin("1", &["r"]);
    assert!(may(&all, &staff, &create(owned_by_client("1"), false)));
    assert!(!may(&all, &staff, &create(owned_by_client("1"), true)), "only the owner makes it private");
    assert!(!may(&all, &staff, &create(Owner::Admin(admin_id("2")), false)));
    assert!(!may(&all, &client("1"), &create(owned_by_client("2"), false)));
    assert!(!may(&all, &client("1"), &create(Owner::Admin(admin_id("1")), false)));
    for owner in [KeyOwner::Admin(admin_id("2")), KeyOwner::Client(client_id("1"))] {
        assert!(!may(&all, &staff, &Capability::CreateKey { owner }));
    }
    assert!(!may(&all, &client("1"), &Capability::CreateKey { owner: KeyOwner::Vault }));
}

#[test]
fn scheduled_work_has_no_capability() {
    for capability in [Capability::List, Capability::Export, create(owned_by_client("1"), false)] {
        assert!(!may(&Policy::default(), &Principal::system(), &capability));
    }
}

#[test]
fn settings_refuse_new_private_entries_and_first_master_passwords() {
    let mut policy = Policy::default();
    policy.settings.private_entries = false;
    policy.settings.master_passwords = false;
    let own = authority(&policy, &client("1"));
    let refused = own.explain_capability(&create(owned_by_client("1"), true));
    let setting = SettingName::PrivateEntries;
    assert_eq!(refused.reasons, [Reason::Account, Reason::SettingOff { setting }]);
    assert_eq!(refused.remedies, [Remedy::SwitchOn { setting }]);
    assert!(matches!(refused.reach, Reach::Permissions(all) if all == Permission::ALL));
    assert!(own.authorize_capability(create(owned_by_client("1"), false)).is_ok());
    assert!(own.authorize_capability(Capability::SetMasterPassword).is_err());
    assert!(own.authorize_capability(Capability::ManageMasterPassword).is_ok());
}

#[test]
fn privacy_is_the_owners_choice() {
    let id = EntryId::from_bytes([1; 16]);
    let mut policy = Policy::default();
    policy.settings.extended_roles = vec![role_id("r")];
    let owner = authority(&policy, &client("1"));
    assert!(owner.authorize_privacy(true, id, &of_client("1")).unwrap().covers_entry(id, Action::Edit));
    let staff = authority(&policy, &admin("1", &["r"]));
    let denied = staff.authorize_privacy(true, id, &of_client("1")).unwrap_err();
    assert_eq!(denied.decision().unwrap().reasons, [Reason::OwnerOnly]);
    let other = authority(&policy, &client("2"));
    assert_eq!(other.authorize_privacy(true, id, &of_client("1")).unwrap_err(), Denied::NotFound);

    policy.settings.private_entries = false;
    let owner = authority(&policy, &client("1"));
    assert!(owner.authorize_privacy(true, id, &of_client("1")).is_err(), "none is made private any more");
    assert!(owner.authorize_privacy(true, id, &private(of_client("1"))).is_ok(), "one that is stays so");
    assert!(owner.authorize_privacy(false, id, &private(of_client("1"))).is_ok());
}
