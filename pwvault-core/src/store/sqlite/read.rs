//! Loads and scans inside one read transaction.
//!
//! A query by labels runs through the index ranges of one group's labels side by side, merged by
//! id, and looks up the other groups for each id, until the page is full.

use std::fmt::Write as _;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement};

use super::{Page, Query, Record, RecordKey, StoreError};
use crate::id::RecordId;
use crate::store::{Label, Order, Rows, Want};

/// The records in the order asked.
pub(super) fn load(snapshot: &Connection, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
    let mut statement = snapshot.prepare_cached(LOAD)?;
    keys.iter().map(|key| load_one(&mut statement, key)).collect()
}

/// One page.
pub(super) fn scan(snapshot: &Connection, query: &Query) -> Result<Page, StoreError> {
    let Some((low, high)) = query.range() else { return Ok(Page::empty(query.want)) };
    let range = Range { query, low, high };
    match (query.want, query.labels.is_empty()) {
        (Want::Count, _) => {
            let count = count(snapshot, &range)?;
            Ok(Page { rows: Rows::Count(count), next: None })
        }
        (Want::Records, true) => records_by_id(snapshot, &range),
        (Want::Keys, true) => {
            let keys = keys_by_id(snapshot, &range)?;
            Ok(page(query, keys, |(key, _)| key.id, Rows::Keys))
        }
        (want, false) => {
            let ids = ids_by_labels(snapshot, &range, u64::from(query.limit) + 1)?;
            by_ids(snapshot, query, want, ids)
        }
    }
}

/// A query and the ids it may give, both ends inclusive.
struct Range<'q> {
    query: &'q Query,
    low: RecordId,
    high: RecordId,
}

impl Range<'_> {
    /// Binds parameters 1 to 5, which every scan shares.
    fn bind(&self, statement: &mut Statement<'_>, limit: u64) -> Result<(), StoreError> {
        statement.raw_bind_parameter(1, self.query.vault.to_bytes())?;
        statement.raw_bind_parameter(2, self.query.kind.number())?;
        statement.raw_bind_parameter(3, self.low.0)?;
        statement.raw_bind_parameter(4, self.high.0)?;
        statement.raw_bind_parameter(5, i64::try_from(limit).unwrap_or(i64::MAX))?;
        Ok(())
    }
}

fn load_one(statement: &mut Statement<'_>, key: &RecordKey) -> Result<Option<Record>, StoreError> {
    let mut rows = statement.query(key_values(key))?;
    rows.next()?.map(|row| record(*key, row)).transpose()
}

fn records_by_id(snapshot: &Connection, range: &Range<'_>) -> Result<Page, StoreError> {
    let query = range.query;
    let mut statement = snapshot.prepare_cached(match query.order {
        Order::Ascending => RECORDS_ASCENDING,
        Order::Descending => RECORDS_DESCENDING,
    })?;
    range.bind(&mut statement, u64::from(query.limit) + 1)?;
    let mut rows = statement.raw_query();
    let mut page = RecordPage::new(query.limit);
    while let Some(row) = rows.next()? {
        if page.is_full() {
            return Ok(page.finish(true));
        }
        page.push(record(RecordKey::new(query.vault, query.kind, id(row.get_ref(3)?)?), row)?);
    }
    Ok(page.finish(false))
}

fn keys_by_id(snapshot: &Connection, range: &Range<'_>) -> Result<Vec<(RecordKey, u64)>, StoreError> {
    let query = range.query;
    let mut statement = snapshot.prepare_cached(match query.order {
        Order::Ascending => KEYS_ASCENDING,
        Order::Descending => KEYS_DESCENDING,
    })?;
    range.bind(&mut statement, u64::from(query.limit) + 1)?;
    let mut rows = statement.raw_query();
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let key = RecordKey::new(query.vault, query.kind, id(row.get_ref(0)?)?);
        keys.push((key, revision(row.get_ref(1)?)?));
    }
    Ok(keys)
}

/// Fills a page with the records of `ids`, of which the last may be one too many.
fn by_ids(snapshot: &Connection, query: &Query, want: Want, ids: Vec<RecordId>) -> Result<Page, StoreError> {
    let keys = ids.into_iter().map(|id| RecordKey::new(query.vault, query.kind, id));
    let lost = || StoreError::damaged("the label index names a record that is absent");
    if want == Want::Keys {
        let mut statement = snapshot.prepare_cached(REVISION)?;
        let mut found = Vec::new();
        for key in keys {
            let mut rows = statement.query(key_values(&key))?;
            let row = rows.next()?.ok_or_else(lost)?;
            found.push((key, revision(row.get_ref(0)?)?));
        }
        return Ok(page(query, found, |(key, _)| key.id, Rows::Keys));
    }
    let mut statement = snapshot.prepare_cached(LOAD)?;
    let mut page = RecordPage::new(query.limit);
    for key in keys {
        if page.is_full() {
            return Ok(page.finish(true));
        }
        page.push(load_one(&mut statement, &key)?.ok_or_else(lost)?);
    }
    Ok(page.finish(false))
}

