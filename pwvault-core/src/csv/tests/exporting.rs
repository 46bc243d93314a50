//! What other dialects keep.

use super::*;
use crate::model::{EntryDraft, EntryKind, FieldDraft};

fn full() -> EntryDraft {
    EntryDraft {
        name: "Panel".to_owned(),
        kind: EntryKind::Note,
        username: "anna".to_owned(),
        website: "https://example.com".to_owned(),
        login_url: "https://login.example.com".to_owned(),
        password: "p\"q\nr,s".into(),
        notes: "first\nsecond".into(),
        totp: "otpauth://totp/a?secret=B".into(),
        fields: vec![FieldDraft { name: "PIN".to_owned(), value: "12".into(), secret: true }],
        private: true,
        ..EntryDraft::default()
    }
}

fn export(dialect: &dyn Dialect, draft: &EntryDraft) -> (String, Written) {
    let tags = ["a".to_owned(), "b".to_owned()];
    let row = ExportRow { draft, folder: "Work", tags: &tags, created_at: None, updated_at: None };
    let mut out = Vec::new();
    let written = write(&mut out, dialect, ExportMode::Exact, [row]).unwrap();
    (String::from_utf8(out).unwrap(), written)
}

/// The parts of an entry that reading it back did not give.
fn missing(row: &ImportRow, draft: &EntryDraft) -> Vec<Part> {
    let back = &row.draft;
    [
        (back.kind != draft.kind, Part::Kind(draft.kind)),
        (back.login_url != draft.login_url, Part::LoginUrl),
        (back.notes.expose() != draft.notes.expose(), Part::Notes),
        (back.totp.expose() != draft.totp.expose(), Part::Totp),
        (back.fields.len() != draft.fields.len(), Part::Fields),
        (back.private != draft.private, Part::Private),
        (row.folder.as_deref() != Some("Work"), Part::Folder),
        (row.tags != ["a", "b"], Part::Tags),
    ]
    .into_iter()
    .filter_map(|(missing, part)| missing.then_some(part))
    .collect()
}

#[test]
fn every_dialect_reads_its_own_export_and_reports_the_rest() {
    for dialect in DIALECTS {
        let draft = full();
        let (file, written) = export(*dialect, &draft);
        let import = import(&file, None);
        // Passbolt writes the columns of KeePassX.
        let found = if dialect.name() == "passbolt" { "keepassxc" } else { dialect.name() };
        assert_eq!(import.sniffed().dialect, found);
        let RowOutcome::Import(row) = outcomes(&import).remove(0) else { panic!("{}", dialect.name()) };
        assert_eq!(row.draft.password.expose(), draft.password.expose(), "{}", dialect.name());
        assert_eq!(row.draft.username, draft.username);
        let lost: Vec<_> = written.losses.iter().map(|loss| loss.part).collect();
        assert_eq!(lost, missing(&row, &draft), "{}", dialect.name());
    }
}

#[test]
fn kinds_a_dialect_lacks_are_reported() {
    for kind in [EntryKind::Server, EntryKind::LicenceKey] {
        let draft = EntryDraft { name: "a".to_owned(), kind, ..EntryDraft::default() };
        for dialect in DIALECTS.iter().filter(|dialect| dialect.name() != "pwvault") {
            let (_, written) = export(*dialect, &draft);
            assert!(written.losses.contains(&Loss { row: 1, part: Part::Kind(kind) }), "{}", dialect.name());
        }
    }
}

#[test]
fn every_dialect_is_found_by_its_name_and_knows_its_columns() {
    for dialect in DIALECTS {
        assert_eq!(super::dialect(dialect.name()).unwrap().name(), dialect.name());
        let known: Vec<_> = dialect.columns().iter().map(|(name, _)| *name).collect();
        for name in dialect.headers().iter().flat_map(|header| header.iter()) {
            assert!(known.iter().any(|known| known.eq_ignore_ascii_case(name)), "{} {name}", dialect.name());
        }
        assert!(dialect.required().iter().all(|name| known.contains(name)));
    }
}
