//! Many at once: a link of N views opens N times, a request takes one answer.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use pwvault_core::id::RecordKind;
use pwvault_core::store::SqliteStore;
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{LinkOptions, LinkSecret, RequestSecret};
use pwvault_core::{RequestContext, Timestamp, Vault, VaultError};

use crate::locked::{self, SharedClock, VAULT};
use crate::world::{annas, asking, client, create, entry_of, records, root, staff_key};

fn clock() -> SharedClock {
    SharedClock(Arc::new(FixedClock::new(Timestamp::from_millis(1_800_000_000_000))))
}

struct Prepared {
    vault: Vault,
    store: Arc<SqliteStore>,
    link: String,
    request: String,
}

fn prepare(path: &Path) -> Prepared {
    let store = Arc::new(SqliteStore::open(path).unwrap());
    let vault = create(store.clone(), &clock());
    let anna = client(&vault, "anna");
    let link = anna.create_link(entry_of(&anna), &LinkOptions { views: VIEWS, ..LinkOptions::default() }).unwrap();
    let root = root(&vault);
    let (key, _) = staff_key(&root);
    let request = root.request_credentials(&asking(key, annas())).unwrap();
    let (link, request) = (link.fragment().expose().to_owned(), request.token().expose().to_owned());
    Prepared { vault, store, link, request }
}

/// How often a link was opened and a request answered by someone who tries this often.
fn try_both(vault: &Vault, link: &str, request: &str, times: u32) -> (u32, u32) {
    let link = LinkSecret::from_fragment(link).unwrap();
    let request = RequestSecret::from_token(request).unwrap();
    let (mut opened, mut answered) = (0, 0);
    for _ in 0..times {
        opened += once(|| vault.open_link(&link, None, RequestContext::default()).map(drop));
        let values = ["anna".into(), "s3cret".into(), "0815".into()];
        answered += once(|| vault.fill_request(&request, &values, RequestContext::default()).map(drop));
    }
    (opened, answered)
}

/// Whether it was done; a lost race is tried again.
fn once(attempt: impl Fn() -> Result<(), VaultError>) -> u32 {
    loop {
        match attempt() {
            Ok(()) => return 1,
            Err(VaultError::Ended { .. }) => return 0,
            Err(VaultError::Busy) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn sixteen_threads_open_a_link_n_times_and_answer_once() {
    let directory = tempfile::tempdir().unwrap();
    let Prepared { vault, store, link, request } = prepare(&directory.path().join("vault.db"));
    let counts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(|| try_both(&vault, &link, &request, 2))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(counts.iter().map(|(opened, _)| opened).sum::<u32>(), VIEWS);
    assert_eq!(counts.iter().map(|(_, answered)| answered).sum::<u32>(), 1);
    assert_eq!(records(store.as_ref(), RecordKind::Entry).len(), 2);
}

/// Run as a child by the test below.
#[test]
fn a_process_that_opens_and_answers() {
    let Ok(path) = std::env::var(DATABASE) else { return };
    let store = Arc::new(SqliteStore::open(Path::new(&path)).unwrap());
    let vault = locked::builder(&clock()).open(store, VAULT).unwrap();
    let [link, request] = [LINK, REQUEST].map(|name| std::env::var(name).unwrap());
    let (opened, answered) = try_both(&vault, &link, &request, 8);
    println!("opened {opened} answered {answered} end");
}

#[test]
fn four_processes_open_a_link_n_times_and_answer_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("vault.db");
    let Prepared { vault: _, store, link, request } = prepare(&path);
    let children: Vec<_> = (0..4)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "--nocapture", "races::a_process_that_opens_and_answers"])
                .envs([(DATABASE, path.to_str().unwrap()), (LINK, &link), (REQUEST, &request)])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let (mut opened, mut answered) = (0, 0);
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let after = |word: &str| text.split_once(word).unwrap().1.split_whitespace().next().unwrap().parse::<u32>();
        opened += after("opened ").unwrap();
        answered += after("answered ").unwrap();
    }
    assert_eq!((opened, answered), (VIEWS, 1));
    assert_eq!(records(store.as_ref(), RecordKind::Entry).len(), 2);
}

/// More than two threads would get, fewer than all ask for.
const VIEWS: u32 = 20;
const DATABASE: &str = "PWV_LINKS_DATABASE";
const LINK: &str = "PWV_LINKS_LINK";
const REQUEST: &str = "PWV_LINKS_REQUEST";
