#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::audit::fixture::{Log, event, note};
use crate::audit::verify::Finding;
use crate::audit::{RemovalCause, VerifyOptions, VerifyReport, verify};

fn report(log: &Log) -> VerifyReport {
    verify(&log.store, &log.keyring, &VerifyOptions::default()).unwrap()
}

fn damage(log: &Log, sequence: u64) {
    let mut record = log.record(log.key(RecordKind::Event, 0, sequence)).unwrap();
    record.body[130] ^= 1;
    log.plant(record);
}

/// Seals off what there is, and appends the event that tells of it.
fn seal(log: &Log) -> Result<Vec<u64>, AuditError> {
    let mut changes = ChangeSet::new();
    let note = RemovalNote { cause: RemovalCause::Damage, ..note() };
    let Some((sealed, tail)) = seal_damage(&log.store, &log.keyring, 0, &note, &mut changes)? else {
        return Ok(Vec::new());
    };
    let event = log.telling(&changes);
    log.append_behind(&tail, &event, changes).unwrap();
    Ok(sealed.into_iter().map(|at| at.sequence).collect())
}

#[test]
fn a_log_whose_end_is_damaged_is_written_on_once_that_is_sealed_off() {
    for damaged in [vec![99], vec![96], vec![97, 99], vec![98, 99], vec![96, 97, 98, 99]] {
        let log = Log::of(1, 100);
        damaged.iter().for_each(|sequence| damage(&log, *sequence));
        assert!(matches!(Tail::load(&log.store, &log.keyring, 0), Err(AuditError::Damaged(_))));
        assert_eq!(seal(&log).unwrap(), damaged);
        for number in 0..40 {
            log.append(&event(number), ChangeSet::new());
        }
        let found = report(&log);
        assert_eq!(found.findings, [], "{damaged:?}");
        let sealed = damaged.len() as u64;
        assert_eq!((found.shards[0].size, found.shards[0].sealed_damage), (141, sealed));
        assert!(found.to_string().contains("are damaged and were sealed off"));
        assert!(seal(&log).unwrap().is_empty());
    }
}

#[test]
fn a_damaged_event_that_another_names_keeps_its_leaf() {
    let log = Log::of(1, 100);
    let before = log.tail(0).head();
    damage(&log, 97);
    assert_eq!(seal(&log).unwrap(), [97]);
    crate::audit::check_head(&log.store, &log.keyring, &before).unwrap();
    // Of the last one nobody tells.
    let before = log.tail(0).head();
    damage(&log, 100);
    assert_eq!(seal(&log).unwrap(), [100]);
    let another = crate::audit::check_head(&log.store, &log.keyring, &before);
    assert!(matches!(another, Err(AuditError::Rewritten { size: 101, .. })));
}

#[test]
fn an_event_missing_before_the_end_is_sealed_off_too() {
    let log = Log::of(1, 100);
    log.erase(log.key(RecordKind::Event, 0, 97));
    assert_eq!(seal(&log).unwrap(), [97]);
    log.append(&event(1), ChangeSet::new());
    assert_eq!(report(&log).findings, []);
}

#[test]
fn what_a_backup_must_mend_is_refused() {
    let log = Log::of(1, 100);
    (80..97).for_each(|sequence| damage(&log, sequence));
    assert!(matches!(seal(&log), Err(AuditError::TooDamaged { shard: 0, limit: 16 })));
    let log = Log::of(1, 1_010);
    log.erase_events(0, 850);
    assert!(matches!(seal(&log), Err(AuditError::Truncated { .. })));
    let log = Log::of(1, 100);
    assert!(seal(&log).unwrap().is_empty());
}

#[test]
fn a_damaged_event_between_blocks_is_sealed_off() {
    let log = Log::of(1, 1_030);
    (1_024..1_027).for_each(|sequence| damage(&log, sequence));
    assert_eq!(seal(&log).unwrap(), [1_024, 1_025, 1_026]);
    (0..20).for_each(|number| log.append(&event(number), ChangeSet::new()));
    assert_eq!(report(&log).findings, []);
    damage(&log, 1_050);
    assert_eq!(seal(&log).unwrap(), [1_050]);
    let damaged: Vec<Finding> = report(&log).findings;
    assert_eq!(damaged, []);
}

/// A record that was also given another revision still lets the log go on.
#[test]
fn a_last_record_of_another_revision_is_sealed_off() {
    let log = Log::of(1, 20);
    let record = log.record(log.key(RecordKind::Event, 0, 19)).unwrap();
    log.plant(Record { revision: 3, ..record });
    assert_eq!(seal(&log).unwrap(), [19]);
    log.append(&event(1), ChangeSet::new());
    assert_eq!(report(&log).findings, []);
}