/// A page of `rows`, of which the last may be one too many.
fn page<T>(query: &Query, mut rows: Vec<T>, id: fn(&T) -> RecordId, form: fn(Vec<T>) -> Rows) -> Page {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(id) } else { None };
    Page { rows: form(rows), next }
}

/// Records up to the limit or [`PAGE_BYTES`], whichever comes first.
struct RecordPage {
    records: Vec<Record>,
    bytes: usize,
    limit: usize,
}

impl RecordPage {
    fn new(limit: u32) -> Self {
        Self { records: Vec::new(), bytes: 0, limit: usize::try_from(limit).unwrap_or(usize::MAX) }
    }

    fn is_full(&self) -> bool {
        self.records.len() >= self.limit || self.bytes >= PAGE_BYTES
    }

    fn push(&mut self, record: Record) {
        self.bytes += record.body.len();
        self.records.push(record);
    }

    fn finish(self, more: bool) -> Page {
        let next = if more { self.records.last().map(|record| record.key.id) } else { None };
        Page { rows: Rows::Records(self.records), next }
    }
}

fn count(snapshot: &Connection, range: &Range<'_>) -> Result<u64, StoreError> {
    let limit = u64::from(range.query.limit);
    if !range.query.labels.is_empty() {
        return Ok(ids_by_labels(snapshot, range, limit)?.len() as u64);
    }
    let mut statement = snapshot.prepare_cached(COUNT)?;
    range.bind(&mut statement, limit)?;
    let mut rows = statement.raw_query();
    let count: i64 = rows.next()?.ok_or_else(|| StoreError::backend("a count gave no row"))?.get(0)?;
    u64::try_from(count).map_err(StoreError::damaged)
}

/// The first `most` ids that have a label of every group.
fn ids_by_labels(snapshot: &Connection, range: &Range<'_>, most: u64) -> Result<Vec<RecordId>, StoreError> {
    let driver = rarest_group(snapshot, range)?;
    let others: Vec<&[Label]> = range
        .query
        .labels
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != driver)
        .map(|(_, group)| group.as_slice())
        .collect();
    let arms = range.query.labels.get(driver).map_or(&[][..], Vec::as_slice);
    let mut ids = Vec::new();
    for arms in arms.chunks(ARMS_MAX) {
        let mut statement = snapshot.prepare_cached(&ids_sql(range.query.order, arms.len(), &others))?;
        range.bind(&mut statement, most)?;
        for (at, label) in arms.iter().chain(others.iter().copied().flatten()).enumerate() {
            statement.raw_bind_parameter(FIRST_LABEL + at, label.0)?;
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            ids.push(id(row.get_ref(0)?)?);
        }
    }
    if arms.len() > ARMS_MAX {
        match range.query.order {
            Order::Ascending => ids.sort_unstable(),
            Order::Descending => ids.sort_unstable_by(|a, b| b.cmp(a)),
        }
        ids.dedup();
        ids.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    }
    Ok(ids)
}

/// The group to run through: the one with the fewest index rows in the range, counted no further
/// than [`COUNTED_MAX`].
fn rarest_group(snapshot: &Connection, range: &Range<'_>) -> Result<usize, StoreError> {
    let groups = &range.query.labels;
    if groups.len() == 1 {
        return Ok(0);
    }
    let mut statement = snapshot.prepare_cached(COUNT_LABEL)?;
    let mut rarest = (COUNTED_MAX, 0);
    for (at, group) in groups.iter().enumerate() {
        let mut rows_of_group = 0;
        for label in group {
            if rows_of_group >= rarest.0 {
                break;
            }
            range.bind(&mut statement, rarest.0 - rows_of_group)?;
            statement.raw_bind_parameter(FIRST_LABEL, label.0)?;
            let mut rows = statement.raw_query();
            let counted: i64 = rows.next()?.ok_or_else(|| StoreError::backend("a count gave no row"))?.get(0)?;
            rows_of_group += u64::try_from(counted).map_err(StoreError::damaged)?;
        }
        if rows_of_group < rarest.0 {
            rarest = (rows_of_group, at);
        }
    }
    Ok(rarest.1)
}

