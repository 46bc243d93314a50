//! Each trigger in each column, in both modes.

use super::*;
use crate::model::{EntryDraft, FieldDraft};

const TRIGGERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

fn entry(payload: &str) -> EntryDraft {
    EntryDraft {
        name: payload.to_owned(),
        username: payload.to_owned(),
        password: payload.into(),
        notes: payload.into(),
        totp: payload.into(),
        website: format!("https://example.com/?q=1;{}", payload.trim()),
        login_url: "https://example.com/,+1".to_owned(),
        fields: vec![FieldDraft { name: payload.to_owned(), value: payload.into(), secret: false }],
        ..EntryDraft::default()
    }
}

fn export(dialect_name: &str, mode: ExportMode, draft: &EntryDraft, payload: &str) -> String {
    let tags = [payload.to_owned()];
    let row = ExportRow { draft, folder: payload, tags: &tags, created_at: None, updated_at: None };
    let mut out = Vec::new();
    write(&mut out, dialect(dialect_name).unwrap(), mode, [row]).unwrap();
    String::from_utf8(out).unwrap()
}

/// All cells of a file as a spreadsheet sees it that splits at `delimiter`.
fn cells(file: &str, delimiter: u8) -> Vec<String> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(file.trim_start_matches('\u{FEFF}').as_bytes());
    reader.records().flat_map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn no_cell_starts_a_formula_in_any_dialect() {
    for dialect in DIALECTS {
        for trigger in TRIGGERS {
            let payload = format!("{trigger}cmd|' /C calc'!A0;{trigger}1,{trigger}2;\"{trigger}3\n{trigger}4");
            let draft = entry(&payload);
            let file = export(dialect.name(), ExportMode::SpreadsheetSafe, &draft, &payload);
            for cell in cells(&file, b',') {
                assert!(!cell.starts_with(TRIGGERS), "{} {cell:?}", dialect.name());
            }
            for cell in [b';', b'\t'].into_iter().flat_map(|delimiter| cells(&file, delimiter)) {
                let shown = cell.trim_start_matches(['\t', '\r', '\n']);
                assert!(!shown.starts_with(TRIGGERS), "{} {cell:?}", dialect.name());
            }
        }
    }
}

#[test]
fn exact_mode_changes_no_cell() {
    for trigger in TRIGGERS {
        let payload = format!("{trigger}1");
        let file = export("pwvault", ExportMode::Exact, &entry(&payload), &payload);
        let found = cells(&file, b',').into_iter().filter(|cell| *cell == payload).count();
        assert_eq!(found, 6, "name, username, password, notes, totp, folder: {file:?}");
    }
}

#[test]
fn the_guard_comes_off_row_by_row() {
    let header = "pwvault,name,password\n";
    let file = format!("{header}v1,'=a,'=b\nv1-safe,'=a,'=b\nv2,a,b\n");
    let import = import(&file, None);
    let outcomes = outcomes(&import);
    let passwords = outcomes.iter().map(|outcome| match outcome {
        RowOutcome::Import(row) => row.draft.password.expose(),
        RowOutcome::Bad(problem) => problem.kind().key(),
        RowOutcome::Skip { reason, .. } => reason.key(),
    });
    assert_eq!(passwords.collect::<Vec<_>>(), ["'=b", "=b", "bad_mark"]);
}
