//! Secrets of services: shown by the host with a permit, or copied into the vault.

use std::sync::{Arc, Mutex};
use std::thread;

use pwvault_core::audit::VerifyOptions;
use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::id::{RecordKind, ServiceId};
use pwvault_core::model::{
    AccessMode, EventKind, Outcome, Owner, Permission, Permissions, ServiceLink, ServicePart, ServiceRef, Services,
    ServicesError,
};
use pwvault_core::store::MemoryStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    EntryFilter, EntryQuery, ImportOptions, Permit, Recovery, Selection, SetMaster, UnlockAnswer,
};
use pwvault_core::{EntryDraft, EntryId, EntryPatch, Principal, RequestContext, Session, UserId, VaultError};

use crate::locked::{client, password, past_passwords, public_only, version};
use crate::world::World;
use crate::world::service;

fn draft(part: ServicePart, of: &ServiceRef) -> EntryDraft {
    let service = Some(ServiceLink { service: of.clone(), part });
    EntryDraft {
        name: "Hosting".into(),
        password: "old".into(),
        notes: "note".into(),
        service,
        ..EntryDraft::default()
    }
}

fn sub_user(world: &World, permissions: &[Permission]) -> Session {
    let permissions: Permissions = permissions.iter().copied().collect();
    let principal = Principal::sub_user(client("anna"), UserId::new("carl").unwrap(), permissions);
    world.vault.session(principal, RequestContext::default())
}

fn state<T: std::fmt::Debug>(result: Result<T, VaultError>) -> bool {
    matches!(result, Err(VaultError::State(_)))
}

#[test]
fn a_services_secret_is_shown_with_a_permit_that_is_good_once() {
    let world = World::new();
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    let permit = anna.authorize_service_reveal(&hosting).unwrap();
    let event = world.log().remove(0);
    assert_eq!((event.kind, event.outcome), (EventKind::ServiceRevealed, Outcome::Done));
    assert_eq!(event.service, Some(hosting.id.clone()));

    assert!(state(world.client("bert").check_service_permit(&permit, &hosting)), "another person");
    assert!(state(anna.check_service_permit(&permit, &service("8", "anna"))), "another service");
    assert_eq!(world.newest(), (EventKind::ServiceRevealed, Outcome::Failed));
    assert!(state(anna.check_service_permit(&Permit::from_bytes([7; 48]), &hosting)));
    let permit = Permit::from_bytes(permit.to_bytes());
    anna.check_service_permit(&permit, &hosting).unwrap();
    assert!(state(anna.check_service_permit(&permit, &hosting)), "used twice");
    // A permit ends without an event, and the log does not miss it.
    assert!(world.root().verify_log(&VerifyOptions::default()).unwrap().is_clean());

    let permit = anna.authorize_service_reveal(&hosting).unwrap();
    world.advance(60 * 1_000);
    assert!(state(anna.check_service_permit(&permit, &hosting)), "too late");
    anna.authorize_service_reveal(&hosting).unwrap();
    assert_eq!(world.records(RecordKind::Permit), 1, "the old one was cleared away");
}

#[test]
fn of_two_uses_of_a_permit_at_once_one_counts() {
    let world = World::new();
    let hosting = service("7", "anna");
    for _ in 0..8 {
        let permit = world.client("anna").authorize_service_reveal(&hosting).unwrap();
        let used = Mutex::new(0);
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    if world.client("anna").check_service_permit(&permit, &hosting).is_ok() {
                        *used.lock().unwrap() += 1;
                    }
                });
            }
        });
        assert_eq!(used.into_inner().unwrap(), 1);
    }
}

