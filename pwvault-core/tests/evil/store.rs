//! A store whose rows anyone may change behind the vault's back, and whose answers may lie.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use pwvault_core::id::{RecordId, RecordKind};
use pwvault_core::store::{ChangeSet, Order, Page, Query, Record, RecordKey, Rows, Store, StoreError, StoreInfo, Want};

type Rowset = BTreeMap<RecordKey, Record>;
type LoadLie = Box<dyn Fn(&[RecordKey], Vec<Option<Record>>) -> Vec<Option<Record>> + Send>;
type ScanLie = Box<dyn Fn(&Query, Page) -> Page + Send>;
type Hook = (u64, Box<dyn FnOnce() + Send>);

/// Rows in memory, with every version ever written kept aside.
#[derive(Default)]
pub(crate) struct Evil {
    rows: Mutex<Rowset>,
    written: Mutex<Vec<Record>>,
    calls: AtomicU64,
    hook: Mutex<Option<Hook>>,
    load_lie: Mutex<Option<LoadLie>>,
    scan_lie: Mutex<Option<ScanLie>>,
    forgets: AtomicBool,
}

impl Evil {
    pub(crate) fn get(&self, key: RecordKey) -> Option<Record> {
        self.rows().get(&key).cloned()
    }

    pub(crate) fn put(&self, record: Record) {
        self.rows().insert(record.key, record);
    }

    pub(crate) fn remove(&self, key: RecordKey) {
        self.rows().remove(&key);
    }

    /// Everything as it is now.
    pub(crate) fn dump(&self) -> Rowset {
        self.rows().clone()
    }

    /// Puts everything back as it was.
    pub(crate) fn restore(&self, dump: Rowset) {
        *self.rows() = dump;
    }

    /// The newest id of a kind, such as the end of the log.
    pub(crate) fn newest(&self, kind: RecordKind) -> Option<RecordId> {
        self.rows().keys().filter(|key| key.kind == kind).map(|key| key.id).max()
    }

    /// Every version of a record that was ever written, the oldest first.
    pub(crate) fn versions(&self, key: RecordKey) -> Vec<Record> {
        self.written.lock().unwrap().iter().filter(|record| record.key == key).cloned().collect()
    }

    /// Calls so far.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    /// Does `what` before the call that comes `after` so many others is answered.
    pub(crate) fn interrupt(&self, after: u64, what: impl FnOnce() + Send + 'static) {
        *self.hook.lock().unwrap() = Some((self.calls() + after + 1, Box::new(what)));
    }

    /// Takes an interruption back; whether it was still waiting.
    pub(crate) fn disarm(&self) -> bool {
        self.hook.lock().unwrap().take().is_some()
    }

    pub(crate) fn lie_on_load(
        &self,
        lie: impl Fn(&[RecordKey], Vec<Option<Record>>) -> Vec<Option<Record>> + Send + 'static,
    ) {
        *self.load_lie.lock().unwrap() = Some(Box::new(lie));
    }

    pub(crate) fn lie_on_scan(&self, lie: impl Fn(&Query, Page) -> Page + Send + 'static) {
        *self.scan_lie.lock().unwrap() = Some(Box::new(lie));
    }

    /// Acknowledges commits and forgets them.
    pub(crate) fn forget_commits(&self, forgets: bool) {
        self.forgets.store(forgets, Ordering::SeqCst);
    }

    pub(crate) fn be_honest(&self) {
        *self.load_lie.lock().unwrap() = None;
        *self.scan_lie.lock().unwrap() = None;
        self.forget_commits(false);
    }

    fn rows(&self) -> MutexGuard<'_, Rowset> {
        self.rows.lock().unwrap()
    }

    fn count_call(&self) {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let due = {
            let mut hook = self.hook.lock().unwrap();
            if hook.as_ref().is_some_and(|(at, _)| *at <= call) { hook.take() } else { None }
        };
        if let Some((_, what)) = due {
            what();
        }
    }
}

impl Store for Evil {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        self.count_call();
        let truth = {
            let rows = self.rows();
            keys.iter().map(|key| rows.get(key).cloned()).collect()
        };
        Ok(match self.load_lie.lock().unwrap().as_ref() {
            Some(lie) => lie(keys, truth),
            None => truth,
        })
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        query.check()?;
        self.count_call();
        let truth = page(&self.rows(), query);
        Ok(match self.scan_lie.lock().unwrap().as_ref() {
            Some(lie) => lie(query, truth),
            None => truth,
        })
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        changes.check()?;
        self.count_call();
        if self.forgets.load(Ordering::SeqCst) {
            // Forgotten by the rows, not by the adversary.
            self.written.lock().unwrap().extend(changes.writes.iter().map(|write| write.record.clone()));
            return Ok(());
        }
        let mut rows = self.rows();
        let revision = |key: &RecordKey| rows.get(key).map(|record| record.revision);
        let asserted = changes.asserts.iter().find(|(key, expect)| !expect.holds(revision(key))).map(|(key, _)| *key);
        let written = changes.writes.iter().find(|write| !write.expect.holds(revision(&write.record.key)));
        let deleted = changes.deletes.iter().find(|(key, expected)| revision(key) != Some(*expected));
        let differs = asserted.or(written.map(|write| write.record.key)).or(deleted.map(|(key, _)| *key));
        if let Some(key) = differs {
            return Err(StoreError::Conflict(key));
        }
        changes.deletes.iter().for_each(|(key, _)| drop(rows.remove(key)));
        for write in &changes.writes {
            rows.insert(write.record.key, write.record.clone());
            self.written.lock().unwrap().push(write.record.clone());
        }
        Ok(())
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        self.count_call();
        Ok(StoreInfo { backend: "evil".to_owned(), schema: 1, durable: false, parallel_commits: false })
    }
}

impl fmt::Debug for Evil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Evil")
    }
}

fn page(rows: &Rowset, query: &Query) -> Page {
    let Some((low, high)) = query.range() else { return Page::empty(query.want) };
    let key = |id| RecordKey::new(query.vault, query.kind, id);
    let matches =
        |record: &&Record| query.labels.iter().all(|group| group.iter().any(|one| record.labels.contains(one)));
    let mut found: Vec<Record> =
        rows.range(key(low)..=key(high)).map(|(_, record)| record).filter(matches).cloned().collect();
    if query.order == Order::Descending {
        found.reverse();
    }
    let limit = query.limit as usize;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|record| record.key.id);
    match query.want {
        Want::Count => Page { rows: Rows::Count(found.len() as u64), next: None },
        Want::Keys => {
            Page { rows: Rows::Keys(found.into_iter().map(|record| (record.key, record.revision)).collect()), next }
        }
        Want::Records => Page { rows: Rows::Records(found), next },
    }
}
