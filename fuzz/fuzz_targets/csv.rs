//! Any file, read in any dialect: every row is accounted for, and what was imported survives an
//! export in the own dialect and a second import, in both modes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pwvault_core::csv::{
    DIALECTS, Delimiter, ExportMode, ExportRow, ImportRow, Limits, ReadOptions, RowOutcome, dialect, read, write,
};
use pwvault_core::model::{EntryDraft, FieldDraft};

const LIMITS: Limits = Limits { bytes: 32 << 10, rows: 200, columns: 40, field_bytes: 4 << 10, record_bytes: 16 << 10 };

/// The own dialect writes custom fields as JSON, where a byte may take six.
const LIMITS_AGAIN: Limits = Limits { bytes: 1 << 20, columns: 256, record_bytes: 128 << 10, ..LIMITS };

/// Everything of a row as text that can be compared.
fn flat(row: &ImportRow) -> Vec<String> {
    let EntryDraft {
        name,
        kind,
        username,
        website,
        login_url,
        password,
        notes,
        totp,
        fields,
        private,
        keys,
        owner,
        service,
    } = &row.draft;
    assert!(keys.is_empty() && owner.is_none() && service.is_none(), "a file names no keys, owners or services");
    let mut flat: Vec<String> = [name, username, website, login_url].map(String::clone).to_vec();
    flat.extend([password, notes, totp].map(|secret| secret.expose().to_owned()));
    let folder = row.folder.as_deref().unwrap_or_default();
    flat.push(format!("{kind:?} {private} {folder:?} {:?} {:?} {:?}", row.tags, row.created_at, row.updated_at));
    flat.extend(
        fields.iter().map(|FieldDraft { name, value, secret }| format!("{name:?} {:?} {secret}", value.expose())),
    );
    flat
}

fn exported(rows: &[Box<ImportRow>], mode: ExportMode) -> Vec<u8> {
    let mut file = Vec::new();
    let rows = rows.iter().map(|row| ExportRow {
        draft: &row.draft,
        folder: row.folder.as_deref().unwrap_or_default(),
        tags: &row.tags,
        created_at: row.created_at,
        updated_at: row.updated_at,
    });
    let written = write(&mut file, dialect("pwvault").unwrap(), mode, rows).unwrap();
    assert!(written.losses.is_empty());
    file
}

fuzz_target!(|data: &[u8]| {
    let [choice, file @ ..] = data else { return };
    let options = ReadOptions {
        dialect: DIALECTS.get(usize::from(choice & 15)).copied(),
        delimiter: Delimiter::ALL.get(usize::from(choice >> 4 & 3)).copied(),
        limits: LIMITS,
        ..ReadOptions::default()
    };
    let Ok(import) = read(file, &options) else { return };
    let mut numbers = 0;
    let mut rows = Vec::new();
    for outcome in import.rows() {
        numbers += 1;
        match outcome.expect("a file that was found sound is read again") {
            RowOutcome::Import(row) => {
                assert_eq!(row.row, numbers);
                rows.push(row);
            }
            RowOutcome::Skip { row, .. } => assert_eq!(row, numbers),
            RowOutcome::Bad(problem) => assert_eq!(problem.row(), numbers),
        }
    }
    assert_eq!(numbers, import.row_count());

    for mode in [ExportMode::Exact, ExportMode::SpreadsheetSafe] {
        let file = exported(&rows, mode);
        let import = read(&file, &ReadOptions { limits: LIMITS_AGAIN, ..ReadOptions::default() }).unwrap();
        assert_eq!(import.row_count(), rows.len() as u64);
        for (before, after) in rows.iter().zip(import.rows()) {
            let RowOutcome::Import(after) = after.unwrap() else { panic!("row {} was not imported again", before.row) };
            assert_eq!(flat(before), flat(&after), "{mode:?}");
        }
    }
});
