//! The records of the store against the log.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::{VerifyOptions, at, findings, report};
use crate::audit::fixture::{Log, event, event_of_change};
use crate::audit::verify::records::Logged;
use crate::audit::verify::{Finding, verify};
use crate::audit::{AuditError, change_of, deletion_of, record_digest, shard_of};
use crate::clock::Timestamp;
use crate::envelope::seal_record;
use crate::id::{RecordId, RecordKind};
use crate::model::{Event, Kek, KekId};
use crate::secret::SecretBytes;
use crate::store::{ChangeSet, Label, Record, RecordKey, Store};

fn key(log: &Log, number: u8) -> RecordKey {
    RecordKey::new(log.keyring.vault(), RecordKind::Entry, RecordId([number; 16]))
}

/// Writes a record at `revision`, or deletes it at revision 0, with its event.
fn change(log: &Log, number: u8, revision: u64) {
    let key = key(log, number);
    let mut changes = ChangeSet::new();
    let change = match (revision, log.record(key)) {
        (0, Some(record)) => {
            changes.delete(key, record.revision);
            deletion_of(key, Some(record_digest(&record)))
        }
        (_, before) => {
            let record = record(log, number, revision);
            let change = change_of(&record, before.as_ref().map(record_digest));
            changes.write(record);
            change
        }
    };
    log.append(&event_of_change(u64::from(number), change), changes);
}

fn record(log: &Log, number: u8, revision: u64) -> Record {
    seal_record(&log.keyring, key(log, number), revision, &number, Vec::new(), &[number; 20]).unwrap()
}

/// Twenty entries, each written three times, the last of them deleted; between reveals.
fn log_of_changes(shards: u32) -> Log {
    let log = Log::of(shards, 200);
    for number in 0..20 {
        (1..=3).for_each(|revision| change(&log, number, revision));
    }
    change(&log, 19, 0);
    assert_eq!(findings(&log), []);
    assert_eq!(report(&log).records, 19);
    log
}

#[test]
fn a_record_put_back_to_an_older_revision_is_reported() {
    for shards in [1, 8] {
        let log = log_of_changes(shards);
        log.plant(record(&log, 4, 2));
        assert_eq!(findings(&log), [Finding::RolledBack { key: key(&log, 4), stored: 2, logged: 3 }]);
    }
}

/// The store says the latest revision, the body is of an older one.
#[test]
fn an_older_body_under_the_newest_revision_is_reported() {
    let log = log_of_changes(1);
    let older = record(&log, 4, 2);
    log.plant(Record { revision: 3, ..older });
    assert_eq!(findings(&log), [Finding::RecordChanged { key: key(&log, 4) }]);
    let mut relabelled = record(&log, 4, 3);
    relabelled.labels.push(Label([1; 16]));
    log.plant(relabelled);
    assert_eq!(findings(&log), [Finding::RecordChanged { key: key(&log, 4) }]);
}

#[test]
fn another_genuine_record_of_the_same_revision_is_reported() {
    for shards in [1, 8] {
        let log = log_of_changes(shards);
        // As a change that lost against another, kept and put in its place.
        log.plant(record(&log, 4, 3));
        assert_eq!(findings(&log), [Finding::Substituted { key: key(&log, 4), revision: 3 }]);
        log.plant(record(&log, 19, 3));
        let resurrected = Finding::Resurrected { key: key(&log, 19), stored: 3 };
        assert_eq!(findings(&log), [Finding::Substituted { key: key(&log, 4), revision: 3 }, resurrected]);
    }
}

#[test]
fn what_was_written_on_another_state_stays_reported() {
    for shards in [1, 8] {
        let log = log_of_changes(shards);
        let landed = log.record(key(&log, 4)).unwrap();
        log.plant(record(&log, 4, 3));
        change(&log, 4, 4);
        assert_eq!(findings(&log), [Finding::Forked { key: key(&log, 4) }]);
        change(&log, 4, 0);
        assert_eq!(findings(&log), [Finding::Forked { key: key(&log, 4) }]);
        // Put back to an older state, and written on from there.
        let old = log.record(key(&log, 5)).unwrap();
        change(&log, 5, 4);
        log.plant(old);
        change(&log, 5, 4);
        let forked = [4, 5].map(|number| Finding::Forked { key: key(&log, number) });
        assert_eq!(findings(&log), forked);
        log.plant(landed);
        assert_eq!(findings(&log), [Finding::Resurrected { key: key(&log, 4), stored: 3 }, forked[1]]);
    }
}

#[test]
fn hidden_and_resurrected_records_are_reported() {
    for shards in [1, 8] {
        let log = log_of_changes(shards);
        log.erase(key(&log, 4));
        log.plant(record(&log, 19, 3));
        let hidden = Finding::Hidden { key: key(&log, 4), logged: 3 };
        assert_eq!(findings(&log), [hidden, Finding::Resurrected { key: key(&log, 19), stored: 3 }]);
    }
}

#[test]
fn writes_without_an_event_are_reported() {
    for shards in [1, 8] {
        let log = log_of_changes(shards);
        log.plant(record(&log, 4, 4));
        log.plant(record(&log, 30, 1));
        let newer = Finding::Unlogged { key: key(&log, 4), stored: 4, logged: Some(3) };
        assert_eq!(findings(&log), [newer, Finding::Unlogged { key: key(&log, 30), stored: 1, logged: None }]);
    }
}

#[test]
fn a_change_undone_together_with_its_event_is_a_cut_tail() {
    let log = log_of_changes(1);
    change(&log, 30, 1);
    let old = log.record(key(&log, 30)).unwrap();
    let size = log.tail(0).size();
    change(&log, 30, 2);
    change(&log, 30, 0);
    log.erase_events(0, size);
    log.plant(old);
    // Nothing inside the database tells; a head kept outside does.
    assert_eq!(findings(&log), []);
}

