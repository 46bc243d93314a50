//! Listing everything: every overview of a vault in one SQLite file, authenticated, opened and
//! decided about.

use std::hint::black_box;
use std::path::Path;

use pwvault_core::Session;
use pwvault_core::envelope::open_record;
use pwvault_core::id::RecordKind;
use pwvault_core::model::EntryHead;
use pwvault_core::store::{Query, Record, Store};
use pwvault_core::vault::EntryQuery;
use pwvault_core::vault::prelude::*;
use rusqlite::{Connection, OpenFlags};

use crate::Fallible;
use crate::jobs::Bench;
use crate::race::{Watch, each, race};
use crate::world::{VAULT, World};

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let world = bench.world(100_000)?;
    let session = world.everyone()?;
    let raw = Raw::open(&world.path)?;
    let sample = records(&world, 1_000)?;
    let [ours, scanned, opened] = race(
        Watch::Cpu,
        [each(|| list(&session)), each(|| raw.scan()), each(|| sample.iter().for_each(|record| open(&world, record)))],
    );
    let report = &mut bench.report;
    let reference = "the same rows scanned by SQLite, by reference";
    report.compare("list_100k_scan", "list and open 100,000 overviews", ours, reference, scanned, Some(4.0));
    report.compare(
        "open_heads_100k",
        "of which: open and decode their heads",
        opened * 100.0,
        reference,
        scanned,
        None,
    );
    #[cfg(feature = "peers")]
    keepass(bench)?;
    Ok(())
}

#[cfg(feature = "peers")]
fn keepass(bench: &mut Bench) -> Fallible<()> {
    use crate::world::{builder, see_everything};

    let world = bench.world(10_000)?;
    let file = crate::peers::keepass::file(10_000)?;
    let ours = || {
        let vault = builder().open(world.store.clone(), VAULT).expect("opened");
        list(&see_everything(&vault).expect("a session"))
    };
    let [ours, keepass] = race(Watch::Cpu, [each(ours), each(|| crate::peers::keepass::list(&file))]);
    let (job, reference) = ("open a vault of 10,000 entries and list them, no KDF", "keepass crate, a KDBX 4 file");
    bench.report.compare("list_10k_keepass", job, ours, reference, keepass, Some(1.0 / 12.0));
    Ok(())
}

/// Walks every page and counts the entries.
fn list(session: &Session) -> usize {
    let mut query = EntryQuery { limit: 1_000, ..EntryQuery::default() };
    let mut count = 0;
    loop {
        let page = session.list_entries(&query).expect("a page");
        count += page.entries.len();
        black_box(&page.entries);
        query.after = page.next;
        if query.after.is_none() {
            return count;
        }
    }
}

fn open(world: &World, record: &Record) {
    black_box(open_record::<EntryHead>(&world.keyring, RecordKind::Entry, record).expect("opened"));
}

fn records(world: &World, count: u32) -> Fallible<Vec<Record>> {
    let query = Query { limit: count, ..Query::new(VAULT, RecordKind::Entry) };
    Ok(world.store.scan(&query)?.into_records()?)
}

/// SQLite without a vault around it.
struct Raw(Connection);

impl Raw {
    fn open(path: &Path) -> Fallible<Self> {
        Ok(Self(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?))
    }

    /// Looks at every column of every entry without copying it.
    fn scan(&self) -> usize {
        let sql = "SELECT id, revision, labels, body FROM record WHERE vault = ?1 AND kind = ?2 ORDER BY id";
        let mut statement = self.0.prepare_cached(sql).expect("prepared");
        let mut rows = statement.query((VAULT.to_bytes(), RecordKind::Entry.number())).expect("rows");
        let mut bytes = 0;
        while let Some(row) = rows.next().expect("a row") {
            let blob = |at| row.get_ref(at).expect("a column").as_blob().map_or(0, <[u8]>::len);
            bytes += blob(0) + blob(2) + blob(3) + row.get::<_, i64>(1).map_or(0, |_| 8);
        }
        bytes
    }
}