/// One arm per label of the driving group; SQLite merges the arms by id as far as the limit needs.
/// Labels are numbered from [`FIRST_LABEL`]: the arms, then group by group the others.
fn ids_sql(order: Order, arms: usize, others: &[&[Label]]) -> String {
    let mut next = FIRST_LABEL + arms;
    let mut also = String::new();
    for group in others {
        let one_of: Vec<String> = (next..next + group.len()).map(|number| format!("?{number}")).collect();
        next += group.len();
        // Writing to a String cannot fail.
        let _ = write!(
            also,
            " AND EXISTS (SELECT 1 FROM label AS other
                WHERE other.vault = ?1 AND other.kind = ?2 AND other.label IN ({}) AND other.id = arm.id)",
            one_of.join(", ")
        );
    }
    let arms: Vec<String> = (FIRST_LABEL..FIRST_LABEL + arms)
        .map(|number| {
            format!(
                "SELECT arm.id AS id FROM label AS arm
                WHERE arm.vault = ?1 AND arm.kind = ?2 AND arm.label = ?{number} AND arm.id BETWEEN ?3 AND ?4{also}"
            )
        })
        .collect();
    let direction = match order {
        Order::Ascending => "ASC",
        Order::Descending => "DESC",
    };
    format!("{} ORDER BY id {direction} LIMIT ?5", arms.join(" UNION "))
}

/// A key as the first three parameters.
pub(super) fn key_values(key: &RecordKey) -> ([u8; 16], u8, [u8; 16]) {
    (key.vault.to_bytes(), key.kind.number(), key.id.0)
}

/// Labels as they stand in a row: one after the other.
pub(super) fn pack_labels(labels: &[Label]) -> Vec<u8> {
    labels.iter().flat_map(|label| label.0).collect()
}

/// Labels out of a row.
pub(super) fn unpack_labels(value: ValueRef<'_>) -> Result<Vec<Label>, StoreError> {
    let (labels, rest) = bytes(value)?.as_chunks::<16>();
    if rest.is_empty() {
        Ok(labels.iter().copied().map(Label).collect())
    } else {
        Err(StoreError::damaged("the labels of a record are not 16 bytes each"))
    }
}

/// A record out of a row that begins with revision, labels, body.
fn record(key: RecordKey, row: &Row<'_>) -> Result<Record, StoreError> {
    let labels = unpack_labels(row.get_ref(1)?)?;
    let body = bytes(row.get_ref(2)?)?.to_vec();
    Ok(Record { key, revision: revision(row.get_ref(0)?)?, labels, body })
}

fn id(value: ValueRef<'_>) -> Result<RecordId, StoreError> {
    bytes(value)?.try_into().map(RecordId).map_err(|_| StoreError::damaged("the id of a record is not 16 bytes"))
}

fn revision(value: ValueRef<'_>) -> Result<u64, StoreError> {
    u64::try_from(value.as_i64().map_err(StoreError::damaged)?).map_err(StoreError::damaged)
}

fn bytes(value: ValueRef<'_>) -> Result<&[u8], StoreError> {
    value.as_blob().map_err(StoreError::damaged)
}

/// A page of records ends early once its bodies hold this many bytes.
const PAGE_BYTES: usize = 64 << 20;
/// SQLite takes at most 500 arms in a union.
const ARMS_MAX: usize = 400;
/// How far a group's index rows are counted to find the rarest group.
const COUNTED_MAX: u64 = 1_000;
/// The number of the first parameter after the five that every scan shares.
const FIRST_LABEL: usize = 6;

const LOAD: &str = "SELECT revision, labels, body FROM record WHERE vault = ?1 AND kind = ?2 AND id = ?3";
const REVISION: &str = "SELECT revision FROM record WHERE vault = ?1 AND kind = ?2 AND id = ?3";
const RECORDS_ASCENDING: &str = "SELECT revision, labels, body, id FROM record
    WHERE vault = ?1 AND kind = ?2 AND id BETWEEN ?3 AND ?4 ORDER BY id ASC LIMIT ?5";
const RECORDS_DESCENDING: &str = "SELECT revision, labels, body, id FROM record
    WHERE vault = ?1 AND kind = ?2 AND id BETWEEN ?3 AND ?4 ORDER BY id DESC LIMIT ?5";
const KEYS_ASCENDING: &str = "SELECT id, revision FROM record
    WHERE vault = ?1 AND kind = ?2 AND id BETWEEN ?3 AND ?4 ORDER BY id ASC LIMIT ?5";
const KEYS_DESCENDING: &str = "SELECT id, revision FROM record
    WHERE vault = ?1 AND kind = ?2 AND id BETWEEN ?3 AND ?4 ORDER BY id DESC LIMIT ?5";
const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM record
    WHERE vault = ?1 AND kind = ?2 AND id BETWEEN ?3 AND ?4 LIMIT ?5)";
const COUNT_LABEL: &str = "SELECT count(*) FROM (SELECT 1 FROM label
    WHERE vault = ?1 AND kind = ?2 AND label = ?6 AND id BETWEEN ?3 AND ?4 LIMIT ?5)";
