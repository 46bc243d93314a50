//! A store that lies: about loads, pages, commits and itself.

use pwvault_core::audit::{AuditError, Finding, VerifyOptions, VerifyReport};
use pwvault_core::envelope::Keyring;
use pwvault_core::id::RecordKind;
use pwvault_core::model::{AccessMode, Actions, Grantee};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{Page, Record, RecordKey, Rows, StoreError};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Count, EntryFilter, EntryQuery, LogFilter, VaultKey};
use pwvault_core::{EntryDraft, EntryPatch, VaultError};

use crate::evil::{Furnished, Ledger, Site};
use crate::locked::{client, draft, version};

type Operation = (&'static str, Box<dyn Fn(&Furnished) -> Result<(), VaultError>>);

fn operation(name: &'static str, run: impl Fn(&Furnished) -> Result<(), VaultError> + 'static) -> Operation {
    (name, Box::new(run))
}

/// What a client does, each reading one sort of record or another.
fn operations() -> Vec<Operation> {
    let anna = |home: &Furnished| home.site.client("anna").with_ticket(home.ticket.clone());
    vec![
        operation("entry", move |home| anna(home).entry(home.entries[0].0).map(drop)),
        operation("reveal", move |home| anna(home).reveal(home.entries[0].0).map(drop)),
        operation("reveal locked", move |home| anna(home).reveal(home.guarded).map(drop)),
        operation("reveal past", move |home| {
            let (past, entry, owner) = home.past[0];
            home.unlocked(owner).reveal_past(entry, past).map(drop)
        }),
        operation("update", move |home| {
            let patch = EntryPatch { username: Some("new".into()), ..EntryPatch::default() };
            let version = anna(home).entry(home.entries[0].0)?.head.version;
            anna(home).update_entry(home.entries[0].0, version, &patch).map(drop)
        }),
        operation("trash", move |home| anna(home).trash_entries(&[home.entries[0].0])),
        operation("create locked", move |home| {
            anna(home).create_entry(&EntryDraft { keys: vec![home.keys[0]], ..draft("new") }).map(drop)
        }),
        operation("key", move |home| anna(home).key(home.keys[0]).map(drop)),
    ]
}

#[test]
fn records_of_another_key_are_refused() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 12);
    let others: Vec<Record> = home.site.records();
    let (mut made, mut refused) = (0, 0);
    for (name, run) in operations() {
        for kind in RecordKind::ALL {
            let of_kind: Vec<_> = others.iter().filter(|record| record.key.kind == kind).cloned().collect();
            let Some(other) = of_kind.last().cloned() else { continue };
            home.site.store.lie_on_load(move |keys, truth| {
                let swap = |(key, record): (&RecordKey, Option<Record>)| {
                    if key.kind == kind && *key != other.key { Some(other.clone()) } else { record }
                };
                keys.iter().zip(truth).map(swap).collect()
            });
            let done = run(&home);
            home.site.store.be_honest();
            // Otherwise nothing of this kind was read.
            if let Err(error) = done {
                made += 1;
                let told = is_bad_answer(&error);
                assert!(told, "{name} with another {kind:?}: {error:?}");
                refused += u64::from(told);
            }
        }
    }
    ledger.enter("lie", "loads that give the record of another key", made, refused);
}

#[test]
fn pages_that_repeat_add_or_never_end_are_refused() {
    type Lie = fn(Page, &Record) -> Page;
    type Read<'a> = (&'a str, &'a dyn Fn() -> Result<(), VaultError>);
    let lies: [(&str, Lie); 5] = [
        ("repeat a row", |page, _| with_records(page, |records| records.extend(records.first().cloned()))),
        ("add a row of another kind", |page, other| with_records(page, |records| records.push(other.clone()))),
        ("turn back", |page, _| with_records(page, |records| records.reverse())),
        ("never end, empty", |page, other| Page { next: Some(other.key.id), ..with_records(page, Vec::clear) }),
        ("never end, with a row", |page, other| Page { next: Some(other.key.id), ..page }),
    ];
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 12);
    let foreign = home.site.records().into_iter().find(|record| record.key.kind == RecordKind::Key).unwrap();
    let (mut made, mut refused) = (0, 0);
    for (name, lie) in lies {
        let session = home.site.client("anna");
        let reads: [Read<'_>; 4] = [
            ("list", &|| session.list_entries(&EntryQuery::default()).map(drop)),
            ("count", &|| session.count_entries(&EntryFilter::default()).map(drop)),
            ("history", &|| session.history(home.past[0].1).map(drop)),
            ("verify", &|| home.site.root().verify_log(&VerifyOptions::default()).map(drop)),
        ];
        for (read, run) in reads {
            let foreign = foreign.clone();
            home.site.store.lie_on_scan(move |_, page| lie(page, &foreign));
            let done = run();
            home.site.store.be_honest();
            // One row can be neither repeated backwards nor turned round.
            if (name, read) == ("turn back", "history") {
                continue;
            }
            made += 1;
            let told = done.as_ref().is_err_and(is_bad_answer);
            assert!(told, "{read}, pages that {name}: {done:?}");
            refused += u64::from(told);
        }
    }
    ledger.enter("lie", "pages that repeat, add, turn back or never end", made, refused);
}

