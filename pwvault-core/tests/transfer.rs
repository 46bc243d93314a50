//! Import from and export to CSV, end to end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod host;

use host::{admin, client, vault};
use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::model::Owner;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Count, Duplicates, EntryFilter, EntryQuery, ImportOptions, RowPlan, RowReport, Selection};
use pwvault_core::{ClientId, VaultError};

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

#[test]
fn clients_imports_never_create_staff_tags() {
    let vault = vault();
    let (anna, root) = (client(&vault, "anna"), admin(&vault, "root", &["full"]));
    let red = root.create_tag("red").unwrap();
    let own = dialect("pwvault").unwrap();
    let file = b"folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n\
        red,,login,In a folder,,,,,anna,s3cret,\n";
    let foreign = anna.import(file, &ImportOptions::default(), &mut |_, _| {}).unwrap();
    assert_eq!(foreign.file.dialect, "bitwarden");
    // The own dialect has a column of tags; it is text of the file, whoever brings it.
    let tagged = b"name,password,tags\nTagged,s3cret,red;new\n";
    let options = ImportOptions::default();
    let by_client = anna.import(tagged, &options, &mut |_, _| {}).unwrap();
    let for_client = ImportOptions { owner: Some(Owner::Client(ClientId::new("anna").unwrap())), ..options };
    let by_staff = root.import(b"name,password,tags\nOther,s3cret,red\n", &for_client, &mut |_, _| {}).unwrap();
    let tags = root.tags().unwrap();
    assert_eq!(tags.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [red], "an import made a tag");
    let tagged = EntryFilter { tag: Some(red), ..EntryFilter::default() };
    assert_eq!(root.count_entries(&tagged).unwrap(), Count::Exactly(0));
    // What the files said is kept, as fields of the entries.
    let ids = [foreign.imported, by_client.imported, by_staff.imported].concat();
    let kept = ids.iter().filter(|id| !anna.entry(**id).unwrap().head.fields.is_empty()).count();
    assert_eq!((ids.len(), kept), (3, 3));
    // Nor does a client's export tell of tags that staff gave its entry.
    let all = EntryQuery::default();
    assert!(anna.list_entries(&all).unwrap().entries.iter().all(|entry| entry.head.tags.is_empty()));
    let mut out = Vec::new();
    anna.export(&mut out, &Selection::Ids(vec![ids[0]]), own, ExportMode::Exact).unwrap();
    assert!(!out.is_empty());
}

#[test]
fn an_export_takes_all_the_filtered_or_the_selected() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let file = b"name,password\nMail,one\nShop,two\nMailing list,three\n";
    let ids = anna.import(file, &ImportOptions::default(), &mut |_, _| {}).unwrap().imported;
    for id in &ids {
        assert_eq!(anna.entry(*id).unwrap().head.owner, Owner::Client(ClientId::new("anna").unwrap()));
    }
    let exported = |selection: &Selection| {
        let mut out = Vec::new();
        let own = dialect("pwvault").unwrap();
        anna.export(&mut out, selection, own, ExportMode::Exact).unwrap();
        let mut reader = csv::Reader::from_reader(out.as_slice());
        let at = reader.headers().unwrap().iter().position(|name| name == "name").unwrap();
        reader.records().map(|row| row.unwrap()[at].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(exported(&Selection::Filter(EntryFilter::default())), ["Mail", "Shop", "Mailing list"]);
    let mails = EntryFilter { text: Some("mail".into()), ..EntryFilter::default() };
    assert_eq!(exported(&Selection::Filter(mails)), ["Mail", "Mailing list"]);
    assert_eq!(exported(&Selection::Ids(vec![ids[2], ids[1]])), ["Mailing list", "Shop"]);
}
