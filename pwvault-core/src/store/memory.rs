//! A store in the memory of the process, for tests and vaults that live as long as their process.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::{
    ChangeSet, Expect, Label, Order, Page, Query, Record, RecordKey, Rows, Store, StoreError, StoreInfo, Want, Write,
};
use crate::id::{RecordId, RecordKind, VaultId};

/// Records in memory, gone with the store.
#[derive(Default)]
pub struct MemoryStore {
    state: RwLock<State>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    // A writer checks everything before its first change, so a poisoned state is a whole one.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A store of its own with the records as they stand.
impl Clone for MemoryStore {
    fn clone(&self) -> Self {
        Self { state: RwLock::new(self.read().clone()) }
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("records", &self.read().records.len()).finish()
    }
}

impl Store for MemoryStore {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let state = self.read();
        Ok(keys.iter().map(|key| state.records.get(key).cloned()).collect())
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        query.check()?;
        Ok(self.read().page(query))
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        changes.check()?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.check(changes)?;
        state.apply(changes);
        Ok(())
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        Ok(StoreInfo { backend: "memory".to_owned(), schema: 1, durable: false, parallel_commits: false })
    }
}

#[derive(Clone, Default)]
struct State {
    records: BTreeMap<RecordKey, Record>,
    labels: BTreeSet<(VaultId, RecordKind, Label, RecordId)>,
}

impl State {
    fn check(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        let ChangeSet { writes, deletes, asserts } = changes;
        let asserted = asserts.iter().copied();
        let written = writes.iter().map(|Write { record, expect }| (record.key, *expect));
        let deleted = deletes.iter().map(|(key, revision)| (*key, Expect::Revision(*revision)));
        let mut expected = asserted.chain(written).chain(deleted);
        match expected.find(|(key, expect)| !expect.holds(self.records.get(key).map(|record| record.revision))) {
            Some((key, _)) => Err(StoreError::Conflict(key)),
            None => Ok(()),
        }
    }

    fn apply(&mut self, changes: &ChangeSet) {
        for key in changes.deletes.iter().map(|(key, _)| *key) {
            self.remove(key);
        }
        for Write { record, .. } in &changes.writes {
            self.remove(record.key);
            let RecordKey { vault, kind, id } = record.key;
            self.labels.extend(record.labels.iter().map(|label| (vault, kind, *label, id)));
            self.records.insert(record.key, record.clone());
        }
    }

    fn remove(&mut self, key: RecordKey) {
        let Some(Record { labels, .. }) = self.records.remove(&key) else { return };
        for label in labels {
            self.labels.remove(&(key.vault, key.kind, label, key.id));
        }
    }

    fn page(&self, query: &Query) -> Page {
        let Some((low, high)) = query.range() else { return Page::empty(query.want) };
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let mut ids = self.ids(query, low, high, limit.saturating_add(1));
        let more = ids.len() > limit;
        ids.truncate(limit);
        let next = if more { ids.last().copied() } else { None };
        let records = ids.iter().filter_map(|id| self.records.get(&RecordKey::new(query.vault, query.kind, *id)));
        match query.want {
            Want::Count => Page { rows: Rows::Count(ids.len() as u64), next: None },
            Want::Keys => {
                Page { rows: Rows::Keys(records.map(|record| (record.key, record.revision)).collect()), next }
            }
            Want::Records => Page { rows: Rows::Records(records.cloned().collect()), next },
        }
    }

    /// The first `most` matching ids in the order of the query.
    fn ids(&self, query: &Query, low: RecordId, high: RecordId, most: usize) -> Vec<RecordId> {
        let Query { vault, kind, order, .. } = *query;
        let Some((first, rest)) = query.labels.split_first() else {
            let keys = RecordKey::new(vault, kind, low)..=RecordKey::new(vault, kind, high);
            let ids = self.records.range(keys).map(|(key, _)| key.id);
            return match order {
                Order::Ascending => ids.take(most).collect(),
                Order::Descending => ids.rev().take(most).collect(),
            };
        };
        let has_one_of = |id, group: &Vec<Label>| group.iter().any(|l| self.labels.contains(&(vault, kind, *l, id)));
        let mut ids = BTreeSet::new();
        for label in first {
            let range = (vault, kind, *label, low)..=(vault, kind, *label, high);
            let of_label = self.labels.range(range).map(|(.., id)| *id);
            let of_label = of_label.filter(|id| rest.iter().all(|group| has_one_of(*id, group)));
            match order {
                Order::Ascending => ids.extend(of_label.take(most)),
                Order::Descending => ids.extend(of_label.rev().take(most)),
            }
        }
        match order {
            Order::Ascending => ids.into_iter().take(most).collect(),
            Order::Descending => ids.into_iter().rev().take(most).collect(),
        }
    }
}