#[test]
fn who_may_not_see_a_services_secret_gets_no_permit_and_an_event() {
    let world = World::new();
    let hosting = service("7", "anna");
    world.change_settings(|settings| settings.access_mode = AccessMode::default());
    let all = Permission::ALL;
    let without_products: Vec<_> = all.into_iter().filter(|one| *one != Permission::Products).collect();
    for (who, session, hidden) in [
        ("a stranger", world.client("bert"), true),
        ("staff", world.staff(&[]), false),
        ("staff with sections", world.root(), false),
        ("a sub-user without the service", sub_user(&world, &without_products), true),
        ("a sub-user with nothing", sub_user(&world, &[]), true),
        ("scheduled work", world.system(), false),
    ] {
        let refused = session.authorize_service_reveal(&hosting).unwrap_err();
        assert_eq!(matches!(refused, VaultError::NotFound), hidden, "{who}: {refused}");
        assert!(matches!(refused, VaultError::NotFound | VaultError::Denied(_)), "{who}: {refused}");
        assert_eq!(world.newest(), (EventKind::ServiceRevealed, Outcome::Denied), "{who}");
    }
    assert!(sub_user(&world, &all).authorize_service_reveal(&hosting).is_ok());
    world.change_settings(|settings| settings.access_mode = AccessMode::Full);
    let staff = world.staff(&[]);
    let permit = staff.authorize_service_reveal(&hosting).unwrap();
    // A right that ends between the two calls is gone.
    world.change_settings(|settings| settings.access_mode = AccessMode::default());
    assert!(matches!(staff.check_service_permit(&permit, &hosting), Err(VaultError::Denied(_))));
}

#[test]
fn the_master_password_guards_secrets_that_lie_in_the_host_too() {
    let world = World::new();
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    let set = SetMaster {
        password: "a master password".into(),
        confirmation: "a master password".into(),
        recovery: Recovery::None,
    };
    anna.set_master_password(&set).unwrap();
    assert!(matches!(anna.authorize_service_reveal(&hosting), Err(VaultError::Locked(ways)) if ways.len() == 1));
    let answer =
        UnlockAnswer::MasterPassword { owner: Owner::Client(client("anna")), password: "a master password".into() };
    let ticket = anna.unlock(&answer).unwrap();
    let permit = anna.clone().with_ticket(ticket.clone()).authorize_service_reveal(&hosting).unwrap();
    assert!(matches!(anna.check_service_permit(&permit, &hosting), Err(VaultError::Locked(_))));
    assert!(anna.with_ticket(ticket).check_service_permit(&permit, &hosting).is_ok());
}

#[test]
fn an_adopted_service_keeps_its_history_and_its_copy_up_to_date() {
    let world = World::new();
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    let id = anna.create_entry(&draft(ServicePart::Adopted, &hosting)).unwrap();
    anna.reveal(id).unwrap();
    world.staff(&[]).reveal(id).unwrap();
    assert_eq!(anna.entry(id).unwrap().head.secret.revealed_to.len(), 1);
    world.advance(1_000);
    assert_eq!(world.system().service_password_changed(&hosting, &"new".into()).unwrap(), [id]);
    let event = world.log().remove(0);
    assert_eq!(
        (event.kind, event.entries, event.service),
        (EventKind::ServiceSecretChanged, vec![id], Some(hosting.id.clone()))
    );
    let secret = anna.reveal(id).unwrap();
    assert_eq!((secret.password.expose(), secret.notes.expose()), ("new", "note"));
    let head = anna.entry(id).unwrap().head;
    assert_eq!((head.secret.revision, head.secret.history, head.version), (2, 1, 2));
    assert_eq!(head.secret.changed_at, crate::world::now(&world));
    assert!(head.secret.revealed_to.is_empty());
    assert_eq!(past_passwords(&anna, id).unwrap(), ["old"]);

    // The same password again is no change.
    assert!(world.root().service_password_changed(&hosting, &"new".into()).unwrap().is_empty());
    assert_eq!(anna.entry(id).unwrap().head.secret.revision, 2);
    // A service without a copy, and one of the same id of another client.
    assert!(world.system().service_password_changed(&service("8", "anna"), &"x".into()).unwrap().is_empty());
    assert!(world.system().service_password_changed(&service("7", "bert"), &"x".into()).unwrap().is_empty());
    assert_eq!(password(&anna, id).unwrap(), "new");
}

