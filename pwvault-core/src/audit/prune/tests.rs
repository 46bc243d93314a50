#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::*;
use crate::audit::fixture::{Log, event, event_of_change, note};
use crate::audit::verify::Finding;
use crate::audit::{
    EventState, LogQuery, RemovalCause, ShardHead, Tail, VerifyOptions, VerifyReport, change_of, checkpoints, event_at,
    head, read, record_digest, removed_events, verify,
};
use crate::envelope::seal_record;
use crate::id::RecordId;
use crate::store::{Order, RecordKey};

fn report(log: &Log) -> VerifyReport {
    verify(&log.store, &log.keyring, &VerifyOptions::default()).unwrap()
}

fn clean(log: &Log) -> VerifyReport {
    let report = report(log);
    assert_eq!((report.findings.as_slice(), report.unsettled.as_slice()), (&[][..], &[][..]));
    report
}

/// The head at every size up to the end.
fn heads(log: &Log, shard: u32) -> Vec<ShardHead> {
    let mut range = crate::audit::CompactRange::new();
    let mut heads = vec![ShardHead { shard, size: 0, root: range.root() }];
    for (at, record) in log.events(shard) {
        range.append(open_event(&log.keyring, at, &record).unwrap().leaf);
        heads.push(ShardHead { shard, size: range.size(), root: range.root() });
    }
    heads
}

#[test]
fn what_is_left_proves_the_tree_at_every_size() {
    let log = Log::of(1, 2_600);
    let heads = heads(&log, 0);
    let options = VerifyOptions { checkpoints: Vec::new(), heads: heads.clone() };
    let tail = log.tail(0);
    let every_third = |at: Position, _: &Event| at.sequence.is_multiple_of(3);
    let end = prunable(&log.store, &log.keyring, 0).unwrap().unwrap().end;
    assert!(end > 1_700 && end <= tail.checkpointed());
    assert_eq!(log.prune(0, &every_third), end.div_ceil(3));
    let found = verify(&log.store, &log.keyring, &options).unwrap();
    assert_eq!(found.findings, []);
    assert_eq!(found.shards[0].pruned, end.div_ceil(3));
    // All of them, in a second go.
    assert_eq!(log.prune(0, &|_, _| true), end - end.div_ceil(3));
    let found = verify(&log.store, &log.keyring, &options).unwrap();
    assert_eq!(found.findings, []);
    assert_eq!((found.shards[0].pruned, found.shards[0].witnessed), (end, 2_600));
    for head in heads.iter().step_by(7) {
        crate::audit::check_head(&log.store, &log.keyring, head).unwrap();
    }
    let wrong = ShardHead { root: [7; 32], ..heads[500] };
    assert!(matches!(
        crate::audit::check_head(&log.store, &log.keyring, &wrong),
        Err(AuditError::Rewritten { size: 500, .. })
    ));
    // A third time there is nothing left to do.
    let size = log.tail(0).size();
    assert_eq!(log.prune(0, &|_, _| true), 0);
    assert_eq!(log.tail(0).size(), size);
}

#[test]
fn exported_checkpoints_fit_after_their_events_are_gone() {
    let log = Log::of(1, 2_600);
    let made = checkpoints(&log.store, &log.keyring, 0, 0, 10).unwrap();
    let texts = made.iter().map(|made| made.text.clone()).collect();
    log.prune(0, &|_, _| true);
    let options = VerifyOptions { checkpoints: texts, heads: Vec::new() };
    let found = verify(&log.store, &log.keyring, &options).unwrap();
    assert_eq!(found.findings, []);
    assert_eq!(found.shards[0].witnessed, made.last().unwrap().head.size);
    assert!(found.to_string().contains("were removed: of them, only place, time"));
}

#[test]
fn the_end_is_kept_and_what_no_checkpoint_covers() {
    let log = Log::of(1, 850);
    assert_eq!(prunable(&log.store, &log.keyring, 0).unwrap(), None);
    assert_eq!(log.prune(0, &|_, _| true), 0);
    let log = Log::of(1, 1_000);
    let Prunable { checkpoint, end } = prunable(&log.store, &log.keyring, 0).unwrap().unwrap();
    log.prune(0, &|_, _| true);
    let left: Vec<u64> = log.events(0).into_iter().map(|(at, _)| at.sequence).collect();
    assert_eq!(left[0], end);
    assert!(checkpoint.head.size - end <= 16);
    // And the log is written on from it.
    let tail = log.tail(0);
    log.append(&event(1), ChangeSet::new());
    assert_eq!(log.tail(0).size(), tail.size() + 1);
    assert_eq!(head(&log.store, &log.keyring).unwrap()[0].size, tail.size() + 1);
    clean(&log);
}

