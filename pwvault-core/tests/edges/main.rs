//! Edges of a session: sizes on every path, places in lists, unlocking what is not one's own, files
//! imported twice, and how a host opens its files.
#![cfg(all(feature = "sqlite", feature = "csv"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../host/mod.rs"]
mod host;
mod opening;
mod stranger;
mod traps;

use std::sync::Arc;

use host::{admin, client, vault, vault_over};
use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::model::{AccessMode, Actions, FieldDraft, Grantee, Settings, StaffList, limits};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::MemoryStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    Cursor, Duplicates, EntryFilter, EntryPages, EntryQuery, EntrySort, ImportOptions, RowPlan, SecretPart, Selection,
};
use pwvault_core::{EntryDraft, EntryId, EntryPatch, RoleId, Session, VaultError};

fn named(name: &str) -> EntryDraft {
    EntryDraft { name: name.into(), ..EntryDraft::default() }
}

fn secret_field(name: &str, length: usize) -> FieldDraft {
    FieldDraft { name: name.into(), value: "x".repeat(length).into(), secret: true }
}

fn is_invalid<T: std::fmt::Debug>(answer: Result<T, VaultError>, field: &str) {
    assert!(matches!(answer, Err(VaultError::Invalid { field: found, .. }) if found == field), "not about {field}");
}

#[test]
fn no_change_makes_an_entry_larger_than_one_may_be() {
    let vault = vault();
    let anna = client(&vault, "anna");
    // 4 bytes below the limit: 1 for the name, 4 for the names of fields.
    let room = limits::ENTRY_MAX - 1 - 4 - 4;
    let fields = (0..4).map(|at| secret_field("f", room / 4 + usize::from(at < room % 4))).collect();
    let id = anna.create_entry(&EntryDraft { fields, ..named("n") }).unwrap();
    let username = |length: usize| EntryPatch { username: Some("u".repeat(length)), ..EntryPatch::default() };
    is_invalid(anna.update_entry(id, 1, &username(5)), "entry");
    assert_eq!(anna.update_entry(id, 1, &username(4)).unwrap(), 2);
    // What gets no longer is not asked for its size.
    assert_eq!(anna.update_entry(id, 2, &username(3)).unwrap(), 3);
    assert_eq!(anna.reveal(id).unwrap().fields.len(), 4);
}

#[test]
fn a_restored_secret_keeps_the_limits_of_an_entry() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let patch = |fields: Vec<FieldDraft>| EntryPatch { fields: Some(fields), ..EntryPatch::default() };
    let past_field = |id: EntryId| {
        let past = anna.history(id).unwrap();
        (past[0].id, SecretPart::Field(past[0].head.fields[0].id))
    };

    let id = anna.create_entry(&EntryDraft { fields: vec![secret_field("old", 1)], ..named("many") }).unwrap();
    anna.update_entry(id, 1, &patch((0..limits::FIELDS_MAX).map(|_| secret_field("new", 1)).collect())).unwrap();
    let (past, part) = past_field(id);
    is_invalid(anna.restore_secret(id, 2, past, &[part]), "fields");

    let full = limits::FIELD_MAX;
    let id = anna.create_entry(&EntryDraft { fields: vec![secret_field("old", full)], ..named("large") }).unwrap();
    anna.update_entry(id, 1, &patch(vec![secret_field("a", full), secret_field("b", full), secret_field("c", full)]))
        .unwrap();
    let (past, part) = past_field(id);
    is_invalid(anna.restore_secret(id, 2, past, &[part]), "entry");
    assert_eq!(anna.reveal(id).unwrap().fields.len(), 3);
}

/// Three entries of Anna's with a search limit that ends a page before her own entry is reached.
fn listed() -> (Session, Session) {
    let settings = Settings { search_limit: 100, ..Settings::default() };
    let vault = vault_over(Arc::new(MemoryStore::new()), settings);
    let anna = client(&vault, "anna");
    for at in 0..5 {
        anna.create_entry(&named(&format!("entry {at}"))).unwrap();
    }
    (anna, client(&vault, "bert"))
}

