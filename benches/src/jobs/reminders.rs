//! What is due: reminding of some entries among many that are not due, and delivering the messages,
//! beside the same moves of plain rows in SQLite.

use std::sync::Arc;
use std::time::Duration;

use pwvault_core::clock::{Clock, Timestamp};
use pwvault_core::model::{
    Choice, DeliveryError, EntryReminder, Notifier, OutboxMessage, Period, PeriodUnit, ReminderDefaults, Settings,
};
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::EntryQuery;
use pwvault_core::vault::prelude::*;
use pwvault_core::{ClientId, Principal, RequestContext, RoleId, Session};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::Fallible;
use crate::growth::Growth;
use crate::jobs::Bench;
use crate::race::{Watch, part, race_all};
use crate::sample::EPOCH_MS;
use crate::world::{VAULT, World, builder};

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let sizes = bench.sizes();
    let vaults = sizes.iter().map(|size| Due::of(*size)).collect::<Fallible<Vec<_>>>()?;
    let mut plain = sizes.iter().map(|size| Plain::of(*size)).collect::<Fallible<Vec<_>>>()?;
    let ours = vaults.iter().map(|due| part(|watch| due.day(watch)));
    let theirs = plain.iter_mut().map(|plain| part(|watch| plain.day(watch)));
    let times = race_all(Watch::Wall, ours.chain(theirs).collect());
    let each: Vec<_> = times.into_iter().map(|time| time / f64::from(DUE)).collect();
    let (ours, theirs) = each.split_at(sizes.len());
    let points: Vec<_> = sizes.iter().copied().zip(ours.iter().copied()).collect();
    for ((size, ours), theirs) in points.iter().zip(theirs) {
        let job = format!("remind of an entry and deliver the message, {size} entries with reminders");
        let reference = "plain rows in SQLite, scanned by time and moved in as many durable transactions";
        bench.report.compare(&format!("run_due_{size}_plain"), &job, *ours, reference, *theirs, None);
    }
    for pair in points.windows(2).skip(1) {
        let [(from, before), (to, after)] = pair else { continue };
        let job = format!("remind of an entry and deliver the message, {to} entries with reminders");
        let reference = format!("the same with {from} entries");
        bench.report.compare(&format!("run_due_{to}"), &job, *after, &reference, *before, None);
    }
    bench.report.grow(Growth { job: "remind of an entry and deliver the message (on the wall)".to_owned(), points });
    Ok(())
}

/// A vault with a reminder of every entry in a year, and of [`DUE`] of them every day.
struct Due {
    clock: Arc<FixedClock>,
    cron: Session,
    _world: World,
}

struct Taken;

impl Notifier for Taken {
    fn deliver(&self, _: &OutboxMessage) -> Result<(), DeliveryError> {
        Ok(())
    }
}

impl Due {
    fn of(entries: u32) -> Fallible<Self> {
        let world = World::of(entries)?;
        let clock = Arc::new(FixedClock::new(Timestamp::from_millis(EPOCH_MS)));
        let vault = builder().clock(Arc::clone(&clock)).notifier(Taken).open(world.store.clone(), VAULT)?;
        let session = |principal| vault.session(principal, RequestContext::default());
        let root = session(Principal::admin_with_roles("1".to_owned().try_into()?, vec![RoleId::new("full")?]));
        let (settings, revision) = root.settings()?;
        let yearly = Period { count: 10, unit: PeriodUnit::Years };
        let reminders = ReminderDefaults { change_every: Some(yearly), ..ReminderDefaults::default() };
        root.update_settings(&Settings { reminders, ..settings }, revision)?;
        let cron = session(Principal::system());
        let due = Self { clock, cron, _world: world };
        due.run();
        let anna = session(Principal::client(ClientId::new("anna")?));
        let daily = Period { count: 1, unit: PeriodUnit::Days };
        let reminder = EntryReminder { change_every: Choice::Set(daily), ..EntryReminder::default() };
        let page = anna.list_entries(&EntryQuery { limit: DUE, ..EntryQuery::default() })?;
        for view in &page.entries {
            anna.set_reminder(view.id, view.head.version, &reminder)?;
        }
        // The first days bring messages of several days to their hours.
        for _ in 0..3 {
            due.day(Watch::Wall);
        }
        Ok(due)
    }

