//! Importing CSV into a vault in SQLite.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use pwvault_core::Session;
use pwvault_core::vault::ImportOptions;
use pwvault_core::vault::prelude::*;
use rusqlite::Connection;

use crate::Fallible;
use crate::jobs::Bench;
use crate::race::{Watch, part, race};
use crate::sample::{Plain, entry_id};
use crate::world::World;

/// The argument with which this program only imports, to be looked at from outside.
pub const IMPORT_ALONE: &str = "--import-alone";

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let file = file(ROWS);
    let [ours, plain] = race(
        Watch::Cpu,
        [part(|watch| import(&file, watch).expect("imported")), part(|watch| insert(&file, watch).expect("inserted"))],
    );
    let (job, reference) = ("import 100,000 rows of CSV", "the same rows read by the csv crate, inserted by SQLite");
    bench.report.compare("import_100k", job, ours, reference, plain, Some(1.5));
    let peaks = [1_000, 10_000, ROWS].map(|rows| Ok(format!("{} for {rows} rows", peak_of(rows)?)));
    let peaks = peaks.into_iter().collect::<Fallible<Vec<_>>>()?;
    bench.report.note(format!("Most memory held while importing, file included: {}.", peaks.join(", ")));
    Ok(())
}

/// Imports so many rows and nothing else; prints the most memory held.
pub fn import_alone(rows: &str) -> Fallible<()> {
    import(&file(rows.parse()?), Watch::Cpu)?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = peak.and_then(|peak| peak.split_whitespace().next()).ok_or("no VmHWM")?.parse()?;
    println!("{} MiB", kib / 1024);
    Ok(())
}

fn peak_of(rows: u32) -> Fallible<String> {
    let output = Command::new(std::env::current_exe()?).args([IMPORT_ALONE, &rows.to_string()]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn import(file: &[u8], watch: Watch) -> Fallible<Duration> {
    let world = World::empty()?;
    let anna: Session = world.client("anna")?;
    let (report, took) = watch.time(|| anna.import(file, &ImportOptions::default(), &mut |_, _| {}));
    let (report, rows) = (report?, file.iter().filter(|byte| **byte == b'\n').count() - 1);
    if report.imported.len() == rows { Ok(took) } else { Err("the import lost rows".into()) }
}

/// What a program without a vault does: the rows in the clear, an index by owner, one transaction.
fn insert(file: &[u8], watch: Watch) -> Fallible<Duration> {
    let directory = tempfile::tempdir()?;
    let mut database = plain_database(&directory.path().join("plain.db"))?;
    let (done, took) = watch.time(|| -> Fallible<()> {
        let transaction = database.transaction()?;
        {
            let sql = "INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let mut statement = transaction.prepare(sql)?;
            let mut reader = csv::Reader::from_reader(file);
            let mut row = csv::StringRecord::new();
            let mut number = 0;
            while reader.read_record(&mut row)? {
                let id = entry_id(number).to_bytes();
                statement.execute((id, "anna", &row[0], &row[1], &row[2], &row[3], &row[4]))?;
                number += 1;
            }
        }
        transaction.commit()?;
        Ok(())
    });
    done.map(|()| took)
}

fn plain_database(path: &Path) -> Fallible<Connection> {
    let database = Connection::open(path)?;
    database.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    database.execute_batch(
        "PRAGMA synchronous = FULL;
        CREATE TABLE entry (
            id BLOB PRIMARY KEY, owner TEXT, name TEXT, url TEXT, username TEXT, password TEXT, notes TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX by_owner ON entry (owner, id);",
    )?;
    Ok(database)
}

/// A CSV of so many sample entries.
pub fn file(rows: u32) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["name", "url", "username", "password", "notes"]).expect("written");
    for number in 0..rows {
        let Plain { name, username, website, password, notes } = Plain::number(number);
        writer.write_record([name, website, username, password, notes]).expect("written");
    }
    writer.into_inner().expect("flushed")
}

const ROWS: u32 = 100_000;
