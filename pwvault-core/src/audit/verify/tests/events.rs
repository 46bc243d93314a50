//! Attacks on events in the middle of the log.

use super::{at, findings, logs, report};
use crate::audit::fixture::{Log, event};
use crate::audit::verify::Finding;
use crate::id::{RecordId, RecordKind};
use crate::store::{ChangeSet, Label, Record, RecordKey};

fn event_record(log: &Log, shard: u32, sequence: u64) -> Record {
    log.record(log.key(RecordKind::Event, shard, sequence)).unwrap()
}

/// Puts the body and labels of one event at the place of another.
fn plant_at(log: &Log, shard: u32, sequence: u64, record: &Record) {
    log.plant(Record { key: log.key(RecordKind::Event, shard, sequence), ..record.clone() });
}

#[test]
fn an_untouched_log_is_clean() {
    for (log, _) in logs() {
        let report = report(&log);
        assert!(report.is_clean(), "{:?}", report.findings);
        assert_eq!(report.events, super::EVENTS);
        for found in &report.shards {
            let head = log.tail(found.shard).head();
            assert_eq!((found.size, found.root), (head.size, Some(head.root)));
            assert!(found.checkpointed > 0 && found.checkpointed <= found.size);
            assert_eq!(found.witnessed, 0);
        }
    }
}

#[test]
fn one_changed_byte_anywhere_in_an_event_is_reported() {
    let log = Log::of(1, 170);
    for sequence in [0, 1, 160, 169] {
        let record = event_record(&log, 0, sequence);
        for byte in 0..record.body.len() {
            // Every eighth byte, and all of the header.
            if byte > 140 && !byte.is_multiple_of(8) {
                continue;
            }
            let mut changed = record.clone();
            changed.body[byte] ^= 4;
            log.plant(changed);
            assert_eq!(findings(&log), [Finding::Changed { at: at(0, sequence) }], "byte {byte} of event {sequence}");
        }
        let mut longer = record.clone();
        longer.body.push(0);
        log.plant(longer);
        assert_eq!(findings(&log), [Finding::Changed { at: at(0, sequence) }]);
        log.plant(Record { revision: 2, ..record.clone() });
        assert_eq!(findings(&log), [Finding::Changed { at: at(0, sequence) }]);
        log.plant(record);
        assert_eq!(findings(&log), []);
    }
}

#[test]
fn edited_labels_are_reported() {
    for (log, shard) in logs() {
        let record = event_record(&log, shard, 100);
        for labels in [vec![], vec![Label([9; 16])], vec![record.labels[0], Label([0xff; 16])]] {
            log.plant(Record { labels, ..record.clone() });
            assert_eq!(findings(&log), [Finding::Changed { at: at(shard, 100) }]);
        }
    }
}

#[test]
fn swapped_events_are_reported_as_reordered() {
    for (log, shard) in logs() {
        for (one, two) in [(100, 101), (7, 190), (16, 32)] {
            let (first, second) = (event_record(&log, shard, one), event_record(&log, shard, two));
            plant_at(&log, shard, one, &second);
            plant_at(&log, shard, two, &first);
            let (one, two) = (at(shard, one), at(shard, two));
            let swapped = [Finding::Reordered { at: one, belongs: two }, Finding::Reordered { at: two, belongs: one }];
            assert_eq!(findings(&log), swapped);
            log.plant(first);
            log.plant(second);
        }
    }
}

#[test]
fn removed_events_are_reported_as_a_gap() {
    for (log, shard) in logs() {
        for (from, to) in [(0, 1), (50, 51), (95, 130)] {
            let removed: Vec<Record> = (from..to).map(|sequence| event_record(&log, shard, sequence)).collect();
            removed.iter().for_each(|record| log.erase(record.key));
            assert_eq!(findings(&log), [Finding::Removed { shard, from, to }]);
            removed.into_iter().for_each(|record| log.plant(record));
        }
    }
}

#[test]
fn a_removed_event_whose_place_is_closed_up_is_reported() {
    let log = Log::of(1, 40);
    for sequence in 20..39 {
        let next = event_record(&log, 0, sequence + 1);
        plant_at(&log, 0, sequence, &next);
    }
    log.erase_events(0, 39);
    let moved: Vec<_> =
        (20..39).map(|number| Finding::Reordered { at: at(0, number), belongs: at(0, number + 1) }).collect();
    assert_eq!(findings(&log), moved);
}

#[test]
fn copies_are_reported_as_inserted() {
    for (log, shard) in logs() {
        let size = log.tail(shard).size();
        let original = event_record(&log, shard, 30);
        // Right behind the end, far behind it, and over another event.
        for place in [size, size + 1_000, 31, 90] {
            let before = log.record(log.key(RecordKind::Event, shard, place));
            plant_at(&log, shard, place, &original);
            let inserted = Finding::Inserted { at: at(shard, place), copy_of: Some(at(shard, 30)) };
            assert_eq!(findings(&log), [inserted]);
            log.erase(log.key(RecordKind::Event, shard, place));
            before.into_iter().for_each(|record| log.plant(record));
        }
        let mut junk = original.clone();
        junk.body = vec![1; 300];
        plant_at(&log, shard, size + 5, &junk);
        assert_eq!(findings(&log), [Finding::Inserted { at: at(shard, size + 5), copy_of: None }]);
    }
}

#[test]
fn a_copy_in_another_shard_is_reported() {
    let log = Log::of(2, 300);
    plant_at(&log, 1, 10, &event_record(&log, 0, 20));
    assert_eq!(findings(&log), [Finding::Inserted { at: at(1, 10), copy_of: Some(at(0, 20)) }]);
}

#[test]
fn a_moved_event_leaves_a_gap_and_is_found_again() {
    let log = Log::of(1, 100);
    let record = event_record(&log, 0, 50);
    log.erase(record.key);
    plant_at(&log, 0, 200, &record);
    let moved = Finding::Reordered { at: at(0, 200), belongs: at(0, 50) };
    assert_eq!(findings(&log), [Finding::Removed { shard: 0, from: 50, to: 51 }, moved]);
}

#[test]
fn records_outside_every_shard_are_reported() {
    let log = Log::of(2, 50);
    for (kind, id) in [(RecordKind::Event, "between"), (RecordKind::Checkpoint, "behind")] {
        let id = if id == "between" { 1_u128 << 70 } else { 2_u128 << 96 };
        let key = RecordKey::new(log.keyring.vault(), kind, RecordId(id.to_be_bytes()));
        log.plant(Record { key, ..event_record(&log, 0, 1) });
        assert_eq!(findings(&log), [Finding::Stray { key }]);
        log.erase(key);
    }
}

#[test]
fn a_log_cut_written_on_and_put_back_has_a_broken_chain() {
    let log = Log::of(1, 60);
    let old: Vec<Record> = (40..60).map(|sequence| event_record(&log, 0, sequence)).collect();
    log.erase_events(0, 40);
    (0..5).for_each(|number| log.append(&event(number), ChangeSet::new()));
    assert_eq!(findings(&log), []);
    old.into_iter().skip(5).for_each(|record| log.plant(record));
    // Once by the leaf before, once by the tree that event 48 carries.
    let broken = |sequence| Finding::BrokenChain { at: at(0, sequence) };
    assert_eq!(findings(&log), [broken(45), broken(48)]);
}
