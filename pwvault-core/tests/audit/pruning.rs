//! Removing events, by request and because their time is over.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use pwvault_core::audit::{EventState, Position, RemovalCause, VerifyOptions};
use pwvault_core::clock::Timestamp;
use pwvault_core::model::{EventKind, Outcome, Person, Settings};
use pwvault_core::store::Store;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{LogFilter, PruneReport, VaultKey};
use pwvault_core::{EntryPatch, VaultBuilder, VaultError};

use crate::host::{VAULT, kek};
use crate::world::{DAY, World, anna, keep_for, up_to};

#[test]
fn what_is_removed_is_gone_and_the_rest_is_proved() {
    let world = World::new();
    let id = world.entry_revealed("anna", 2_000);
    let head = world.vault.head().unwrap();
    let before = world.events().len() as u64;
    let root = world.root();
    let report = root.prune_log(&up_to(world.now()), "no longer needed").unwrap();
    assert!(report.finished && report.removed > 1_900, "{report:?}");
    assert_eq!(world.pruned(), report.removed);
    let told = world.count(EventKind::LogPruned);
    assert_eq!(told, 2, "one for each block of 1,024");
    // One event told that the log was verified.
    assert_eq!(world.events().len() as u64, before - report.removed + told as u64 + 1);
    for event in world.events().iter().filter(|event| event.kind == EventKind::LogPruned) {
        assert_eq!(event.reason.as_deref(), Some("no longer needed"));
    }
    // A head kept from before still opens the vault, and so does one of now.
    for head in [head, world.vault.head().unwrap()] {
        let builder = VaultBuilder::new(kek()).clock(world.clock.clone());
        builder.open_at_least(world.store.clone(), VAULT, &head).unwrap();
        let options = VerifyOptions { heads: head.shards, ..VerifyOptions::default() };
        assert!(root.verify_log(&options).unwrap().is_clean());
    }
    let EventState::Removed { changes, removals, .. } = root.log_event(Position { shard: 0, sequence: 1 }).unwrap()
    else {
        panic!("the creation is still there")
    };
    assert_eq!(changes.len(), 1);
    assert_eq!((removals[0].cause, removals[0].reason.as_deref()), (RemovalCause::Request, Some("no longer needed")));
    let removed = root.removed_events(0, 0, 10).unwrap();
    assert_eq!(removed.iter().map(|block| block.events).sum::<u64>(), report.removed);
    assert_eq!(removed[0].first, Position { shard: 0, sequence: 0 });
    // The entry itself is untouched.
    let anna = world.client("anna");
    anna.reveal(id).unwrap();
    let version = anna.entry(id).unwrap().head.version;
    anna.update_entry(id, version, &EntryPatch { name: Some("new".into()), ..EntryPatch::default() }).unwrap();
    world.clean();
}

#[test]
fn removing_twice_removes_once() {
    let world = World::new();
    world.entry_revealed("anna", 1_200);
    let filter = up_to(world.now());
    let first = world.root().prune_log(&filter, "once").unwrap();
    assert!(first.removed > 1_000);
    let events = world.events();
    let again = world.root().prune_log(&filter, "twice").unwrap();
    assert_eq!(again, PruneReport { removed: 0, finished: true, ..PruneReport::default() });
    // But that it was asked for is told.
    let last = world.events().pop().unwrap();
    assert_eq!((last.kind, last.reason.as_deref()), (EventKind::LogPruned, Some("twice")));
    assert_eq!(world.events().len(), events.len() + 1);
    assert_eq!(world.pruned(), first.removed);
}

