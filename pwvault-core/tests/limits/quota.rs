//! The quota of an account.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use pwvault_core::model::Settings;
use pwvault_core::store::{MemoryStore, SqliteStore, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Count, EntryFilter, ImportOptions};
use pwvault_core::{ClientId, EntryDraft, EntryId, Owner, Session, Vault, VaultBuilder, VaultError};

use crate::host::{VAULT, admin, client, kek, vault_over};

fn limited(store: Arc<dyn Store>, quota: u32) -> Vault {
    vault_over(store, Settings { entry_quota: Some(quota), ..Settings::default() })
}

fn draft(owner: Option<Owner>) -> EntryDraft {
    EntryDraft { name: "one".into(), password: "secret".into(), owner, ..EntryDraft::default() }
}

fn create(session: &Session) -> Result<EntryId, VaultError> {
    session.create_entry(&draft(None))
}

fn is_full(result: Result<impl Sized, VaultError>) -> bool {
    matches!(result, Err(VaultError::QuotaReached { .. }))
}

#[test]
fn an_account_owns_no_more_than_its_quota_on_any_path() {
    let vault = limited(Arc::new(MemoryStore::new()), 3);
    let (anna, boss) = (client(&vault, "anna"), admin(&vault, "boss", &["full"]));
    let first = create(&anna).unwrap();
    create(&anna).unwrap();

    // Staff who create for the client stand under the client's quota, and so does an import.
    let annas = Some(Owner::Client(ClientId::new("anna").unwrap()));
    boss.create_entry(&draft(annas.clone())).unwrap();
    assert!(is_full(create(&anna)));
    assert!(is_full(boss.create_entry(&draft(annas))));
    let import = |session: &Session| {
        let two_rows = b"name,url,username,password\na,,x,1\nb,,y,2\n";
        session.import(two_rows, &ImportOptions::default(), &mut |_, _| {})
    };
    assert!(is_full(import(&anna)));

    // The trash does not count, and what comes out of it does.
    anna.trash_entries(&[first]).unwrap();
    assert!(is_full(import(&anna)), "two rows where one entry is free");
    create(&anna).unwrap();
    assert!(is_full(anna.restore_entries(&[first])));
    assert!(anna.entry(first).unwrap().head.trashed.is_some(), "a refused restore changes nothing");

    // Neither other accounts nor administrators' own entries are touched by it.
    create(&client(&vault, "bert")).unwrap();
    for _ in 0..5 {
        create(&boss).unwrap();
    }
    assert_eq!(anna.count_entries(&EntryFilter::default()).unwrap(), Count::Exactly(3));
}

#[test]
fn the_refusal_says_how_many_are_owned_and_allowed() {
    let vault = limited(Arc::new(MemoryStore::new()), 1);
    let anna = client(&vault, "anna");
    create(&anna).unwrap();
    let refused = create(&anna).unwrap_err();
    assert!(matches!(refused, VaultError::QuotaReached { limit: 1, owned: 1, added: 1 }));
    assert_eq!(
        refused.to_string(),
        "the account would own 2 entries, and 1 are allowed; delete some, or raise the quota"
    );
}

#[test]
fn a_quota_set_later_counts_what_is_there() {
    let vault = vault_over(Arc::new(MemoryStore::new()), Settings::default());
    let (anna, boss) = (client(&vault, "anna"), admin(&vault, "boss", &["full"]));
    for _ in 0..4 {
        create(&anna).unwrap();
    }
    let (settings, revision) = boss.settings().unwrap();
    boss.update_settings(&Settings { entry_quota: Some(2), ..settings }, revision).unwrap();
    assert!(is_full(create(&anna)));
    assert_eq!(anna.count_entries(&EntryFilter::default()).unwrap(), Count::Exactly(4), "nothing is taken away");
}

/// Creates until the account is full; a lost race is tried again.
fn fill(vault: &Vault, times: u32) -> u32 {
    let anna = client(vault, "anna");
    let once = || loop {
        match create(&anna) {
            Ok(_) => break 1,
            Err(VaultError::QuotaReached { .. }) => break 0,
            Err(VaultError::Busy) => {}
            Err(other) => panic!("{other}"),
        }
    };
    (0..times).map(|_| once()).sum()
}

#[test]
fn sixteen_threads_do_not_get_past_the_quota() {
    let directory = tempfile::tempdir().unwrap();
    let vault = limited(Arc::new(SqliteStore::open(directory.path().join("vault.db")).unwrap()), 20);
    let made: u32 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(|| fill(&vault, 4))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(made, 20);
    let owned = client(&vault, "anna").count_entries(&EntryFilter::default()).unwrap();
    assert_eq!(owned, Count::Exactly(20));
}

/// Run as a child by the test below.
#[test]
fn a_process_that_fills_an_account() {
    let Ok(path) = std::env::var(DATABASE) else { return };
    let store = Arc::new(SqliteStore::open(Path::new(&path)).unwrap());
    let vault = VaultBuilder::new(kek()).open(store, VAULT).unwrap();
    println!("made {}", fill(&vault, 12));
}

#[test]
fn four_processes_do_not_get_past_the_quota() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("vault.db");
    let vault = limited(Arc::new(SqliteStore::open(&path).unwrap()), 20);
    let children: Vec<_> = (0..4)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "--nocapture", "quota::a_process_that_fills_an_account"])
                .env(DATABASE, &path)
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut made = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let (_, rest) = text.split_once("made ").unwrap();
        made += rest.split_whitespace().next().unwrap().parse::<u32>().unwrap();
    }
    assert_eq!(made, 20);
    let owned = client(&vault, "anna").count_entries(&EntryFilter::default()).unwrap();
    assert_eq!(owned, Count::Exactly(20));
}

const DATABASE: &str = "PWV_QUOTA_DATABASE";
