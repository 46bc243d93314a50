//! Showing and hiding entries by one step.

use pwvault_core::model::{AccessMode, Action, Actions, Assignment, Grantee, RuleDraft, Section, Settings, StaffList};
use pwvault_core::policy::{GrantChange, SharingError};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{CategoryDraft, VisibleTo};
use pwvault_core::{AdminId, ClientId, EntryDraft, EntryId, EntryPatch, RoleId, Session, VaultError};

use crate::host::{admin, client, vault};
use crate::{NOW, entry_of};

fn to_clients(ids: &[&str]) -> VisibleTo {
    VisibleTo::Clients(ids.iter().map(|id| ClientId::new(*id).unwrap()).collect())
}

fn a_client(id: &str) -> Grantee {
    Grantee::Client(ClientId::new(id).unwrap())
}

fn a_role(id: &str) -> Grantee {
    Grantee::Role(RoleId::new(id).unwrap())
}

fn an_admin(id: &str) -> Grantee {
    Grantee::Admin(AdminId::new(id).unwrap())
}

fn grants(session: &Session, id: EntryId) -> Vec<(Grantee, Actions)> {
    session.grants(id).unwrap().into_iter().map(|grant| (grant.grantee, grant.actions)).collect()
}

#[test]
fn an_entry_is_shown_and_hidden_and_other_grants_stay() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    let (view, all) = (Actions::NONE.with(Action::View), Actions::ALL);
    let others = [GrantChange::put(a_client("dora"), all), GrantChange::put(an_admin("sam"), view)];
    anna.share(id, &others).unwrap();
    let untouched = grants(&anna, id);

    let both = to_clients(&["bert", "cleo", "anna"]);
    let ahead = anna.preview_visibility(id, &both, true).unwrap();
    assert_eq!(grants(&anna, id), untouched, "a preview changes nothing");
    assert_eq!(anna.set_visible(id, &both, true).unwrap(), ahead);
    assert_eq!((ahead.gains, ahead.unchanged), (vec![a_client("bert"), a_client("cleo")], vec![a_client("anna")]));
    assert!(client(&vault, "bert").reveal(id).is_ok() && client(&vault, "cleo").reveal(id).is_ok());
    assert_eq!(anna.set_visible(id, &both, true).unwrap().gains, []);

    // What gives more stays more, what gave less gives both.
    let shown = anna.set_visible(id, &to_clients(&["dora"]), true).unwrap();
    assert_eq!(shown.unchanged, [a_client("dora")]);
    let sam = VisibleTo::Administrators(StaffList { admins: vec![AdminId::new("sam").unwrap()], roles: vec![] });
    assert_eq!(anna.set_visible(id, &sam, true).unwrap().gains, [an_admin("sam")]);
    assert!(admin(&vault, "sam", &[]).reveal(id).is_ok());

    let hidden = anna.set_visible(id, &both, false).unwrap();
    assert_eq!((hidden.loses, hidden.unchanged), (vec![a_client("bert"), a_client("cleo")], vec![a_client("anna")]));
    assert!(matches!(client(&vault, "bert").reveal(id), Err(VaultError::NotFound)));
    assert_eq!(grants(&anna, id), [(an_admin("sam"), Actions::VIEW_AND_REVEAL), (a_client("dora"), all)]);
    // Who saw it may still know it.
    assert!(anna.entry(id).unwrap().head.secret.needs_rotation);
}

#[test]
fn all_administrators_are_those_whom_the_rules_let_in() {
    let vault = vault();
    let (root, anna) = (admin(&vault, "root", &["full"]), client(&vault, "anna"));
    let rule = |name: &str, allow: &[Section], restrict: &[Section]| RuleDraft {
        name: name.into(),
        allow: allow.to_vec(),
        restrict: restrict.to_vec(),
        roles: vec![RoleId::new(name).unwrap()],
        ..RuleDraft::default()
    };
    root.add_rule(&rule("support", &[Section::Entries], &[])).unwrap();
    root.add_rule(&rule("sales", &[Section::Logs], &[])).unwrap();
    root.add_rule(&rule("barred", &[Section::Entries], &[Section::Entries])).unwrap();
    let id = entry_of(&anna);
    anna.share(id, &[GrantChange::put(a_role("sales"), Actions::VIEW_AND_REVEAL)]).unwrap();
    let shown = anna.set_visible(id, &VisibleTo::AllAdministrators, true).unwrap();
    assert_eq!(shown.gains, [a_role("full"), a_role("support")]);
    assert!(admin(&vault, "sam", &["support"]).reveal(id).is_ok());
    assert_eq!(anna.set_visible(id, &VisibleTo::AllAdministrators, false).unwrap().loses, shown.gains);
    assert_eq!(grants(&anna, id), [(a_role("sales"), Actions::VIEW_AND_REVEAL)]);
}

