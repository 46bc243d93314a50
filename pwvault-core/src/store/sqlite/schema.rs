//! Tables, the marks of our files, and the ladder of schema versions.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Marks a file as a vault store: `PWVT` as a big-endian number.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"PWVT");

/// Step n leads from schema n to n + 1. A released step never changes.
pub(super) const LADDER: &[&str] = &[
    // `label` is an index: the labels of a record stand in `record` too, so that reading a record
    // costs one search, and replacing its labels needs no scan.
    "CREATE TABLE record (
        vault BLOB NOT NULL,
        kind INTEGER NOT NULL,
        id BLOB NOT NULL,
        revision INTEGER NOT NULL,
        labels BLOB NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (vault, kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE label (
        vault BLOB NOT NULL,
        kind INTEGER NOT NULL,
        label BLOB NOT NULL,
        id BLOB NOT NULL,
        PRIMARY KEY (vault, kind, label, id)
    ) STRICT, WITHOUT ROWID;",
];

/// What a file says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A database without tables and marks, or no byte at all.
    Empty,
    /// A vault store.
    Store,
    /// Some other database.
    Foreign,
}

/// Reads what the file is, all from one state of it: between two reads another process may make the
/// store, and half of each state would look foreign.
pub(super) fn mark(connection: &Connection) -> Result<Mark, rusqlite::Error> {
    let _snapshot = if connection.is_autocommit() { Some(connection.unchecked_transaction()?) } else { None };
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let id = number("PRAGMA application_id")?;
    if id == i64::from(APPLICATION_ID) {
        return Ok(Mark::Store);
    }
    let (version, tables) = (number("PRAGMA user_version")?, number("SELECT count(*) FROM sqlite_schema")?);
    Ok(if (id, version, tables) == (0, 0, 0) { Mark::Empty } else { Mark::Foreign })
}

/// The schema version of the file.
pub(super) fn version(connection: &Connection) -> Result<u32, StoreError> {
    let version: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    u32::try_from(version).map_err(|_| StoreError::damaged("the schema version is negative"))
}

/// Brings the file to the top of `ladder`. Several processes may try at once; one does it.
pub(super) fn climb(connection: &mut Connection, ladder: &[&str]) -> Result<(), StoreError> {
    let supported = u32::try_from(ladder.len()).unwrap_or(u32::MAX);
    let is_current = |connection: &Connection| match (mark(connection)?, version(connection)?) {
        (Mark::Foreign, _) => Err(StoreError::NotAStore(connection.path().unwrap_or_default().into())),
        (_, found) if found > supported => Err(StoreError::NewerSchema { found, supported }),
        (mark, found) => Ok(mark == Mark::Store && found == supported),
    };
    if is_current(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if is_current(&transaction)? {
        return Ok(());
    }
    let steps = usize::try_from(version(&transaction)?).unwrap_or(usize::MAX);
    for step in ladder.iter().skip(steps) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", supported)?;
    transaction.commit()?;
    Ok(())
}
