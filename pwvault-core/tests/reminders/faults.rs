//! A store that fails at any call loses no message and repeats none but by the same key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pwvault_core::id::RecordKind;
use pwvault_core::model::{Addressee, Person, ReminderDefaults, Settings};
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::{FaultyStore, When};
use pwvault_core::vault::prelude::*;
use pwvault_core::{Clock, EntryPatch};

use super::world::{DAY, START, World, client, contact, draft, every, months, name, sub_user};

/// Anna with two sub-users and two entries that are due.
fn due_world() -> (Arc<FaultyStore<MemoryStore>>, World) {
    let store = Arc::new(FaultyStore::new(MemoryStore::new()));
    let world = World::over(Arc::clone(&store) as _, Settings::default());
    world.know(&[
        contact(Person::Client(client("anna")), "UTC"),
        contact(sub_user("anna", "one"), "UTC"),
        contact(sub_user("anna", "two"), "UTC"),
    ]);
    let anna = world.client("anna");
    for name in ["Webmail", "Shop"] {
        let id = anna.create_entry(&draft(name)).unwrap();
        anna.set_reminder(id, 1, &every(months(1))).unwrap();
    }
    world.clock.set(START.plus_millis(29 * DAY));
    (store, world)
}

#[test]
fn a_failure_at_any_call_loses_nothing_and_repeats_only_by_the_same_key() {
    let calls = {
        let (store, world) = due_world();
        let before = store.calls();
        world.run();
        store.calls() - before
    };
    assert!(calls > 20, "{calls} calls");
    let mut repeated = 0;
    for number in 1..=calls {
        for when in [When::Before, When::After] {
            let (store, world) = due_world();
            store.fail_call(store.calls() + number, when);
            // The failure may strike the call itself or one of its jobs.
            let _ = world.cron().run_due(world.clock.now());
            // Whatever was claimed and not settled comes again when its lease is over.
            world.clock.advance(DAY / 24);
            world.run();
            let mut keys = BTreeMap::new();
            for (_, message) in world.take() {
                let Addressee::Person(person) = message.notice.to else { panic!() };
                let key = (name(&person), message.notice.facts["entry"].clone());
                keys.entry(key).or_insert_with(Vec::new).push(message.id);
            }
            assert_eq!(keys.len(), 6, "call {number} {when:?}: someone was not told");
            for (key, ids) in keys {
                repeated += ids.len() - 1;
                assert!(ids.len() <= 2, "call {number} {when:?}: {key:?} was told {} times", ids.len());
                assert_eq!(BTreeSet::from_iter(ids).len(), 1, "call {number} {when:?}: {key:?} under two keys");
            }
            assert_eq!(world.records(RecordKind::Message), []);
            assert_eq!(world.records(RecordKind::Due).len(), 2, "call {number} {when:?}");
        }
    }
    assert!(repeated > 0, "no failure struck between delivery and its note");
}

#[test]
fn a_change_and_its_notices_land_together_or_not_at_all() {
    let reminders = ReminderDefaults { on_change: true, change_every: Some(months(1)), ..Default::default() };
    let settings = Settings { reminders, ..Settings::default() };
    let mut landed = BTreeSet::new();
    for number in 1.. {
        let mut struck = false;
        for when in [When::Before, When::After] {
            let store = Arc::new(FaultyStore::new(MemoryStore::new()));
            let world = World::over(Arc::clone(&store) as _, settings.clone());
            world.know(&[contact(sub_user("anna", "one"), "UTC")]);
            let anna = world.client("anna");
            let id = anna.create_entry(&draft("Webmail")).unwrap();
            let due = world.records(RecordKind::Due);
            world.clock.advance(DAY);
            store.fail_call(store.calls() + number, when);
            let patch = EntryPatch { password: Some("second".into()), ..EntryPatch::default() };
            struck |= anna.update_entry(id, 1, &patch).is_err();
            store.fail_call(0, when);
            let changed = anna.entry(id).unwrap().head.version == 2;
            landed.insert(changed);
            assert_eq!(world.records(RecordKind::Message).len(), usize::from(changed), "call {number} {when:?}");
            assert_eq!(world.records(RecordKind::Due) != due, changed, "call {number} {when:?}");
            assert_eq!(world.records(RecordKind::Due).len(), 1);
        }
        if !struck {
            break;
        }
    }
    assert_eq!(landed.len(), 2);
}
