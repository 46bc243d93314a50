//! Whom and what the settings shut out, on every path.

use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::id::{GroupId, ProductGroupId, ProductId, RecordKind};
use pwvault_core::model::{
    Contact, EventKind, Grantee, Outcome, Owner, Permission, Permissions, Person, PrincipalKind, ServerRule,
    ServiceLink, ServicePart, Settings,
};
use pwvault_core::policy::{GrantChange, Reason};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryFilter, EntryQuery, ImportOptions, Selection, SignOnOptions, WebAddress};
use pwvault_core::{Actions, EntryDraft, EntryId, EntryPatch, Principal, RequestContext, Session, UserId, VaultError};

use crate::locked::{client, public_only};
use crate::world::{World, access, role, service};

const FILE: &[u8] = b"name,url,username,password,note\nMail,,anna,secret,\n";

fn draft() -> EntryDraft {
    EntryDraft {
        name: "Mail".into(),
        website: "https://mail.example/".into(),
        password: "old".into(),
        ..EntryDraft::default()
    }
}

fn export(session: &Session, selection: &Selection) -> Result<u64, VaultError> {
    let own = dialect("pwvault").unwrap();
    session.export(&mut Vec::new(), selection, own, ExportMode::Exact).map(|written| written.rows)
}

/// Everything a client does with an entry, each call by its name.
fn attempts(session: &Session, id: EntryId, version: u64) -> Vec<(&'static str, Result<(), VaultError>)> {
    let patch = EntryPatch { username: Some("x".into()), ..EntryPatch::default() };
    let hosting = service("7", "anna");
    let grant = GrantChange::put(Grantee::Client(client("carla")), Actions::VIEW_AND_REVEAL);
    vec![
        ("create", session.create_entry(&draft()).map(drop)),
        ("view", session.entry(id).map(drop)),
        ("list", session.list_entries(&EntryQuery::default()).map(drop)),
        ("count", session.count_entries(&EntryFilter::default()).map(drop)),
        ("reveal", session.reveal(id).map(drop)),
        ("history", session.history(id).map(drop)),
        ("update", session.update_entry(id, version, &patch).map(drop)),
        ("trash", session.trash_entries(&[id])),
        ("share", session.share(id, &[grant]).map(drop)),
        ("open", session.open_url(id, WebAddress::Website).map(drop)),
        ("export by name", export(session, &Selection::Ids(vec![id])).map(drop)),
        ("export by filter", export(session, &Selection::Filter(EntryFilter::default())).map(drop)),
        ("import", session.import(FILE, &ImportOptions::default(), &mut |_, _| {}).map(drop)),
        ("preview", session.preview_import(FILE, &ImportOptions::default()).map(drop)),
        ("sign on", session.sign_on(id, &SignOnOptions::default()).map(drop)),
        ("hand over", session.begin_sign_on(id).map(drop)),
        ("service", session.authorize_service_reveal(&hosting).map(drop)),
        ("assign", session.assign_service(id, version, Some(&hosting)).map(drop)),
        ("keys", session.list_keys().map(drop)),
        ("master password", session.master_password().map(drop)),
        ("challenge", session.challenge(id).map(drop)),
    ]
}

/// A client whom the directory knows as one of a group.
fn contact_of(id: &str, group: &str) -> Contact {
    Contact {
        person: Person::Client(client(id)),
        name: id.into(),
        email: None,
        locale: None,
        zone: None,
        wants_mail: false,
        roles: vec![],
        departments: vec![],
        groups: vec![GroupId::new(group).unwrap()],
        permissions: Permissions::NONE,
    }
}

fn is_turned_away(error: &VaultError) -> bool {
    matches!(error, VaultError::Denied(decision) if decision.reasons == [Reason::ClientForbidden])
}