    /// A day's reminders.
    fn day(&self, watch: Watch) -> Duration {
        self.clock.advance(DAY_MS);
        let (sent, took) = watch.time(|| self.run());
        assert!(sent <= 2 * u64::from(DUE), "{sent} messages in a day");
        took
    }

    fn run(&self) -> u64 {
        let mut sent = 0;
        loop {
            let report = self.cron.run_due(self.clock.now()).expect("run");
            for job in &report.jobs {
                assert!(job.error.is_none(), "{job:?}");
            }
            sent += report.job("delivery").map_or(0, |job| job.done);
            if !report.more() {
                return sent;
            }
        }
    }
}

/// The same queue and outbox as rows of as many bytes.
struct Plain {
    database: Connection,
    now: i64,
    _directory: TempDir,
}

impl Plain {
    fn of(rows: u32) -> Fallible<Self> {
        let directory = tempfile::tempdir()?;
        let mut database = Connection::open(directory.path().join("plain.db"))?;
        database.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        database.execute_batch(
            "PRAGMA synchronous = FULL;
            CREATE TABLE due (at INTEGER, id INTEGER, body BLOB, PRIMARY KEY (at, id)) STRICT, WITHOUT ROWID;
            CREATE TABLE message (at INTEGER, id INTEGER, body BLOB, PRIMARY KEY (at, id)) STRICT, WITHOUT ROWID;",
        )?;
        let transaction = database.transaction()?;
        for id in 0..rows {
            let at = if id < DUE { 0 } else { i64::MAX - i64::from(id) };
            transaction.prepare_cached("INSERT INTO due VALUES (?1, ?2, ?3)")?.execute((at, id, [7_u8; 240]))?;
        }
        transaction.commit()?;
        Ok(Self { database, now: 0, _directory: directory })
    }

    fn day(&mut self, watch: Watch) -> Duration {
        self.now += DAY_MS;
        watch.time(|| self.run().expect("run")).1
    }

    fn run(&mut self) -> Fallible<()> {
        let now = self.now;
        let transaction = self.database.transaction()?;
        for (at, id) in
            wanted(&transaction, "SELECT at, id FROM due WHERE at <= ?1 ORDER BY at, id LIMIT ?2", now, DUE)?
        {
            let mut moved = transaction.prepare_cached("UPDATE due SET at = ?1 WHERE at = ?2 AND id = ?3")?;
            moved.execute((now + DAY_MS, at, id))?;
            let mut written = transaction.prepare_cached("INSERT INTO message VALUES (?1, ?2, ?3)")?;
            written.execute((now, id, [7_u8; 700]))?;
        }
        transaction.commit()?;
        loop {
            let transaction = self.database.transaction()?;
            let claim = "SELECT at, id FROM message WHERE at <= ?1 ORDER BY at, id LIMIT ?2";
            let claimed = wanted(&transaction, claim, now, CLAIMED)?;
            for (at, id) in &claimed {
                let mut moved = transaction.prepare_cached("UPDATE message SET at = ?1 WHERE at = ?2 AND id = ?3")?;
                moved.execute((now + 1, at, id))?;
            }
            transaction.commit()?;
            if claimed.is_empty() {
                return Ok(());
            }
            for (_, id) in claimed {
                let mut settled = self.database.prepare_cached("DELETE FROM message WHERE at = ?1 AND id = ?2")?;
                settled.execute((now + 1, id))?;
            }
        }
    }
}

fn wanted(database: &Connection, query: &str, now: i64, limit: u32) -> Fallible<Vec<(i64, i64)>> {
    let mut statement = database.prepare_cached(query)?;
    let rows = statement.query_map((now, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Entries that are due on a day.
const DUE: u32 = 64;
/// Messages taken for delivery at once, as scheduled work takes them.
const CLAIMED: u32 = 8;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
