#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod agreement;
mod damage;
mod files;

use super::*;
use crate::id::{RecordId, RecordKind, VaultId};
use crate::store::{Expect, Label, Want};
use crate::testing::store_conformance;

fn key(number: u8) -> RecordKey {
    RecordKey::new(VaultId::from_bytes([1; 16]), RecordKind::Entry, RecordId([number; 16]))
}

fn writing(number: u8, revision: u64, body: Vec<u8>) -> ChangeSet {
    let mut changes = ChangeSet::new();
    changes.write(Record::new(key(number), revision, vec![Label([number; 16])], body));
    changes
}

fn all() -> Query {
    Query::new(key(0).vault, key(0).kind)
}

#[test]
fn conforms() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.db");
    let report = store_conformance::run(&|| Ok(Arc::new(SqliteStore::open(&path)?) as Arc<dyn Store>));
    assert!(report.passed(), "{report}");
}

#[test]
fn a_single_connection_is_enough() {
    let dir = tempfile::tempdir().unwrap();
    let options = SqliteOptions { connections: 0, ..SqliteOptions::default() };
    let store = SqliteStore::open_with(dir.path().join("vault.db"), options).unwrap();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let store = &store;
            scope.spawn(move || {
                store.commit(&writing(number, 1, Vec::new())).unwrap();
                assert!(store.load(&[key(number)]).unwrap()[0].is_some());
            });
        }
    });
    assert_eq!(store.scan(&Query { want: Want::Count, ..all() }).unwrap().into_count().unwrap(), 4);
}

#[test]
fn a_child_process_opens_connections_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path().join("vault.db")).unwrap();
    store.commit(&writing(1, 1, b"parent".to_vec())).unwrap();
    // As after a fork: the pool belongs to another process.
    let parents_pool = Pool::new(vec![store.connect().unwrap()], std::process::id() ^ 1);
    *store.pool.write().unwrap() = Arc::new(parents_pool);
    assert_eq!(store.load(&[key(1)]).unwrap()[0].as_ref().unwrap().body, b"parent");
    store.commit(&writing(2, 1, b"child".to_vec())).unwrap();
    assert_eq!(store.pool.read().unwrap().process(), std::process::id());
}

#[test]
fn a_child_of_a_fork_that_cut_through_a_call_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path().join("vault.db")).unwrap();
    store.commit(&writing(1, 1, Vec::new())).unwrap();
    // As after a fork during a call: a thread that is no more holds the pool, and one of its connections.
    let parents_pool = Arc::new(Pool::new(vec![store.connect().unwrap()], std::process::id() ^ 1));
    let held = Arc::clone(&parents_pool);
    *store.pool.write().unwrap() = parents_pool;
    for _ in 0..2 {
        assert!(matches!(store.load(&[key(1)]), Err(StoreError::Backend(_))));
        assert!(matches!(store.commit(&writing(2, 1, Vec::new())), Err(StoreError::Backend(_))));
    }
    drop(held);
    assert!(store.load(&[key(1)]).unwrap()[0].is_some());
}

#[test]
fn a_commit_waits_no_longer_than_the_busy_timeout() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.db");
    let options = SqliteOptions { busy_timeout: Duration::ZERO, ..SqliteOptions::default() };
    let store = SqliteStore::open_with(&path, options).unwrap();
    store.commit(&writing(1, 1, Vec::new())).unwrap();
    let rival = rusqlite::Connection::open(&path).unwrap();
    rival.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(store.commit(&writing(2, 1, Vec::new())), Err(StoreError::Busy)));
    assert!(store.load(&[key(1)]).unwrap()[0].is_some(), "readers do not wait for writers");
    rival.execute_batch("ROLLBACK").unwrap();
    store.commit(&writing(2, 1, Vec::new())).unwrap();
}

#[test]
fn a_full_database_takes_nothing_of_a_commit() {
    let dir = tempfile::tempdir().unwrap();
    let options = SqliteOptions { max_bytes: Some(64 << 10), ..SqliteOptions::default() };
    let store = SqliteStore::open_with(dir.path().join("vault.db"), options).unwrap();
    store.commit(&writing(1, 1, vec![1; 8 << 10])).unwrap();
    let mut changes = writing(2, 1, vec![2; 100]);
    changes.writes.extend(writing(1, 2, vec![3; 100 << 10]).writes);
    assert!(matches!(store.commit(&changes), Err(StoreError::Full)));
    let records = store.scan(&all()).unwrap().into_records().unwrap();
    assert_eq!(records, [writing(1, 1, vec![1; 8 << 10]).writes[0].record.clone()]);
    store.commit(&writing(2, 1, vec![2; 100])).unwrap();
}

#[test]
fn labels_that_are_rare_drive_a_query() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path().join("vault.db")).unwrap();
    let label = |number: u8| Label([number; 16]);
    let mut changes = ChangeSet::new();
    for number in 0..=255_u8 {
        let labels = if number % 100 == 0 { vec![label(1), label(2)] } else { vec![label(1)] };
        changes.write(Record::new(key(number), 1, labels, Vec::new()));
    }
    store.commit(&changes).unwrap();
    for order in [crate::store::Order::Ascending, crate::store::Order::Descending] {
        let query = Query { order, labels: vec![vec![label(1)], vec![label(2), label(3)]], ..all() };
        let driver = store.read(|snapshot| read::driver(snapshot, &query)).unwrap();
        assert_eq!(driver, 1);
        assert_eq!(store.scan(&query).unwrap().into_records().unwrap().len(), 3);
    }
}

#[test]
fn an_expectation_beyond_the_column_is_a_conflict() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path().join("vault.db")).unwrap();
    store.commit(&writing(1, 1, Vec::new())).unwrap();
    let mut changes = ChangeSet::new();
    changes.delete(key(1), u64::MAX);
    assert!(matches!(store.commit(&changes), Err(StoreError::Conflict(found)) if found == key(1)));
    let mut changes = ChangeSet::new();
    changes.assert(key(1), Expect::Revision(u64::MAX));
    assert!(matches!(store.commit(&changes), Err(StoreError::Conflict(_))));
}

#[test]
fn nothing_planted_in_the_schema_runs() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.db");
    let store = SqliteStore::open(&path).unwrap();
    store.commit(&writing(1, 1, b"kept".to_vec())).unwrap();
    let intruder = rusqlite::Connection::open(&path).unwrap();
    intruder.execute_batch("CREATE TRIGGER planted AFTER INSERT ON label BEGIN DELETE FROM record; END").unwrap();
    store.commit(&writing(2, 1, b"also".to_vec())).unwrap();
    assert_eq!(store.scan(&all()).unwrap().into_records().unwrap().len(), 2);
}