#[test]
fn a_services_new_secret_is_taken_from_the_host_and_its_staff_alone() {
    let world = World::new();
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    let id = anna.create_entry(&draft(ServicePart::Adopted, &hosting)).unwrap();
    for session in [&anna, &world.client("bert"), &world.staff(&["work"]), &sub_user(&world, &Permission::ALL)] {
        let refused = session.service_password_changed(&hosting, &"x".into());
        assert!(matches!(refused, Err(VaultError::Denied(_) | VaultError::NotFound)), "{refused:?}");
        assert_eq!(world.newest(), (EventKind::ServiceSecretChanged, Outcome::Denied));
    }
    // A private copy is not for staff, and looks as if there were none.
    anna.update_entry(id, 1, &EntryPatch { private: Some(true), ..EntryPatch::default() }).unwrap();
    assert!(world.root().service_password_changed(&hosting, &"x".into()).unwrap().is_empty());
    assert_eq!(password(&anna, id).unwrap(), "old");
    assert_eq!(world.system().service_password_changed(&hosting, &"x".into()).unwrap(), [id]);
}

#[test]
fn a_locked_copy_is_not_overwritten_blindly() {
    let world = World::new();
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    let key = public_only(&anna);
    let locked = EntryDraft { keys: vec![key], ..draft(ServicePart::Adopted, &hosting) };
    let id = anna.create_entry(&locked).unwrap();
    assert!(matches!(world.system().service_password_changed(&hosting, &"new".into()), Err(VaultError::Locked(_))));
    assert_eq!(world.newest(), (EventKind::ServiceSecretChanged, Outcome::Failed));
    assert_eq!(anna.entry(id).unwrap().head.secret.revision, 1);
}

#[test]
fn a_service_has_one_copy_however_many_adopt_it_at_once() {
    let world = World::new();
    let hosting = service("7", "anna");
    let made = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| match world.client("anna").create_entry(&draft(ServicePart::Adopted, &hosting)) {
                Ok(id) => made.lock().unwrap().push(id),
                Err(VaultError::State(_)) => {}
                Err(other) => panic!("{other}"),
            });
        }
    });
    assert_eq!(made.into_inner().unwrap().len(), 1);
    assert!(world.client("anna").create_entry(&draft(ServicePart::Additional, &hosting)).is_ok());
    assert!(world.client("anna").create_entry(&draft(ServicePart::Adopted, &service("8", "anna"))).is_ok());
}

fn listed(session: &Session, service: &str) -> Vec<EntryId> {
    let filter = EntryFilter { service: Some(ServiceId::new(service).unwrap()), ..EntryFilter::default() };
    let page = session.list_entries(&EntryQuery { filter, ..EntryQuery::default() }).unwrap();
    page.entries.into_iter().map(|entry| entry.id).collect()
}

