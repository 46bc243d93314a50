//! Attacks on the end of the log: which are seen from inside the database, and which only with what
//! the host kept outside.

use super::{VerifyOptions, findings, logs, report};
use crate::audit::fixture::{Log, event};
use crate::audit::verify::{Finding, VerifyReport, Witness, verify};
use crate::audit::{AuditError, Checkpoint, ShardHead, checkpoints, head};
use crate::id::RecordKind;
use crate::store::{ChangeSet, Record};

fn made(log: &Log, shard: u32) -> Vec<Checkpoint> {
    checkpoints(&log.store, &log.keyring, shard, 0, 1_000).unwrap()
}

fn with_exported(log: &Log, exported: &[Checkpoint]) -> VerifyReport {
    let checkpoints = exported.iter().map(|checkpoint| checkpoint.text.clone()).collect();
    verify(&log.store, &log.keyring, &VerifyOptions { checkpoints, heads: Vec::new() }).unwrap()
}

fn with_heads(log: &Log, heads: &[ShardHead]) -> VerifyReport {
    verify(&log.store, &log.keyring, &VerifyOptions { checkpoints: Vec::new(), heads: heads.to_vec() }).unwrap()
}

#[test]
fn witnesses_that_fit_are_counted() {
    for (log, shard) in logs() {
        let exported = made(&log, shard);
        let found = with_exported(&log, &exported);
        assert_eq!(found.findings, []);
        assert_eq!(found.shards[shard as usize].witnessed, exported.last().unwrap().head.size);
        let found = with_heads(&log, &head(&log.store, &log.keyring).unwrap());
        assert_eq!(found.findings, []);
        assert!(found.shards.iter().all(|shard| shard.witnessed == shard.size));
    }
}

#[test]
fn a_tail_cut_behind_the_last_checkpoint_is_seen_only_with_a_kept_head() {
    for (log, shard) in logs() {
        let exported = made(&log, shard);
        let heads = head(&log.store, &log.keyring).unwrap();
        let size = exported.last().unwrap().head.size;
        log.erase_events(shard, size);
        assert_eq!(findings(&log), []);
        assert_eq!(with_exported(&log, &exported).findings, []);
        let known = heads[shard as usize].size;
        assert!(known > size);
        let cut = Finding::Truncated { shard, size, known, witness: Witness::Head };
        assert_eq!(with_heads(&log, &heads).findings, [cut]);
    }
}

#[test]
fn a_tail_cut_before_the_last_checkpoint_is_seen_from_inside() {
    for (log, shard) in logs() {
        let known = made(&log, shard).last().unwrap().head.size;
        log.erase_events(shard, known - 3);
        let cut = Finding::Truncated { shard, size: known - 3, known, witness: Witness::Stored };
        assert_eq!(findings(&log), [cut]);
        // A forged event far behind does not cover it.
        let mut junk = log.record(log.key(RecordKind::Event, shard, 0)).unwrap();
        junk.key = log.key(RecordKind::Event, shard, known + 50);
        junk.body = vec![0; 64];
        log.plant(junk);
        assert!(findings(&log).contains(&cut));
    }
}

#[test]
fn a_tail_cut_with_its_checkpoint_is_seen_only_with_an_exported_one_or_a_kept_head() {
    for (log, shard) in logs() {
        let exported = made(&log, shard);
        let heads = head(&log.store, &log.keyring).unwrap();
        let last = exported.last().unwrap().head;
        log.erase(log.key(RecordKind::Checkpoint, shard, last.size));
        log.erase_events(shard, last.size - 1);
        assert_eq!(findings(&log), []);
        let size = last.size - 1;
        let cut = Finding::Truncated { shard, size, known: last.size, witness: Witness::Exported };
        assert_eq!(with_exported(&log, &exported).findings, [cut]);
        let cut = Finding::Truncated { shard, size, known: heads[shard as usize].size, witness: Witness::Head };
        assert_eq!(with_heads(&log, &heads).findings, [cut]);
    }
}

#[test]
fn an_emptied_log_is_seen_only_from_outside() {
    let log = Log::of(1, 1_000);
    let exported = made(&log, 0);
    exported.iter().for_each(|made| log.erase(log.key(RecordKind::Checkpoint, 0, made.head.size)));
    log.erase_events(0, 0);
    assert_eq!(findings(&log), []);
    let known = exported[0].head.size;
    let cut = Finding::Truncated { shard: 0, size: 0, known, witness: Witness::Exported };
    assert_eq!(with_exported(&log, &exported).findings, [cut]);
}

#[test]
fn a_rewritten_log_does_not_fit_its_old_checkpoint() {
    let log = Log::of(1, 1_000);
    let exported = made(&log, 0);
    let size = exported[0].head.size;
    let old = log.record(log.key(RecordKind::Checkpoint, 0, size)).unwrap();
    log.erase(old.key);
    log.erase_events(0, 500);
    (500..1_000).for_each(|number| log.append(&event(number), ChangeSet::new()));
    assert_eq!(findings(&log), []);
    let mismatch = |witness| Finding::RootMismatch { shard: 0, size, witness };
    assert_eq!(with_exported(&log, &exported).findings, [mismatch(Witness::Exported)]);
    log.plant(old);
    assert_eq!(findings(&log), [mismatch(Witness::Stored)]);
}

#[test]
fn changed_and_misplaced_checkpoints_are_reported() {
    for (log, shard) in logs() {
        let sizes: Vec<u64> = made(&log, shard).iter().map(|made| made.head.size).collect();
        let record = log.record(log.key(RecordKind::Checkpoint, shard, sizes[0])).unwrap();
        for byte in 0..record.body.len() {
            let mut changed = record.clone();
            changed.body[byte] ^= 1;
            log.plant(changed);
            if byte < 130 || byte.is_multiple_of(16) {
                assert_eq!(findings(&log), [Finding::CheckpointChanged { shard, size: sizes[0] }], "byte {byte}");
            }
        }
        log.plant(record.clone());
        let elsewhere = log.key(RecordKind::Checkpoint, shard, sizes[0] + 1);
        log.plant(Record { key: elsewhere, ..record });
        assert_eq!(findings(&log), [Finding::CheckpointChanged { shard, size: sizes[0] + 1 }]);
    }
}

#[test]
fn witnesses_of_another_vault_are_refused() {
    let log = Log::of(1, 20);
    let mut text = crate::audit::sign_checkpoint(&log.keyring, &log.tail(0).head()).unwrap();
    text.insert(0, 'x');
    let options = VerifyOptions { checkpoints: vec![text], heads: Vec::new() };
    assert!(matches!(verify(&log.store, &log.keyring, &options), Err(AuditError::BadCheckpoint(_))));
    let heads = vec![ShardHead { shard: 1, size: 1, root: [0; 32] }];
    let options = VerifyOptions { checkpoints: Vec::new(), heads };
    assert!(matches!(verify(&log.store, &log.keyring, &options), Err(AuditError::NoSuchShard { .. })));
}

#[test]
fn the_report_says_what_it_cannot_see() {
    let text = report(&Log::of(1, 20)).to_string();
    assert!(text.contains("shard 0: 20 events, of which a witness outside the database vouches for 0"));
    assert!(text.contains("not seen: events cut off behind the last witness"));
}
