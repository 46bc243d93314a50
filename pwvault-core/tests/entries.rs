//! Entries through sessions: fields, limits, owners, private entries, the trash and bulk calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod host;

use std::sync::Arc;

use host::{admin, client, kek, vault, vault_over};
use pwvault_core::model::{AccessMode, EntryKind, FieldDraft, FieldValue, Owner, Settings, StaffList, Tier, limits};
use pwvault_core::store::{MemoryStore, Store};
use pwvault_core::testing::{FaultyStore, When};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Count, EntryFilter, EntryQuery, SecretPart};
use pwvault_core::{ClientId, EntryDraft, EntryId, EntryPatch, RoleId, VaultBuilder, VaultError};

fn named(name: &str) -> EntryDraft {
    EntryDraft { name: name.into(), ..EntryDraft::default() }
}

#[test]
fn every_field_comes_back_as_it_was_given() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let field = |name: &str, value: &str, secret| FieldDraft { name: name.into(), value: value.into(), secret };
    let draft = EntryDraft {
        name: "  Üñïçødé \u{1f511} ".into(),
        kind: EntryKind::Server,
        username: "root\ttab".into(),
        website: "https://example.com/?a=b&amp;c".into(),
        login_url: "http://example.com:8080/login".into(),
        password: " p&lt;w\u{0}\r\n\"' ".into(),
        notes: "line one\r\nline two".into(),
        totp: "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP".into(),
        fields: vec![field("port", "22", false), field("pin", "1234", true), field("pin", "", true)],
        ..EntryDraft::default()
    };
    let id = anna.create_entry(&draft).unwrap();
    let head = anna.entry(id).unwrap().head;
    assert_eq!(
        (head.name.as_str(), head.kind, head.username.as_str()),
        ("  Üñïçødé \u{1f511} ", EntryKind::Server, "root\ttab")
    );
    assert_eq!(head.website.as_deref(), Some("https://example.com/?a=b&amp;c"));
    assert_eq!(head.fields[0].value, FieldValue::Visible("22".into()));
    assert_eq!(head.fields[1].value, FieldValue::Secret);
    assert!(head.secret.has_totp && head.tier() == Tier::Vault && !head.is_locked());
    let secret = anna.reveal(id).unwrap();
    assert_eq!(secret.password.expose(), " p&lt;w\u{0}\r\n\"' ");
    assert_eq!(secret.notes.expose(), "line one\r\nline two");
    assert_eq!(secret.fields[0].value.expose(), "1234");
    let pin = anna.copy_secret(id, SecretPart::Field(head.fields[1].id)).unwrap();
    assert_eq!(pin.expose(), "1234");
}

#[test]
fn every_limit_holds_at_its_bound_and_nothing_is_written_above() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let text = |len: usize| "x".repeat(len);
    let url = |len: usize| format!("https://example.com/{}", "x".repeat(len - 20));
    let fields = |count: usize| vec![FieldDraft { name: "f".into(), ..FieldDraft::default() }; count];
    type Build = Box<dyn Fn(usize) -> EntryDraft>;
    let cases: Vec<(&str, usize, Build)> = vec![
        ("name", limits::NAME_MAX, Box::new(move |n| named(&text(n)))),
        ("username", limits::FIELD_MAX, Box::new(move |n| EntryDraft { username: text(n), ..named("e") })),
        ("website", limits::URL_MAX, Box::new(move |n| EntryDraft { website: url(n), ..named("e") })),
        ("login_url", limits::URL_MAX, Box::new(move |n| EntryDraft { login_url: url(n), ..named("e") })),
        ("password", limits::FIELD_MAX, Box::new(move |n| EntryDraft { password: text(n).into(), ..named("e") })),
        ("notes", limits::FIELD_MAX, Box::new(move |n| EntryDraft { notes: text(n).into(), ..named("e") })),
        ("totp", limits::FIELD_MAX, Box::new(move |n| EntryDraft { totp: text(n).into(), ..named("e") })),
        ("fields", limits::FIELDS_MAX, Box::new(move |n| EntryDraft { fields: fields(n), ..named("e") })),
        (
            "entry",
            limits::ENTRY_MAX,
            Box::new(move |n| {
                let value = |len: usize| FieldDraft { name: "f".into(), value: text(len).into(), secret: true };
                // One byte of name for the entry and for each field.
                let full = limits::FIELD_MAX;
                let fields = vec![value(full), value(full), value(full), value(n - 3 * full - 5)];
                EntryDraft { fields, ..named("e") }
            }),
        ),
    ];
    let mut kept = 0;
    for (field, max, build) in cases {
        for length in [max - 1, max] {
            anna.create_entry(&build(length)).unwrap_or_else(|error| panic!("{field} of {length}: {error}"));
            kept += 1;
        }
        let refused = anna.create_entry(&build(max + 1));
        assert!(
            matches!(&refused, Err(VaultError::Invalid { field: named, .. }) if *named == field),
            "{field}: {refused:?}"
        );
    }
    assert_eq!(anna.count_entries(&EntryFilter::default()).unwrap(), Count::Exactly(kept));
}

