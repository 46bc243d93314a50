//! The audit log: appending one event, durably, beside a plain insert of as much, and verifying all of them.

use std::sync::Arc;

use pwvault_core::audit::{Tail, VerifyOptions, verify};
use pwvault_core::clock::Timestamp;
use pwvault_core::id::RecordKind;
use pwvault_core::index::event_labels;
use pwvault_core::model::{Event, EventKind, Person, Surface};
use pwvault_core::store::{ChangeSet, RecordKey, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, EntryId};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::Fallible;
use crate::growth::Growth;
use crate::jobs::Bench;
use crate::race::{Watch, each, race, race_all};
use crate::sample::{EPOCH_MS, entry_id};
use crate::world::{VAULT, World};

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let sizes = bench.sizes();
    let mut logs = sizes.iter().map(|size| Log::of(*size)).collect::<Fallible<Vec<_>>>()?;
    verification(bench, sizes, &logs);
    let mut plain = sizes.iter().map(|size| Plain::of(*size)).collect::<Fallible<Vec<_>>>()?;
    let appends = logs.iter_mut().map(|log| each(|| log.append()));
    let times = race_all(Watch::Wall, appends.chain(plain.iter_mut().map(|plain| each(|| plain.insert()))).collect());
    let (times, inserts) = times.split_at(sizes.len());
    let points: Vec<_> = sizes.iter().copied().zip(times.iter().copied()).collect();
    let report = &mut bench.report;
    for ((size, append), insert) in points.iter().zip(inserts) {
        let job = format!("append an event and commit it, {size} events in the log");
        let reference = "a durable insert of the same bytes by SQLite, with an index, behind as many rows";
        report.compare(&format!("append_{size}_insert"), &job, *append, reference, *insert, None);
    }
    for pair in points.windows(2).skip(1) {
        let [(from, before), (to, after)] = pair else { continue };
        let job = format!("append an event and commit it, {to} events in the log");
        let reference = format!("the same with {from} events");
        report.compare(&format!("append_{to}"), &job, *after, &reference, *before, None);
    }
    report.grow(Growth { job: "append an event and commit it (on the wall)".to_owned(), points });
    reveal(bench)
}

fn verification(bench: &mut Bench, sizes: &[u32], logs: &[Log]) {
    let times = race_all(Watch::Cpu, logs.iter().map(|log| each(|| log.verify())).collect());
    let each: Vec<_> = sizes.iter().zip(times).map(|(size, time)| (*size, time / f64::from(*size))).collect();
    for pair in each.windows(2).skip(1) {
        let [(from, before), (to, after)] = pair else { continue };
        let job = format!("verify the log, each of {to} events");
        bench.report.compare(&format!("verify_{to}"), &job, *after, &format!("each of {from}"), *before, None);
    }
}

/// A reveal is durable before it answers, so it costs a commit.
fn reveal(bench: &mut Bench) -> Fallible<()> {
    let world = World::of(1_000)?;
    let anna = world.client("anna")?;
    let id = entry_id(1);
    let record = world.store.load(&[RecordKey::new(VAULT, RecordKind::Entry, id)])?;
    let body = record.into_iter().flatten().next().ok_or("the entry is gone")?.body;
    let directory = tempfile::tempdir()?;
    let database = Connection::open(directory.path().join("plain.db"))?;
    database.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    database.execute_batch("PRAGMA synchronous = FULL; CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB) STRICT")?;
    let insert = || {
        let mut statement = database.prepare_cached("INSERT INTO row (body) VALUES (?1)").expect("prepared");
        statement.execute([&body]).expect("inserted")
    };
    let [ours, plain] = race(Watch::Wall, [each(|| anna.reveal(id).expect("revealed").password.len()), each(insert)]);
    let job = "reveal an entry, its event committed first";
    bench.report.compare("reveal_durable", job, ours, "one durable insert by SQLite", plain, None);
    Ok(())
}

/// Rows as large as the records of events, with as many labels in an index, in SQLite without a vault.
struct Plain {
    database: Connection,
    body: Vec<u8>,
    next: u32,
    _directory: TempDir,
}

impl Plain {
    fn of(rows: u32) -> Fallible<Self> {
        let log = Log::of(3)?;
        let mut changes = ChangeSet::new();
        log.prepare(&mut changes)?;
        let body = changes.writes.into_iter().next().ok_or("no event was written")?.record.body;
        let directory = tempfile::tempdir()?;
        let database = Connection::open(directory.path().join("plain.db"))?;
        database.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        database.execute_batch(
            "PRAGMA synchronous = FULL;
            CREATE TABLE event (id BLOB PRIMARY KEY, body BLOB) STRICT, WITHOUT ROWID;
            CREATE TABLE label (label BLOB, id BLOB, PRIMARY KEY (label, id)) STRICT, WITHOUT ROWID;",
        )?;
        let mut plain = Self { database, body, next: 0, _directory: directory };
        plain.insert_many(rows)?;
        Ok(plain)
    }

    fn insert(&mut self) {
        self.insert_many(1).expect("inserted");
    }

    fn insert_many(&mut self, rows: u32) -> Fallible<()> {
        let transaction = self.database.transaction()?;
        {
            let mut event = transaction.prepare_cached("INSERT INTO event VALUES (?1, ?2)")?;
            let mut label = transaction.prepare_cached("INSERT INTO label VALUES (?1, ?2)")?;
            for number in self.next..self.next + rows {
                let id = u128::from(number).to_be_bytes();
                event.execute((id, &self.body))?;
                // By actor and by entry, as an event has them.
                label.execute(([7_u8; 16], id))?;
                label.execute((u128::from(number % 1_000).to_be_bytes(), id))?;
            }
        }
        transaction.commit()?;
        self.next += rows;
        Ok(())
    }
}

/// A log in SQLite and its end.
struct Log {
    world: World,
    tail: Tail,
    next: u32,
}

impl Log {
    fn of(events: u32) -> Fallible<Self> {
        let world = World::empty()?;
        let tail = Tail::load(&*world.store, &world.keyring, 0)?;
        // The vault's creation is the first event.
        let mut log = Self { world, tail, next: 1 };
        while log.next < events {
            let mut changes = ChangeSet::new();
            for _ in log.next..events.min(log.next + 1_000) {
                log.tail = log.prepare(&mut changes)?;
                log.next += 1;
            }
            log.world.store.commit(&changes)?;
        }
        Ok(log)
    }

    fn prepare(&self, changes: &mut ChangeSet) -> Fallible<Tail> {
        let at = Timestamp::from_millis(EPOCH_MS + i64::from(self.next) * 1_000);
        let entry: EntryId = entry_id(self.next % 1_000);
        let actor = Person::Admin(AdminId::new("7")?);
        let event = Event { entries: vec![entry], ..Event::by(actor, EventKind::SecretRevealed, at, Surface::Api) };
        let labels = event_labels(&self.world.keyring, &event.actor, &event.entries);
        Ok(self.tail.prepare(&self.world.keyring, &event, labels, changes)?)
    }

    fn append(&mut self) {
        let mut changes = ChangeSet::new();
        let grown = self.prepare(&mut changes).expect("prepared");
        self.world.store.commit(&changes).expect("committed");
        self.tail = grown;
        self.next += 1;
    }

    fn verify(&self) -> u64 {
        let store: Arc<dyn Store> = self.world.store.clone();
        let report = verify(&*store, &self.world.keyring, &VerifyOptions::default()).expect("verified");
        assert!(report.findings.is_empty(), "the log was written here and nowhere else");
        report.events
    }
}