#[test]
fn a_log_that_is_not_its_checkpoints_is_not_pruned() {
    let log = Log::of(1, 1_000);
    let size = log.tail(0).checkpointed();
    let mut record = log.record(log.key(RecordKind::Checkpoint, 0, size)).unwrap();
    record.body[40] ^= 1;
    log.plant(record);
    assert!(matches!(prunable(&log.store, &log.keyring, 0), Err(AuditError::DamagedCheckpoint(_))));
}

#[test]
fn the_records_of_the_store_are_still_held_against_the_log() {
    let log = Log::of(1, 100);
    let key = |number: u8| RecordKey::new(log.keyring.vault(), RecordKind::Entry, RecordId([number; 16]));
    let sealed = |number: u8, revision| seal_record(&log.keyring, key(number), revision, &0, Vec::new(), &[]).unwrap();
    let put = |number: u8, revision| {
        let record = sealed(number, revision);
        let before = log.record(record.key).as_ref().map(record_digest);
        let mut changes = ChangeSet::new();
        changes.write(record.clone());
        log.append(&event_of_change(100, change_of(&record, before)), changes);
        record
    };
    let first = put(1, 1);
    let other = put(2, 1);
    (0..1_500).for_each(|number| log.append(&event(number), ChangeSet::new()));
    put(1, 2);
    assert!(log.prune(0, &|_, _| true) > 900);
    clean(&log);
    let landed = log.record(key(1)).unwrap();
    log.plant(first);
    log.erase(key(2));
    let rolled = Finding::RolledBack { key: key(1), stored: 1, logged: 2 };
    assert_eq!(report(&log).findings, [rolled, Finding::Hidden { key: key(2), logged: 1 }]);
    log.plant(landed);
    log.plant(sealed(2, 1));
    assert_eq!(report(&log).findings, [Finding::Substituted { key: key(2), revision: 1 }]);
    log.plant(other);
    clean(&log);
}

#[test]
fn removed_without_a_tombstone_or_put_back_is_reported() {
    let log = Log::of(1, 2_600);
    let old = log.record(log.key(RecordKind::Event, 0, 1_200)).unwrap();
    log.prune(0, &|at, _| at.sequence.is_multiple_of(2));
    log.plant(old.clone());
    assert_eq!(report(&log).findings, [Finding::PutBack { at: Position { shard: 0, sequence: 1_200 } }]);
    log.erase(old.key);
    log.erase(log.key(RecordKind::Event, 0, 1_201));
    let removed = Finding::Removed { shard: 0, from: 1_201, to: 1_202 };
    assert_eq!(report(&log).findings, [removed]);

    let log = Log::of(1, 2_600);
    log.prune(0, &|at, _| (1_030..1_040).contains(&at.sequence));
    let tombstone = log.record(log.key(RecordKind::Tombstone, 0, 1_024)).unwrap();
    log.erase(tombstone.key);
    let hidden = Finding::Hidden { key: tombstone.key, logged: 1 };
    assert_eq!(report(&log).findings, [Finding::Removed { shard: 0, from: 1_030, to: 1_040 }, hidden]);
    let mut changed = tombstone.clone();
    changed.body[90] ^= 1;
    log.plant(changed);
    let changed = Finding::RecordChanged { key: tombstone.key };
    assert_eq!(report(&log).findings, [Finding::Removed { shard: 0, from: 1_030, to: 1_040 }, changed]);
    log.plant(tombstone);
    clean(&log);
}

