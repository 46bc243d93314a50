#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::*;
use crate::id::{RecordId, RecordKind, VaultId};
use crate::store::{
    ChangeSet, Expect, MemoryStore, Order, Page, Query, Record, RecordKey, Rows, StoreInfo, Want, Write,
};
use crate::testing::FaultyStore;

fn report(store: impl Store + 'static) -> Report {
    let store: Arc<dyn Store> = Arc::new(store);
    run(&|| Ok(Arc::clone(&store)))
}

/// Fails unless each of the named cases finds fault with the store.
fn caught(open: Open<'_>, names: &[&str]) {
    for name in names {
        let case = cases().find(|case| case.name == *name).unwrap();
        assert!(!case.result(open).passed(), "{name} did not notice");
    }
}

fn caught_in(store: impl Store + 'static, names: &[&str]) {
    let store: Arc<dyn Store> = Arc::new(store);
    caught(&|| Ok(Arc::clone(&store)), names);
}

#[test]
fn the_memory_store_conforms() {
    let report = report(MemoryStore::new());
    assert!(report.passed(), "{report}");
    assert!(report.cases.len() > 30);
}

#[test]
fn results_are_data() {
    let report = run(&|| Err(StoreError::ReadOnly));
    assert!(report.cases.iter().all(|case| !case.passed()));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["cases"][0]["name"], "load_order_and_absent");
    assert!(json["cases"][0]["fault"].as_str().unwrap().contains("read-only"));
}

type Lie = fn(&mut ChangeSet);

#[test]
fn lying_commits_are_caught() {
    let lies: [(Lie, &[&str]); 6] = [
        (
            |changes| changes.asserts.clear(),
            &["asserted_revision", "asserted_absence", "asserts_hold_until_the_commit"],
        ),
        (|changes| changes.deletes.clear(), &["deletes", "atomic_commit"]),
        (|changes| changes.writes.iter_mut().for_each(|write| write.record.body.truncate(65_535)), &["large_bodies"]),
        (|changes| changes.writes.iter_mut().for_each(|write| write.record.labels.truncate(2)), &["bytes_kept"]),
        (|changes| changes.writes.iter_mut().for_each(|write| write.record.labels.sort()), &["bad_records_refused"]),
        (
            |changes| {
                let mut seen = std::collections::HashSet::new();
                changes.writes.retain(|write| seen.insert(write.record.key));
                changes.deletes.retain(|(key, _)| seen.insert(*key));
            },
            &["duplicate_keys_refused"],
        ),
    ];
    for (lie, names) in lies {
        let store = FaultyStore::new(MemoryStore::new()).lie_on_commit(move |changes| {
            let mut changes = changes.clone();
            lie(&mut changes);
            Some(changes)
        });
        caught_in(store, names);
    }
}

#[test]
fn a_store_that_forgets_on_reopening_is_caught() {
    caught(&|| Ok(Arc::new(MemoryStore::new())), &["reopen_keeps_everything", "commits_are_seen_at_once"]);
}

#[test]
fn broken_stores_are_caught() {
    for (flaw, names) in FLAWS {
        caught_in(Broken::new(*flaw), names);
    }
}

#[test]
fn unlocked_stores_are_caught() {
    let by_rivals = ["concurrent_increments", "one_creator_wins", "asserts_hold_until_the_commit"];
    caught_in(Broken::new(Flaw::CheckThenAct), &by_rivals);
    caught_in(Broken::new(Flaw::TornLoad), &["snapshots_are_whole"]);
    caught_in(Broken::new(Flaw::OffsetPages), &["pages_between_writes"]);
}