#[test]
fn staff_create_for_a_client_who_then_owns_it() {
    let vault = vault();
    let root = admin(&vault, "root", &["full"]);
    let owner = Owner::Client(ClientId::new("anna").unwrap());
    let id = root.create_entry(&EntryDraft { owner: Some(owner.clone()), ..named("for anna") }).unwrap();
    let seen = client(&vault, "anna").entry(id).unwrap();
    assert_eq!(seen.head.owner, owner);
    assert_eq!(seen.head.created_by, root.principal().person());
    assert!(root.reveal(id).is_err(), "what one creates for another is not one's own");
    let other = client(&vault, "bert").create_entry(&EntryDraft { owner: Some(owner), ..named("theft") });
    assert!(matches!(other, Err(VaultError::Denied(_))));
}

#[test]
fn private_beats_every_mode_role_and_list() {
    let staff = StaffList { admins: vec![], roles: vec![RoleId::new("support").unwrap()] };
    let modes = [AccessMode::Full, AccessMode::Restricted(staff.clone()), AccessMode::Shared(staff)];
    for access_mode in modes {
        let extended_roles = vec![RoleId::new("chief").unwrap()];
        let settings = Settings { access_mode, extended_roles, ..Settings::default() };
        let vault = vault_over(Arc::new(MemoryStore::new()), settings);
        let anna = client(&vault, "anna");
        let id = anna.create_entry(&EntryDraft { private: true, ..named("private") }).unwrap();
        for session in [admin(&vault, "1", &["support", "full"]), admin(&vault, "2", &["chief", "full"])] {
            assert!(session.reveal(id).is_err() && session.entry(id).is_err());
            assert!(session.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());
            assert_eq!(session.count_entries(&EntryFilter::default()).unwrap(), Count::Exactly(0));
        }
        assert!(anna.reveal(id).is_ok());
    }
}

#[test]
fn access_modes_open_clients_entries_as_far_as_they_say() {
    let staff = || StaffList { admins: vec![], roles: vec![RoleId::new("support").unwrap()] };
    let cases = [
        (AccessMode::Full, true, true, true),
        (AccessMode::Restricted(staff()), true, true, false),
        (AccessMode::Shared(staff()), false, true, false),
    ];
    for (access_mode, unshared, shared, others) in cases {
        let vault = vault_over(Arc::new(MemoryStore::new()), Settings { access_mode, ..Settings::default() });
        let anna = client(&vault, "anna");
        let plain = anna.create_entry(&named("plain")).unwrap();
        let given = anna.create_entry(&named("given")).unwrap();
        let grantee = pwvault_core::model::Grantee::Client(ClientId::new("bert").unwrap());
        let actions = pwvault_core::model::Actions::VIEW_AND_REVEAL;
        anna.share(given, &[pwvault_core::policy::GrantChange::put(grantee, actions)]).unwrap();
        let support = admin(&vault, "1", &["support", "full"]);
        let other = admin(&vault, "2", &["full"]);
        assert_eq!(support.reveal(plain).is_ok(), unshared);
        assert_eq!(support.reveal(given).is_ok(), shared);
        assert_eq!(other.reveal(plain).is_ok(), others);
        assert!(support.trash_entries(&[given]).is_err(), "a mode gives view and reveal, never more");
        let listed = support.list_entries(&EntryQuery::default()).unwrap().entries.len();
        assert_eq!(listed, usize::from(unshared) + usize::from(shared));
    }
}

