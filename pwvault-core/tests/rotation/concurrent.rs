//! Rotations while others work.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use pwvault_core::id::RecordKind;
use pwvault_core::store::Write;
use pwvault_core::testing::FaultyStore;
use pwvault_core::vault::VaultKey;
use pwvault_core::vault::prelude::*;
use pwvault_core::{EntryDraft, EntryId, EntryPatch, Principal, RequestContext, VaultError};

use super::world::{World, client, kek};

/// What a writer is left with: its entries, each with its last password and the ones before.
type Written = Vec<(EntryId, Vec<String>)>;

fn write_until(world: &World, name: &str, stop: &AtomicBool, writes: &AtomicUsize) -> Written {
    let session = world.session(&client(name));
    let mut written: Written = Vec::new();
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let text = format!("{name} {number}");
        let at = number % 7;
        match written.get_mut(at) {
            None => {
                let draft = EntryDraft { name: text.clone(), password: text.as_str().into(), ..EntryDraft::default() };
                written.push((persist(|| session.create_entry(&draft)), vec![text]));
            }
            Some((id, passwords)) => {
                let patch = EntryPatch { password: Some(text.as_str().into()), ..EntryPatch::default() };
                let rename = EntryPatch { name: Some(text.clone()), ..EntryPatch::default() };
                let version = persist(|| session.entry(*id)).head.version;
                let version = persist(|| session.update_entry(*id, version, &patch));
                passwords.push(text);
                persist(|| session.update_entry(*id, version, &rename));
                assert_eq!(persist(|| session.reveal(*id)).password.expose(), passwords.last().unwrap());
            }
        }
        writes.fetch_add(1, Ordering::SeqCst);
    }
    written
}

/// Lets the writers end, however the rotation ended.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Others may keep a call from getting through; that is no loss, and nothing else may happen.
fn persist<T>(call: impl Fn() -> Result<T, VaultError>) -> T {
    loop {
        match call() {
            Err(VaultError::Busy) => {}
            done => return done.unwrap(),
        }
    }
}

#[test]
fn writers_lose_nothing_while_keys_are_rotated() {
    let world = World::new();
    let stop = AtomicBool::new(false);
    let names = ["one", "two", "three"];
    let writes = names.map(|_| AtomicUsize::new(0));
    let written: Vec<Written> = std::thread::scope(|scope| {
        let (world, stop) = (&world, &stop);
        let start = |(name, writes)| scope.spawn(move || write_until(world, name, stop, writes));
        let writers: Vec<_> = names.into_iter().zip(&writes).map(start).collect();
        let stops = Stops(stop);
        let system = world.as_system();
        // Each writer gets to write to each of its entries several times.
        let enough = |writes: &AtomicUsize| writes.load(Ordering::SeqCst) > 30;
        for round in (2_u32..).take_while(|round| *round < 6 || !writes.iter().all(enough)) {
            let [new, old] = [round, round - 1].map(|number| kek((number % 200) as u8));
            *world.keks.lock().unwrap() = vec![new.clone(), old];
            persist(|| system.rotate_kek());
            *world.keks.lock().unwrap() = vec![new];
            for sort in [VaultKey::Data, VaultKey::Index, VaultKey::Audit] {
                persist(|| system.rotate_keys(sort));
            }
            let old = world.ring();
            persist(|| world.reseal());
            persist(|| system.retire_old_keys());
            for key in old.data_keys().split_last().unwrap().1 {
                assert_eq!(world.naming(key.id()), []);
            }
        }
        drop(stops);
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });

    for (name, entries) in names.into_iter().zip(&written) {
        let session = world.session(&client(name));
        for (id, passwords) in entries {
            let (last, past) = passwords.split_last().unwrap();
            assert_eq!(session.reveal(*id).unwrap().password.expose(), last);
            let kept = session.history(*id).unwrap();
            let found: BTreeSet<_> =
                kept.iter().map(|old| session.reveal_past(*id, old.id).unwrap().password.expose().to_owned()).collect();
            // The settings keep the last fifty.
            assert_eq!(found, past.iter().rev().take(50).cloned().collect());
        }
    }
    world.check();
    world.check_log();
}

#[test]
fn several_runs_at_once_do_no_harm() {
    let mut world = World::new();
    for number in 0..150 {
        world.add(&client("many"), &format!("{number}"), &["secret"]);
    }
    world.note_stamps();
    let old = world.ring().data_key_id();
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    world.as_system().rotate_keys(VaultKey::Index).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert!(persist(|| world.reseal()).finished));
        }
    });
    assert_eq!(world.naming(old), []);
    world.as_system().retire_old_keys().unwrap();
    world.check();
    world.check_log();
}

/// Another run gets hold of the checkpoints while they lie in the batch of this one. They are of the
/// log, but this is no race for its end, which would be run again with the same batch.
#[test]
fn a_batch_of_checkpoints_that_another_run_took_is_read_again() {
    let world = World::new();
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    let (other, taken) = (world.as_system(), Arc::new(AtomicBool::new(false)));
    let took = taken.clone();
    let store = FaultyStore::new(world.store.clone()).lie_on_commit(move |changes| {
        let resealed = |write: &Write| write.record.key.kind == RecordKind::Checkpoint && write.record.revision > 1;
        if changes.writes.iter().any(resealed) && !took.swap(true, Ordering::SeqCst) {
            other.reseal_records(&mut |_| ControlFlow::Continue(())).unwrap();
        }
        Some(changes.clone())
    });
    let vault = world.opened_on(Arc::new(store));
    let system = vault.session(Principal::system(), RequestContext::default());
    assert!(system.reseal_records(&mut |_| ControlFlow::Continue(())).unwrap().finished);
    assert!(taken.load(Ordering::SeqCst));
    world.as_system().retire_old_keys().unwrap();
    world.check();
    world.check_log();
}