#[test]
fn a_filter_removes_what_it_means_and_never_the_traces_of_removals() {
    let world = World::new();
    let id = world.entry_revealed("anna", 60);
    world.entry_revealed("bert", 60);
    assert!(world.client("bert").reveal(id).is_err());
    world.entry_revealed("carl", 60);
    let root = world.root();
    let mine =
        LogFilter { actor: Some(Person::Client(anna())), kinds: vec![EventKind::SecretRevealed], ..up_to(world.now()) };
    assert_eq!(root.prune_log(&mine, "at her request").unwrap().removed, 60);
    let by_anna: Vec<_> =
        world.events().into_iter().filter(|event| event.actor == Person::Client(anna())).map(|one| one.kind).collect();
    assert_eq!(by_anna, [EventKind::EntryCreated]);
    assert_eq!(world.count(EventKind::SecretRevealed), 121);
    let denied = LogFilter { outcome: Some(Outcome::Denied), ..up_to(world.now()) };
    assert_eq!(root.prune_log(&denied, "noise").unwrap().removed, 1);
    world.clock.advance(DAY);
    world.system().make_checkpoints().unwrap();
    world.entry_revealed("dora", 40);
    root.prune_log(&up_to(world.now()), "everything").unwrap();
    assert!(world.count(EventKind::LogPruned) >= 3);
    world.clean();
}

#[test]
fn a_removal_without_a_time_a_reason_or_the_right_is_refused() {
    let world = World::new();
    world.entry_revealed("anna", 30);
    let root = world.root();
    let to = up_to(world.now());
    assert!(matches!(root.prune_log(&LogFilter::default(), "x"), Err(VaultError::Invalid { field: "to", .. })));
    for reason in ["", "  ", &"x".repeat(1_025)] {
        assert!(matches!(root.prune_log(&to, reason), Err(VaultError::Invalid { field: "reason", .. })));
        assert!(matches!(root.seal_log_damage(0, reason), Err(VaultError::Invalid { field: "reason", .. })));
    }
    assert!(matches!(world.client("anna").prune_log(&to, "x"), Err(VaultError::Denied(_))));
    assert_eq!(world.kinds().pop().unwrap(), (EventKind::LogPruned, Outcome::Denied));
    assert_eq!(world.pruned(), 0);
}

#[test]
fn retention_removes_what_is_over_once_a_day_and_keeps_the_rest() {
    let (reveals, reads) = (EventKind::SecretRevealed, EventKind::LogRead);
    let settings =
        Settings { retention: vec![keep_for(&[reveals], 30), keep_for(&[reads], 90)], ..Settings::default() };
    let world = World::with(settings, |builder| builder);
    world.entry_revealed("anna", 100);
    (0..20).for_each(|_| drop(world.root().read_log(&LogFilter::default()).unwrap()));
    world.clock.advance(29 * DAY);
    assert_eq!(world.system().apply_retention().unwrap().removed, 0);
    world.clock.advance(2 * DAY);
    world.entry_revealed("bert", 40);
    let events = world.events().len();
    let report = world.system().apply_retention().unwrap();
    assert_eq!((report.removed, report.finished), (100, true));
    assert_eq!(world.count(reveals), 40);
    assert_eq!(world.count(reads), 20);
    assert_eq!(world.count(EventKind::EntryCreated), 2);
    // The rest of the day there is nothing to do, and nothing is written.
    let after = world.events().len();
    assert_eq!(after, events - 100 + 2);
    assert!(!world.system().apply_retention().unwrap().finished);
    assert_eq!(world.events().len(), after);
    // Other rules count at once.
    let (settings, revision) = world.root().settings().unwrap();
    let rules = vec![keep_for(&[], 1), keep_for(&[EventKind::EntryCreated], 100)];
    world.root().update_settings(&Settings { retention: rules, ..settings }, revision).unwrap();
    world.clock.advance(2 * DAY);
    world.entry_revealed("carl", 40);
    world.system().make_checkpoints().unwrap();
    assert!(world.system().apply_retention().unwrap().removed > 40);
    assert_eq!(world.count(reads), 0);
    assert_eq!(world.count(EventKind::EntryCreated), 3);
    let by: Vec<_> = world.root().removed_events(0, 0, 1).unwrap().remove(0).removals;
    assert!(by.iter().all(|removal| removal.cause == RemovalCause::Retention && removal.by == Person::System));
    world.clean();
}