#[test]
fn a_reader_meets_what_is_left_and_can_ask_about_the_rest() {
    let log = Log::of(2, 3_000);
    let shard = 1;
    log.prune(shard, &|at, _| at.sequence < 50 || at.sequence == 60);
    let query = LogQuery { shard: Some(shard), order: Order::Ascending, limit: 12, ..LogQuery::default() };
    let page = read(&log.store, &log.keyring, &query).unwrap();
    let places: Vec<u64> = page.events.iter().map(|event| event.position.sequence).collect();
    assert_eq!(places, (50..60).chain(61..63).collect::<Vec<_>>());
    let next = read(&log.store, &log.keyring, &LogQuery { cursor: page.next, ..query.clone() }).unwrap();
    assert_eq!(next.events[0].position.sequence, 63);
    let from = next.events[0].event.as_ref().unwrap().at;
    let later = read(&log.store, &log.keyring, &LogQuery { from: Some(from), ..query }).unwrap();
    assert_eq!(later.events[0], next.events[0]);

    let at = |sequence| event_at(&log.store, &log.keyring, Position { shard, sequence }).unwrap();
    assert!(matches!(at(50), EventState::Present(_)));
    let EventState::Removed { removals, changes, .. } = at(60) else { panic!("{:?}", at(60)) };
    assert_eq!((removals.len(), removals[0].events, changes.len()), (1, 51, 0));
    assert_eq!(removals[0].cause, RemovalCause::Request);
    assert_eq!(at(1 << 40), EventState::Absent);
    let told = removed_events(&log.store, &log.keyring, shard, 0, 10).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].first.sequence, told[0].last.sequence, told[0].events), (0, 60, 51));
}

#[test]
fn a_block_that_outgrows_a_record_goes_on_in_another() {
    let log = Log::of(1, 10);
    let many: Vec<_> = (0..30_000_u32)
        .map(|number| {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&number.to_be_bytes());
            crate::model::Change { kind: RecordKind::Job, id, revision: 0, digest: None, before: None }
        })
        .collect();
    for number in 0..3 {
        log.append(&Event { changes: many.clone(), ..event(number) }, ChangeSet::new());
    }
    (0..1_000).for_each(|number| log.append(&event(number), ChangeSet::new()));
    assert!(log.prune(0, &|at, _| at.sequence > 5) > 900);
    let parts = (0..9).filter(|part| {
        let id = super::super::shard::part_id(0, *part, 0);
        log.record(RecordKey::new(log.keyring.vault(), RecordKind::Tombstone, id)).is_some()
    });
    assert_eq!(parts.count(), 4);
    log.prune(0, &|_, _| true);
    clean(&log);
    assert_eq!(removed_events(&log.store, &log.keyring, 0, 0, 9).unwrap()[0].removals.len(), 4);
}

#[test]
fn sixteen_threads_append_while_others_prune_and_verify() {
    let log = Log::of(1, 2_100);
    let running = AtomicU32::new(16);
    thread::scope(|scope| {
        for writer in 0..16_u64 {
            let (log, running) = (&log, &running);
            scope.spawn(move || {
                for number in 0..80 {
                    let event = event(writer * 100 + number);
                    while log.append_behind(&log.tail(0), &event, ChangeSet::new()).is_err() {}
                }
                running.fetch_sub(1, Ordering::SeqCst);
            });
        }
        for pruner in 0..2_u64 {
            let (log, running) = (&log, &running);
            scope.spawn(move || {
                let mut round = 0;
                while running.load(Ordering::SeqCst) > 0 {
                    round += 1;
                    prune_until_it_lands(log, &|at, _| at.sequence % 64 < round * 4 + pruner);
                }
            });
        }
        while running.load(Ordering::SeqCst) > 0 {
            clean(&log);
        }
    });
    prune_until_it_lands(&log, &|_, _| true);
    let last = clean(&log);
    assert!(last.shards[0].size >= 2_100 + 16 * 80);
    assert!(last.shards[0].pruned >= 2_300, "{}", last.shards[0].pruned);
}

/// Every block, each again when another came in between.
fn prune_until_it_lands(log: &Log, choose: &dyn Fn(Position, &Event) -> bool) {
    let end = prunable(&log.store, &log.keyring, 0).unwrap().unwrap().end;
    let mut next = Some(0);
    while let Some(from) = next {
        let mut changes = ChangeSet::new();
        let pruned = prune_block(&log.store, &log.keyring, (0, from, end), &note(), choose, &mut changes).unwrap();
        let landed = changes.is_empty() || {
            let event = log.telling(&changes);
            let tail: Tail = log.tail(0);
            tail.prepare(&log.keyring, &event, Vec::new(), &mut changes).is_ok() && log.store.commit(&changes).is_ok()
        };
        if landed {
            next = pruned.next;
        }
    }
}