#[test]
fn the_members_of_a_category_gain_and_lose_it_together() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let category = |name: &str, members: &[Grantee]| {
        anna.create_category(&CategoryDraft {
            name: name.into(),
            members: members.to_vec(),
            ..CategoryDraft::default()
        })
        .unwrap()
    };
    let (family, work) = (category("Family", &[a_client("bert"), a_client("cleo")]), category("Work", &[]));
    let id = entry_of(&anna);
    anna.share(id, &[GrantChange::put(a_client("cleo"), Actions::VIEW_AND_REVEAL)]).unwrap();
    let to = VisibleTo::Category(family);
    let ahead = anna.preview_visibility(id, &to, true).unwrap();
    assert_eq!((&ahead.gains, &ahead.unchanged), (&vec![a_client("bert")], &vec![a_client("cleo")]));
    assert_eq!(anna.set_visible(id, &to, true).unwrap(), ahead);
    assert!(client(&vault, "bert").reveal(id).is_ok());

    // It is in one category at a time, and not taken out of one by being shown to another.
    let refused = anna.set_visible(id, &VisibleTo::Category(work), true);
    assert!(matches!(refused, Err(VaultError::State(_))), "{refused:?}");
    assert_eq!(anna.set_visible(id, &VisibleTo::Category(work), false).unwrap().loses, []);
    let actions = Actions::ALL;
    anna.assign_category(&[id], Some(Assignment { category: family, actions })).unwrap();
    assert_eq!(anna.set_visible(id, &to, true).unwrap().gains, []);
    assert_eq!(anna.entry(id).unwrap().head.category, Some(Assignment { category: family, actions }));

    assert_eq!(anna.set_visible(id, &to, false).unwrap().loses, [a_client("bert")]);
    assert!(matches!(client(&vault, "bert").reveal(id), Err(VaultError::NotFound)));
    assert!(client(&vault, "cleo").reveal(id).is_ok());
    // Another's category is none.
    let stranger = client(&vault, "bert");
    let own = entry_of(&stranger);
    assert!(matches!(stranger.set_visible(own, &to, true), Err(VaultError::NotFound)));
}

#[test]
fn what_may_not_be_shared_is_not_shown_and_not_foreseen() {
    let vault = vault();
    let (root, anna) = (admin(&vault, "root", &["full"]), client(&vault, "anna"));
    let draft = EntryDraft { name: "Private".into(), private: true, ..EntryDraft::default() };
    let id = anna.create_entry(&draft).unwrap();
    let bert = to_clients(&["bert"]);
    for refused in [anna.preview_visibility(id, &bert, true), anna.set_visible(id, &bert, true)] {
        assert!(matches!(refused, Err(VaultError::Sharing(SharingError::Private))), "{refused:?}");
    }
    let open = EntryPatch { private: Some(false), ..EntryPatch::default() };
    anna.update_entry(id, 1, &open).unwrap();

    // A first share opens an entry to the staff of the mode, which is told beforehand.
    let staff = StaffList { admins: vec![AdminId::new("sam").unwrap()], roles: vec![] };
    let (settings, revision) = root.settings().unwrap();
    root.update_settings(&Settings { access_mode: AccessMode::Shared(staff), ..settings }, revision).unwrap();
    let sam = admin(&vault, "sam", &[]);
    assert!(matches!(sam.reveal(id), Err(VaultError::NotFound)));
    assert!(anna.set_visible(id, &bert, true).unwrap().opens_by_mode);
    assert!(sam.reveal(id).is_ok());
    assert!(!anna.set_visible(id, &to_clients(&["cleo"]), true).unwrap().opens_by_mode);
}

#[test]
fn a_grant_that_has_ended_is_put_anew_and_an_open_one_keeps_its_terms() {
    let clock = crate::clock();
    let vault = crate::vault_at(&clock);
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    let end = pwvault_core::Timestamp::from_millis(NOW.as_millis() + 1_000);
    let terms = pwvault_core::model::GrantTerms { ends_at: Some(end), ..Default::default() };
    let view = Actions::NONE.with(Action::View);
    anna.share(id, &[GrantChange::put_on(a_client("bert"), view, terms)]).unwrap();
    let bert = to_clients(&["bert"]);
    assert_eq!(anna.set_visible(id, &bert, true).unwrap().gains, [a_client("bert")]);
    let held = anna.grants(id).unwrap();
    assert_eq!((held[0].ends_at, held[0].actions), (Some(end), Actions::VIEW_AND_REVEAL));
    clock.advance(2_000);
    assert!(matches!(client(&vault, "bert").entry(id), Err(VaultError::NotFound)));
    assert_eq!(anna.set_visible(id, &bert, true).unwrap().gains, [a_client("bert")]);
    assert!(client(&vault, "bert").reveal(id).is_ok());
}