#[test]
fn entries_are_attached_to_a_service_and_taken_off_it() {
    let world = World::new();
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    world.change_settings(|settings| settings.entry_quota = Some(1));
    let id = anna.create_entry(&EntryDraft { name: "FTP".into(), ..EntryDraft::default() }).unwrap();
    let two = anna.create_entry(&EntryDraft { name: "two".into(), ..EntryDraft::default() });
    assert!(matches!(two, Err(VaultError::QuotaReached { .. })));
    assert_eq!(anna.assign_service(id, 1, Some(&hosting)).unwrap(), 2);
    assert_eq!(listed(&anna, "7"), [id]);
    assert!(listed(&anna, "8").is_empty());
    assert!(listed(&world.client("bert"), "7").is_empty());
    assert_eq!(listed(&world.staff(&["full"]), "7"), [id], "access mode full opens clients' entries");
    // It does not count as long as it belongs to the service.
    anna.create_entry(&EntryDraft { name: "two".into(), ..EntryDraft::default() }).unwrap();
    assert!(matches!(anna.assign_service(id, 2, None), Err(VaultError::QuotaReached { .. })));
    world.change_settings(|settings| settings.entry_quota = None);
    assert!(matches!(anna.assign_service(id, 1, None), Err(VaultError::VersionConflict { .. })));
    anna.assign_service(id, 2, None).unwrap();
    assert!(listed(&anna, "7").is_empty());

    for (session, of) in [(&anna, "bert"), (&world.root(), "anna")] {
        let mine = session.create_entry(&EntryDraft { name: "mine".into(), ..EntryDraft::default() }).unwrap();
        let refused = session.assign_service(mine, 1, Some(&service("9", of)));
        assert!(matches!(refused, Err(VaultError::Invalid { field: "service", .. })), "{refused:?}");
    }
    assert!(matches!(world.client("bert").assign_service(id, 3, None), Err(VaultError::NotFound)));
    let own = anna.create_entry(&draft(ServicePart::Adopted, &hosting)).unwrap();
    assert!(state(anna.assign_service(own, 1, None)));
    let foreign = anna.create_entry(&draft(ServicePart::Additional, &service("9", "bert")));
    assert!(matches!(foreign, Err(VaultError::Invalid { field: "service", .. })));
}

const FILE: &[u8] = b"name,url,username,password,note\nMail,,anna,secret,\nFTP,,anna,secret,\n";

#[test]
fn a_file_is_imported_into_a_service() {
    let world = World::new();
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    world.change_settings(|settings| settings.entry_quota = Some(0));
    let into = |service: &ServiceRef| ImportOptions { service: Some(service.clone()), ..ImportOptions::default() };
    let report = anna.import(FILE, &into(&hosting), &mut |_, _| {}).unwrap();
    assert_eq!(report.imported.len(), 2);
    let mut found = listed(&anna, "7");
    found.sort_unstable();
    assert_eq!(found, report.imported);
    assert_eq!(anna.entry(found[0]).unwrap().head.service.unwrap().part, ServicePart::Additional);

    // Staff names the service, and so the owner.
    let staff = world.root().import(FILE, &into(&service("8", "bert")), &mut |_, _| {}).unwrap();
    assert_eq!(world.client("bert").entry(staff.imported[0]).unwrap().head.owner, Owner::Client(client("bert")));
    let before = world.records(RecordKind::Entry);
    let theft = world.client("bert").import(FILE, &into(&hosting), &mut |_, _| {});
    assert!(matches!(theft, Err(VaultError::Denied(_))), "{theft:?}");
    let owner = Some(Owner::Client(client("anna")));
    let other = world.root().import(FILE, &ImportOptions { owner, ..into(&service("8", "bert")) }, &mut |_, _| {});
    assert!(matches!(other, Err(VaultError::Invalid { field: "service", .. })), "{other:?}");
    assert_eq!(world.records(RecordKind::Entry), before);

    let filter = EntryFilter { service: Some(hosting.id), ..EntryFilter::default() };
    let mut out = Vec::new();
    let own = dialect("pwvault").unwrap();
    let written = anna.export(&mut out, &Selection::Filter(filter), own, ExportMode::Exact).unwrap();
    assert_eq!(written.rows, 2);
}

/// The host's services; a call fails while there are none to ask.
struct Panel(Arc<Mutex<Option<Vec<ServiceRef>>>>);

impl Services for Panel {
    fn service(&self, id: &ServiceId) -> Result<Option<ServiceRef>, ServicesError> {
        let services = self.0.lock().unwrap();
        let Some(services) = services.as_ref() else { return Err(ServicesError { reason: "no connection".into() }) };
        Ok(services.iter().find(|service| service.id == *id).cloned())
    }
}

