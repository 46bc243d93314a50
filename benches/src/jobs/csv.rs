//! Reading CSV with every cap in force.

use std::hint::black_box;

use pwvault_core::csv::{ReadOptions, RowOutcome, read};

use crate::Fallible;
use crate::jobs::Bench;
use crate::race::{Watch, each, race};

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let file = file();
    let drafts = || {
        let import = read(black_box(&file), &ReadOptions::default()).expect("read");
        import.rows().filter(|row| matches!(row, Ok(RowOutcome::Import(_)))).count()
    };
    let theirs = || {
        let mut reader = csv::Reader::from_reader(&file[..]);
        let mut record = csv::StringRecord::new();
        let mut cells = 0;
        while reader.read_record(&mut record).expect("a record") {
            cells += record.len();
        }
        cells
    };
    if drafts() != ROWS as usize || theirs() != ROWS as usize * 8 {
        return Err("a row was lost".into());
    }
    let [parsed, drafted, theirs] = race(
        Watch::Cpu,
        [
            each(|| read(black_box(&file), &ReadOptions::default()).expect("read").row_count()),
            each(drafts),
            each(theirs),
        ],
    );
    let reference = "csv crate, one record reused";
    let job = "check a CSV of 100,000 rows and 8 columns: encoding, quotes, every cap, dialect";
    bench.report.compare("csv_parse", job, parsed, reference, theirs, Some(1.5));
    bench.report.compare("csv_drafts", "and turn every row into a draft", drafted, reference, theirs, None);
    Ok(())
}

fn file() -> Vec<u8> {
    let mut text = String::from("name,url,login_url,username,password,notes,folder,tags\n");
    for n in 0..ROWS {
        text.push_str(&format!(
            "Mail {n:06},https://a{n:06}.org,https://b{n:06}.org,anna{n:06},s3cret-{n:06},\"a note, {n:06}\",Work,\n"
        ));
    }
    text.into_bytes()
}

const ROWS: u32 = 100_000;
