//! The calls of `benches/languages` from Rust, past the boundary, and what of them is cryptography:
//! benches/languages/src/runner.rs says what is asked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a tool of this repository")]

use std::collections::HashMap;
use std::hint::black_box;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use pwvault_core::clock::Timestamp;
use pwvault_core::envelope::{Keyring, SecretBinding, open_record, open_vault, seal_record, seal_vault};
use pwvault_core::id::RecordKind;
use pwvault_core::index::entry_labels;
use pwvault_core::model::{EntryDraft, EntryHead, Kek, KekId, Owner, Person, Secret};
use pwvault_core::store::{MemoryStore, RecordKey, SqliteStore, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::{
    AdminId, ClientId, EntryId, KekRing, Principal, RequestContext, RoleId, SecretBytes, SecretString, Session, Vault,
    VaultBuilder, VaultId,
};

type Work = Box<dyn FnMut()>;

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of the vaults");
    let mut places = HashMap::new();
    let mut cases = HashMap::new();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let words: Vec<_> = line.split(' ').collect();
        let &[name, store, size, repetitions] = words.as_slice() else { panic!("not a question: {line}") };
        let size = size.parse().expect("a size");
        let work = cases.entry(format!("{name} {store} {size}")).or_insert_with(|| match name {
            "seal" | "open" => envelopes(name, size),
            _ => places.entry(store.to_owned()).or_insert_with(|| Place::new(store, folder.as_ref())).work(name, size),
        });
        let start = Instant::now();
        for _ in 0..repetitions.parse().expect("a number") {
            work();
        }
        println!("{}", start.elapsed().as_nanos());
    }
}

/// A vault and a session of it.
struct Place {
    vault: Vault,
    session: Arc<Session>,
}

impl Place {
    fn new(store: &str, folder: &Path) -> Self {
        let store: Arc<dyn Store> = match store {
            "sqlite" => Arc::new(SqliteStore::open(folder.join("vault.db")).expect("a database")),
            _ => Arc::new(MemoryStore::new()),
        };
        let Kek { id, key } = Kek { id: KekId([7; 16]), key: SecretBytes::new(vec![42; 32]) };
        let full = RoleId::new("full").expect("a role");
        let vault = VaultBuilder::new(KekRing::single(id, key)).create(store, VAULT, full.clone()).expect("created");
        let admin = Principal::admin_with_roles(AdminId::new("1").expect("an id"), vec![full]);
        let session = Arc::new(vault.session(admin, RequestContext::default()));
        Self { vault, session }
    }

    fn work(&self, name: &str, size: usize) -> Work {
        let session = Arc::clone(&self.session);
        let create = move || session.create_entry(&draft(size)).expect("created");
        match name {
            "id" => {
                let vault = self.vault.clone();
                Box::new(move || drop(black_box(black_box(&vault).id().to_string())))
            }
            "create" => Box::new(move || drop(black_box(create().to_string()))),
            "reveal" => {
                let (id, session) = (create(), Arc::clone(&self.session));
                Box::new(move || assert_eq!(session.reveal(id).expect("revealed").password.len(), size))
            }
            name => panic!("there is no case {name}"),
        }
    }
}

/// Sealing or opening the two halves of an entry, with its labels: all that the vault does of cryptography, but for its
/// log.
fn envelopes(name: &str, size: usize) -> Work {
    let keyring = Keyring::generate(VAULT, 1).expect("a keyring");
    let id = EntryId::from_bytes([9; 16]);
    let key = RecordKey::new(VAULT, RecordKind::Entry, id);
    let binding = SecretBinding { vault: VAULT, entry: id, revision: 1 };
    let client = ClientId::new("anna").expect("an id");
    let blank = EntryHead::blank(Owner::Client(client.clone()), Person::Client(client), Timestamp::from_millis(1));
    let EntryDraft { name: title, username, password, .. } = draft(size);
    let head = EntryHead { name: title, username, ..blank };
    let secret = Secret { password, ..Secret::default() };
    let seal = move |keyring: &Keyring| {
        let rest = seal_vault(keyring, binding, &secret).expect("sealed");
        seal_record(keyring, key, 1, &head, entry_labels(keyring, &head), &rest).expect("sealed")
    };
    if name == "seal" {
        return Box::new(move || drop(black_box(seal(&keyring))));
    }
    let record = seal(&keyring);
    Box::new(move || {
        let opened = open_record::<EntryHead>(&keyring, RecordKind::Entry, black_box(&record)).expect("opened");
        drop(black_box(open_vault(&keyring, binding, opened.rest).expect("opened")));
    })
}

fn draft(size: usize) -> EntryDraft {
    EntryDraft {
        name: "Mail server".to_owned(),
        username: "anna@example.com".to_owned(),
        password: SecretString::from("x".repeat(size)),
        ..EntryDraft::default()
    }
}

const VAULT: VaultId = VaultId::from_bytes([3; 16]);
