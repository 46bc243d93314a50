//! Grants that end with a ticket, a service or a date.

use pwvault_core::VaultError;
use pwvault_core::id::{RecordKind, ServiceId};
use pwvault_core::model::{
    Actions, Binding, GrantTerms, Grantee, HostEvent, LockRef, Owner, Recipient, RuleDraft, Section, ServicePart,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::testing::When;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Consequence, EntryQuery, Recovery, SetMaster};

use super::world::*;

fn sam() -> Grantee {
    Grantee::Admin(admin("sam"))
}

#[test]
fn a_grant_bound_to_a_ticket_ends_with_it() {
    let world = World::new();
    let (anna, staff) = (world.client("anna"), world.admin("tess"));
    let id = new_entry(&anna, "Root");
    let binding = Binding::Ticket(ticket("4711"));
    let tess = Grantee::Admin(admin("tess"));
    anna.share(id, &[bound(tess.clone(), binding.clone()), to_client("bert")]).unwrap();
    let other = new_entry(&anna, "Other ticket");
    anna.share(other, &[bound(tess.clone(), Binding::Ticket(ticket("4712")))]).unwrap();

    let closed = HostEvent::TicketClosed { ticket: ticket("4711") };
    let ahead = world.root().preview_host_event(&closed).unwrap();
    assert_eq!((ahead.count(Consequence::GrantEnded), ahead.count(Consequence::BindingEnded)), (1, 1));
    assert_eq!(ahead.entries(Consequence::GrantEnded), [id]);
    assert!(staff.entry(id).is_ok(), "a preview changes nothing");
    assert_eq!(world.root().apply_host_event(&closed).unwrap(), ahead);

    let left: Vec<_> = anna.grants(id).unwrap().into_iter().map(|grant| grant.grantee).collect();
    assert_eq!(left, [Grantee::Client(super::locked::client("bert"))]);
    assert_eq!(anna.grants(other).unwrap().len(), 1);
    // Nothing can be bound to it any more, until it is open again.
    let again = anna.share(id, &[bound(tess.clone(), binding.clone())]);
    assert!(matches!(again, Err(VaultError::State(_))), "{again:?}");
    world.host().apply_host_event(&HostEvent::TicketReopened { ticket: ticket("4711") }).unwrap();
    anna.share(id, &[bound(tess, binding)]).unwrap();
    world.check_log();
}

#[test]
fn what_is_bound_is_refused_before_the_clean_up() {
    let world = World::new();
    // Nobody but who is granted it: administrators get nothing by the access mode.
    let (mut settings, revision) = world.root().settings().unwrap();
    settings.access_mode = pwvault_core::model::AccessMode::default();
    world.root().update_settings(&settings, revision).unwrap();
    let (anna, staff) = (world.client("anna"), world.with_roles("sam", &["lister"]));
    let lists = RuleDraft {
        name: "List".into(),
        allow: vec![Section::Entries],
        roles: vec![role("lister")],
        ..RuleDraft::default()
    };
    world.root().add_rule(&lists).unwrap();
    let binding = Binding::Service(ServiceId::new("7").unwrap());
    let ids: Vec<_> = (0..130).map(|n| new_entry(&anna, &format!("entry {n}"))).collect();
    for id in &ids {
        anna.share(*id, &[bound(sam(), binding.clone())]).unwrap();
    }
    assert_eq!(staff.list_entries(&EntryQuery { limit: 200, ..EntryQuery::default() }).unwrap().entries.len(), 130);
    let gone = HostEvent::ServiceDeleted { service: ServiceId::new("7").unwrap() };
    let ahead = world.host().preview_host_event(&gone).unwrap();
    assert_eq!(ahead.count(Consequence::GrantEnded), 130);
    assert!(ahead.entries(Consequence::GrantEnded).is_empty(), "scheduled work is told no entry");

    // The second step fails: the first has landed.
    let before = world.count(RecordKind::Event);
    let mut failing = 0;
    let struck = loop {
        failing += 5;
        world.store.fail_call(world.store.calls() + failing, When::Before);
        let told = world.host().apply_host_event(&gone);
        if world.count(RecordKind::Event) > before {
            break told;
        }
    };
    assert!(struck.is_err(), "both steps landed");
    let still = ids.iter().filter(|id| !anna.grants(**id).unwrap().is_empty()).count();
    assert_eq!(still, 30, "grants that the clean-up has not come to");
    for id in &ids {
        assert!(matches!(staff.reveal(*id), Err(VaultError::NotFound)));
    }
    assert!(staff.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());

    // The scheduled work does the rest.
    let jobs = world.count(RecordKind::Job);
    let report = world.host().run_due(pwvault_core::Clock::now(&world.inner.clock)).unwrap();
    assert_eq!(report.job("host_events").unwrap().done, 1, "{report:?}");
    assert!(ids.iter().all(|id| anna.grants(*id).unwrap().is_empty()));
    assert_eq!(world.count(RecordKind::Job), jobs - 1);
    world.check_log();
}

