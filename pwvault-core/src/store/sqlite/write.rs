//! Change sets as one SQLite transaction.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::read::{key_values, pack_labels, unpack_labels};
use super::{ChangeSet, Record, RecordKey, StoreError};
use crate::store::{Expect, Label, Write};

/// Applies all of it or nothing. The write lock is taken first, so nothing read here can change
/// before the commit.
pub(super) fn commit(connection: &mut Connection, changes: &ChangeSet) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    apply(&transaction, changes)?;
    transaction.commit()?;
    Ok(())
}

fn apply(transaction: &Connection, changes: &ChangeSet) -> Result<(), StoreError> {
    let ChangeSet { writes, deletes, asserts } = changes;
    let mut revision_of = transaction.prepare_cached(REVISION)?;
    for (key, expect) in asserts {
        let (vault, kind, id) = key_values(key);
        let revision: Option<i64> = revision_of.query_row((vault, kind, id), |row| row.get(0)).optional()?;
        if !expect.holds(revision.and_then(|revision| u64::try_from(revision).ok())) {
            return Err(StoreError::Conflict(*key));
        }
    }
    for Write { record, expect } in writes {
        match expect {
            Expect::Absent => insert(transaction, record)?,
            Expect::Revision(expected) => update(transaction, record, *expected)?,
        }
    }
    for (key, expected) in deletes {
        let labels = labels_at(transaction, key, *expected)?;
        transaction.prepare_cached(DELETE)?.execute(key_values(key))?;
        drop_labels(transaction, key, &labels)?;
    }
    Ok(())
}

fn insert(transaction: &Connection, record: &Record) -> Result<(), StoreError> {
    let Record { key, revision, labels, body } = record;
    let (vault, kind, id) = key_values(key);
    let values = (vault, kind, id, signed(*revision)?, pack_labels(labels), body);
    match transaction.prepare_cached(INSERT)?.execute(values)? {
        0 => Err(StoreError::Conflict(*key)),
        _ => add_labels(transaction, key, labels),
    }
}

fn update(transaction: &Connection, record: &Record, expected: u64) -> Result<(), StoreError> {
    let Record { key, revision, labels, body } = record;
    let (vault, kind, id) = key_values(key);
    let old = labels_at(transaction, key, expected)?;
    let values = (vault, kind, id, signed(*revision)?, pack_labels(labels), body);
    transaction.prepare_cached(UPDATE)?.execute(values)?;
    let gone: Vec<Label> = old.iter().filter(|label| labels.binary_search(label).is_err()).copied().collect();
    let new: Vec<Label> = labels.iter().filter(|label| old.binary_search(label).is_err()).copied().collect();
    drop_labels(transaction, key, &gone)?;
    add_labels(transaction, key, &new)
}

/// The labels of the record at the expected revision, or the conflict.
fn labels_at(transaction: &Connection, key: &RecordKey, expected: u64) -> Result<Vec<Label>, StoreError> {
    let (vault, kind, id) = key_values(key);
    let expected = i64::try_from(expected).map_err(|_| StoreError::Conflict(*key))?;
    let mut statement = transaction.prepare_cached(LABELS_AT)?;
    let mut rows = statement.query((vault, kind, id, expected))?;
    match rows.next()? {
        Some(row) => unpack_labels(row.get_ref(0)?),
        None => Err(StoreError::Conflict(*key)),
    }
}

fn add_labels(transaction: &Connection, key: &RecordKey, labels: &[Label]) -> Result<(), StoreError> {
    let (vault, kind, id) = key_values(key);
    let mut statement = transaction.prepare_cached(ADD_LABEL)?;
    labels.iter().try_for_each(|label| statement.execute((vault, kind, label.0, id)).map(drop))?;
    Ok(())
}

fn drop_labels(transaction: &Connection, key: &RecordKey, labels: &[Label]) -> Result<(), StoreError> {
    let (vault, kind, id) = key_values(key);
    let mut statement = transaction.prepare_cached(DROP_LABEL)?;
    labels.iter().try_for_each(|label| statement.execute((vault, kind, label.0, id)).map(drop))?;
    Ok(())
}

/// A new revision as SQLite keeps it; `ChangeSet::check` has bounded it.
fn signed(revision: u64) -> Result<i64, StoreError> {
    i64::try_from(revision).map_err(StoreError::backend)
}

const REVISION: &str = "SELECT revision FROM record WHERE vault = ?1 AND kind = ?2 AND id = ?3";
const LABELS_AT: &str = "SELECT labels FROM record WHERE vault = ?1 AND kind = ?2 AND id = ?3 AND revision = ?4";
const INSERT: &str = "INSERT INTO record (vault, kind, id, revision, labels, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT DO NOTHING";
const UPDATE: &str =
    "UPDATE record SET revision = ?4, labels = ?5, body = ?6 WHERE vault = ?1 AND kind = ?2 AND id = ?3";
const DELETE: &str = "DELETE FROM record WHERE vault = ?1 AND kind = ?2 AND id = ?3";
const ADD_LABEL: &str = "INSERT INTO label (vault, kind, label, id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
const DROP_LABEL: &str = "DELETE FROM label WHERE vault = ?1 AND kind = ?2 AND label = ?3 AND id = ?4";
