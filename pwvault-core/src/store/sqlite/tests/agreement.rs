//! Random operations on the memory store, the SQLite store and a naive model agree.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::*;
use crate::store::{BODY_MAX, MemoryStore, Order, Rows, Write};

/// The model: a list of records, searched from end to end.
#[derive(Clone, Default)]
struct Model(Vec<Record>);

impl Model {
    fn revision(&self, key: RecordKey) -> Option<u64> {
        self.0.iter().find(|record| record.key == key).map(|record| record.revision)
    }

    fn commit(&mut self, changes: &ChangeSet) -> Result<(), RecordKey> {
        let mut expected = changes.asserts.clone();
        expected.extend(changes.writes.iter().map(|write| (write.record.key, write.expect)));
        expected.extend(changes.deletes.iter().map(|(key, revision)| (*key, Expect::Revision(*revision))));
        for (key, expect) in expected {
            let right = match expect {
                Expect::Absent => self.revision(key).is_none(),
                Expect::Revision(revision) => self.revision(key) == Some(revision),
            };
            if !right {
                return Err(key);
            }
        }
        let changed =
            |key| changes.writes.iter().any(|w| w.record.key == key) || changes.deletes.iter().any(|d| d.0 == key);
        self.0.retain(|record| !changed(record.key));
        self.0.extend(changes.writes.iter().map(|write| write.record.clone()));
        self.0.sort_by_key(|record| record.key);
        Ok(())
    }

    fn scan(&self, query: &Query) -> Page {
        let matches = |record: &&Record| {
            let id = record.key.id;
            let after = query.cursor.is_none_or(|cursor| match query.order {
                Order::Ascending => id > cursor,
                Order::Descending => id < cursor,
            });
            (record.key.vault, record.key.kind) == (query.vault, query.kind)
                && query.from.is_none_or(|from| id >= from)
                && query.to.is_none_or(|to| id < to)
                && after
                && query.labels.iter().all(|group| group.iter().any(|label| record.labels.contains(label)))
        };
        let mut found: Vec<Record> = self.0.iter().filter(matches).cloned().collect();
        if query.order == Order::Descending {
            found.reverse();
        }
        let more = found.len() > query.limit as usize;
        found.truncate(query.limit as usize);
        let next = if more { found.last().map(|record| record.key.id) } else { None };
        match query.want {
            Want::Count => Page { rows: Rows::Count(found.len() as u64), next: None },
            Want::Keys => Page { rows: Rows::Keys(found.iter().map(|r| (r.key, r.revision)).collect()), next },
            Want::Records => Page { rows: Rows::Records(found), next },
        }
    }
}

#[derive(Clone, Debug)]
enum Op {
    Load(Vec<RecordKey>),
    Scan(Query),
    /// Writes, deletes and asserts; `true` stands for what holds at the time.
    Commit(Vec<(RecordKey, bool, Vec<Label>, u8)>, Vec<(RecordKey, bool)>, Vec<(RecordKey, bool)>),
}

fn keys() -> impl Strategy<Value = RecordKey> {
    let vault = prop_oneof![9 => Just(1_u8), 1 => Just(2)];
    let kind = prop_oneof![9 => Just(RecordKind::Entry), 1 => Just(RecordKind::Event)];
    (vault, kind, ids()).prop_map(|(vault, kind, id)| RecordKey { vault: VaultId::from_bytes([vault; 16]), kind, id })
}

fn ids() -> impl Strategy<Value = RecordId> {
    prop_oneof![
        8 => (0..12_u8).prop_map(|number| RecordId([number * 23; 16])),
        1 => Just(RecordId::MIN),
        1 => Just(RecordId::MAX),
    ]
}

fn labels() -> impl Strategy<Value = Vec<Label>> {
    prop::collection::vec((0..5_u8).prop_map(|number| Label([number; 16])), 0..4)
}

