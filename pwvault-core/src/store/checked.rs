//! A store whose answers are held against the questions. Owns what a reader may take for granted
//! whatever the database says: the record asked for and no other, pages that go forward and end.
//! Whether a record is genuine is for its envelope to say.

use std::sync::Arc;

use super::change::within;
use super::error::StoreError;
use super::query::{Order, Page, Query, Rows, Want};
use super::record::{BODY_MAX, LABELS_MAX, Record, RecordKey};
use super::{ChangeSet, Store, StoreInfo};
use crate::id::RecordId;

/// Passes everything on to a store and refuses answers that do not fit with
/// [`StoreError::BadAnswer`].
pub struct CheckedStore(Arc<dyn Store>);

impl CheckedStore {
    /// Distrusts `store`.
    #[must_use]
    pub const fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }
}

impl std::fmt::Debug for CheckedStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckedStore")
    }
}

impl Store for CheckedStore {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let records = self.0.load(keys)?;
        if records.len() != keys.len() {
            return Err(StoreError::BadAnswer("a load answers each key, with a record or with none"));
        }
        for (key, record) in keys.iter().zip(&records) {
            let Some(record) = record else { continue };
            if record.key != *key {
                return Err(StoreError::BadAnswer("a load gave a record under another key than the one asked for"));
            }
            check_size(record)?;
        }
        Ok(records)
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        let page = self.0.scan(query)?;
        match (&page.rows, query.want) {
            (Rows::Keys(keys), Want::Keys) => check_keys(query, keys.iter().map(|(key, _)| *key), page.next)?,
            (Rows::Records(records), Want::Records) => {
                check_keys(query, records.iter().map(|record| record.key), page.next)?;
                for record in records {
                    check_size(record)?;
                    if !query.labels.iter().all(|group| group.iter().any(|label| record.labels.contains(label))) {
                        return Err(StoreError::BadAnswer("a scan gave a record without the labels asked for"));
                    }
                }
            }
            (Rows::Count(count), Want::Count) => {
                if *count > u64::from(query.limit) || page.next.is_some() {
                    return Err(StoreError::BadAnswer("a count goes up to the limit and has no next page"));
                }
            }
            _ => return Err(StoreError::BadAnswer("a scan gave rows of another form than the one asked for")),
        }
        Ok(page)
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        self.0.commit(changes)
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        self.0.info()
    }
}

/// Keys of the right vault and kind, within the range, in order and without repeats, at most as many
/// as asked for; and a next page only behind the last of them, so that every walk comes to an end.
fn check_keys(
    query: &Query,
    keys: impl ExactSizeIterator<Item = RecordKey>,
    next: Option<RecordId>,
) -> Result<(), StoreError> {
    if keys.len() > usize::try_from(query.limit).unwrap_or(usize::MAX) {
        return Err(StoreError::BadAnswer("a scan gave more rows than the limit"));
    }
    let range = query.range();
    let mut last: Option<RecordId> = None;
    for RecordKey { vault, kind, id } in keys {
        if vault != query.vault || kind != query.kind || !range.is_some_and(|(low, high)| (low..=high).contains(&id)) {
            return Err(StoreError::BadAnswer("a scan gave a record outside the vault, kind or range asked for"));
        }
        let forward = last.is_none_or(|last| match query.order {
            Order::Ascending => last < id,
            Order::Descending => last > id,
        });
        if !forward {
            return Err(StoreError::BadAnswer("a scan repeated a record or gave it out of order"));
        }
        last = Some(id);
    }
    if next.is_some() && next != last {
        return Err(StoreError::BadAnswer("a scan gave another cursor than the last id of its page"));
    }
    Ok(())
}