#[test]
fn bulk_calls_do_all_or_nothing() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let mine: Vec<_> = (0..3).map(|n| anna.create_entry(&named(&format!("{n}"))).unwrap()).collect();
    let foreign = client(&vault, "bert").create_entry(&named("bert's")).unwrap();
    let mixed = [mine.as_slice(), &[foreign]].concat();
    assert!(matches!(anna.trash_entries(&mixed), Err(VaultError::NotFound)));
    assert_eq!(anna.count_entries(&EntryFilter::default()).unwrap(), Count::Exactly(3));
    assert!(matches!(anna.trash_entries(&[mine[0], mine[0]]), Err(VaultError::Invalid { .. })));
    assert!(matches!(anna.purge_entries(&mine), Err(VaultError::State(_))));
    anna.trash_entries(&mine).unwrap();
    let trash = EntryFilter { trashed: true, ..EntryFilter::default() };
    assert_eq!(anna.count_entries(&trash).unwrap(), Count::Exactly(3));
    anna.purge_entries(&mine).unwrap();
    assert_eq!(anna.count_entries(&trash).unwrap(), Count::Exactly(0));
}

#[test]
fn a_fault_at_every_store_call_leaves_all_or_nothing() {
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let plain = vault_over(Arc::clone(&memory), Settings::default());
    let anna = client(&plain, "anna");
    let id = anna.create_entry(&EntryDraft { password: "old".into(), ..named("entry") }).unwrap();
    let mut calls = 0;
    loop {
        let version = anna.entry(id).unwrap().head.version;
        let faulty = Arc::new(FaultyStore::new(Arc::clone(&memory)));
        let opened = VaultBuilder::new(kek()).open(faulty.clone(), plain.id()).unwrap();
        faulty.fail_call(faulty.calls() + 1 + calls, When::Before);
        let password = format!("new {calls}");
        let patch = EntryPatch { password: Some(password.as_str().into()), ..EntryPatch::default() };
        let done = client(&opened, "anna").update_entry(id, version, &patch);
        let now = anna.reveal(id).unwrap();
        let history = anna.history(id).unwrap().len();
        assert_eq!(history as u64 + 1, anna.entry(id).unwrap().head.secret.revision);
        match done {
            Ok(_) => {
                assert_eq!(now.password.expose(), password);
                break;
            }
            Err(error) => {
                assert!(matches!(error, VaultError::Store(_) | VaultError::Audit(_)), "call {calls}: {error}");
                assert_ne!(now.password.expose(), password, "call {calls} failed and yet landed");
            }
        }
        calls += 1;
        assert!(calls < 50, "an update takes fewer calls than this");
    }
    assert!(calls > 2, "no call was made to fail");
}

#[test]
fn what_is_absent_and_what_is_hidden_look_the_same() {
    let vault = vault();
    let id = client(&vault, "anna").create_entry(&named("hidden")).unwrap();
    let absent = EntryId::from_bytes([9; 16]);
    let bert = client(&vault, "bert");
    let texts = |id| {
        [
            format!("{:?}", bert.entry(id).unwrap_err()),
            format!("{:?}", bert.reveal(id).unwrap_err()),
            format!("{:?}", bert.trash_entries(&[id]).unwrap_err()),
            format!("{:?}", bert.challenge(id).unwrap_err()),
        ]
    };
    let before = vault.head().unwrap().shards[0].size;
    let hidden = texts(id);
    let events = vault.head().unwrap().shards[0].size - before;
    assert_eq!(hidden, texts(absent));
    assert_eq!(vault.head().unwrap().shards[0].size - before, 2 * events, "both leave the same events");
}
