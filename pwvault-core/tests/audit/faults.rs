//! A removal that is killed at each of its calls to the store, before and after the call took effect,
//! and then run again.

use pwvault_core::model::{EventKind, Settings};
use pwvault_core::testing::When;
use pwvault_core::vault::prelude::*;

use crate::world::{DAY, World, keep_for, up_to};

#[test]
fn a_removal_killed_at_any_call_loses_nothing_and_is_resumed() {
    for when in [When::Before, When::After] {
        let world = World::new();
        world.entry_revealed("anna", 300);
        let mut left = world.count(EventKind::SecretRevealed) as u64;
        let mut pruned = 0;
        for call in 1.. {
            // Every third of what is left, so that there is always something to do.
            let events = world.events();
            let (first, last) = (events.first().unwrap().at, world.now());
            let to = first.plus_millis(3 * 60_000).min(last);
            world.store.fail_call(world.store.calls() + call, when);
            let struck = world.root().prune_log(&up_to(to), "killed");
            world.store.fail_call(0, when);
            let done = world.pruned();
            assert!(done >= pruned);
            world.root().prune_log(&up_to(to), "resumed").unwrap();
            let resumed = world.pruned();
            let now = world.count(EventKind::SecretRevealed) as u64;
            // Nothing is lost and nothing stays: what is not removed is there, and the other way round.
            assert!(world.events().iter().all(|event| event.at >= to || event.kind == EventKind::LogPruned));
            assert!(left - now <= resumed - pruned && resumed > pruned, "call {call}");
            (left, pruned) = (now, resumed);
            if struck.is_ok() {
                assert!(call > 20, "a removal made only {call} calls");
                break;
            }
        }
    }
}

#[test]
fn a_retention_killed_at_any_call_is_run_again() {
    let settings = Settings { retention: vec![keep_for(&[EventKind::SecretRevealed], 1)], ..Settings::default() };
    for when in [When::Before, When::After] {
        let world = World::with(settings.clone(), |builder| builder);
        for call in 1.. {
            world.entry_revealed("anna", 20);
            world.clock.advance(2 * DAY);
            world.entry_revealed("anna", 20);
            world.store.fail_call(world.store.calls() + call, when);
            let struck = world.system().apply_retention();
            world.store.fail_call(0, when);
            world.clean();
            if let Ok(report) = struck {
                assert!(report.removed > 0 && call > 20, "{report:?} at call {call}");
                break;
            }
            let again = world.system().apply_retention().unwrap();
            // Unless the kill came after all was done.
            assert!(again.finished || when == When::After);
            let over = world.now().plus_millis(-DAY);
            let stays =
                world.events().iter().filter(|one| one.kind == EventKind::SecretRevealed && one.at < over).count();
            assert!(stays <= 16, "{stays} that are over stay");
        }
    }
}
