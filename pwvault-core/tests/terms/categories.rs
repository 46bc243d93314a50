//! Categories and tags.

use pwvault_core::model::{Action, Assignment, CategoryHead, Contact};
use pwvault_core::policy::SharingError;
use pwvault_core::vault::{CategoryDraft, EntryFilter, EntryQuery};
use pwvault_core::{EntryPatch, VaultError};

use super::*;

fn helpers(members: &[Grantee]) -> CategoryDraft {
    CategoryDraft { name: "Helpers".into(), description: "who helps".into(), members: members.to_vec() }
}

fn role(id: &str) -> Grantee {
    Grantee::Role(RoleId::new(id).unwrap())
}

fn listed(session: &Session, filter: EntryFilter) -> usize {
    session.list_entries(&EntryQuery { filter, ..EntryQuery::default() }).unwrap().entries.len()
}

#[test]
fn members_of_a_category_get_at_its_entries_and_lose_them_with_their_membership() {
    let vault = vault_at(&clock());
    let (anna, bo) = (client(&vault, "anna"), admin(&vault, "bo", &["support"]));
    let rule = pwvault_core::model::RuleDraft {
        name: "Listing".into(),
        allow: vec![pwvault_core::model::Section::Entries],
        roles: vec![RoleId::new("support").unwrap()],
        ..Default::default()
    };
    admin(&vault, "root", &["full"]).add_rule(&rule).unwrap();
    let (id, other) = (entry_of(&anna), entry_of(&anna));
    let category = anna.create_category(&helpers(&[role("support")])).unwrap();
    anna.assign_category(&[id, other], Some(Assignment { category, actions: Actions::VIEW_AND_REVEAL })).unwrap();
    assert_eq!(bo.reveal(id).unwrap().password.expose(), "s3cret");
    assert!(bo.trash_entries(&[id]).is_err(), "what the assignment says, and no more");
    assert_eq!(listed(&bo, EntryFilter::default()), 2);
    assert_eq!(listed(&bo, EntryFilter { category: Some(category), ..EntryFilter::default() }), 2);
    assert_eq!(bo.entry(id).unwrap().head.category, None, "what it is in is for those who may share it");

    let only_view = Assignment { category, actions: Actions::NONE.with(Action::View) };
    anna.assign_category(&[other], Some(only_view)).unwrap();
    assert!(bo.entry(other).is_ok() && bo.reveal(other).is_err());

    assert_eq!(anna.update_category(category, 1, &helpers(&[role("sales")])).unwrap(), 2);
    assert!(bo.reveal(id).is_err());
    assert_eq!(listed(&bo, EntryFilter::default()), 0);
    assert!(admin(&vault, "cy", &["sales"]).reveal(id).is_ok());
    assert!(matches!(
        anna.update_category(category, 1, &helpers(&[])),
        Err(VaultError::VersionConflict { expected: 1, found: 2 })
    ));
}

#[test]
fn a_category_in_use_is_deleted_by_force_alone() {
    let vault = vault_at(&clock());
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    let category = anna.create_category(&helpers(&[role("support")])).unwrap();
    anna.assign_category(&[id], Some(Assignment { category, actions: Actions::VIEW_AND_REVEAL })).unwrap();
    let refused = anna.delete_category(category, false).unwrap_err();
    assert_eq!(refused.to_string(), "the category is in use: 1 entries have it");
    anna.delete_category(category, true).unwrap();
    assert_eq!(anna.entry(id).unwrap().head.category, None);
    assert!(anna.categories().unwrap().is_empty());
    assert!(matches!(anna.delete_category(category, true), Err(VaultError::NotFound)));
}

#[test]
fn clients_categories_are_theirs_and_the_staffs() {
    let vault = vault_at(&clock());
    let (anna, bert, root) = (client(&vault, "anna"), client(&vault, "bert"), admin(&vault, "root", &["full"]));
    let category = anna.create_category(&helpers(&[])).unwrap();
    let staffs = root.create_category(&helpers(&[])).unwrap();
    let names =
        |all: Vec<(pwvault_core::id::CategoryId, CategoryHead)>| all.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(names(anna.categories().unwrap()), [category]);
    assert!(bert.categories().unwrap().is_empty());
    let mut both = [category, staffs];
    both.sort_unstable();
    assert_eq!(names(root.categories().unwrap()), both);
    assert!(matches!(bert.update_category(category, 1, &helpers(&[])), Err(VaultError::NotFound)));
    assert!(matches!(bert.delete_category(category, true), Err(VaultError::NotFound)));
    assert_eq!(root.update_category(category, 1, &helpers(&[role("support")])).unwrap(), 2);

    let id = entry_of(&bert);
    for foreign in [category, staffs] {
        let assigned = Assignment { category: foreign, actions: Actions::VIEW_AND_REVEAL };
        assert!(matches!(bert.assign_category(&[id], Some(assigned)), Err(VaultError::NotFound)));
    }
}

