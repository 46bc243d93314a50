//! What a broken or altered file leads to: an error, never another answer.

use std::fs;

use rusqlite::Connection;

use super::*;

fn store_with_records(path: &Path, records: u8) {
    let store = SqliteStore::open(path).unwrap();
    for number in 0..records {
        store.commit(&writing(number, 1, vec![number; 2_000])).unwrap();
    }
}

/// Opens and reads everything.
fn read_all(path: &Path) -> Result<usize, StoreError> {
    let store = SqliteStore::open(path)?;
    let records = store.scan(&all())?.into_records()?;
    let label = Label([3; 16]);
    store.scan(&Query { labels: vec![vec![label]], ..all() })?.into_records()?;
    Ok(records.len())
}

#[test]
fn a_truncated_file_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.db");
    store_with_records(&path, 40);
    let whole = fs::read(&path).unwrap();
    assert_eq!(read_all(&path).unwrap(), 40);
    for length in [whole.len() / 2, whole.len() - 4_096, 4_096, 5_000] {
        fs::write(&path, &whole[..length]).unwrap();
        let outcome = read_all(&path);
        assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{length} of {} bytes: {outcome:?}", whole.len());
        assert_eq!(fs::metadata(&path).unwrap().len() as usize, length);
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(read_all(&path).unwrap(), 40);
}

#[test]
fn rows_no_store_wrote_are_damage() {
    for tampering in [
        "UPDATE record SET labels = x'00' WHERE id = (SELECT max(id) FROM record)",
        "UPDATE record SET revision = -1",
        "UPDATE record SET id = x'0909' WHERE id = (SELECT max(id) FROM record)",
        "DELETE FROM record WHERE id = x'03030303030303030303030303030303'",
        "DROP TABLE label",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vault.db");
        store_with_records(&path, 5);
        Connection::open(&path).unwrap().execute_batch(tampering).unwrap();
        let outcome = read_all(&path);
        assert!(matches!(outcome, Err(StoreError::Damaged(_) | StoreError::Backend(_))), "{tampering}: {outcome:?}");
    }
}

#[test]
fn an_uncommitted_change_set_is_gone_with_its_process() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("vault.db"), dir.path().join("copy.db"));
    let store = SqliteStore::open(&path).unwrap();
    store.commit(&writing(1, 1, b"kept".to_vec())).unwrap();
    // A writer that has spilt to the WAL without a commit, as a killed process leaves it.
    let killed = Connection::open(&path).unwrap();
    killed.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
    for number in 2..200_u8 {
        let body = vec![number; 4_000];
        let values = (key(number).vault.to_bytes(), key(number).id.0, body);
        killed.execute("INSERT INTO record VALUES (?1, 3, ?2, 1, x'', ?3)", values).unwrap();
    }
    for suffix in ["", "-wal"] {
        fs::copy(format!("{}{suffix}", path.display()), format!("{}{suffix}", copy.display())).unwrap();
    }
    assert!(fs::metadata(format!("{}-wal", copy.display())).unwrap().len() > 400_000, "the writer has spilt");
    let records = SqliteStore::open(&copy).unwrap().scan(&all()).unwrap().into_records().unwrap();
    assert_eq!(records.iter().map(|record| record.key).collect::<Vec<_>>(), [key(1)]);
}
