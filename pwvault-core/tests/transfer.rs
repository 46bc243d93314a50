//! Import from and export to CSV, end to end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod host;

use host::{client, vault};
use pwvault_core::VaultError;
use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Duplicates, EntryFilter, EntryQuery, ImportOptions, RowPlan, RowReport, Selection};

const FILE: &str = "name,url,username,password,note\n\
    Mail,https://mail.example.com,anna,p&amp;w \"\"x\"\",\n\
    Shop,javascript:alert(1),anna,=1+1,\"two\nlines\"\n\
    Mail,https://mail.example.com,anna,other,\n";

#[test]
fn an_import_can_be_previewed_and_accounts_for_every_row() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let preview = anna.preview_import(FILE.as_bytes(), &ImportOptions::default()).unwrap();
    assert_eq!((preview.file.dialect, preview.rows.len(), preview.imported.len()), ("chrome", 3, 0));
    assert_eq!(preview.rows[2].plan, RowPlan::Duplicate(None));
    assert!(anna.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());

    let options = ImportOptions { ..ImportOptions::default() };
    let mut seen = Vec::new();
    let report = anna.import(FILE.as_bytes(), &options, &mut |done, all| seen.push((done, all))).unwrap();
    assert_eq!(report.imported.len(), 2);
    assert_eq!(seen.last(), Some(&(3, 3)));
    // The bytes of a password are nobody's business: no entity is decoded, no formula guarded.
    assert_eq!(anna.reveal(report.imported[1]).unwrap().password.expose(), "=1+1");
    let shop = anna.entry(report.imported[1]).unwrap();
    assert_eq!(shop.head.website, None);
    assert_eq!(shop.head.fields[0].name, "url");
}

#[test]
fn a_bad_row_refuses_the_file_unless_asked_otherwise() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let file = "name,url,username,password,note\nMail,,a,b,\nragged,row\n";
    let Err(VaultError::BadRows(report)) = anna.import(file.as_bytes(), &ImportOptions::default(), &mut |_, _| {})
    else {
        panic!("a ragged row was accepted");
    };
    assert_eq!(report.problems().count(), 1);
    assert!(anna.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());
    let options = ImportOptions { good_rows_only: true, ..ImportOptions::default() };
    assert_eq!(anna.import(file.as_bytes(), &options, &mut |_, _| {}).unwrap().imported.len(), 1);
}

#[test]
fn a_row_the_vault_does_not_accept_is_named_and_harms_no_other() {
    let vault = vault();
    let anna = client(&vault, "anna");
    // As a custom field these tags are over its limit, though the cell is not.
    let file = format!("name,password,tags\nMail,a,{}\nMail,b,\n\"two\nlines\",c,\n", "a;".repeat(22_000));
    let options = ImportOptions { good_rows_only: true, ..ImportOptions::default() };
    let preview = anna.preview_import(file.as_bytes(), &options).unwrap();
    let report = anna.import(file.as_bytes(), &options, &mut |_, _| {}).unwrap();
    assert_eq!(preview.rows, report.rows);
    assert!(matches!(report.rows[0], RowReport { row: 1, line: 2, plan: RowPlan::Unfit { field: "fields", .. }, .. }));
    assert_eq!((report.rows[1].plan.clone(), report.rows[2].plan.clone()), (RowPlan::Create, RowPlan::Create));
    assert_eq!(report.imported.len(), 2);
    assert_eq!(anna.entry(report.imported[1]).unwrap().head.name, "two lines");
    let all = anna.import(file.as_bytes(), &ImportOptions::default(), &mut |_, _| {});
    assert!(matches!(all, Err(VaultError::BadRows(report)) if report.problems().count() == 1));
}

#[test]
fn an_export_comes_back_the_same_in_both_modes() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let all = ImportOptions { duplicates: Duplicates::Import, ..ImportOptions::default() };
    anna.import(FILE.as_bytes(), &all, &mut |_, _| {}).unwrap();
    let own = dialect("pwvault").unwrap();
    for mode in [ExportMode::Exact, ExportMode::SpreadsheetSafe] {
        let mut file = Vec::new();
        let written = anna.export(&mut file, &Selection::Filter(EntryFilter::default()), own, mode).unwrap();
        assert_eq!((written.rows, written.losses.len()), (3, 0));
        let bert = client(&vault, &format!("bert {mode:?}"));
        let back = bert.import(&file, &all, &mut |_, _| {}).unwrap();
        assert_eq!(back.file.dialect, "pwvault");
        let mut again = Vec::new();
        bert.export(&mut again, &Selection::Filter(EntryFilter::default()), own, mode).unwrap();
        let without_times = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            let keep: Vec<_> = reader.headers().unwrap().iter().map(|name| !name.ends_with("_at")).collect();
            let row = |row: csv::StringRecord| -> Vec<String> {
                row.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(cell, _)| cell.to_owned()).collect()
            };
            reader.records().map(|record| row(record.unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(without_times(&file), without_times(&again));
    }
}

#[test]
fn nobody_exports_what_they_may_not_reveal() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let report = anna.import(FILE.as_bytes(), &ImportOptions::default(), &mut |_, _| {}).unwrap();
    let bert = client(&vault, "bert");
    let own = dialect("pwvault").unwrap();
    let mut file = Vec::new();
    let all = Selection::Filter(EntryFilter::default());
    assert_eq!(bert.export(&mut file, &all, own, ExportMode::Exact).unwrap().rows, 0);
    let mut none = Vec::new();
    let named = Selection::Ids(report.imported);
    assert!(matches!(bert.export(&mut none, &named, own, ExportMode::Exact), Err(VaultError::NotFound)));
    assert!(none.is_empty());
}