fn is_bad_answer(error: &VaultError) -> bool {
    matches!(
        error,
        VaultError::Store(StoreError::BadAnswer(_)) | VaultError::Audit(AuditError::Store(StoreError::BadAnswer(_)))
    )
}

fn with_records(page: Page, change: impl FnOnce(&mut Vec<Record>)) -> Page {
    let Page { rows: Rows::Records(mut records), next } = page else { return page };
    change(&mut records);
    Page { rows: Rows::Records(records), next }
}

#[test]
fn rows_left_out_of_pages() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 12);
    let anna = home.site.client("anna").with_ticket(home.ticket.clone());
    let hide = |kind: RecordKind| {
        home.site.store.lie_on_scan(move |query, page| {
            if query.kind == kind { Page { next: None, ..with_records(page, Vec::clear) } } else { page }
        });
    };

    // A past secret left out would stay under its old locks when the entry gets others.
    let (_, entry, _) = *home.past.iter().find(|(.., owner)| *owner == "anna").unwrap();
    hide(RecordKind::PastSecret);
    let seen = version(&anna, entry);
    let attached = anna.attach_keys(entry, seen, &[home.keys[0]]);
    let listed = anna.history(entry);
    let replaced =
        anna.update_entry(entry, seen, &EntryPatch { password: Some("third".into()), ..EntryPatch::default() });
    home.site.store.be_honest();
    assert!(matches!(attached, Err(VaultError::Tampered { .. })), "{attached:?}");
    assert!(matches!(listed, Err(VaultError::Tampered { .. })), "{listed:?}");
    assert!(matches!(replaced, Err(VaultError::Tampered { .. })), "{replaced:?}");
    ledger.enter("lie", "past secrets left out of a history", 3, 3);

    // Nothing says how many entries there are: a list may be cut short, and a later one is whole.
    let whole = anna.count_entries(&EntryFilter::default()).unwrap();
    hide(RecordKind::Entry);
    assert_eq!(anna.count_entries(&EntryFilter::default()).unwrap(), Count::Exactly(0));
    home.site.store.be_honest();
    assert_eq!(anna.count_entries(&EntryFilter::default()).unwrap(), whole);
    ledger.note("lie", "entries left out of a list: not seen by the list; seen by verify once the rows are gone");

    // The end of the log is known to whoever wrote it.
    hide(RecordKind::Event);
    let fresh = home.site.reopened();
    let blind = fresh.client("anna").reveal(home.entries[0].0);
    assert!(blind.is_err(), "an event cannot be written where one is: {blind:?}");
    home.site.store.be_honest();
    ledger.enter("lie", "the log left out, and written on", 1, 1);
}

#[test]
fn acknowledged_commits_that_never_happened() {
    let mut ledger = Ledger::default();
    let forgotten = [
        operation("reveal", |home| home.site.client("anna").reveal(home.entries[0].0).map(drop)),
        operation("create", |home| home.site.client("anna").create_entry(&draft("lost")).map(drop)),
        operation("trash", |home| home.site.client("bert").trash_entries(&[home.entries[1].0])),
        operation("change settings", |home| {
            let (settings, revision) = home.site.root().settings()?;
            home.site.root().update_settings(&settings, revision)
        }),
    ];
    let missed = |result: Result<(), VaultError>| {
        matches!(
            result,
            Err(VaultError::Audit(AuditError::Truncated { .. } | AuditError::Rewritten { .. })
                | VaultError::RolledBack { .. })
        )
    };
    let (mut made, mut refused) = (0, 0);
    for (_, run) in forgotten {
        let home = Furnished::new(Site::new(), 6);
        home.site.store.forget_commits(true);
        run(&home).unwrap();
        home.site.store.forget_commits(false);
        made += 2;
        refused += u64::from(missed(home.site.client("carl").reveal(home.entries[2].0).map(drop)));
        refused += u64::from(missed(home.site.vault.head().map(drop)));
    }
    ledger.enter("lie", "commits acknowledged and forgotten, missed by the next write and by the head", made, refused);

    // Another process cannot know; the head the host keeps can.
    let elsewhere = Furnished::new(Site::new(), 6);
    let before = elsewhere.site.store.dump();
    elsewhere.site.client("anna").reveal(elsewhere.entries[0].0).unwrap();
    let head = elsewhere.site.vault.head().unwrap();
    elsewhere.site.store.restore(before);
    let unaware = elsewhere.site.reopened();
    unaware.client("anna").reveal(elsewhere.entries[0].0).unwrap();
    let report = unaware.root().verify_log(&VerifyOptions::default()).unwrap();
    assert!(report.is_clean());
    ledger.note("lie", "a commit forgotten before another process opens the vault: not seen without a head");
    let refused = elsewhere.site.builder().open_at_least(elsewhere.site.store.clone(), elsewhere.site.id, &head);
    let refused =
        matches!(refused, Err(VaultError::Audit(AuditError::Rewritten { .. } | AuditError::Truncated { .. })));
    ledger.enter("lie", "the same, held against the head", 1, u64::from(refused));
    let heads = VerifyOptions { heads: head.shards, ..VerifyOptions::default() };
    let report = unaware.root().verify_log(&heads).unwrap();
    assert!(report.findings.iter().any(|finding| matches!(finding, Finding::RootMismatch { .. })), "{report}");
    unaware.root().read_log(&LogFilter::default()).unwrap();
}

