//! Any run of commits, loads and scans: the store answers like a plain list that is searched from
//! end to end, a refused commit changes nothing, and following cursors gives every row once.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pwvault_core::id::{RecordId, RecordKind, VaultId};
use pwvault_core::store::*;

/// Few values, so that they meet; the ids at both ends are where ranges go wrong.
const IDS: [RecordId; 4] = [RecordId::MIN, RecordId([7; 16]), RecordId([8; 16]), RecordId::MAX];
const KINDS: [RecordKind; 2] = [RecordKind::ALL[0], RecordKind::ALL[1]];

/// The store as the contract describes it, without any index.
#[derive(Clone, Default)]
struct Model(Vec<Record>);

impl Model {
    fn get(&self, key: &RecordKey) -> Option<&Record> {
        self.0.iter().find(|record| record.key == *key)
    }

    fn holds(&self, key: &RecordKey, expect: Expect) -> bool {
        expect.holds(self.get(key).map(|record| record.revision))
    }

    fn commit(&mut self, changes: &ChangeSet) -> bool {
        let sound = changes.check().is_ok()
            && changes.asserts.iter().all(|(key, expect)| self.holds(key, *expect))
            && changes.writes.iter().all(|write| self.holds(&write.record.key, write.expect))
            && changes.deletes.iter().all(|(key, revision)| self.holds(key, Expect::Revision(*revision)));
        if sound {
            let written = changes.writes.iter().map(|write| write.record.key);
            let gone: Vec<RecordKey> = changes.deletes.iter().map(|(key, _)| *key).chain(written).collect();
            self.0.retain(|record| !gone.contains(&record.key));
            self.0.extend(changes.writes.iter().map(|write| write.record.clone()));
        }
        sound
    }

    /// All rows of a query, without its limit.
    fn rows(&self, query: &Query) -> Vec<Record> {
        let wanted = |record: &&Record| {
            let RecordKey { vault, kind, id } = record.key;
            vault == query.vault
                && kind == query.kind
                && query.from.is_none_or(|from| id >= from)
                && query.to.is_none_or(|to| id < to)
                && query.cursor.is_none_or(|cursor| match query.order {
                    Order::Ascending => id > cursor,
                    Order::Descending => id < cursor,
                })
                && query.labels.iter().all(|group| group.iter().any(|label| record.labels.contains(label)))
        };
        let mut rows: Vec<Record> = self.0.iter().filter(wanted).cloned().collect();
        rows.sort_by_key(|record| record.key.id);
        if query.order == Order::Descending {
            rows.reverse();
        }
        rows
    }
}

fn key(u: &mut Unstructured) -> Result<RecordKey> {
    let vault = VaultId::from_bytes([u8::from(u.arbitrary::<bool>()?); 16]);
    Ok(RecordKey::new(vault, *u.choose(&KINDS)?, *u.choose(&IDS)?))
}

fn label(u: &mut Unstructured) -> Result<Label> {
    Ok(Label([u.int_in_range(0..=3)?; 16]))
}

fn some<T>(u: &mut Unstructured, most: usize, one: impl Fn(&mut Unstructured) -> Result<T>) -> Result<Vec<T>> {
    (0..u.int_in_range(0..=most)?).map(|_| one(u)).collect()
}

fn revision(u: &mut Unstructured, model: &Model, key: &RecordKey) -> Result<u64> {
    let there = model.get(key).map_or(0, |record| record.revision);
    if u.ratio(7, 8)? { Ok(there) } else { u.arbitrary() }
}

fn change_set(u: &mut Unstructured, model: &Model) -> Result<ChangeSet> {
    let mut changes = ChangeSet::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let key = key(u)?;
        let revision = revision(u, model, &key)?.saturating_add(1);
        changes.write(Record::new(key, revision, some(u, 3, label)?, u.arbitrary()?));
    }
    for _ in 0..u.int_in_range(0..=1)? {
        let key = key(u)?;
        changes.delete(key, revision(u, model, &key)?);
    }
    for _ in 0..u.int_in_range(0..=1)? {
        let key = key(u)?;
        let expect = if u.arbitrary()? { Expect::Absent } else { Expect::Revision(revision(u, model, &key)?) };
        changes.assert(key, expect);
    }
    Ok(changes)
}

fn query(u: &mut Unstructured) -> Result<Query> {
    let RecordKey { vault, kind, .. } = key(u)?;
    let maybe_id = |u: &mut Unstructured| Ok(if u.arbitrary()? { Some(*u.choose(&IDS)?) } else { None });
    Ok(Query {
        labels: some(u, 2, |u| some(u, 3, label))?,
        from: maybe_id(u)?,
        to: maybe_id(u)?,
        cursor: maybe_id(u)?,
        order: if u.arbitrary()? { Order::Ascending } else { Order::Descending },
        limit: u.int_in_range(0..=6)?,
        want: *u.choose(&[Want::Keys, Want::Records, Want::Count])?,
        ..Query::new(vault, kind)
    })
}

fn check_scan(store: &dyn Store, model: &Model, mut query: Query) {
    let expected = model.rows(&query);
    if query.limit == 0 {
        assert!(matches!(store.scan(&query), Err(StoreError::BadQuery(_))));
        return;
    }
    let most = expected.len().min(query.limit as usize);
    match store.scan(&query).unwrap().rows {
        Rows::Count(count) => return assert_eq!(count, most as u64),
        Rows::Keys(keys) => {
            let expected: Vec<_> = expected[..most].iter().map(|record| (record.key, record.revision)).collect();
            assert!(keys.len() <= most && expected.starts_with(&keys));
        }
        Rows::Records(records) => assert!(records.len() <= most && expected.starts_with(&records)),
    }
    query.want = Want::Records;
    let mut all = Vec::new();
    loop {
        let page = store.scan(&query).unwrap();
        query.cursor = page.next;
        let rows = page.into_records().unwrap();
        assert!(rows.len() <= query.limit as usize && (!rows.is_empty() || query.cursor.is_none()));
        all.extend(rows);
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(all, expected);
}

fn check(u: &mut Unstructured) -> Result<()> {
    let store = MemoryStore::new();
    let mut model = Model::default();
    while !u.is_empty() {
        if u.arbitrary()? {
            let changes = change_set(u, &model)?;
            assert_eq!(store.commit(&changes).is_ok(), model.commit(&changes), "{changes:?}");
        } else if u.arbitrary()? {
            let keys = some(u, 4, key)?;
            let expected: Vec<_> = keys.iter().map(|key| model.get(key).cloned()).collect();
            assert_eq!(store.load(&keys).unwrap(), expected);
        } else {
            check_scan(&store, &model, query(u)?);
        }
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let _ = check(&mut Unstructured::new(data));
});
