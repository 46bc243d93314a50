//! What is logged, and finding it again.

use pwvault_core::audit::{EventState, Position};
use pwvault_core::model::{AccessMode, EventKind, Outcome, Person, Settings};
use pwvault_core::store::Order;
use pwvault_core::vault::LogFilter;
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, VaultError};

use crate::world::{MINUTE, World, anna};

#[test]
fn nobody_is_too_privileged_to_be_logged() {
    let settings = Settings { access_mode: AccessMode::Full, audit_views: true, ..Settings::default() };
    let world = World::with(settings, |builder| builder);
    let id = world.entry_revealed("anna", 1);
    let root = world.root();
    root.entry(id).unwrap();
    root.reveal(id).unwrap();
    root.list_entries(&Default::default()).unwrap();
    root.history(id).unwrap();
    // The owner is logged like everyone else.
    world.client("anna").entry(id).unwrap();
    let by = |person: Person, kind| {
        world.events().iter().filter(|event| event.actor == person && event.kind == kind).count()
    };
    let root_person = || Person::Admin(AdminId::new("root").unwrap());
    assert_eq!(by(root_person(), EventKind::EntryViewed), 1);
    assert_eq!(by(root_person(), EventKind::SecretRevealed), 1);
    assert_eq!(by(root_person(), EventKind::EntriesListed), 1);
    assert_eq!(by(Person::Client(anna()), EventKind::EntryViewed), 1);
}

#[test]
fn reading_the_log_is_logged_before_anything_is_shown() {
    let world = World::new();
    world.entry_revealed("anna", 3);
    let root = world.root();
    let page = root.read_log(&LogFilter::default()).unwrap();
    assert_eq!(page.events[0].event.as_ref().unwrap().kind, EventKind::LogRead);
    root.log_event(Position { shard: 0, sequence: 0 }).unwrap();
    root.removed_events(0, 0, 10).unwrap();
    assert_eq!(world.count(EventKind::LogRead), 3);
    assert!(matches!(world.client("anna").read_log(&LogFilter::default()), Err(VaultError::Denied(_))));
    let last = world.kinds().pop().unwrap();
    assert_eq!(last, (EventKind::LogRead, Outcome::Denied));
    // If it cannot be logged, nothing is shown.
    for call in 1..6 {
        world.store.fail_call(world.store.calls() + call, pwvault_core::testing::When::Before);
        let read = root.read_log(&LogFilter::default());
        world.store.fail_call(0, pwvault_core::testing::When::Before);
        assert!(read.is_err(), "call {call}");
    }
}

#[test]
fn events_are_found_by_kind_actor_entry_time_and_outcome() {
    let world = World::new();
    let first = world.entry_revealed("anna", 30);
    let middle = world.clock.advance(MINUTE);
    let second = world.entry_revealed("bert", 25);
    assert!(world.client("bert").reveal(first).is_err());
    let root = world.root();
    let found = |filter: LogFilter| {
        let mut filter = LogFilter { limit: 7, ..filter };
        let mut events = Vec::new();
        loop {
            let page = root.read_log(&filter).unwrap();
            assert!(page.events.len() <= 7);
            events.extend(page.events.into_iter().map(|logged| logged.event.unwrap()));
            match page.next {
                Some(next) => filter.after = Some(next),
                None => return events,
            }
        }
    };
    let reveals = |filter: LogFilter| found(LogFilter { kinds: vec![EventKind::SecretRevealed], ..filter });
    assert_eq!(reveals(LogFilter::default()).len(), 56);
    assert_eq!(reveals(LogFilter { outcome: Some(Outcome::Denied), ..LogFilter::default() }).len(), 1);
    assert_eq!(reveals(LogFilter { entry: Some(first), ..LogFilter::default() }).len(), 31);
    assert_eq!(reveals(LogFilter { entry: Some(second), ..LogFilter::default() }).len(), 25);
    assert_eq!(reveals(LogFilter { actor: Some(Person::Client(anna())), ..LogFilter::default() }).len(), 30);
    assert_eq!(reveals(LogFilter { to: Some(middle), ..LogFilter::default() }).len(), 30);
    assert_eq!(reveals(LogFilter { from: Some(middle), ..LogFilter::default() }).len(), 26);
    let two = found(LogFilter {
        kinds: vec![EventKind::EntryCreated, EventKind::VaultCreated],
        order: Order::Ascending,
        ..LogFilter::default()
    });
    let kinds: Vec<_> = two.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::VaultCreated, EventKind::EntryCreated, EventKind::EntryCreated]);
    assert!(found(LogFilter { kinds: vec![EventKind::Rotated], ..LogFilter::default() }).is_empty());
}

#[test]
fn one_event_is_shown_whole() {
    let world = World::new();
    let id = world.entry_revealed("anna", 1);
    let EventState::Present(event) = world.root().log_event(Position { shard: 0, sequence: 2 }).unwrap() else {
        panic!("no event")
    };
    assert_eq!((event.kind, event.entries.as_slice()), (EventKind::SecretRevealed, &[id][..]));
    let absent = world.root().log_event(Position { shard: 0, sequence: 1_000 }).unwrap();
    assert_eq!(absent, EventState::Absent);
    assert!(matches!(world.root().log_event(Position { shard: 9, sequence: 0 }), Err(VaultError::Audit(_))));
}