#[test]
fn expired_grants_are_removed_by_the_scheduled_work() {
    let world = World::new();
    let anna = world.client("anna");
    let now = pwvault_core::Clock::now(&world.inner.clock);
    let until = |millis: i64| GrantTerms { ends_at: Some(now.plus_millis(millis)), ..GrantTerms::default() };
    let id = new_entry(&anna, "Root");
    let put = |grantee, terms| GrantChange::put_on(grantee, Actions::VIEW_AND_REVEAL, terms);
    let bert = Grantee::Client(super::locked::client("bert"));
    let changes = [put(sam(), until(1_000)), put(bert.clone(), until(5_000))];
    anna.share(id, &changes).unwrap();
    let run = |at: i64| {
        world.inner.clock.0.set(now.plus_millis(at));
        let report = world.host().run_due(now.plus_millis(at)).unwrap();
        assert!(report.jobs.iter().all(|job| job.error.is_none()), "{report:?}");
        anna.grants(id).unwrap().into_iter().map(|grant| grant.grantee).collect::<Vec<_>>()
    };
    assert_eq!(run(999).len(), 2);
    assert_eq!(run(1_000), [bert]);
    // A grant that was made longer in the meantime stays.
    anna.share(id, &[put(Grantee::Client(super::locked::client("bert")), until(9_000))]).unwrap();
    assert_eq!(run(5_000).len(), 1);
    assert!(run(9_000).is_empty());
    assert_eq!(world.count(RecordKind::Due), 0);
    assert_eq!(anna.entry(id).unwrap().head.version, 3, "the clean-up disturbs nobody who is editing");
    world.check_log();
}

#[test]
fn what_a_last_grant_held_open_goes_back_under_the_master_password() {
    let world = World::new();
    let anna = world.client("anna");
    let by_date = new_entry(&anna, "By date");
    let by_ticket = new_entry(&anna, "By ticket");
    let now = pwvault_core::Clock::now(&world.inner.clock);
    let terms = GrantTerms { ends_at: Some(now.plus_millis(1_000)), ..GrantTerms::default() };
    anna.share(by_date, &[GrantChange::put_on(sam(), Actions::VIEW_AND_REVEAL, terms)]).unwrap();
    anna.share(by_ticket, &[bound(sam(), Binding::Ticket(ticket("1")))]).unwrap();
    let password = pwvault_core::SecretString::from("correct horse");
    let set = SetMaster { password: password.clone(), confirmation: password, recovery: Recovery::None };
    anna.set_master_password(&set).unwrap();
    let guarded = |id| {
        let head = world.with_roles("chief", &["full"]).entry(id).unwrap().head;
        assert_eq!(head.owner, Owner::Client(super::locked::client("anna")));
        head.locks.iter().any(|LockRef { recipient, .. }| *recipient == Recipient::MasterPassword)
    };
    assert!(!guarded(by_date) && !guarded(by_ticket));
    world.host().apply_host_event(&HostEvent::TicketClosed { ticket: ticket("1") }).unwrap();
    world.inner.clock.0.set(now.plus_millis(1_000));
    world.host().run_due(now.plus_millis(1_000)).unwrap();
    assert!(guarded(by_date) && guarded(by_ticket));
    world.check_log();
}

#[test]
fn entries_of_a_service_go_with_it() {
    let world = World::new();
    let anna = world.client("anna");
    let adopted = anna.create_entry(&of_service("Hosting", "7", "anna", ServicePart::Adopted)).unwrap();
    let more = anna.create_entry(&of_service("FTP", "7", "anna", ServicePart::Additional)).unwrap();
    let own = new_entry(&anna, "Own");
    anna.share(own, &[bound(sam(), Binding::Service(ServiceId::new("7").unwrap()))]).unwrap();
    let gone = HostEvent::ServiceDeleted { service: ServiceId::new("7").unwrap() };
    let ahead = world.root().preview_host_event(&gone).unwrap();
    let told = world.root().apply_host_event(&gone).unwrap();
    assert_eq!(told, ahead);
    assert_eq!((told.count(Consequence::EntryTrashed), told.count(Consequence::GrantEnded)), (2, 1));
    for id in [adopted, more] {
        assert!(anna.entry(id).unwrap().head.trashed.is_some());
    }
    assert!(anna.entry(own).unwrap().head.trashed.is_none());
    assert!(world.root().apply_host_event(&gone).unwrap().tallies.is_empty(), "told twice");
}