#[test]
fn a_cursor_is_good_for_its_person_filter_and_order_alone() {
    let (anna, bert) = listed();
    let query = EntryQuery { limit: 2, ..EntryQuery::default() };
    let page = anna.list_entries(&query).unwrap();
    let cursor = page.next.clone().unwrap();
    let last = page.entries.last().unwrap().id.to_bytes();
    assert!(!cursor.to_bytes().windows(16).any(|bytes| bytes == last), "a cursor shows no id");

    let after = |cursor: &Cursor, query: &EntryQuery| EntryQuery { after: Some(cursor.clone()), ..query.clone() };
    assert_eq!(anna.list_entries(&after(&cursor, &query)).unwrap().entries.len(), 2);
    let again = Cursor::from_bytes(cursor.to_bytes());
    let page_size = EntryQuery { limit: 1, ..query.clone() };
    assert_eq!(anna.list_entries(&after(&again, &page_size)).unwrap().entries.len(), 1);

    is_invalid(bert.list_entries(&after(&cursor, &query)), "after");
    let trash = EntryFilter { trashed: true, ..EntryFilter::default() };
    for other in [EntryQuery { sort: EntrySort::Name, ..query.clone() }, EntryQuery { filter: trash, ..query.clone() }]
    {
        is_invalid(anna.list_entries(&after(&cursor, &other)), "after");
    }
    for at in 0..cursor.to_bytes().len() {
        let mut bytes = cursor.to_bytes().to_vec();
        bytes[at] ^= 1;
        is_invalid(anna.list_entries(&after(&Cursor::from_bytes(&bytes), &query)), "after");
    }
    is_invalid(anna.list_entries(&after(&Cursor::from_bytes(&last), &query)), "after");
}

#[test]
fn pages_come_one_after_the_other() {
    let (anna, _) = listed();
    for sort in [EntrySort::NewestFirst, EntrySort::OldestFirst, EntrySort::Name, EntrySort::LastChanged] {
        let query = EntryQuery { limit: 2, sort, ..EntryQuery::default() };
        let pages: Result<Vec<_>, _> = EntryPages::new(&anna, query).collect();
        let mut names: Vec<_> = pages.unwrap().into_iter().flat_map(|page| page.entries).map(|e| e.head.name).collect();
        names.sort();
        assert_eq!(names, ["entry 0", "entry 1", "entry 2", "entry 3", "entry 4"], "{sort}");
    }
    let none = EntryQuery { limit: 0, ..EntryQuery::default() };
    let mut pages = EntryPages::new(&anna, none);
    assert!(pages.next().unwrap().is_err() && pages.next().is_none());
}

#[test]
fn in_mode_shared_a_list_opens_what_is_shared_and_nothing_else() {
    let staff = StaffList { admins: vec![], roles: vec![RoleId::new("support").unwrap()] };
    let settings = Settings { access_mode: AccessMode::Shared(staff), search_limit: 100, ..Settings::default() };
    let vault = vault_over(Arc::new(MemoryStore::new()), settings);
    let root = admin(&vault, "root", &["full"]);
    root.add_rule(&pwvault_core::model::RuleDraft {
        name: "Entries".into(),
        allow: vec![pwvault_core::model::Section::Entries],
        roles: vec![RoleId::new("support").unwrap()],
        ..Default::default()
    })
    .unwrap();
    let anna = client(&vault, "anna");
    let shared = anna.create_entry(&named("shared")).unwrap();
    let someone = Grantee::Client(pwvault_core::ClientId::new("someone").unwrap());
    anna.share(shared, &[GrantChange::put(someone.clone(), Actions::VIEW_AND_REVEAL)]).unwrap();
    // More entries that are not shared than a list may open.
    for at in 0..120 {
        anna.create_entry(&named(&format!("own {at}"))).unwrap();
    }
    let sam = admin(&vault, "sam", &["support"]);
    let page = sam.list_entries(&EntryQuery { sort: EntrySort::Name, ..EntryQuery::default() }).unwrap();
    assert_eq!(page.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [shared]);
    anna.share(shared, &[GrantChange::remove(someone)]).unwrap();
    assert!(sam.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());
}

