//! The files in `examples/data/` are what their names say, and nothing of them is lost on the way
//! through the own dialect.
#![cfg(feature = "csv")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;

use pwvault_core::csv::{ExportMode, ExportRow, ImportRow, ReadOptions, RowOutcome, dialect, read, write};

fn rows(file: &[u8], expected_dialect: &str) -> Vec<ImportRow> {
    let import = read(file, &ReadOptions::default()).unwrap();
    assert_eq!(import.sniffed().dialect, expected_dialect);
    let kept = import.rows().filter_map(|row| match row.unwrap() {
        RowOutcome::Import(row) => Some(*row),
        RowOutcome::Skip { .. } => None,
        RowOutcome::Bad(problem) => panic!("{expected_dialect}: {problem}"),
    });
    kept.collect()
}

fn text(row: &ImportRow) -> String {
    let draft = &row.draft;
    let fields: Vec<_> = draft.fields.iter().map(|f| (&f.name, f.value.expose(), f.secret)).collect();
    let secrets = (draft.password.expose(), draft.notes.expose(), draft.totp.expose(), fields);
    let open = (&draft.name, draft.kind, &draft.username, &draft.website, &draft.login_url, draft.private);
    format!("{open:?} {secrets:?} {:?} {:?} {:?} {:?}", row.folder, row.tags, row.created_at, row.updated_at)
}

/// Files are named after their dialects, but for these.
fn dialect_of(stem: &str) -> &str {
    match stem {
        "clients" => "bitwarden",
        "passbolt" => "keepassxc",
        other => other,
    }
}

#[test]
fn every_example_imports_and_survives_the_own_dialect() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data");
    let mut walked = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let original = rows(&fs::read(&path).unwrap(), dialect_of(&stem));
        assert!(original.len() >= 10, "{stem} has {} rows", original.len());
        for mode in [ExportMode::Exact, ExportMode::SpreadsheetSafe] {
            let entries = original.iter().map(|row| ExportRow {
                draft: &row.draft,
                folder: row.folder.as_deref().unwrap_or_default(),
                tags: &row.tags,
                created_at: row.created_at,
                updated_at: row.updated_at,
            });
            let mut out = Vec::new();
            write(&mut out, dialect("pwvault").unwrap(), mode, entries).unwrap();
            let back: Vec<_> = rows(&out, "pwvault").iter().map(text).collect();
            assert_eq!(back, original.iter().map(text).collect::<Vec<_>>(), "{stem}");
        }
        walked += 1;
    }
    assert!(walked > 0, "no examples");
}
