//! Loads and scans inside one read transaction.
//!
//! A query by labels runs through the index ranges of one group's labels side by side, merged by
//! id, and looks up the other groups for each id, until the page is full.

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row, Statement};

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

/// The group of labels a scan would run through.
#[cfg(test)]
pub(super) fn driver(snapshot: &Connection, query: &Query) -> Result<usize, StoreError> {
    let (low, high) = query.range().unwrap_or((RecordId::MIN, RecordId::MAX));
    rarest_group(snapshot, &Range { query, low, high })
}

/// A query and the ids it may give, both ends inclusive.
#[derive(Clone, Copy)]
struct Range<'q> {
    query: &'q Query,
    low: RecordId,
    high: RecordId,
}

impl Range<'_> {
    /// What remains of the range after `id`, in the order of the query.
    fn after(self, id: RecordId) -> Option<Self> {
        let rest = match self.query.order {
            Order::Ascending => Self { low: id.successor()?, ..self },
            Order::Descending => Self { high: id.predecessor()?, ..self },
        };
        (rest.low <= rest.high).then_some(rest)
    }

    /// Binds parameters 1 to 5, which every scan shares.
    fn bind(&self, statement: &mut Statement<'_>, limit: u64) -> Result<(), StoreError> {
        statement.raw_bind_parameter(1, self.query.vault.to_bytes())?;
        statement.raw_bind_parameter(2, self.query.kind.number())?;
        statement.raw_bind_parameter(3, self.low.0)?;
        statement.raw_bind_parameter(4, self.high.0)?;
        statement.raw_bind_parameter(5, i64::try_from(limit).unwrap_or(i64::MAX))?;
        Ok(())
    }

    /// How far it is from where the query starts to `reached`, or to the end of the range.
    fn covered(&self, reached: Option<RecordId>) -> f64 {
        let number = |id: RecordId| u128::from_be_bytes(id.0);
        let way = match (self.query.order, reached) {
            (_, None) => number(self.high).abs_diff(number(self.low)),
            (Order::Ascending, Some(reached)) => number(reached).abs_diff(number(self.low)),
            (Order::Descending, Some(reached)) => number(reached).abs_diff(number(self.high)),
        };
        way as f64 + 1.0
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
    let (mut arms, mut probes) = (&[][..], Vec::new());
    for (at, group) in range.query.labels.iter().enumerate() {
        if at == driver {
            arms = group.as_slice();
        } else {
            probes.push(probe(snapshot, range, group)?);
        }
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let (mut ids, mut rest, mut batch) = (Vec::new(), Some(*range), most);
    while let Some(range) = rest {
        let candidates = merged(snapshot, &range, arms, batch)?;
        rest = if candidates.len() < batch { None } else { candidates.last().and_then(|last| range.after(*last)) };
        for id in candidates {
            if has_all(&mut probes, id)? {
                ids.push(id);
                if ids.len() == most {
                    return Ok(ids);
                }
            }
        }
        batch = batch.saturating_mul(2).min(BATCH_MAX);
    }
    Ok(ids)
}

/// A statement that tells whether the id bound to parameter 3 has one of the labels.
fn probe<'c>(snapshot: &'c Connection, range: &Range<'_>, group: &[Label]) -> Result<CachedStatement<'c>, StoreError> {
    let labels: Vec<String> = (PROBE_LABEL..PROBE_LABEL + group.len()).map(|number| format!("?{number}")).collect();
    let sql = format!("{PROBE} ({})", labels.join(", "));
    let mut statement = snapshot.prepare_cached(&sql)?;
    statement.raw_bind_parameter(1, range.query.vault.to_bytes())?;
    statement.raw_bind_parameter(2, range.query.kind.number())?;
    for (at, label) in group.iter().enumerate() {
        statement.raw_bind_parameter(PROBE_LABEL + at, label.0)?;
    }
    Ok(statement)
}

fn has_all(probes: &mut [CachedStatement<'_>], id: RecordId) -> Result<bool, StoreError> {
    for probe in probes {
        probe.raw_bind_parameter(3, id.0)?;
        if probe.raw_query().next()?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The first `most` ids that have one of the labels, in the order of the query.
fn merged(
    snapshot: &Connection,
    range: &Range<'_>,
    labels: &[Label],
    most: usize,
) -> Result<Vec<RecordId>, StoreError> {
    let mut ids = Vec::new();
    for arms in labels.chunks(ARMS_MAX) {
        let mut statement = snapshot.prepare_cached(&union(range.query.order, arms.len()))?;
        range.bind(&mut statement, most as u64)?;
        for (at, label) in arms.iter().enumerate() {
            statement.raw_bind_parameter(FIRST_LABEL + at, label.0)?;
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            ids.push(id(row.get_ref(0)?)?);
        }
    }
    if labels.len() > ARMS_MAX {
        match range.query.order {
            Order::Ascending => ids.sort_unstable(),
            Order::Descending => ids.sort_unstable_by(|a, b| b.cmp(a)),
        }
        ids.dedup();
        ids.truncate(most);
    }
    Ok(ids)
}

/// One arm per label; SQLite merges the arms by id as far as the limit needs.
fn union(order: Order, arms: usize) -> String {
    let arms: Vec<String> = (FIRST_LABEL..FIRST_LABEL + arms).map(|number| format!("{ARM} ?{number}")).collect();
    let direction = match order {
        Order::Ascending => "ASC",
        Order::Descending => "DESC",
    };
    format!("{} ORDER BY id {direction} LIMIT ?5", arms.join(" UNION "))
}

/// The group to run through: the one whose index rows are the fewest for the way they cover.
fn rarest_group(snapshot: &Connection, range: &Range<'_>) -> Result<usize, StoreError> {
    let groups = &range.query.labels;
    if groups.len() == 1 {
        return Ok(0);
    }
    let mut statement = snapshot.prepare_cached(match range.query.order {
        Order::Ascending => SAMPLE_ASCENDING,
        Order::Descending => SAMPLE_DESCENDING,
    })?;
    let mut rarest = (f64::INFINITY, 0);
    for (at, group) in groups.iter().enumerate() {
        let sampled = group.get(..SAMPLES_MAX).unwrap_or(group);
        let mut density = 0.0;
        for label in sampled {
            range.bind(&mut statement, 1)?;
            statement.raw_bind_parameter(FIRST_LABEL, label.0)?;
            let reached = statement.raw_query().next()?.map(|row| id(row.get_ref(0)?)).transpose()?;
            density += 1.0 / range.covered(reached);
        }
        density *= group.len() as f64 / sampled.len() as f64;
        if density < rarest.0 {
            rarest = (density, at);
        }
    }
    Ok(rarest.1)
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
/// The most arms of a union: the cost of preparing one grows faster than its arms.
const ARMS_MAX: usize = 64;
/// The most ids fetched at once for the other groups to be looked up.
const BATCH_MAX: usize = 4_096;
/// How many labels of a group are looked at to find the rarest group.
const SAMPLES_MAX: usize = 16;
/// The number of the first parameter after the five that every scan shares.
const FIRST_LABEL: usize = 6;
/// The number of the first label of a probe.
const PROBE_LABEL: usize = 4;

const ARM: &str = "SELECT id FROM label WHERE vault = ?1 AND kind = ?2 AND id BETWEEN ?3 AND ?4 AND label =";
const PROBE: &str = "SELECT 1 FROM label WHERE vault = ?1 AND kind = ?2 AND id = ?3 AND label IN";
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
/// The id 64 rows on: the farther, the rarer the label.
const SAMPLE_ASCENDING: &str = "SELECT id FROM label
    WHERE vault = ?1 AND kind = ?2 AND label = ?6 AND id BETWEEN ?3 AND ?4 ORDER BY id ASC LIMIT ?5 OFFSET 63";
const SAMPLE_DESCENDING: &str = "SELECT id FROM label
    WHERE vault = ?1 AND kind = ?2 AND label = ?6 AND id BETWEEN ?3 AND ?4 ORDER BY id DESC LIMIT ?5 OFFSET 63";