#[test]
fn a_forbidden_client_is_turned_away_from_everything() {
    let world = World::new();
    let anna = world.client("anna");
    let id = anna.create_entry(&draft()).unwrap();
    let key = public_only(&anna);
    let permit = anna.authorize_service_reveal(&service("7", "anna")).unwrap();
    let contact = contact_of("anna", "late");
    world.root().sync_principals(&[contact], &[]).unwrap();

    let late = GroupId::new("late").unwrap();
    let in_group = PrincipalKind::Client { id: client("anna"), groups: vec![late.clone()] };
    let in_group = Principal { kind: in_group, expected_lock: None };
    let all: Permissions = Permission::ALL.into_iter().collect();
    let sub = Principal::sub_user(client("anna"), UserId::new("carl").unwrap(), all);
    let by_name: fn(&mut Settings) = |settings| settings.forbidden_clients = vec![client("anna")];
    let by_group: fn(&mut Settings) = |settings| settings.forbidden_groups = vec![GroupId::new("late").unwrap()];
    for (forbid, principal) in [
        (by_name, Principal::client(client("anna"))),
        (by_name, sub.clone()),
        (by_group, in_group),
        // The account's groups are those the directory knows.
        (by_group, sub),
    ] {
        world.change_settings(forbid);
        let session = world.vault.session(principal.clone(), RequestContext::default());
        let entries = world.records(RecordKind::Entry);
        for (what, result) in attempts(&session, id, 1) {
            let refused = result.expect_err(what);
            assert!(is_turned_away(&refused), "{what} as {principal:?}: {refused:?}");
            assert_eq!(world.newest(), (EventKind::TurnedAway, Outcome::Denied), "{what}");
        }
        // An id that exists and one that does not look the same.
        assert!(is_turned_away(&session.entry(EntryId::from_bytes([9; 16])).unwrap_err()));
        assert!(is_turned_away(&session.key(key).unwrap_err()));
        assert!(is_turned_away(&session.check_service_permit(&permit, &service("7", "anna")).unwrap_err()));
        assert_eq!(world.records(RecordKind::Entry), entries);
        world.change_settings(|settings| {
            settings.forbidden_clients.clear();
            settings.forbidden_groups.clear();
        });
        assert!(session.reveal(id).is_ok());
    }
}

#[test]
fn nothing_is_made_for_a_forbidden_client() {
    let world = World::new();
    let root = world.root();
    root.sync_principals(&[contact_of("anna", "anna"), contact_of("bert", "bert")], &[]).unwrap();
    world.change_settings(|settings| {
        settings.forbidden_clients = vec![client("anna")];
        settings.forbidden_groups = vec![GroupId::new("bert").unwrap()];
    });
    let entries = world.records(RecordKind::Entry);
    for id in ["anna", "bert"] {
        let owner = Some(Owner::Client(client(id)));
        let hosting = service("7", id);
        let link = Some(ServiceLink { service: hosting.clone(), part: ServicePart::Adopted });
        let into = ImportOptions { service: Some(hosting.clone()), ..ImportOptions::default() };
        for (what, result) in [
            ("create", root.create_entry(&EntryDraft { owner: owner.clone(), ..draft() }).map(drop)),
            ("adopt", root.create_entry(&EntryDraft { owner: owner.clone(), service: link, ..draft() }).map(drop)),
            (
                "import",
                root.import(FILE, &ImportOptions { owner, ..ImportOptions::default() }, &mut |_, _| {}).map(drop),
            ),
            ("import into a service", root.import(FILE, &into, &mut |_, _| {}).map(drop)),
            ("service", root.authorize_service_reveal(&hosting).map(drop)),
            ("new secret", world.system().service_password_changed(&hosting, &"x".into()).map(drop)),
        ] {
            let refused = result.expect_err(what);
            let VaultError::Denied(decision) = &refused else { panic!("{what} for {id}: {refused:?}") };
            assert!(decision.reasons.contains(&Reason::ClientForbidden), "{what} for {id}: {decision:?}");
            assert_eq!(world.newest().1, Outcome::Denied, "{what} for {id}");
        }
    }
    assert_eq!(world.records(RecordKind::Entry), entries);
    root.create_entry(&EntryDraft { owner: Some(Owner::Client(client("carla"))), ..draft() }).unwrap();
}