#[test]
fn sixteen_threads_work_while_the_log_is_pruned() {
    let world = World::new();
    let entries: Vec<_> = (0..16).map(|number| world.entry_revealed(&format!("client{number}"), 70)).collect();
    world.clock.advance(DAY);
    let running = AtomicU32::new(16);
    thread::scope(|scope| {
        for (number, id) in entries.iter().enumerate() {
            let (world, running) = (&world, &running);
            scope.spawn(move || {
                let session = world.client(&format!("client{number}"));
                for _ in 0..25 {
                    session.reveal(*id).unwrap();
                }
                running.fetch_sub(1, Ordering::SeqCst);
            });
        }
        for _ in 0..2 {
            let (world, running) = (&world, &running);
            scope.spawn(move || {
                let mut to = world.now().plus_millis(-DAY - 1_000 * 60_000);
                while running.load(Ordering::SeqCst) > 0 {
                    to = to.plus_millis(60 * 60_000).min(world.now());
                    world.root().prune_log(&up_to(to), "while others work").unwrap();
                }
            });
        }
    });
    world.root().prune_log(&up_to(world.now()), "the rest").unwrap();
    let report = world.clean();
    assert!(report.shards[0].pruned > 1_000);
    // What the threads did is told, by the events that are left or by what is left of others.
    let revealed = world.count(EventKind::SecretRevealed) as u64;
    assert!(revealed + report.shards[0].pruned >= 16 * 95, "{revealed}");
    assert_eq!(report.shards[0].size, report.shards[0].pruned + world.events().len() as u64 - 1);
}

#[test]
fn tombstones_survive_the_rotation_of_every_key() {
    let world = World::new();
    world.entry_revealed("anna", 1_100);
    world.root().prune_log(&up_to(world.now()), "old").unwrap();
    let pruned = world.pruned();
    let head = world.vault.head().unwrap();
    let system = world.system();
    for sort in [VaultKey::Data, VaultKey::Index, VaultKey::Audit] {
        system.rotate_keys(sort).unwrap();
    }
    assert!(system.reseal_records(&mut |_| std::ops::ControlFlow::Continue(())).unwrap().finished);
    system.retire_old_keys().unwrap();
    assert_eq!(world.pruned(), pruned);
    let fresh = world.reopened();
    assert_eq!(fresh.pruned(), pruned);
    let options = VerifyOptions { heads: head.shards, ..VerifyOptions::default() };
    assert!(fresh.root().verify_log(&options).unwrap().is_clean());
}

#[test]
fn damage_at_the_end_is_sealed_off_and_told() {
    let world = World::new();
    let id = world.entry_revealed("anna", 20);
    let key = pwvault_core::store::RecordKey::new(VAULT, pwvault_core::id::RecordKind::Event, event_id(21));
    let mut record = world.store.inner().load(&[key]).unwrap().pop().unwrap().unwrap();
    record.body[130] ^= 1;
    let mut changes = pwvault_core::store::ChangeSet::new();
    changes.delete(key, 1);
    world.store.inner().commit(&changes).unwrap();
    let mut changes = pwvault_core::store::ChangeSet::new();
    changes.write(record);
    world.store.inner().commit(&changes).unwrap();

    let fresh = world.reopened();
    assert!(matches!(fresh.client("anna").reveal(id), Err(VaultError::Audit(_))));
    assert!(fresh.client("anna").seal_log_damage(0, "x").is_err());
    let sealed = fresh.root().seal_log_damage(0, "a disk failed").unwrap();
    assert_eq!(sealed, [Position { shard: 0, sequence: 21 }]);
    fresh.client("anna").reveal(id).unwrap();
    assert_eq!(fresh.root().log_event(sealed[0]).unwrap(), EventState::Damaged);
    let report = fresh.root().verify_log(&VerifyOptions::default()).unwrap();
    assert_eq!(report.shards[0].sealed_damage, 1);
    assert!(report.is_clean(), "{report}");
    assert_eq!(fresh.root().seal_log_damage(0, "again").unwrap(), []);
    let removed = fresh.root().removed_events(0, 0, 1).unwrap().remove(0);
    assert_eq!((removed.events, removed.removals[0].cause), (1, RemovalCause::Damage));
    assert_eq!(removed.from, None::<Timestamp>);
}

fn event_id(sequence: u64) -> pwvault_core::id::RecordId {
    pwvault_core::id::RecordId(u128::from(sequence).to_be_bytes())
}
