//! People, units and sub-accounts, and who may manage them.

use pwvault_core::directory::PeopleError;
use pwvault_core::id::{DepartmentId, GroupId};
use pwvault_core::model::{
    Actions, EventKind, MailTopic, MailTopics, Outcome, Permission, PersonKind, RuleDraft, Section, UnitId, UnitKind,
};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{PeopleQuery, PersonDraft, PersonPatch, SubUserPut, UnitDraft};
use pwvault_core::{EntryDraft, Principal, UserId, VaultError};

use crate::world::{World, account, admin, client, permissions, person, role, user};

fn people(result: Result<impl std::fmt::Debug, VaultError>) -> PeopleError {
    match result {
        Err(VaultError::People(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_are_unique_in_a_realm_and_free_again() {
    let world = World::peopled();
    let root = world.root();
    let taken = people(root.create_person(&PersonDraft { email: "BERT@example.com".into(), ..person(user("zoe")) }));
    assert_eq!(taken, PeopleError::Taken { what: "e-mail address" });
    let taken = people(root.create_person(&PersonDraft { username: "Dora".into(), ..person(admin("zoe")) }));
    assert_eq!(taken, PeopleError::Taken { what: "user name" });
    assert_eq!(people(root.create_person(&person(client("bert")))), PeopleError::Exists { what: "person" });
    // Staff and clients do not meet.
    root.create_person(&PersonDraft { email: "bert@example.com".into(), ..person(admin("zoe")) }).unwrap();

    let patch = PersonPatch { email: Some("new@example.com".into()), ..PersonPatch::default() };
    assert_eq!(root.update_person(&client("bert"), 1, &patch).unwrap(), 2);
    let stale = root.update_person(&client("bert"), 1, &patch);
    assert!(matches!(stale, Err(VaultError::VersionConflict { expected: 1, found: 2 })));
    root.create_person(&PersonDraft { email: "bert@example.com".into(), ..person(user("zoe")) }).unwrap();
    root.delete_person(&user("zoe"), 1).unwrap();
    root.create_person(&PersonDraft { email: "bert@example.com".into(), ..person(user("yara")) }).unwrap();
    assert!(matches!(root.person(&user("zoe")), Err(VaultError::NotFound)));
}

#[test]
fn what_is_against_the_rules_is_refused_by_name() {
    let world = World::peopled();
    let create = |draft| people(world.root().create_person(&draft));
    assert_eq!(create(PersonDraft { username: "7up".into(), ..person(client("x")) }), PeopleError::UsernameStart);
    assert_eq!(create(PersonDraft { email: "x".into(), ..person(client("x")) }), PeopleError::Email);
    assert_eq!(create(PersonDraft { email: String::new(), ..person(client("x")) }), PeopleError::NoName);
    let short = PersonDraft { password: Some("short".into()), ..person(client("x")) };
    assert_eq!(create(short), PeopleError::PasswordLength { length: 5, min: 10 });
    let misplaced = PersonDraft { roles: vec![role("full")], ..person(client("x")) };
    assert!(matches!(create(misplaced), PeopleError::Misplaced { .. }));
    let nobody = PersonDraft { roles: vec![role("no such role")], ..person(admin("x")) };
    assert_eq!(create(nobody), PeopleError::NoUnit { what: "role" });
    let nowhere = PersonDraft { groups: vec![GroupId::new("none").unwrap()], ..person(client("x")) };
    assert_eq!(create(nowhere), PeopleError::NoUnit { what: "group" });
    let unnamed = world.root().create_person(&PersonDraft { name: String::new(), ..person(client("x")) });
    assert!(matches!(unnamed, Err(VaultError::Invalid { field: "name", .. })));
    assert!(matches!(world.root().person(&client("x")), Err(VaultError::NotFound)), "nothing was written");
}

#[test]
fn people_are_found_by_exact_name_address_and_unit_page_by_page() {
    let world = World::peopled();
    let root = world.root();
    let group = GroupId::new("vip").unwrap();
    world.add_unit(UnitId::Group(group.clone()), MailTopics::NONE);
    for number in 0..25 {
        let groups = if number % 2 == 0 { vec![group.clone()] } else { vec![] };
        let draft =
            PersonDraft { groups, password: None, name: "Same Name".into(), ..person(client(&format!("c{number}"))) };
        root.create_person(&draft).unwrap();
    }
    let count = |query: PeopleQuery| {
        let (mut query, mut found) = (PeopleQuery { limit: 7, ..query }, Vec::new());
        loop {
            let page = root.list_people(&query).unwrap();
            assert!(page.people.len() <= 7);
            found.extend(page.people.into_iter().map(|one| one.id));
            query.after = page.next;
            if query.after.is_none() {
                found.sort();
                found.dedup();
                return found.len();
            }
        }
    };
    let all = PeopleQuery::default;
    assert_eq!(count(all()), 28);
    assert_eq!(count(PeopleQuery { kind: Some(PersonKind::Client), ..all() }), 26);
    assert_eq!(count(PeopleQuery { name: Some("SAME name".into()), ..all() }), 25);
    assert_eq!(count(PeopleQuery { name: Some("Same".into()), ..all() }), 0, "whole texts alone");
    assert_eq!(count(PeopleQuery { group: Some(group), name: Some("same name".into()), ..all() }), 13);
    assert_eq!(count(PeopleQuery { email: Some("C7@example.com".into()), ..all() }), 1);
    assert_eq!(count(PeopleQuery { username: Some("dora".into()), ..all() }), 1);
    assert_eq!(count(PeopleQuery { role: Some(role("sales")), ..all() }), 1);
    assert_eq!(count(PeopleQuery { account: Some(account("bert")), ..all() }), 1);
    assert!(matches!(root.list_people(&PeopleQuery { limit: 0, ..all() }), Err(VaultError::Invalid { .. })));
}

#[test]
fn presets_open_what_their_roles_are_for() {
    let world = World::peopled();
    let names: Vec<_> = world.root().units(UnitKind::Role).unwrap().into_iter().map(|unit| unit.name).collect();
    assert_eq!(names, ["Full Administrator", "Sales Operator", "Support Only"]);
    assert!(world.root().add_role_presets().unwrap().is_empty(), "a second time there is nothing to add");
    let may = |role_id: &str, section| {
        let session =
            world.session(Principal::admin_with_roles(pwvault_core::AdminId::new("x").unwrap(), vec![role(role_id)]));
        session.explain_section(section).unwrap().effect.is_allow()
    };
    for (section, expected) in [
        (Section::Access, [true, false, false]),
        (Section::Directory, [true, false, false]),
        (Section::EntriesForClients, [true, true, true]),
        (Section::EntriesExport, [true, true, false]),
        (Section::Categories, [true, true, false]),
        (Section::Logs, [true, false, false]),
    ] {
        assert_eq!(["full", "sales", "support-only"].map(|id| may(id, section)), expected, "{section:?}");
    }
    // Any number more; one that people hold stays.
    let id = UnitId::Role(role("billing"));
    world.add_unit(id.clone(), MailTopics::NONE);
    let draft = UnitDraft { id: id.clone(), name: "Billing".into(), mail: MailTopics::all() };
    assert_eq!(world.root().update_unit(&draft, 1).unwrap(), 2);
    world.root().delete_unit(&id, 2).unwrap();
    let held = people(world.root().delete_unit(&UnitId::Role(role("sales")), 1));
    assert_eq!(held, PeopleError::UnitInUse);
}

#[test]
fn nobody_gives_roles_or_manages_administrators_beyond_the_own_standing() {
    let world = World::peopled();
    let rule = RuleDraft {
        name: "Personnel".into(),
        allow: vec![Section::Directory],
        roles: vec![role("personnel")],
        ..RuleDraft::default()
    };
    world.root().add_rule(&rule).unwrap();
    world.add_unit(UnitId::Role(role("personnel")), MailTopics::NONE);
    let support = DepartmentId::new("support").unwrap();
    world.add_unit(UnitId::Department(support.clone()), MailTopics::NONE);
    let hanna = PersonDraft { roles: vec![role("personnel"), role("sales")], ..person(admin("hanna")) };
    world.root().create_person(&hanna).unwrap();
    world.root().create_person(&PersonDraft { roles: vec![role("full")], ..person(admin("chief")) }).unwrap();
    let session = world.signed_in(&admin("hanna"));

    session.create_person(&person(client("new"))).unwrap();
    session.create_person(&PersonDraft { roles: vec![role("sales")], ..person(admin("ida")) }).unwrap();
    let roles =
        |ids: &[&str]| PersonPatch { roles: Some(ids.iter().map(|id| role(id)).collect()), ..Default::default() };
    for id in [admin("hanna"), admin("ida")] {
        assert_eq!(people(session.update_person(&id, 1, &roles(&["full"]))), PeopleError::NotOver, "{id}");
    }
    let draft = PersonDraft { roles: vec![role("full")], ..person(admin("jo")) };
    assert_eq!(people(session.create_person(&draft)), PeopleError::NotOver);
    let joins = PersonPatch { departments: Some(vec![support]), ..PersonPatch::default() };
    assert_eq!(people(session.update_person(&admin("ida"), 1, &joins)), PeopleError::NotOver);
    // Not by taking over someone who holds more either.
    let email = PersonPatch { email: Some("hanna2@example.com".into()), ..PersonPatch::default() };
    assert_eq!(people(session.update_person(&admin("chief"), 1, &email)), PeopleError::NotOver);
    assert_eq!(people(session.reset_password_of(&admin("chief")).map(drop)), PeopleError::NotOver);
    assert_eq!(people(session.delete_person(&admin("chief"), 1)), PeopleError::NotOver);
    assert_eq!(people(session.take_off_second_factor(&admin("chief"))), PeopleError::NotOver);
    let denied = world.log(&[EventKind::PersonUpdated, EventKind::PersonCreated, EventKind::PersonDeleted]);
    assert_eq!(
        denied.iter().filter(|(who, _, outcome)| who == "admin hanna" && *outcome == Outcome::Denied).count(),
        6
    );

    // A role that was taken away meanwhile is not given any more, whatever the session says.
    world.root().update_person(&admin("hanna"), 1, &roles(&["personnel"])).unwrap();
    let draft = PersonDraft { roles: vec![role("sales")], ..person(admin("kim")) };
    assert_eq!(people(session.create_person(&draft)), PeopleError::NotOver);
    // Nobody shuts oneself out.
    let chief = world.signed_in(&admin("chief"));
    assert_eq!(people(chief.delete_person(&admin("chief"), 1)), PeopleError::Oneself);
    let off = PersonPatch { active: Some(false), ..PersonPatch::default() };
    assert_eq!(people(chief.update_person(&admin("chief"), 1, &off)), PeopleError::Oneself);
}

#[test]
fn sub_users_manage_others_within_what_they_hold() {
    let world = World::peopled();
    use Permission as P;
    for (id, held) in [("lena", vec![P::View, P::Reveal, P::ManageUsers]), ("mona", vec![P::View, P::Delete])] {
        world.root().create_person(&person(user(id))).unwrap();
        world.put("bert", id, &held, 1).unwrap();
    }
    world.root().create_person(&person(client("erik"))).unwrap();
    let lena = world.signed_in(&user("lena"));
    let bert = account("bert");
    let put = |who: &str, list: &[P], version| {
        let (account, user) = (bert.clone(), UserId::new(who).unwrap());
        let put = SubUserPut { account, user, permissions: permissions(list), mail: MailTopics::NONE };
        lena.put_sub_user(&put, version)
    };
    let seen = lena.sub_users(&bert, 50, None).unwrap().users;
    let mut names: Vec<_> = seen.iter().map(|one| one.user.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["cleo", "lena", "mona"]);

    let version = put("cleo", &[P::View], 2).unwrap();
    assert_eq!(people(put("cleo", &[P::View, P::Edit], version)), PeopleError::NotHeld(vec![P::Edit]));
    assert_eq!(people(put("mona", &[P::View], 2)), PeopleError::NotHeld(vec![P::Delete]), "nor taken away");
    let mona = UserId::new("mona").unwrap();
    assert_eq!(people(lena.remove_sub_user(&bert, &mona)), PeopleError::NotHeld(vec![P::Delete]));
    assert_eq!(people(put("lena", &[P::View], 2)), PeopleError::Oneself);
    assert!(matches!(put("nobody", &[P::View], 1), Err(VaultError::NotFound)));
    let elsewhere = lena.sub_users(&account("erik"), 50, None);
    assert!(matches!(elsewhere, Err(VaultError::Denied(_))), "{elsewhere:?}");
    let without = world.signed_in(&user("cleo")).sub_users(&bert, 50, None);
    assert!(matches!(without, Err(VaultError::Denied(_))));

    // What was taken from the manager is not given any more, in a session from before too.
    world.put("bert", "lena", &[P::View, P::ManageUsers], 2).unwrap();
    assert_eq!(people(put("cleo", &[P::View, P::Reveal], version)), PeopleError::NotHeld(vec![P::Reveal]));
    // The account itself holds everything.
    world.session(Principal::client(bert.clone())).remove_sub_user(&bert, &mona).unwrap();
    lena.remove_sub_user(&bert, &UserId::new("lena").unwrap()).expect("one may leave");
}

#[test]
fn a_vault_asks_the_stored_directory_about_people() {
    let world = World::peopled();
    let dora = world.signed_in(&admin("dora"));
    let bert = world.signed_in(&client("bert"));
    world.root().create_person(&person(client("erik"))).unwrap();
    let id = bert.create_entry(&EntryDraft { name: "Shared".into(), ..EntryDraft::default() }).unwrap();
    bert.share_by_email(id, "erik@example.com", Actions::VIEW_AND_REVEAL).unwrap();
    assert!(world.signed_in(&client("erik")).entry(id).is_ok());
    assert!(dora.entry(id).is_err());
    // Switched off, there is no such client.
    let off = PersonPatch { active: Some(false), ..PersonPatch::default() };
    world.root().update_person(&client("erik"), 1, &off).unwrap();
    let other = bert.create_entry(&EntryDraft { name: "Other".into(), ..EntryDraft::default() }).unwrap();
    bert.share_by_email(other, "erik@example.com", Actions::VIEW_AND_REVEAL).unwrap();
    assert!(bert.grants(other).unwrap().is_empty());
}

#[test]
fn a_client_takes_the_parts_in_the_account_along() {
    let world = World::peopled();
    world.root().create_person(&person(client("erik"))).unwrap();
    world.put("erik", "cleo", &[Permission::View], 2).unwrap();
    world.root().delete_person(&client("bert"), 1).unwrap();
    let cleo = world.root().person(&user("cleo")).unwrap();
    let accounts: Vec<_> = cleo.memberships.iter().map(|part| part.account.as_str()).collect();
    assert_eq!(accounts, ["erik"]);
    assert!(cleo.memberships[0].mail.has(MailTopic::Vault));
}
