#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::thread;

use proptest::prelude::*;

use super::*;
use crate::audit::fixture::{Log, event};
use crate::audit::{VerifyOptions, checkpoints, verify, verify_checkpoint};
use crate::store::{MemoryStore, StoreError};

#[test]
fn a_loaded_tail_is_the_one_that_appended() {
    let log = Log::new(1);
    let mut tail = log.tail(0);
    assert_eq!((tail.size(), tail.head().root), (0, CompactRange::new().root()));
    for number in 0..100 {
        tail = log.append_behind(&tail, &event(number), ChangeSet::new()).unwrap();
        assert_eq!(log.tail(0), tail);
    }
}

#[test]
fn a_stale_tail_is_a_conflict() {
    let log = Log::of(1, 3);
    let stale = log.tail(0);
    log.append(&event(3), ChangeSet::new());
    let conflict = log.append_behind(&stale, &event(4), ChangeSet::new());
    assert!(matches!(conflict, Err(StoreError::Conflict(_))));
}

#[test]
fn a_tail_whose_last_event_is_gone_is_a_conflict() {
    let log = Log::of(1, 3);
    let tail = log.tail(0);
    log.erase_events(0, 2);
    let conflict = log.append_behind(&tail, &event(3), ChangeSet::new());
    assert!(matches!(conflict, Err(StoreError::Conflict(_))));
}

#[test]
fn several_events_land_in_one_change_set() {
    let log = Log::of(1, 3);
    let mut changes = ChangeSet::new();
    let mut tail = log.tail(0);
    for number in 3..6 {
        tail = tail.prepare(&log.keyring, &event(number), Vec::new(), &mut changes).unwrap();
    }
    log.store.commit(&changes).unwrap();
    assert_eq!(log.tail(0), tail);
    assert_eq!(tail.size(), 6);
}

#[test]
fn an_event_goes_to_its_own_shard() {
    let log = Log::new(8);
    let right = shard_of(&event(0), 8);
    let wrong = (right + 1) % 8;
    let refused = log.tail(wrong).prepare(&log.keyring, &event(0), Vec::new(), &mut ChangeSet::new());
    assert!(matches!(refused, Err(AuditError::WrongShard { .. })));
    assert!(matches!(Tail::load(&log.store, &log.keyring, 8), Err(AuditError::NoSuchShard { shard: 8, shards: 8 })));
}

#[test]
fn checkpoints_come_by_count() {
    let log = Log::new(1);
    let mut tail = log.tail(0);
    for _ in 0..2_500 {
        tail = log.append_behind(&tail, &event(0), ChangeSet::new()).unwrap();
    }
    let made = checkpoints(&log.store, &log.keyring, 0, 0, 10).unwrap();
    assert_eq!(made.iter().map(|made| made.head.size).collect::<Vec<_>>(), [1_000, 2_000]);
    for made in &made {
        assert_eq!(verify_checkpoint(&log.keyring, &made.text).unwrap(), made.head);
        check_head(&log.store, &log.keyring, &made.head).unwrap();
    }
    assert_eq!(checkpoints(&log.store, &log.keyring, 0, 1_000, 10).unwrap(), made[1..]);
}

#[test]
fn checkpoints_come_by_time() {
    let log = Log::of(1, 10);
    let waiting_since = event(0).at;
    let mut tail = log.tail(0);
    let mut changes = ChangeSet::new();
    let just_before = waiting_since.plus_millis(CHECKPOINT_MILLIS - 1);
    assert!(!tail.prepare_checkpoint(&log.keyring, just_before, &mut changes).unwrap());
    assert!(changes.is_empty());
    let due = waiting_since.plus_millis(CHECKPOINT_MILLIS);
    assert!(tail.prepare_checkpoint(&log.keyring, due, &mut changes).unwrap());
    log.store.commit(&changes).unwrap();
    assert_eq!(log.tail(0), tail);
    let mut again = ChangeSet::new();
    assert!(!tail.prepare_checkpoint(&log.keyring, due.plus_millis(CHECKPOINT_MILLIS), &mut again).unwrap());
    let late = Event { at: due.plus_millis(1), ..event(10) };
    let tail = log.append_behind(&tail, &late, ChangeSet::new()).unwrap();
    let later = Event { at: late.at.plus_millis(CHECKPOINT_MILLIS), ..event(11) };
    log.append_behind(&tail, &later, ChangeSet::new()).unwrap();
    let sizes: Vec<_> = checkpoints(&log.store, &log.keyring, 0, 0, 9).unwrap().iter().map(|c| c.head.size).collect();
    assert_eq!(sizes, [10, 12]);
}

