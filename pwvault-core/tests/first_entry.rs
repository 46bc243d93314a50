//! One sealed entry through the whole house.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod host;

use std::sync::Arc;

use host::{VAULT, admin, client, kek, vault, vault_over};
use pwvault_core::model::{KekId, Owner, Settings};
use pwvault_core::store::{MemoryStore, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryQuery, SecretPart};
use pwvault_core::{ClientId, EntryDraft, EntryPatch, KekRing, RoleId, SecretBytes, VaultBuilder, VaultError};

#[test]
fn an_entry_is_created_listed_revealed_changed_and_hidden_from_others() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let draft = EntryDraft {
        name: "Webmail".into(),
        username: "anna@example.com".into(),
        website: "https://mail.example.com".into(),
        password: "first & <b>".into(),
        ..EntryDraft::default()
    };
    let id = anna.create_entry(&draft).unwrap();
    let page = anna.list_entries(&EntryQuery::default()).unwrap();
    assert_eq!(page.entries.len(), 1);
    assert_eq!(page.entries[0].head.owner, Owner::Client(ClientId::new("anna").unwrap()));
    assert_eq!(anna.reveal(id).unwrap().password.expose(), "first & <b>");

    let patch = EntryPatch { password: Some("second".into()), ..EntryPatch::default() };
    assert_eq!(anna.update_entry(id, 1, &patch).unwrap(), 2);
    assert!(matches!(anna.update_entry(id, 1, &patch), Err(VaultError::VersionConflict { expected: 1, found: 2 })));
    let history = anna.history(id).unwrap();
    assert_eq!(anna.reveal_past(id, history[0].id).unwrap().password.expose(), "first & <b>");
    let version = anna.restore_secret(id, 2, history[0].id, &[SecretPart::Password]).unwrap();
    assert_eq!(version, 3);
    assert_eq!(anna.reveal(id).unwrap().password.expose(), "first & <b>");

    let bert = client(&vault, "bert");
    assert!(matches!(bert.reveal(id), Err(VaultError::NotFound)));
    assert!(matches!(bert.entry(id), Err(VaultError::NotFound)));
    assert!(bert.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());
    assert!(matches!(admin(&vault, "1", &[]).reveal(id), Err(VaultError::NotFound)));

    anna.trash_entries(&[id]).unwrap();
    assert!(matches!(anna.reveal(id), Err(VaultError::Denied(_))));
    assert!(anna.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());
    anna.restore_entries(&[id]).unwrap();
    anna.trash_entries(&[id]).unwrap();
    anna.purge_entries(&[id]).unwrap();
    assert!(matches!(anna.entry(id), Err(VaultError::NotFound)));
}

#[test]
fn a_second_vault_of_the_same_id_is_refused_and_the_first_stays() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    vault_over(store.clone(), Settings::default());
    let other = KekRing::single(KekId([9; 16]), SecretBytes::new(vec![9; 32]));
    let again = VaultBuilder::new(other).create(store.clone(), VAULT, RoleId::new("full").unwrap());
    assert!(matches!(again, Err(VaultError::VaultExists(VAULT))));
    assert!(VaultBuilder::new(kek()).open(store, VAULT).is_ok());
}
