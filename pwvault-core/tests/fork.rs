//! A vault across `fork()`: no two processes ever draw the same bytes, and a child works on with
//! the vault its parent opened. Runs without the test harness, because a process with threads must
//! not fork.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use pwvault_core::crypto::random_array;
use pwvault_core::envelope::{Context, EnvelopeKey, Purpose, Suite, seal};
use pwvault_core::model::KekId;
use pwvault_core::store::SqliteStore;
use pwvault_core::vault::EntryQuery;
use pwvault_core::vault::prelude::*;
use pwvault_core::{
    ClientId, EntryDraft, EntryId, KekRing, Principal, RequestContext, RoleId, SecretBytes, Timestamp, Vault,
    VaultBuilder, VaultId,
};

const CHILDREN: usize = 4;
const DRAWS: usize = 200;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let vault = open(folder.path());
    // Draw once before the fork: a generator with state would now be copied into every child.
    let mut seen = draws();
    let children: Vec<_> = (0..CHILDREN).map(|number| fork(|| child(&vault, folder.path(), number))).collect();
    seen.extend(draws());
    for child in children {
        assert_eq!(wait(child), 0, "a child failed");
    }
    for number in 0..CHILDREN {
        let drawn = fs::read_to_string(folder.path().join(format!("draws-{number}"))).unwrap();
        seen.extend(drawn.lines().map(str::to_owned));
    }
    let expected = (CHILDREN + 2) * DRAWS * 3;
    assert_eq!(seen.len(), expected);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), expected, "two processes drew the same bytes");

    let names: HashSet<_> = session(&vault)
        .list_entries(&EntryQuery::default())
        .unwrap()
        .entries
        .into_iter()
        .map(|view| view.head.name)
        .collect();
    assert_eq!(names.len(), CHILDREN, "every child's entry is there: {names:?}");
    println!(
        "{expected} draws of {} processes differ; {CHILDREN} children wrote through their parent's vault",
        CHILDREN + 1
    );
    println!("1 passed, 0 failed");
}

fn open(folder: &Path) -> Vault {
    let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![2; 32]));
    let store = SqliteStore::open(folder.join("vault.db")).unwrap();
    VaultBuilder::new(kek).create(Arc::new(store), VaultId::from_bytes([3; 16]), RoleId::new("full").unwrap()).unwrap()
}

fn session(vault: &Vault) -> pwvault_core::Session {
    vault.session(Principal::client(ClientId::new("anna").unwrap()), RequestContext::default())
}

fn child(vault: &Vault, folder: &Path, number: usize) {
    let draft = EntryDraft { name: format!("child {number}"), password: "secret".into(), ..EntryDraft::default() };
    let session = session(vault);
    let id = session.create_entry(&draft).unwrap();
    assert_eq!(session.reveal(id).unwrap().password.expose(), "secret");
    fs::write(folder.join(format!("draws-{number}")), draws().join("\n")).unwrap();
}

/// Salts of envelopes, bytes and ids, as text.
fn draws() -> Vec<String> {
    let key = EnvelopeKey::unnamed(&[7; 32]);
    (0..DRAWS)
        .flat_map(|_| {
            let sealed = seal(&key, Purpose::Secret, Suite::Symmetric, &Context::default(), &[], b"x").unwrap();
            let bytes: [u8; 16] = random_array().unwrap();
            let id = EntryId::generate(Timestamp::from_millis(0)).unwrap();
            [format!("{:?}", &sealed[23..55]), format!("{bytes:?}"), id.to_string()]
        })
        .collect()
}

fn fork(work: impl FnOnce()) -> libc::pid_t {
    // SAFETY: this process has one thread, so the child may do whatever the parent could.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork failed");
    if pid == 0 {
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        std::process::exit(i32::from(done.is_err()));
    }
    pid
}

fn wait(child: libc::pid_t) -> i32 {
    let mut status = 0;
    // SAFETY: `status` is a valid place for the answer, and `child` is a child of this process.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!(waited, child);
    status
}