fn verify(site: &Site) -> VerifyReport {
    site.root().verify_log(&VerifyOptions::default()).unwrap()
}

/// Genuine bytes that never landed, in place of those of the same revision that did.
#[test]
fn a_captured_revision_in_place_of_the_one_that_landed() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 12);
    let (site, entry) = (&home.site, home.entries[1].0);
    let row = site.key(RecordKind::Entry, entry);
    assert!(site.client("anna").reveal(entry).is_err());
    site.store.forget_commits(true);
    let put = GrantChange::put(Grantee::Client(client("anna")), Actions::VIEW_AND_REVEAL);
    site.reopened().client("bert").share(entry, &[put]).unwrap();
    site.store.forget_commits(false);
    let captured = site.store.versions(row).pop().unwrap();

    let fresh = site.reopened();
    let patch = EntryPatch { name: Some("Renamed".into()), ..EntryPatch::default() };
    let bert = fresh.client("bert");
    bert.update_entry(entry, version(&bert, entry), &patch).unwrap();
    assert_eq!(site.store.get(row).unwrap().revision, captured.revision);
    let revision = captured.revision;
    site.store.put(captured);
    // It is genuine, and so it opens.
    let finds = |finding| u64::from(verify(&fresh).findings.contains(&finding));
    let attack = "a change captured before it landed, put in place of another of the same revision: verify finds it";
    ledger.enter("lie", attack, 1, finds(Finding::Substituted { key: row, revision }));
    // Even after it was written on: a reveal notes in the entry who has seen the secret.
    fresh.client("anna").reveal(entry).unwrap();
    assert!(site.store.get(row).unwrap().revision > revision);
    ledger.enter("lie", "the same, written on since: verify finds it", 1, finds(Finding::Forked { key: row }));
}

/// The same with the policy and the keyring, which a host's head vouches for.
#[test]
fn a_captured_policy_or_keyring_in_place_of_the_one_that_landed() {
    let mut ledger = Ledger::default();
    let (mut made, mut refused, mut running, mut found) = (0, 0, 0, 0);
    for which in ["policy", "keyring"] {
        let home = Furnished::new(Site::new(), 6);
        let site = &home.site;
        let change = |site: &Site, access_mode: AccessMode| {
            if which == "keyring" {
                site.root().rotate_keys(VaultKey::Audit).unwrap();
                return;
            }
            let (mut settings, revision) = site.root().settings().unwrap();
            settings.access_mode = access_mode;
            site.root().update_settings(&settings, revision).unwrap();
        };
        let key = if which == "policy" { site.policy_key() } else { Keyring::record_key(site.id) };
        site.store.forget_commits(true);
        change(&site.reopened(), AccessMode::Full);
        site.store.forget_commits(false);
        let captured = site.store.versions(key).pop().unwrap();

        let revision = captured.revision;

        // Whoever made the change that landed knows it.
        let fresh = site.reopened();
        change(&fresh, AccessMode::default());
        let landed = site.store.get(key).unwrap();
        assert_eq!(landed.revision, revision);
        site.store.put(captured.clone());
        let told = fresh.client("anna").entry(home.entries[0].0);
        running += u64::from(matches!(told, Err(VaultError::Substituted { .. })));

        site.store.put(landed);
        let head = fresh.vault.head().unwrap();
        let open = || site.builder().open_at_least(site.store.clone(), site.id, &head);
        open().unwrap();
        site.store.put(captured);
        made += 1;
        refused += u64::from(matches!(open().map(drop), Err(VaultError::Substituted { .. })));
        let unaware = site.reopened();
        unaware.client("anna").entry(home.entries[0].0).unwrap();
        found += u64::from(verify(&unaware).findings.contains(&Finding::Substituted { key, revision }));
    }
    ledger.enter("lie", "a policy or keyring captured and put in place: opened with the host's head", made, refused);
    ledger.enter("lie", "the same under a running vault that made the change", made, running);
    ledger.enter("lie", "the same: verify finds it", made, found);
}