fn queries() -> impl Strategy<Value = Query> {
    let bounds =
        (prop::option::weighted(0.3, ids()), prop::option::weighted(0.3, ids()), prop::option::weighted(0.3, ids()));
    let order = prop_oneof![Just(Order::Ascending), Just(Order::Descending)];
    let want = prop_oneof![Just(Want::Keys), Just(Want::Records), Just(Want::Count)];
    (keys(), prop::collection::vec(labels(), 0..4), bounds, order, want, 1..8_u32).prop_map(
        |(key, labels, (from, to, cursor), order, want, limit)| Query {
            vault: key.vault,
            kind: key.kind,
            labels,
            from,
            to,
            order,
            limit,
            cursor,
            want,
        },
    )
}

fn ops() -> impl Strategy<Value = Op> {
    let mostly = || prop::bool::weighted(0.95);
    let writes = prop::collection::vec((keys(), mostly(), labels(), any::<u8>()), 0..5);
    let few = || prop::collection::vec((keys(), mostly()), 0..2);
    prop_oneof![
        1 => prop::collection::vec(keys(), 0..6).prop_map(Op::Load),
        3 => queries().prop_map(Op::Scan),
        3 => (writes, few(), few()).prop_map(|(writes, deletes, asserts)| Op::Commit(writes, deletes, asserts)),
    ]
}

fn change_set(model: &Model, op: Op) -> ChangeSet {
    let Op::Commit(writes, deletes, asserts) = op else { return ChangeSet::new() };
    let expect = |key, truly| match (model.revision(key), truly) {
        (None, true) | (Some(_), false) => Expect::Absent,
        (Some(revision), true) => Expect::Revision(revision),
        (None, false) => Expect::Revision(3),
    };
    let write = |(key, truly, labels, body): (RecordKey, bool, Vec<Label>, u8)| {
        let expect = expect(key, truly);
        Write { record: Record::new(key, expect.next_revision(), labels, vec![body; usize::from(body)]), expect }
    };
    ChangeSet {
        writes: writes.into_iter().map(write).collect(),
        deletes: deletes
            .into_iter()
            .map(|(key, truly)| (key, model.revision(key).unwrap_or(1) + u64::from(!truly)))
            .collect(),
        asserts: asserts.into_iter().map(|(key, truly)| (key, expect(key, truly))).collect(),
    }
}

/// An outcome with the error, which cannot be compared, as text.
fn plain<T>(outcome: Result<T, StoreError>) -> Result<T, String> {
    outcome.map_err(|error| error.to_string())
}

fn agree(stores: [&dyn Store; 2], ops: Vec<Op>) -> TestCaseResult {
    let mut model = Model::default();
    for op in ops {
        match op {
            Op::Load(keys) => {
                let right: Vec<_> = keys.iter().map(|key| model.0.iter().find(|r| r.key == *key).cloned()).collect();
                for store in stores {
                    prop_assert_eq!(plain(store.load(&keys)), Ok(right.clone()));
                }
            }
            Op::Scan(query) => {
                for store in stores {
                    prop_assert_eq!(plain(store.scan(&query)), Ok(model.scan(&query)), "{:?}", query);
                }
            }
            op @ Op::Commit(..) => {
                let changes = change_set(&model, op);
                let right = match changes.check() {
                    Ok(()) => model.commit(&changes).map_err(|key| StoreError::Conflict(key).to_string()),
                    Err(error) => Err(error.to_string()),
                };
                for store in stores {
                    prop_assert_eq!(plain(store.commit(&changes)), right.clone(), "{:?}", changes);
                }
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn stores_agree_with_the_model(ops in prop::collection::vec(ops(), 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let sqlite = SqliteStore::open(dir.path().join("vault.db")).unwrap();
        agree([&MemoryStore::new(), &sqlite], ops)?;
    }
}

#[test]
fn pages_of_many_bytes_end_early() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path().join("vault.db")).unwrap();
    for number in 1..=17 {
        store.commit(&writing(number, 1, vec![number; BODY_MAX])).unwrap();
    }
    let page = store.scan(&all()).unwrap();
    assert_eq!(page.next, Some(key(16).id));
    assert_eq!(page.into_records().unwrap().len(), 16);
}
