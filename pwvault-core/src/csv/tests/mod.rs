//! Behaviour of the room through its own doors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod exporting;
mod guarding;
mod reading;
mod refusing;
mod round_trip;
mod sniffing;
mod splitting;

use super::*;

/// Reads `text` with the default options, or in the dialect of this name.
fn import<'a>(text: &'a str, name: Option<&str>) -> Import<'a> {
    let dialect = name.map(|name| dialect(name).expect("a dialect of this name"));
    read(text.as_bytes(), &ReadOptions { dialect, ..ReadOptions::default() }).expect("a sound file")
}

/// The outcomes of all rows.
fn outcomes(import: &Import<'_>) -> Vec<RowOutcome> {
    import.rows().map(|row| row.expect("a checked file")).collect()
}

/// All rows of a file of which every row is good.
fn rows(text: &str, name: Option<&str>) -> Vec<ImportRow> {
    let import = import(text, name);
    outcomes(&import)
        .into_iter()
        .map(|outcome| match outcome {
            RowOutcome::Import(row) => *row,
            other => panic!("not imported: {other:?}"),
        })
        .collect()
}

/// The custom fields of a row as plain text.
fn fields(row: &ImportRow) -> Vec<(&str, &str, bool)> {
    row.draft.fields.iter().map(|field| (field.name.as_str(), field.value.expose(), field.secret)).collect()
}
