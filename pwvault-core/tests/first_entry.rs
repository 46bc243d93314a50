//! One sealed entry through the whole house.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::sync::Arc;

use pwvault_core::model::{KekId, Owner};
use pwvault_core::store::{MemoryStore, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryQuery, SecretPart};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryPatch, KekRing, Principal, RequestContext, RoleId, SecretBytes, Vault,
    VaultBuilder, VaultError, VaultId,
};

fn vault(store: &Arc<dyn Store>) -> Vault {
    let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![2; 32]));
    let role = RoleId::new("full").unwrap();
    VaultBuilder::new(kek).create(store.clone(), VaultId::from_bytes([3; 16]), role).unwrap()
}

fn client(id: &str) -> Principal {
    Principal::client(ClientId::new(id).unwrap())
}

#[test]
fn an_entry_is_created_listed_revealed_changed_and_hidden_from_others() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let vault = vault(&store);
    let anna = vault.session(client("anna"), RequestContext::default());
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

    let bert = vault.session(client("bert"), RequestContext::default());
    assert!(matches!(bert.reveal(id), Err(VaultError::NotFound)));
    assert!(matches!(bert.entry(id), Err(VaultError::NotFound)));
    assert!(bert.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());
    let admin = vault.session(Principal::admin(AdminId::new("1").unwrap()), RequestContext::default());
    assert!(matches!(admin.reveal(id), Err(VaultError::NotFound)));

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
    let first = vault(&store);
    let other = KekRing::single(KekId([9; 16]), SecretBytes::new(vec![9; 32]));
    let again = VaultBuilder::new(other).create(store.clone(), first.id(), RoleId::new("full").unwrap());
    assert!(matches!(again, Err(VaultError::VaultExists(id)) if id == first.id()));
    assert!(vault_opens(&store, first.id()));
}

fn vault_opens(store: &Arc<dyn Store>, id: VaultId) -> bool {
    let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![2; 32]));
    VaultBuilder::new(kek).open(store.clone(), id).is_ok()
}
