//! A vault that knows some people.

use pwvault_core::id::GroupId;
use pwvault_core::model::{
    Contact, Grantee, Permission, Permissions, Person, Principal, PrincipalKind, RuleDraft, Section, Settings,
};
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, ClientId, EntryDraft, EntryId, RoleId, Session, UserId, Vault};

use crate::host;

pub(crate) fn admin_id(id: &str) -> AdminId {
    AdminId::new(id).unwrap()
}

pub(crate) fn role(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

pub(crate) fn client_id(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

pub(crate) fn staff(id: &str) -> Person {
    Person::Admin(admin_id(id))
}

pub(crate) fn account(id: &str) -> Person {
    Person::Client(client_id(id))
}

pub(crate) fn to_role(id: &str) -> Grantee {
    Grantee::Role(role(id))
}

pub(crate) fn sub(account: &str, user: &str) -> Person {
    Person::SubUser { account: client_id(account), user: UserId::new(user).unwrap() }
}

/// Of somebody in these roles or groups, or with these permissions.
pub(crate) fn contact(person: Person, belongs: &[&str], permissions: &[Permission]) -> Contact {
    let belongs = if let Person::Admin(_) = person { (belongs, &[][..]) } else { (&[][..], belongs) };
    Contact {
        person,
        name: "Somebody".into(),
        email: None,
        locale: None,
        zone: None,
        wants_mail: false,
        roles: belongs.0.iter().map(|id| role(id)).collect(),
        departments: vec![],
        groups: belongs.1.iter().map(|id| GroupId::new(*id).unwrap()).collect(),
        permissions: permissions.iter().copied().collect(),
    }
}

/// As the host would sign this person in.
pub(crate) fn principal(contact: &Contact) -> Principal {
    let Contact { roles, departments, groups, permissions, .. } = contact.clone();
    let kind = match contact.person.clone() {
        Person::Admin(id) => PrincipalKind::Admin { id, roles, departments },
        Person::Client(id) => PrincipalKind::Client { id, groups },
        Person::SubUser { account, user } => PrincipalKind::SubUser { account, user, permissions },
        other => panic!("{other} does not sign in"),
    };
    Principal { kind, expected_lock: None }
}

/// A vault that knows root, sam and sue of the role desk, max of desk and out, joe without a role, and
/// two sub-users of anna. The role out may do nothing with entries.
pub(crate) fn peopled() -> (Vault, Session) {
    let vault = host::vault();
    let root = host::admin(&vault, "root", &["full"]);
    let contacts = [
        contact(staff("root"), &["full"], &[]),
        contact(staff("sam"), &["desk"], &[]),
        contact(staff("sue"), &["desk"], &[]),
        contact(staff("max"), &["desk", "out"], &[]),
        contact(staff("joe"), &[], &[]),
        contact(account("anna"), &[], &[]),
        contact(sub("anna", "reads"), &[], &[Permission::View, Permission::Reveal]),
        contact(sub("anna", "looks"), &[], &[Permission::View]),
    ];
    root.sync_principals(&contacts, &[]).unwrap();
    let out = RuleDraft { name: "Out".into(), restrict: vec![Section::Entries], ..RuleDraft::default() };
    root.add_rule(&RuleDraft { roles: vec![role("out")], ..out }).unwrap();
    (vault, root)
}

pub(crate) fn entry_of(session: &Session) -> EntryId {
    session.create_entry(&EntryDraft { name: "Mail".into(), password: "x".into(), ..EntryDraft::default() }).unwrap()
}

pub(crate) fn change_settings(root: &Session, change: impl FnOnce(&mut Settings)) {
    let (mut settings, revision) = root.settings().unwrap();
    change(&mut settings);
    root.update_settings(&settings, revision).unwrap();
}

pub(crate) fn reader() -> Principal {
    let permissions: Permissions = [Permission::View, Permission::Tickets].into_iter().collect();
    Principal::sub_user(client_id("anna"), UserId::new("reads").unwrap(), permissions)
}
