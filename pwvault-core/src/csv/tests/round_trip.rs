//! Export and import of the own dialect give back what went in.

use proptest::prelude::*;

use super::*;
use crate::clock::Timestamp;
use crate::model::{EntryDraft, EntryKind, FieldDraft};

#[derive(Clone, Debug)]
struct Case {
    draft: EntryDraft,
    folder: String,
    tags: Vec<String>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

/// Everything of an entry as text that can be compared.
fn flat(draft: &EntryDraft, folder: &str, tags: &[String], times: [Option<Timestamp>; 2]) -> Vec<String> {
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
    } = draft;
    assert!(keys.is_empty() && owner.is_none() && service.is_none(), "not exported");
    let mut flat = vec![
        name.clone(),
        format!("{kind:?}"),
        username.clone(),
        website.clone(),
        login_url.clone(),
        password.expose().to_owned(),
        notes.expose().to_owned(),
        totp.expose().to_owned(),
        private.to_string(),
        folder.to_owned(),
        format!("{tags:?} {times:?}"),
    ];
    flat.extend(fields.iter().map(|field| format!("{:?}={:?} {}", field.name, field.value.expose(), field.secret)));
    flat
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        any::<String>(),
        "[-=+@'\",;\t\r\n \\\\a0\u{0}\u{FEFF}\u{FF1D}\u{FF20}\u{1F511}é&<>]{1,24}",
        "[=+@\t\r\n-][a-z\"',]{0,6} {0,2}",
        " {1,2}[a-z]{0,4} {1,2}",
        Just("&amp;&lt;script&gt;'; DROP TABLE entries; --".to_owned()),
    ]
}

/// A name as the vault takes it.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace(char::is_control, "=")).prop_filter("a name", |name| !name.is_empty())
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "https://[a-z]{1,8}\\.example(:8443)?/[a-z0-9,;=?&%'()-]{0,12}"]
}

fn draft() -> impl Strategy<Value = EntryDraft> {
    let kind = prop::sample::select(vec![EntryKind::Login, EntryKind::LicenceKey, EntryKind::Server, EntryKind::Note]);
    let field = (name(), text(), any::<bool>()).prop_map(|(name, value, secret)| FieldDraft {
        name,
        value: value.into(),
        secret,
    });
    let names = (name(), kind, text(), address(), address());
    let secrets = (text(), text(), text(), prop::collection::vec(field, 0..4), any::<bool>());
    (names, secrets).prop_map(
        |((name, kind, username, website, login_url), (password, notes, totp, fields, private))| EntryDraft {
            name,
            kind,
            username,
            website,
            login_url,
            password: password.into(),
            notes: notes.into(),
            totp: totp.into(),
            fields,
            private,
            ..EntryDraft::default()
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let time = || prop::option::of(any::<i64>().prop_map(Timestamp::from_millis));
    (draft(), text(), prop::collection::vec(text(), 0..3), time(), time())
        .prop_map(|(draft, folder, tags, created_at, updated_at)| Case { draft, folder, tags, created_at, updated_at })
}

fn export(cases: &[Case], mode: ExportMode) -> Vec<u8> {
    let rows = cases.iter().map(|case| ExportRow {
        draft: &case.draft,
        folder: &case.folder,
        tags: &case.tags,
        created_at: case.created_at,
        updated_at: case.updated_at,
    });
    let mut out = Vec::new();
    let written = write(&mut out, dialect("pwvault").unwrap(), mode, rows).unwrap();
    assert_eq!(written, Written { rows: cases.len() as u64, losses: Vec::new() });
    out
}

/// Entries in one file.
const AT_ONCE: u32 = 8;

/// How many random entries go out and come back; a long run asks for more.
fn entries() -> u32 {
    std::env::var("CSV_ROUND_TRIP").map_or(10_000, |number| number.parse().expect("a number of entries"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(entries() / AT_ONCE))]

    #[test]
    fn identity_in_both_modes(cases in prop::collection::vec(case(), AT_ONCE as usize)) {
        for mode in [ExportMode::Exact, ExportMode::SpreadsheetSafe] {
            let file = export(&cases, mode);
            let import = read(&file, &ReadOptions::default()).unwrap();
            prop_assert_eq!(import.sniffed().dialect, "pwvault");
            prop_assert_eq!(import.sniffed().confidence, Confidence::CERTAIN);
            prop_assert_eq!(import.row_count(), cases.len() as u64);
            let rows = outcomes(&import);
            prop_assert_eq!(rows.len(), cases.len());
            for (case, row) in cases.iter().zip(rows) {
                let RowOutcome::Import(row) = row else { panic!("{row:?}") };
                prop_assert_eq!(&row.remarks, &[]);
                prop_assert_eq!(
                    flat(&row.draft, row.folder.as_deref().unwrap_or(""), &row.tags, [row.created_at, row.updated_at]),
                    flat(&case.draft, &case.folder, &case.tags, [case.created_at, case.updated_at])
                );
            }
        }
    }

    #[test]
    fn the_csv_crate_reads_the_same_cells(cases in prop::collection::vec(case(), 4)) {
        let file = export(&cases, ExportMode::Exact);
        let mut reader = ::csv::ReaderBuilder::new().from_reader(&file[..]);
        for (case, record) in cases.iter().zip(reader.records()) {
            let record = record.unwrap();
            prop_assert_eq!(&record[1], case.draft.name.as_str());
            prop_assert_eq!(&record[4], case.draft.password.expose());
            prop_assert_eq!(&record[7], case.draft.notes.expose());
        }
    }
}

#[test]
fn an_entry_of_full_size_fits_in_its_worst_form() {
    use crate::model::limits::{ENTRY_MAX, FIELD_MAX};
    let field = |length: usize| FieldDraft { name: "f".to_owned(), value: "\u{1}".repeat(length).into(), secret: true };
    let draft = EntryDraft {
        name: "n".to_owned(),
        fields: vec![field(FIELD_MAX), field(FIELD_MAX), field(FIELD_MAX), field(FIELD_MAX - 5)],
        ..EntryDraft::default()
    };
    let case = Case { draft, folder: String::new(), tags: Vec::new(), created_at: None, updated_at: None };
    for mode in [ExportMode::Exact, ExportMode::SpreadsheetSafe] {
        let file = export(std::slice::from_ref(&case), mode);
        assert!(file.len() > 6 * (ENTRY_MAX - 5));
        let import = read(&file, &ReadOptions::default()).unwrap();
        let RowOutcome::Import(row) = outcomes(&import).remove(0) else { panic!("not imported") };
        assert_eq!(row.draft.fields[3].value.len(), FIELD_MAX - 5);
    }
}
