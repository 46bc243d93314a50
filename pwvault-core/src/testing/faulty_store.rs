//! A store that fails or lies on demand, around one that does not.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::store::{ChangeSet, Page, Query, Record, RecordKey, Rows, Store, StoreError, StoreInfo};

/// Where in a call the failure strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before the inner store is called: nothing happened.
    Before,
    /// After it: what was asked has happened, and the caller is told it failed.
    After,
}

/// Wraps a store; fails the calls it is told to fail and alters what it is told to alter.
///
/// Calls of `load`, `scan`, `commit` and `info` are counted together, from 1.
pub struct FaultyStore<S> {
    inner: S,
    calls: AtomicU64,
    fault: Mutex<Option<(u64, When)>>,
    read_lie: Option<ReadLie>,
    commit_lie: Option<CommitLie>,
}

type ReadLie = Box<dyn Fn(&RecordKey, Option<Record>) -> Option<Record> + Send + Sync>;
type CommitLie = Box<dyn Fn(&ChangeSet) -> Option<ChangeSet> + Send + Sync>;

impl<S: Store> FaultyStore<S> {
    /// Wraps `inner`; fails nothing and alters nothing yet.
    #[must_use]
    pub fn new(inner: S) -> Self {
        Self { inner, calls: AtomicU64::new(0), fault: Mutex::new(None), read_lie: None, commit_lie: None }
    }

    /// Passes every record read through `lie`, which may alter it, or hide it with `None`. `load`
    /// passes absent records too, so that a lie may bring one back. A record hidden from a scan is
    /// missing in its page; counts and cursors are not altered.
    #[must_use]
    pub fn lie_on_read(
        mut self,
        lie: impl Fn(&RecordKey, Option<Record>) -> Option<Record> + Send + Sync + 'static,
    ) -> Self {
        self.read_lie = Some(Box::new(lie));
        self
    }

    /// Commits what `lie` makes of each change set; `None` commits nothing and reports success.
    #[must_use]
    pub fn lie_on_commit(mut self, lie: impl Fn(&ChangeSet) -> Option<ChangeSet> + Send + Sync + 'static) -> Self {
        self.commit_lie = Some(Box::new(lie));
        self
    }

    /// Fails the call with the number `call` (counted from 1 over the life of the store), once.
    pub fn fail_call(&self, call: u64, when: When) {
        *self.fault() = Some((call, when));
    }

    /// Fails the next call, once.
    pub fn fail_next(&self, when: When) {
        self.fail_call(self.calls() + 1, when);
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    /// The store inside, which neither fails nor lies.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    fn fault(&self) -> MutexGuard<'_, Option<(u64, When)>> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call<T>(&self, run: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let struck = self.fault().take_if(|(call, _)| *call == number);
        match struck {
            None => run(),
            Some((_, When::Before)) => Err(failure()),
            Some((_, When::After)) => run().and_then(|_| Err(failure())),
        }
    }

    fn told(&self, key: &RecordKey, record: Option<Record>) -> Option<Record> {
        match &self.read_lie {
            Some(lie) => lie(key, record),
            None => record,
        }
    }
}

impl<S: Store> Store for FaultyStore<S> {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        self.call(|| {
            let records = self.inner.load(keys)?;
            Ok(keys.iter().zip(records).map(|(key, record)| self.told(key, record)).collect())
        })
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        self.call(|| {
            let Page { rows, next } = self.inner.scan(query)?;
            let rows = match rows {
                Rows::Records(records) => Rows::Records(
                    records.into_iter().filter_map(|record| self.told(&record.key.clone(), Some(record))).collect(),
                ),
                rows @ (Rows::Keys(_) | Rows::Count(_)) => rows,
            };
            Ok(Page { rows, next })
        })
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        self.call(|| match &self.commit_lie {
            None => self.inner.commit(changes),
            Some(lie) => lie(changes).map_or(Ok(()), |changes| self.inner.commit(&changes)),
        })
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        self.call(|| self.inner.info())
    }
}

impl<S> fmt::Debug for FaultyStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyStore").field("calls", &self.calls).field("fault", &self.fault).finish_non_exhaustive()
    }
}

fn failure() -> StoreError {
    StoreError::Io(io::Error::other("a failure made on purpose"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::id::{RecordId, RecordKind, VaultId};
    use crate::store::MemoryStore;

    fn key() -> RecordKey {
        RecordKey::new(VaultId::from_bytes([1; 16]), RecordKind::Entry, RecordId([2; 16]))
    }

    fn creation() -> ChangeSet {
        let mut changes = ChangeSet::new();
        changes.write(Record::new(key(), 1, Vec::new(), b"body".to_vec()));
        changes
    }

    #[test]
    fn fails_one_call_before_or_after_its_effect() {
        for (when, there) in [(When::Before, false), (When::After, true)] {
            let store = FaultyStore::new(MemoryStore::new());
            store.fail_call(2, when);
            assert_eq!(store.load(&[key()]).unwrap(), [None]);
            assert!(matches!(store.commit(&creation()), Err(StoreError::Io(_))));
            assert_eq!(store.inner().load(&[key()]).unwrap()[0].is_some(), there);
            assert!(store.info().is_ok());
            assert_eq!(store.calls(), 3);
            store.fail_next(When::Before);
            assert!(store.info().is_err());
        }
    }

    #[test]
    fn lies_about_records_and_commits() {
        let store = FaultyStore::new(MemoryStore::new())
            .lie_on_read(|_, record| record.map(|record| Record { body: b"other".to_vec(), ..record }));
        store.commit(&creation()).unwrap();
        assert_eq!(store.load(&[key()]).unwrap()[0].as_ref().unwrap().body, b"other");
        let page = store.scan(&Query::new(key().vault, key().kind)).unwrap();
        assert_eq!(page.into_records().unwrap()[0].body, b"other");

        let store = FaultyStore::new(MemoryStore::new()).lie_on_commit(|_| None);
        store.commit(&creation()).unwrap();
        assert_eq!(store.load(&[key()]).unwrap(), [None]);
    }
}