const FILE: &str = "name,url,username,password,note\nMail,,anna,one,\nShop,,anna,two,\nMail,,anna,three,\n";

fn import(session: &Session, duplicates: Duplicates, good_rows_only: bool) -> Result<Vec<RowPlan>, VaultError> {
    let options = ImportOptions { duplicates, good_rows_only, ..ImportOptions::default() };
    let preview = session.preview_import(FILE.as_bytes(), &options)?;
    let report = session.import(FILE.as_bytes(), &options, &mut |_, _| {})?;
    assert_eq!(preview.rows, report.rows);
    Ok(report.rows.into_iter().map(|row| row.plan).collect())
}

fn count(session: &Session) -> usize {
    session.list_entries(&EntryQuery::default()).unwrap().entries.len()
}

#[test]
fn the_same_file_twice_changes_nothing_unless_asked_for() {
    let vault = vault();
    let anna = client(&vault, "anna");
    assert_eq!(
        import(&anna, Duplicates::default(), false).unwrap(),
        [RowPlan::Create, RowPlan::Create, RowPlan::Duplicate(None)]
    );
    assert_eq!(count(&anna), 2);
    let again = import(&anna, Duplicates::Skip, false).unwrap();
    assert!(again.iter().all(|plan| matches!(plan, RowPlan::Duplicate(_))), "{again:?}");
    assert_eq!(count(&anna), 2);
    let Err(VaultError::BadRows(report)) = import(&anna, Duplicates::Refuse, false) else { panic!() };
    assert_eq!(report.problems().count(), 3);
    import(&anna, Duplicates::Refuse, true).unwrap();
    assert_eq!(count(&anna), 2);
    import(&anna, Duplicates::Import, false).unwrap();
    assert_eq!(count(&anna), 5);
}

#[test]
fn private_rows_are_left_out_with_a_reason_where_private_entries_are_off() {
    let settings = Settings { private_entries: false, ..Settings::default() };
    let vault = vault_over(Arc::new(MemoryStore::new()), settings);
    let anna = client(&vault, "anna");
    let file = "pwvault,name,password,private\nv1,open,a,false\nv1,closed,b,true\n";
    let options = ImportOptions { good_rows_only: true, ..ImportOptions::default() };
    let preview = anna.preview_import(file.as_bytes(), &options).unwrap();
    assert!(matches!(&preview.rows[1].plan, RowPlan::Unfit { field: "private", .. }));
    let report = anna.import(file.as_bytes(), &options, &mut |_, _| {}).unwrap();
    assert_eq!((report.rows, report.imported.len()), (preview.rows, 1));
    let all = anna.import(file.as_bytes(), &ImportOptions::default(), &mut |_, _| {});
    assert!(matches!(all, Err(VaultError::BadRows(report)) if report.problems().count() == 1));
}

#[test]
fn a_folder_that_finds_no_room_as_a_field_is_not_lost_in_silence() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let columns: Vec<_> = (0..limits::FIELDS_MAX).map(|at| format!("c{at}")).collect();
    let values = vec!["x"; limits::FIELDS_MAX].join(",");
    let file = format!("name,password,folder,{}\nfull,a,Work,{values}\nnone,a,,{values}\n", columns.join(","));
    let options = ImportOptions { good_rows_only: true, ..ImportOptions::default() };
    let report = anna.import(file.as_bytes(), &options, &mut |_, _| {}).unwrap();
    assert!(matches!(report.rows[0].plan, RowPlan::Unfit { field: "fields", .. }), "{:?}", report.rows[0]);
    assert_eq!(report.rows[1].plan, RowPlan::Create);
}

#[test]
fn an_export_of_nothing_writes_a_header() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let mut out = Vec::new();
    let all = Selection::Filter(EntryFilter::default());
    anna.export(&mut out, &all, dialect("keepass").unwrap(), ExportMode::Exact).unwrap();
    assert_eq!(out, b"Account,Login Name,Password,Web Site,Comments\r\n");
}
