//! Consequences that are cut off at any call to the store, and drawn again.

use pwvault_core::model::HostEvent;
use pwvault_core::testing::When;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Consequence, EntryQuery};
use pwvault_core::{Clock, VaultError};

use super::locked::client;
use super::world::*;

/// A client with more entries than one change set takes, some of them granted to the one it becomes.
fn world() -> World {
    let world = World::new();
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    for number in 0..104 {
        let id = new_entry(&anna, &format!("entry {number}"));
        if number % 50 == 0 {
            anna.share(id, &[to_client("bert"), to_client("cleo")]).unwrap();
        }
    }
    let given = new_entry(&bert, "Given");
    bert.share(given, &[to_client("anna")]).unwrap();
    world
}

#[test]
fn consequences_cut_off_at_any_call_are_drawn_to_the_end() {
    let event = HostEvent::ClientsMerged { from: client("anna"), into: client("bert") };
    let calls = {
        let world = world();
        let before = world.store.calls();
        let told = world.host().apply_host_event(&event).unwrap();
        assert_eq!(told.count(Consequence::EntryRehomed), 104);
        world.store.calls() - before
    };
    let stride = if std::env::var_os("PWV_LONG").is_some() { 1 } else { (calls / 10).max(1) };
    let mut half_way = 0;
    for number in (1..=calls).step_by(usize::try_from(stride).unwrap()) {
        for when in [When::Before, When::After] {
            let world = world();
            world.store.fail_call(world.store.calls() + number, when);
            let struck = world.host().apply_host_event(&event);
            assert!(matches!(struck, Err(VaultError::Store(_) | VaultError::Audit(_))), "call {number}: {struck:?}");
            world.store.fail_call(0, when);
            let every = EntryQuery { limit: 1_000, ..EntryQuery::default() };
            let entries = |id: &str| world.client(id).list_entries(&every).unwrap().entries.len();
            half_way += usize::from(entries("bert") > 10 && entries("bert") < 105);
            // Either the scheduled work finishes it, or the host tells it again.
            while world.host().run_due(world.inner.clock.now()).unwrap().more() {}
            world.host().apply_host_event(&event).unwrap();
            assert_eq!((entries("anna"), entries("bert"), entries("cleo")), (0, 105, 3), "call {number} {when:?}");
            world.check_log();
        }
    }
    assert!(half_way > 0, "no failure struck between two change sets");
}
