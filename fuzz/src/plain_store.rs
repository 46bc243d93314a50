//! The store as its contract describes it: a list, searched from end to end.

use std::sync::{Mutex, MutexGuard};

use pwvault_core::store::*;

/// A list of records. Unlike the stores of the library it can be filled with anything.
#[derive(Debug, Default)]
pub struct PlainStore(Mutex<Vec<Record>>);

impl PlainStore {
    /// A store that holds just these records.
    pub fn of(records: Vec<Record>) -> Self {
        Self(Mutex::new(records))
    }

    /// Everything in it.
    pub fn records(&self) -> MutexGuard<'_, Vec<Record>> {
        self.0.lock().unwrap()
    }

    /// All rows of a query, without its limit.
    pub fn rows(&self, query: &Query) -> Vec<Record> {
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
        let mut rows: Vec<Record> = self.records().iter().filter(wanted).cloned().collect();
        rows.sort_by_key(|record| record.key.id);
        if query.order == Order::Descending {
            rows.reverse();
        }
        rows
    }
}

impl Store for PlainStore {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let records = self.records();
        Ok(keys.iter().map(|key| records.iter().find(|record| record.key == *key).cloned()).collect())
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        query.check()?;
        let mut rows = self.rows(query);
        let more = rows.len() > query.limit as usize;
        rows.truncate(query.limit as usize);
        let next = rows.last().filter(|_| more && query.want != Want::Count).map(|record| record.key.id);
        let rows = match query.want {
            Want::Count => Rows::Count(rows.len() as u64),
            Want::Keys => Rows::Keys(rows.iter().map(|record| (record.key, record.revision)).collect()),
            Want::Records => Rows::Records(rows),
        };
        Ok(Page { rows, next })
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        changes.check()?;
        let mut records = self.records();
        let asserted = changes.asserts.iter().copied();
        let written = changes.writes.iter().map(|write| (write.record.key, write.expect));
        let deleted = changes.deletes.iter().map(|(key, revision)| (*key, Expect::Revision(*revision)));
        for (key, expect) in asserted.chain(written).chain(deleted) {
            let found = records.iter().find(|record| record.key == key).map(|record| record.revision);
            if !expect.holds(found) {
                return Err(StoreError::Conflict(key));
            }
        }
        records.retain(|record| {
            changes.deletes.iter().all(|(key, _)| *key != record.key)
                && changes.writes.iter().all(|write| write.record.key != record.key)
        });
        records.extend(changes.writes.iter().map(|write| write.record.clone()));
        Ok(())
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        Ok(StoreInfo { backend: "plain".to_owned(), schema: 1, durable: false, parallel_commits: false })
    }
}