const FLAWS: &[(Flaw, &[&str])] = &[
    (Flaw::NotAtomic, &["atomic_commit", "duplicate_keys_refused"]),
    (Flaw::NoCompare, &["compare_and_set", "deletes"]),
    (Flaw::IgnoresVaults, &["vaults_are_isolated"]),
    (Flaw::IgnoresKinds, &["kinds_are_isolated", "every_kind"]),
    (Flaw::KeepsOldLabels, &["labels_replaced_on_update"]),
    (Flaw::DropsAbsent, &["load_order_and_absent"]),
    (Flaw::SortsLoad, &["load_order_and_absent"]),
    (Flaw::RepeatsAcrossPages, &["pages_without_gaps_or_repeats", "cursors_at_the_ends"]),
    (Flaw::SkipsAcrossPages, &["pages_without_gaps_or_repeats"]),
    (Flaw::NeverEnds, &["pages_without_gaps_or_repeats"]),
    (Flaw::IgnoresOrder, &["ids_sort_as_bytes", "pages_without_gaps_or_repeats"]),
    (Flaw::InclusiveEnd, &["id_ranges"]),
    (Flaw::ExclusiveStart, &["id_ranges"]),
    (Flaw::IgnoresLimit, &["counts", "pages_without_gaps_or_repeats"]),
    (Flaw::TakesLimitZero, &["limit_of_zero_refused"]),
    (Flaw::RepeatsOverLabels, &["and_of_ors", "counts"]),
    (Flaw::FirstGroupOnly, &["and_of_ors", "counts"]),
    (Flaw::OneGroupForAll, &["and_of_ors"]),
    (Flaw::EmptyGroupMatchesAll, &["empty_group_matches_nothing"]),
    (Flaw::LastConflict, &["conflict_names_the_first_key"]),
    (Flaw::KeysWithoutRevision, &["pages_hold_what_was_wanted"]),
    (Flaw::Nameless, &["info_names_the_backend"]),
    (Flaw::Caches, &["compare_and_set"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    NotAtomic,
    NoCompare,
    IgnoresVaults,
    IgnoresKinds,
    KeepsOldLabels,
    DropsAbsent,
    SortsLoad,
    RepeatsAcrossPages,
    SkipsAcrossPages,
    NeverEnds,
    IgnoresOrder,
    InclusiveEnd,
    ExclusiveStart,
    IgnoresLimit,
    TakesLimitZero,
    RepeatsOverLabels,
    FirstGroupOnly,
    OneGroupForAll,
    EmptyGroupMatchesAll,
    LastConflict,
    KeysWithoutRevision,
    Nameless,
    Caches,
    CheckThenAct,
    TornLoad,
    OffsetPages,
}

/// A memory store with one flaw.
struct Broken {
    inner: MemoryStore,
    flaw: Flaw,
    memory: Mutex<Remembered>,
    crossing: Crossing,
}

/// Where a flawed call lets a rival in, so that no luck is needed for the flaw to show.
#[derive(Default)]
struct Crossing {
    state: Mutex<Crossed>,
    passed: Condvar,
}

#[derive(Default)]
struct Crossed {
    waiting: bool,
    rivals: u64,
}

impl Crossing {
    /// Lets go on who waits.
    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.rivals += 1;
        state.waiting = false;
        self.passed.notify_all();
    }

    /// Waits until another passes or, should there be none, a while.
    fn wait(&self) {
        let mut state = self.state.lock().unwrap();
        state.waiting = true;
        let before = state.rivals;
        let (mut state, _) = self.passed.wait_timeout_while(state, PATIENCE, |state| state.rivals == before).unwrap();
        state.waiting = false;
    }

    /// Meets another who comes here too.
    fn meet(&self) {
        let is_awaited = self.state.lock().unwrap().waiting;
        if is_awaited { self.pass() } else { self.wait() }
    }
}

const PATIENCE: Duration = Duration::from_millis(100);

#[derive(Default)]
struct Remembered {
    records: HashMap<RecordKey, Option<Record>>,
    offsets: HashMap<RecordId, u32>,
}

impl Broken {
    fn new(flaw: Flaw) -> Self {
        Self { inner: MemoryStore::new(), flaw, memory: Mutex::default(), crossing: Crossing::default() }
    }

    fn inward(&self, key: RecordKey) -> RecordKey {
        match self.flaw {
            Flaw::IgnoresVaults => RecordKey { vault: VaultId::from_bytes([0; 16]), ..key },
            Flaw::IgnoresKinds => RecordKey { kind: RecordKind::Entry, ..key },
            _ => key,
        }
    }

    fn revision(&self, key: RecordKey) -> Option<u64> {
        self.inner.load(&[key]).unwrap()[0].as_ref().map(|record| record.revision)
    }

    /// Writes without regard to what is there.
    fn force(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        loop {
            let mut forced = ChangeSet::new();
            for Write { record, .. } in &changes.writes {
                let expect = self.revision(record.key).map_or(Expect::Absent, Expect::Revision);
                let record = Record { revision: expect.next_revision(), ..record.clone() };
                forced.writes.push(Write { record, expect });
            }
            for (key, _) in &changes.deletes {
                forced.deletes.extend(self.revision(*key).map(|revision| (*key, revision)));
            }
            match self.inner.commit(&forced) {
                Err(StoreError::Conflict(_)) => {}
                outcome => return outcome,
            }
        }
    }

    fn altered(&self, query: &Query) -> Query {
        let mut query = query.clone();
        let key = self.inward(RecordKey::new(query.vault, query.kind, RecordId::MIN));
        (query.vault, query.kind) = (key.vault, key.kind);
        match self.flaw {
            Flaw::RepeatsAcrossPages => {
                query.cursor = query.cursor.and_then(|cursor| match query.order {
                    Order::Ascending => cursor.predecessor(),
                    Order::Descending => cursor.successor(),
                });
            }
            Flaw::SkipsAcrossPages => {
                let next = |cursor: RecordId| RecordId((u128::from_be_bytes(cursor.0) + (1 << 64)).to_be_bytes());
                query.cursor =
                    query.cursor.map(|cursor| if cursor < RecordId([0x70; 16]) { next(cursor) } else { cursor });
            }
            Flaw::IgnoresOrder => query.order = Order::Ascending,
            Flaw::InclusiveEnd => query.to = query.to.and_then(RecordId::successor),
            Flaw::ExclusiveStart => query.from = query.from.and_then(RecordId::successor),
            Flaw::IgnoresLimit => query.limit = u32::MAX,
            Flaw::TakesLimitZero => query.limit = query.limit.max(1),
            Flaw::FirstGroupOnly => query.labels.truncate(1),
            Flaw::OneGroupForAll if !query.labels.is_empty() => query.labels = vec![query.labels.concat()],
            Flaw::EmptyGroupMatchesAll => query.labels.retain(|group| !group.is_empty()),
            _ => {}
        }
        query
    }
}

impl Store for Broken {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let asked: Vec<RecordKey> = keys.iter().map(|key| self.inward(*key)).collect();
        let mut records = match self.flaw {
            Flaw::TornLoad => {
                let one = |(at, key): (usize, &RecordKey)| {
                    if at > 0 {
                        self.crossing.wait();
                    }
                    self.inner.load(&[*key]).map(|mut records| records.remove(0))
                };
                asked.iter().enumerate().map(one).collect::<Result<_, _>>()?
            }
            _ => self.inner.load(&asked)?,
        };
        for (record, key) in records.iter_mut().zip(keys) {
            record.iter_mut().for_each(|record| record.key = *key);
        }
        match self.flaw {
            Flaw::DropsAbsent => records.retain(Option::is_some),
            Flaw::SortsLoad => records.sort_by_key(|record| record.as_ref().map(|record| record.key)),
            Flaw::Caches => {
                let cache = &mut self.memory.lock().unwrap().records;
                let cached = keys.iter().zip(records).map(|(key, record)| cache.entry(*key).or_insert(record).clone());
                return Ok(cached.collect());
            }
            _ => {}
        }
        Ok(records)
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        let altered = self.altered(query);
        if self.flaw == Flaw::OffsetPages {
            let offsets = &mut self.memory.lock().unwrap().offsets;
            let offset = query.cursor.and_then(|cursor| offsets.get(&cursor).copied()).unwrap_or(0);
            let limit = query.limit.saturating_add(offset);
            let mut page = self.inner.scan(&Query { cursor: None, limit, ..altered })?;
            if let Rows::Records(records) = &mut page.rows {
                records.drain(..records.len().min(offset as usize));
                offsets.extend(page.next.map(|next| (next, limit)));
            }
            return Ok(page);
        }
        let mut page = self.inner.scan(&altered)?;
        match &mut page.rows {
            Rows::Keys(keys) => {
                for (key, revision) in keys.iter_mut() {
                    (key.vault, key.kind) = (query.vault, query.kind);
                    if self.flaw == Flaw::KeysWithoutRevision {
                        *revision = 1;
                    }
                }
                if self.flaw == Flaw::RepeatsOverLabels && query.labels.iter().any(|group| group.len() > 1) {
                    keys.extend(keys.clone().first());
                }
            }
            Rows::Records(records) => {
                for record in records {
                    (record.key.vault, record.key.kind) = (query.vault, query.kind);
                }
            }
            Rows::Count(count) if self.flaw == Flaw::RepeatsOverLabels => *count *= query.labels.len() as u64,
            Rows::Count(_) => {}
        }
        if self.flaw == Flaw::NeverEnds && query.want == Want::Records {
            page.next = query.cursor.or(page.next);
        }
        Ok(page)
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        let mut changes = changes.clone();
        changes.writes.iter_mut().for_each(|write| write.record.key = self.inward(write.record.key));
        changes.deletes.iter_mut().for_each(|(key, _)| *key = self.inward(*key));
        changes.asserts.iter_mut().for_each(|(key, _)| *key = self.inward(*key));
        match self.flaw {
            Flaw::NotAtomic => {
                let ChangeSet { writes, deletes, asserts } = changes;
                for write in writes {
                    self.inner.commit(&ChangeSet { writes: vec![write], ..ChangeSet::new() })?;
                }
                self.inner.commit(&ChangeSet { deletes, asserts, ..ChangeSet::new() })
            }
            Flaw::NoCompare => {
                changes.check()?;
                self.force(&changes)
            }
            Flaw::KeepsOldLabels => {
                for Write { record, .. } in &mut changes.writes {
                    let old = self.inner.load(&[record.key])?.remove(0);
                    record.labels.extend(old.into_iter().flat_map(|old| old.labels));
                    record.labels.sort();
                    record.labels.dedup();
                }
                self.inner.commit(&changes)
            }
            Flaw::LastConflict => self.inner.commit(&changes).map_err(|error| match error {
                StoreError::Conflict(key) => {
                    StoreError::Conflict(changes.deletes.last().map_or(key, |(deleted, _)| *deleted))
                }
                other => other,
            }),
            Flaw::CheckThenAct => {
                changes.check()?;
                let written = changes.writes.iter().map(|write| (write.record.key, write.expect));
                for (key, expect) in changes.asserts.iter().copied().chain(written) {
                    if !expect.holds(self.revision(key)) {
                        return Err(StoreError::Conflict(key));
                    }
                }
                self.crossing.meet();
                // A rival's write in the meantime is not noticed, and this one is lost.
                match self.inner.commit(&ChangeSet { asserts: Vec::new(), ..changes }) {
                    Err(StoreError::Conflict(_)) => Ok(()),
                    outcome => outcome,
                }
            }
            Flaw::TornLoad => self.inner.commit(&changes).inspect(|()| self.crossing.pass()),
            _ => self.inner.commit(&changes),
        }
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        let mut info = self.inner.info()?;
        if self.flaw == Flaw::Nameless {
            info.backend.clear();
        }
        Ok(info)
    }
}