#[test]
fn a_cut_tail_shows_by_the_changes_it_logged() {
    let log = log_of_changes(1);
    log.erase_events(0, log.tail(0).size() - 1);
    assert_eq!(findings(&log), [Finding::Hidden { key: key(&log, 19), logged: 3 }]);
}

#[test]
fn revisions_order_the_changes_of_one_life_and_times_several_lives() {
    let log = Log::new(1);
    let key = key(&log, 1);
    let state = |revision: u64| Record::new(key, revision, vec![Label([revision as u8; 16])], vec![revision as u8; 9]);
    let note = |logged: &mut Logged, shard: u32, time: i64, revision: u64, deleted: u64| {
        let before = |revision| Some(record_digest(&state(revision)));
        let change = match revision {
            0 => deletion_of(key, before(deleted)),
            1 => change_of(&state(1), None),
            _ => change_of(&state(revision), before(revision - 1)),
        };
        logged.note(at(shard, 0), Timestamp::from_millis(time), &[change]);
    };
    // A clock that ran behind, in a shard read later.
    let mut logged = Logged::default();
    [(0, 30, 3), (1, 10, 2), (2, 5, 1)].into_iter().for_each(|(shard, at, rev)| note(&mut logged, shard, at, rev, 0));
    assert_eq!(logged.judge(key, Some(&state(3))), None);
    note(&mut logged, 3, 1, 0, 3);
    assert_eq!(logged.judge(key, None), None);
    assert!(logged.judge(key, Some(&state(3))).is_some());
    [(0, 40, 1), (1, 50, 2)].into_iter().for_each(|(shard, at, rev)| note(&mut logged, shard, at, rev, 0));
    assert_eq!(logged.judge(key, Some(&state(2))), None);
    let other = [Record { labels: Vec::new(), ..state(2) }, Record { body: vec![2; 8], ..state(2) }];
    for other in &other {
        assert_eq!(logged.judge(key, Some(other)), Some(Finding::Substituted { key, revision: 2 }));
    }
    note(&mut logged, 0, 60, 0, 2);
    assert_eq!(logged.judge(key, None), None);
}

#[test]
fn a_keyring_changed_since_it_was_loaded_is_an_error_and_the_new_one_reads_all() {
    let mut log = Log::of(1, 50);
    let kek = Kek { id: KekId([1; 16]), key: SecretBytes::from_slice(&[1; 32]) };
    let old = log.keyring.clone();
    let put = |log: &Log, number, record: &Record| {
        let mut changes = ChangeSet::new();
        changes.write(record.clone());
        let before = log.record(record.key).as_ref().map(record_digest);
        log.append(&event_of_change(number, change_of(record, before)), changes);
    };
    let first = old.seal(&kek).unwrap();
    put(&log, 50, &first);
    log.keyring = old.with_new_audit_seed().unwrap();
    let second = log.keyring.seal(&kek).unwrap();
    put(&log, 51, &second);
    assert_eq!(findings(&log), []);
    assert_eq!(log.tail(0).size(), 52);
    let refused = verify(&log.store, &old, &VerifyOptions::default());
    assert!(matches!(refused, Err(AuditError::StaleKeyring)));
    assert!(matches!(crate::audit::Tail::load(&log.store, &old, 0), Err(AuditError::StaleKeyring)));
    // An old keyring record does not pass for a change of the keyring meanwhile.
    log.plant(first);
    let key = crate::envelope::Keyring::record_key(log.keyring.vault());
    assert_eq!(findings(&log), [Finding::RolledBack { key, stored: 1, logged: 2 }]);
    // Nor does another one of the newest epoch.
    log.plant(log.keyring.seal(&kek).unwrap());
    assert_eq!(findings(&log), [Finding::Substituted { key, revision: 2 }]);
}

#[test]
fn writers_meanwhile_make_no_findings() {
    for shards in [1, 8] {
        let log = Log::of(shards, 500);
        let running = AtomicU32::new(4);
        thread::scope(|scope| {
            for writer in 0..4_u8 {
                let (log, running) = (&log, &running);
                scope.spawn(move || {
                    for round in 0..60 {
                        // Made, changed, deleted and made again.
                        write_until_it_lands(log, writer * 10 + round % 3);
                    }
                    running.fetch_sub(1, Ordering::SeqCst);
                });
            }
            let mut verified = 0;
            while running.load(Ordering::SeqCst) > 0 || verified == 0 {
                assert_eq!(findings(&log), []);
                verified += 1;
            }
        });
        let last = report(&log);
        assert_eq!((last.findings, last.unsettled), (vec![], vec![]));
        assert_eq!(last.events, 500 + 4 * 60);
    }
}

fn write_until_it_lands(log: &Log, number: u8) {
    loop {
        let before = log.record(key(log, number));
        let revision = match before.as_ref().map(|record| record.revision) {
            Some(3) => 0,
            Some(revision) => revision + 1,
            None => 1,
        };
        let before = before.as_ref().map(record_digest);
        let mut changes = ChangeSet::new();
        let change = match revision {
            0 => {
                changes.delete(key(log, number), 3);
                deletion_of(key(log, number), before)
            }
            _ => {
                let record = record(log, number, revision);
                let change = change_of(&record, before);
                changes.write(record);
                change
            }
        };
        let event = Event { changes: vec![change], ..event(u64::from(number)) };
        let tail = log.tail(shard_of(&event, log.keyring.shards()));
        if tail.prepare(&log.keyring, &event, Vec::new(), &mut changes).is_ok() && log.store.commit(&changes).is_ok() {
            return;
        }
    }
}