#[test]
fn bad_categories_and_assignments_are_named() {
    let vault = vault_at(&clock());
    let (anna, root) = (client(&vault, "anna"), admin(&vault, "root", &["full"]));
    let is_invalid = |result: Result<_, VaultError>, wrong: &str| {
        assert!(matches!(result.map(drop), Err(VaultError::Invalid { field, .. }) if field == wrong), "{wrong}");
    };
    let somebody = Grantee::Admin(AdminId::new("somebody").unwrap());
    is_invalid(root.create_category(&helpers(std::slice::from_ref(&somebody))), "members");
    is_invalid(root.create_category(&helpers(&[role("x"), role("x")])), "members");
    is_invalid(root.create_category(&CategoryDraft::default()), "name");
    anna.create_category(&helpers(std::slice::from_ref(&somebody))).expect("a client is not told who exists");
    let contact = Contact {
        person: Person::Admin(AdminId::new("somebody").unwrap()),
        name: "Somebody".into(),
        email: None,
        locale: None,
        zone: None,
        wants_mail: false,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: pwvault_core::model::Permissions::NONE,
    };
    root.sync_principals(&[contact], &[]).unwrap();
    root.create_category(&helpers(&[somebody])).unwrap();

    let id = entry_of(&anna);
    let category = anna.create_category(&helpers(&[])).unwrap();
    let assigned = Assignment { category, actions: Actions::VIEW_AND_REVEAL };
    let nothing = Assignment { category, actions: Actions::NONE };
    is_invalid(anna.assign_category(&[id], Some(nothing)).map(|()| category), "actions");
    is_invalid(anna.assign_category(&[id, id], Some(assigned)).map(|()| category), "ids");
    let version = anna.entry(id).unwrap().head.version;
    anna.update_entry(id, version, &EntryPatch { private: Some(true), ..EntryPatch::default() }).unwrap();
    let refused = anna.assign_category(&[id], Some(assigned));
    assert!(matches!(refused, Err(VaultError::Sharing(SharingError::Private))));

    // Nobody gives by a category what they hold on conditions, or not at all.
    let id = entry_of(&anna);
    let sharing = Actions::VIEW_AND_REVEAL.with(Action::Share);
    let to_root = Grantee::Admin(AdminId::new("root").unwrap());
    anna.share(id, &[GrantChange::put_on(to_root, sharing, asking(true, false))]).unwrap();
    let context = RequestContext { reason: Some("work".into()), ..RequestContext::default() };
    let root = vault.session(root.principal().clone(), context);
    let freer = root.assign_category(&[id], Some(assigned));
    assert!(matches!(freer, Err(VaultError::Sharing(SharingError::BeyondTerms))), "{freer:?}");
    let more = root.assign_category(&[id], Some(Assignment { category, actions: Actions::ALL }));
    assert!(matches!(more, Err(VaultError::Sharing(SharingError::NotHeld))), "{more:?}");
}

#[test]
fn tags_are_for_staff_alone() {
    let vault = vault_at(&clock());
    let (anna, root) = (client(&vault, "anna"), admin(&vault, "root", &["full"]));
    let id = entry_of(&anna);
    anna.share(id, &[GrantChange::put(role("full"), Actions::VIEW_AND_REVEAL)]).unwrap();
    let (urgent, spare) = (root.create_tag("urgent").unwrap(), root.create_tag("spare").unwrap());
    root.tag_entries(&[id], &[urgent], &[]).unwrap();
    assert_eq!(root.entry(id).unwrap().head.tags, [urgent]);
    assert_eq!(listed(&root, EntryFilter { tag: Some(urgent), ..EntryFilter::default() }), 1);
    assert_eq!(listed(&root, EntryFilter { tag: Some(spare), ..EntryFilter::default() }), 0);

    assert!(anna.entry(id).unwrap().head.tags.is_empty());
    assert_eq!(listed(&anna, EntryFilter { tag: Some(urgent), ..EntryFilter::default() }), 0);
    assert!(
        anna.tags().is_err() && anna.create_tag("mine").is_err() && anna.tag_entries(&[id], &[spare], &[]).is_err()
    );

    assert_eq!(root.rename_tag(urgent, 1, "very urgent").unwrap(), 2);
    assert!(root.tags().unwrap().iter().any(|(id, tag)| *id == urgent && tag.name == "very urgent"));
    assert!(matches!(root.delete_tags(&[spare, urgent], false), Err(VaultError::InUse { .. })));
    assert_eq!(root.tags().unwrap().len(), 2, "all or none");
    root.delete_tags(&[spare, urgent], true).unwrap();
    assert!(root.entry(id).unwrap().head.tags.is_empty() && root.tags().unwrap().is_empty());
    assert!(matches!(root.tag_entries(&[id], &[urgent], &[]), Err(VaultError::NotFound)));
}

#[test]
fn who_holds_more_roles_than_a_store_is_asked_for_at_once_is_served_like_anyone() {
    let vault = vault_at(&clock());
    let anna = client(&vault, "anna");
    let names: Vec<String> = (0..5_000).map(|number| number.to_string()).collect();
    let roles: Vec<&str> = names.iter().map(String::as_str).chain(["full"]).collect();
    let (granted, assigned, _others) = (entry_of(&anna), entry_of(&anna), entry_of(&client(&vault, "bert")));
    anna.share(granted, &[GrantChange::put(role("17"), Actions::VIEW_AND_REVEAL)]).unwrap();
    let category = anna.create_category(&helpers(&[role("4999")])).unwrap();
    anna.assign_category(&[assigned], Some(Assignment { category, actions: Actions::VIEW_AND_REVEAL })).unwrap();
    let bo = admin(&vault, "bo", &roles);
    assert!(bo.reveal(granted).is_ok() && bo.reveal(assigned).is_ok());
    assert_eq!(listed(&bo, EntryFilter::default()), 2);
    assert_eq!(listed(&bo, EntryFilter { category: Some(category), ..EntryFilter::default() }), 1);
}