#[test]
fn damage_at_the_end_refuses_appends() {
    let log = Log::of(1, 40);
    let mut record = log.record(log.key(RecordKind::Event, 0, 35)).unwrap();
    record.body[60] ^= 1;
    log.plant(record);
    let at = Position { shard: 0, sequence: 35 };
    assert!(matches!(Tail::load(&log.store, &log.keyring, 0), Err(AuditError::Damaged(found)) if found == at));
}

#[test]
fn a_log_shorter_than_its_checkpoint_refuses_appends() {
    let log = Log::of(1, 1_010);
    log.erase_events(0, 850);
    let refused = Tail::load(&log.store, &log.keyring, 0);
    assert!(matches!(refused, Err(AuditError::Truncated { shard: 0, size: 850, known: 901 })));
}

#[test]
fn a_kept_head_holds_while_the_log_grows_and_not_when_it_is_another() {
    let log = Log::of(1, 33);
    let kept: Vec<_> = head(&log.store, &log.keyring).unwrap();
    log.append(&event(33), ChangeSet::new());
    check_head(&log.store, &log.keyring, &kept[0]).unwrap();
    check_head(&log.store, &log.keyring, &ShardHead { shard: 0, size: 0, root: CompactRange::new().root() }).unwrap();

    log.erase_events(0, 30);
    let shorter = check_head(&log.store, &log.keyring, &kept[0]);
    assert!(matches!(shorter, Err(AuditError::Truncated { size: 30, known: 33, .. })));
    (0..5).for_each(|number| log.append(&event(number), ChangeSet::new()));
    let another = check_head(&log.store, &log.keyring, &kept[0]);
    assert!(matches!(another, Err(AuditError::Rewritten { shard: 0, size: 33 })));
}

#[test]
fn eight_writers_lose_nothing() {
    let log = Log::new(1);
    thread::scope(|scope| {
        for writer in 0..8_u64 {
            let log = &log;
            scope.spawn(move || {
                for number in 0..50 {
                    let event = event(writer * 1_000 + number);
                    while log.append_behind(&log.tail(0), &event, ChangeSet::new()).is_err() {}
                }
            });
        }
    });
    let events = log.events(0);
    let mut seen: Vec<u64> = Vec::new();
    for (at, record) in &events {
        let opened = open_event(&log.keyring, *at, record).unwrap();
        seen.push(opened.event.request_id.unwrap().parse().unwrap());
    }
    seen.sort_unstable();
    let expected: Vec<u64> = (0..8).flat_map(|writer| (0..50).map(move |number| writer * 1_000 + number)).collect();
    assert_eq!(seen, expected);
    assert!(verify(&log.store, &log.keyring, &VerifyOptions::default()).unwrap().is_clean());
}

/// A store that holds nothing has tails of size 0.
#[test]
fn an_empty_store_has_empty_logs() {
    let log = Log { store: MemoryStore::new(), ..Log::new(8) };
    assert!(head(&log.store, &log.keyring).unwrap().iter().all(|head| head.size == 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn an_appended_log_has_the_root_of_its_leaves(batches in prop::collection::vec(1_usize..9, 1..12)) {
        let log = Log::new(1);
        let mut naive = CompactRange::new();
        for (number, batch) in batches.into_iter().enumerate() {
            let mut tail = log.tail(0);
            let mut changes = ChangeSet::new();
            for _ in 0..batch {
                tail = tail.prepare(&log.keyring, &event(number as u64), Vec::new(), &mut changes).unwrap();
            }
            log.store.commit(&changes).unwrap();
        }
        for (at, record) in log.events(0) {
            naive.append(open_event(&log.keyring, at, &record).unwrap().leaf);
        }
        prop_assert_eq!(log.tail(0).head().root, naive.root());
    }
}
