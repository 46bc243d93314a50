//! A rotation that is killed at each of its calls to the store, before and after the call took
//! effect, and then run again.

use std::ops::ControlFlow;

use pwvault_core::VaultError;
use pwvault_core::testing::When;
use pwvault_core::vault::VaultKey;
use pwvault_core::vault::prelude::*;

use super::world::{World, kek};

/// Everything there is to rotate, in one go.
fn rotate_all(world: &World) -> Result<(), VaultError> {
    let system = world.as_system();
    system.rotate_kek()?;
    for sort in [VaultKey::Data, VaultKey::Index, VaultKey::Audit] {
        system.rotate_keys(sort)?;
    }
    assert!(system.reseal_records(&mut |_| ControlFlow::Continue(()))?.finished);
    system.retire_old_keys()
}

#[test]
fn a_rotation_killed_at_any_call_is_run_again_and_loses_nothing() {
    let world = World::new();
    let (mut before, mut number) = (1, 2);
    // Most calls look for a kind of record of which there is none; in the short run every other one fails.
    let stride = if std::env::var_os("PWV_LONG").is_some() { 1 } else { 2 };
    for (first, when) in [(1, When::Before), (2, When::After)] {
        for call in (first..).step_by(stride) {
            *world.keks.lock().unwrap() = vec![kek(number), kek(before)];
            let old = world.ring();
            world.store.fail_call(world.store.calls() + call, when);
            let struck = rotate_all(&world);
            if struck.is_ok() {
                world.store.fail_call(0, when);
                assert!(call > 30, "the rotation made only {call} calls");
                break;
            }
            assert!(matches!(struck, Err(VaultError::Store(_) | VaultError::Audit(_))), "{struck:?}");
            world.check();
            rotate_all(&world).unwrap();
            for key in old.data_keys() {
                assert_eq!(world.naming(key.id()), []);
            }
            *world.keks.lock().unwrap() = vec![kek(number)];
            world.check_log();
            (before, number) = (number, number % 200 + 1);
        }
    }
    world.check();
    world.check_trash();
}