#[test]
fn a_barred_service_is_refused_on_every_path() {
    let world = World::new();
    world.change_settings(|settings| settings.extended_roles = vec![role("full")]);
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    let link = |part| Some(ServiceLink { service: hosting.clone(), part });
    let id = anna.create_entry(&EntryDraft { service: link(ServicePart::Additional), ..draft() }).unwrap();
    let copy = anna.create_entry(&EntryDraft { service: link(ServicePart::Adopted), ..draft() }).unwrap();
    let free = anna.create_entry(&draft()).unwrap();
    world.root().set_server(id, 1, Some(&access("spy", ServerRule::Unrestricted))).unwrap();
    let permit = anna.authorize_service_reveal(&hosting).unwrap();
    let bars: [fn(&mut Settings); 3] = [
        |settings| settings.service_entries = false,
        |settings| settings.excluded_products = vec![ProductId::new("basic").unwrap()],
        |settings| settings.excluded_product_groups = vec![ProductGroupId::new("hosting").unwrap()],
    ];
    for bar in bars {
        world.change_settings(bar);
        let entries = world.records(RecordKind::Entry);
        let patch = EntryPatch { username: Some("x".into()), ..EntryPatch::default() };
        let into = ImportOptions { service: Some(hosting.clone()), ..ImportOptions::default() };
        let adopt = EntryDraft { service: link(ServicePart::Adopted), ..draft() };
        let add = EntryDraft { service: link(ServicePart::Additional), ..draft() };
        for (what, result) in [
            ("reveal", anna.reveal(id).map(drop)),
            ("reveal the copy", anna.reveal(copy).map(drop)),
            ("reveal by staff", world.root().reveal(id).map(drop)),
            ("history", anna.history(copy).map(drop)),
            ("update", anna.update_entry(id, 2, &patch).map(drop)),
            ("export", export(&anna, &Selection::Ids(vec![id])).map(drop)),
            ("sign on", world.root().sign_on(id, &SignOnOptions::default()).map(drop)),
            ("hand over", world.root().begin_sign_on(id).map(drop)),
            ("create", anna.create_entry(&add).map(drop)),
            ("adopt", anna.create_entry(&adopt).map(drop)),
            ("attach", anna.assign_service(free, 1, Some(&hosting)).map(drop)),
            ("detach", anna.assign_service(id, 2, None).map(drop)),
            ("import", anna.import(FILE, &into, &mut |_, _| {}).map(drop)),
            ("preview", anna.preview_import(FILE, &into).map(drop)),
            ("service", anna.authorize_service_reveal(&hosting).map(drop)),
            ("service by staff", world.root().authorize_service_reveal(&hosting).map(drop)),
            ("permit", anna.check_service_permit(&permit, &hosting)),
            ("new secret", world.system().service_password_changed(&hosting, &"x".into()).map(drop)),
        ] {
            let refused = result.expect_err(what);
            assert!(matches!(refused, VaultError::Denied(_)), "{what}: {refused:?}");
            assert_eq!(world.newest().1, Outcome::Denied, "{what}");
        }
        assert_eq!(world.records(RecordKind::Entry), entries);
        assert!(world.calls().is_empty());
        // A filter leaves out what it may not export; the list shows what can be cleared away.
        let of_anna = EntryFilter { owner: Some(Owner::Client(client("anna"))), ..EntryFilter::default() };
        assert_eq!(export(&anna, &Selection::Filter(of_anna.clone())).unwrap(), 1);
        let page = anna.list_entries(&EntryQuery { filter: of_anna, ..EntryQuery::default() }).unwrap();
        assert_eq!(page.entries.len(), 3);
        assert!(!world.root().servers().unwrap().iter().any(|server| server.entry == id));
        world.change_settings(|settings| {
            settings.service_entries = true;
            settings.excluded_products.clear();
            settings.excluded_product_groups.clear();
        });
        assert!(anna.reveal(id).is_ok() && anna.reveal(copy).is_ok());
    }
    world.change_settings(|settings| settings.service_entries = false);
    anna.trash_entries(&[id, copy]).unwrap();
    anna.purge_entries(&[id, copy]).unwrap();
}