fn check_size(record: &Record) -> Result<(), StoreError> {
    within("bytes of a body", record.body.len(), BODY_MAX)?;
    within("labels of a record", record.labels.len(), LABELS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{RecordKind, VaultId};
    use crate::store::{Label, MemoryStore};

    const VAULT: VaultId = VaultId::from_bytes([1; 16]);

    fn key(id: u8) -> RecordKey {
        RecordKey::new(VAULT, RecordKind::Entry, RecordId([id; 16]))
    }

    fn record(id: u8) -> Record {
        Record::new(key(id), 1, vec![Label([id % 2; 16])], vec![id])
    }

    type Lie = Box<dyn Fn(Vec<Record>, &mut Option<RecordId>) -> Vec<Record> + Send + Sync>;

    /// Answers loads and scans with what its lie makes of the truth.
    struct Liar(MemoryStore, Lie);

    impl Store for Liar {
        fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
            let found = self.0.load(keys)?.into_iter().flatten().collect();
            Ok((self.1)(found, &mut None).into_iter().map(Some).collect())
        }

        fn scan(&self, query: &Query) -> Result<Page, StoreError> {
            let mut page = self.0.scan(&Query { want: Want::Records, ..query.clone() })?;
            let records = (self.1)(page.clone().into_records()?, &mut page.next);
            let rows = match query.want {
                Want::Records => Rows::Records(records),
                Want::Keys => Rows::Keys(records.into_iter().map(|record| (record.key, record.revision)).collect()),
                Want::Count => return Ok(Page { rows: Rows::Count(records.len() as u64), next: None }),
            };
            Ok(Page { rows, ..page })
        }

        fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
            self.0.commit(changes)
        }

        fn info(&self) -> Result<StoreInfo, StoreError> {
            self.0.info()
        }
    }

    fn checked(
        lie: impl Fn(Vec<Record>, &mut Option<RecordId>) -> Vec<Record> + Send + Sync + 'static,
    ) -> CheckedStore {
        let store = MemoryStore::new();
        let mut changes = ChangeSet::new();
        (1..=9).for_each(|id| changes.write(record(id)));
        store.commit(&changes).unwrap();
        CheckedStore::new(Arc::new(Liar(store, Box::new(lie))))
    }

    fn query(want: Want) -> Query {
        Query { limit: 3, want, labels: vec![vec![Label([1; 16])]], ..Query::new(VAULT, RecordKind::Entry) }
    }

    #[test]
    fn the_truth_passes() {
        let store = checked(|records, _| records);
        assert_eq!(store.load(&[key(1), key(2)]).unwrap(), [Some(record(1)), Some(record(2))]);
        let first = store.scan(&query(Want::Records)).unwrap();
        assert_eq!(first.next, Some(key(5).id));
        let second = store.scan(&Query { cursor: first.next, ..query(Want::Keys) }).unwrap();
        assert_eq!(second.into_keys().unwrap(), [(key(7), 1), (key(9), 1)]);
        let back = Query { order: Order::Descending, ..query(Want::Records) };
        assert_eq!(store.scan(&back).unwrap().into_records().unwrap()[0], record(9));
        assert_eq!(store.scan(&query(Want::Count)).unwrap().into_count().unwrap(), 3);
    }

    #[test]
    fn a_load_of_another_number_or_key_is_refused() {
        let short = checked(|records, _| records[1..].to_vec());
        let swapped = checked(|records, _| vec![records[1].clone(), records[0].clone()]);
        for store in [short, swapped] {
            let refused = store.load(&[key(1), key(2)]);
            assert!(matches!(refused, Err(StoreError::BadAnswer(_))), "{refused:?}");
        }
        let huge = checked(|mut records, _| {
            records[0].body = vec![0; BODY_MAX + 1];
            records
        });
        assert!(matches!(huge.load(&[key(1)]), Err(StoreError::TooLarge { .. })));
    }

    #[test]
    fn pages_that_lie_are_refused() {
        let lies: [(&str, Lie); 8] = [
            ("an empty page before others", Box::new(|_, _| Vec::new())),
            ("a repeated row", Box::new(|records, _| vec![records[0].clone(); 3])),
            (
                "another order",
                Box::new(|mut records, _| {
                    records.reverse();
                    records
                }),
            ),
            ("more than the limit", Box::new(|_, _| [1, 3, 5, 7].map(record).to_vec())),
            (
                "another cursor",
                Box::new(|records, next| {
                    *next = Some(RecordId::MIN);
                    records
                }),
            ),
            (
                "another vault",
                Box::new(|mut records, _| {
                    records[0].key.vault = VaultId::from_bytes([0; 16]);
                    records
                }),
            ),
            (
                "another kind",
                Box::new(|mut records, _| {
                    records[0].key.kind = RecordKind::Key;
                    records
                }),
            ),
            (
                "a row before the cursor",
                Box::new(|mut records, _| {
                    records[0] = record(1);
                    records
                }),
            ),
        ];
        for (lie, does) in lies {
            let store = checked(does);
            for want in [Want::Records, Want::Keys] {
                let refused = store.scan(&Query { cursor: Some(key(1).id), ..query(want) });
                assert!(matches!(refused, Err(StoreError::BadAnswer(_))), "{lie}: {refused:?}");
            }
        }
        let unlabelled = checked(|mut records, _| {
            records[0].labels.clear();
            records
        });
        assert!(matches!(unlabelled.scan(&query(Want::Records)), Err(StoreError::BadAnswer(_))));
    }
}