#[test]
fn what_the_host_knows_of_services_wins_over_what_a_call_says() {
    let known = Arc::new(Mutex::new(Some(vec![service("7", "anna")])));
    let panel = Panel(Arc::clone(&known));
    let world = World::with(Arc::new(MemoryStore::new()), |builder| builder.services(panel));
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    world.change_settings(|settings| {
        settings.excluded_products = vec![pwvault_core::id::ProductId::new("basic").unwrap()]
    });
    // Leaving out the product does not go around its exclusion, nor naming oneself around the owner.
    let without_product = ServiceRef { product: None, product_group: None, ..service("7", "anna") };
    assert!(matches!(anna.authorize_service_reveal(&without_product), Err(VaultError::Denied(_))));
    let create = anna.create_entry(&draft(ServicePart::Additional, &without_product));
    assert!(matches!(create, Err(VaultError::Denied(_))), "{create:?}");
    assert!(matches!(bert.authorize_service_reveal(&service("7", "bert")), Err(VaultError::NotFound)));
    assert!(matches!(anna.authorize_service_reveal(&service("8", "anna")), Err(VaultError::NotFound)));
    assert_eq!(world.newest(), (EventKind::ServiceRevealed, Outcome::Denied));
    let strange = world.system().service_password_changed(&service("8", "anna"), &"x".into());
    assert!(matches!(strange, Err(VaultError::NotFound)));
    world.change_settings(|settings| settings.excluded_products.clear());
    let id = anna.create_entry(&draft(ServicePart::Additional, &without_product)).unwrap();
    assert_eq!(anna.entry(id).unwrap().head.service.unwrap().service, service("7", "anna"));
    assert_eq!(version(&anna, id), 1);
    *known.lock().unwrap() = None;
    assert!(matches!(anna.authorize_service_reveal(&service("7", "anna")), Err(VaultError::Services(_))));
}

#[test]
fn a_sub_user_of_the_panel_works_with_services_and_gains_nothing_by_attaching() {
    use Permission as P;
    let world = World::new();
    let (anna, hosting) = (world.client("anna"), service("7", "anna"));
    let id = anna.create_entry(&draft(ServicePart::Additional, &hosting)).unwrap();
    let plain = anna.create_entry(&EntryDraft { service: None, ..draft(ServicePart::Additional, &hosting) }).unwrap();

    let panel = sub_user(&world, &[P::Products]);
    assert_eq!(password(&panel, id).unwrap(), "old");
    assert!(panel.authorize_service_reveal(&hosting).is_ok());
    let listed: Vec<_> =
        panel.list_entries(&EntryQuery::default()).unwrap().entries.into_iter().map(|one| one.id).collect();
    assert_eq!(listed, [id]);
    let patch = EntryPatch { username: Some("new".into()), ..EntryPatch::default() };
    assert!(matches!(panel.update_entry(id, version(&anna, id), &patch), Err(VaultError::Denied(_))));
    assert!(matches!(panel.entry(plain), Err(VaultError::NotFound)));
    let manages = sub_user(&world, &[P::Products, P::ManageProducts]);
    manages.update_entry(id, version(&anna, id), &patch).unwrap();
    let vault = sub_user(&world, &[P::View, P::Reveal, P::Edit]);
    assert!(matches!(vault.reveal(id), Err(VaultError::NotFound)));

    // To attach would give reveal, to detach use: neither is a way around the own permissions.
    let edits = sub_user(&world, &[P::View, P::Edit, P::Products]);
    assert!(edits.reveal(plain).is_err());
    let attached = edits.assign_service(plain, version(&anna, plain), Some(&hosting));
    assert!(matches!(attached, Err(VaultError::Denied(_))), "{attached:?}");
    assert_eq!(world.newest(), (EventKind::EntryUpdated, Outcome::Denied));
    let uses = sub_user(&world, &[P::View, P::Use, P::Products, P::ManageProducts]);
    assert!(matches!(uses.assign_service(id, version(&anna, id), None), Err(VaultError::Denied(_))));
    assert!(manages.assign_service(id, version(&anna, id), None).is_ok(), "who loses by it may");
    anna.assign_service(plain, version(&anna, plain), Some(&hosting)).unwrap();
}
