//! How much memory hostile CSV takes, counted at the allocator. One test at a time, because the
//! counter is one for the process.
#![cfg(feature = "csv")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use pwvault_core::csv::{CsvError, Import, Limits, ReadOptions, RowOutcome, read};
use pwvault_core::vault::ImportOptions;
use pwvault_core::vault::prelude::*;

mod host;

struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system allocator unchanged; only sizes are counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(live, Relaxed);
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the pointer came from `alloc` above with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MIB: usize = 1024 * 1024;
const HEADER: &str = "name,url,username,password\n";

/// The most bytes that were live during `work`, beyond those live before it.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    let result = work();
    (result, PEAK.load(Relaxed) - before)
}

fn refusal(input: &[u8]) -> (String, usize) {
    let (result, peak) = peak(|| read(input, &ReadOptions::default()).map(|import| import.row_count()));
    (result.map_or_else(|error| error.key().to_owned(), |rows| format!("{rows} rows")), peak)
}

fn walk(input: &[u8]) -> (u64, usize) {
    let work = || {
        let import: Import<'_> = read(input, &ReadOptions::default())?;
        let mut imported = 0;
        for row in import.rows() {
            imported += u64::from(matches!(row?, RowOutcome::Import(_)));
        }
        Ok::<u64, CsvError>(imported)
    };
    let (imported, peak) = peak(work);
    (imported.expect("a sound file"), peak)
}

#[test]
fn memory_stays_far_below_the_input() {
    let small = 8 * MIB;

    let commas = ",".repeat(50 * MIB);
    let (verdict, peak) = refusal(commas.as_bytes());
    assert_eq!(verdict, "too_many_columns");
    assert!(peak < small, "commas in the header: {peak}");
    let (verdict, peak) = refusal(format!("{HEADER}{commas}").as_bytes());
    assert_eq!(verdict, "too_many_columns");
    assert!(peak < small, "commas in a row: {peak}");

    let open = format!("{HEADER}a,,b,\"{}", "x\n".repeat(25 * MIB));
    let (verdict, peak) = refusal(open.as_bytes());
    assert_eq!(verdict, "row_too_long");
    assert!(peak < small, "an open quote: {peak}");

    let lines = format!("{HEADER}{}", "\n".repeat(50 * MIB));
    let (verdict, peak) = refusal(lines.as_bytes());
    assert_eq!(verdict, "0 rows");
    assert!(peak < small, "blank lines: {peak}");

    let columns: String = (0..128).map(|column| format!(",c{column}")).collect();
    let row = format!("a,b{}\n", ",1".repeat(128));
    let (imported, peak) = walk(format!("name,password{columns}\n{}", row.repeat(100_000)).as_bytes());
    assert_eq!(imported, 100_000);
    assert!(peak < small, "many custom fields: {peak}");

    let wide: Vec<u8> = format!("{HEADER}{}", "a,,b,水水水水水水水水水水水水水水水水水水水水\n".repeat(50_000))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (imported, peak) = walk(&wide);
    assert_eq!(imported, 50_000);
    assert!(peak < 2 * wide.len() + small, "UTF-16: {peak} for {}", wide.len());
}

/// The largest files that are accepted, imported into SQLite. Run by `make csv-long`.
#[cfg(feature = "sqlite")]
#[test]
#[ignore = "takes minutes"]
fn an_import_of_the_largest_file_stays_within_four_times_the_cap() {
    let cap = Limits::default().bytes;
    let rows = usize::try_from(Limits::default().rows).expect("a number of rows");
    let folder = tempfile::tempdir().expect("a folder");
    // Most rows, most bytes, and both at once.
    for (name, rows, note) in [("rows", rows, 0), ("bytes", 1_000, 60_000), ("both", rows, 600)] {
        let store = pwvault_core::store::SqliteStore::open(folder.path().join(name)).expect("a store");
        let vault = host::vault_over(Arc::new(store), pwvault_core::model::Settings::default());
        let note = "n".repeat(note);
        let file: String = std::iter::once("name,url,username,password,note\n".to_owned())
            .chain((0..rows).map(|row| format!("Row {row},https://example.com/,anna,secret{row},{note}\n")))
            .collect();
        assert!(file.len() <= cap, "{name}: {}", file.len());
        let anna = host::client(&vault, "anna");
        let import = || anna.import(file.as_bytes(), &ImportOptions::default(), &mut |_, _| {}).expect("a sound file");
        let (report, peak) = peak(import);
        assert_eq!(report.imported.len(), rows);
        println!("{name}: {} MiB for {} MiB of CSV in {rows} rows", peak / MIB, file.len() / MIB);
        assert!(peak <= 4 * cap, "{name}: {} MiB", peak / MIB);
    }
}
