//! How a host opens its files.

use std::fs;
use std::sync::Arc;

use pwvault_core::model::{Kek, KekId, KeyProvider, KeyProviderError};
use pwvault_core::store::{MemoryStore, SqliteStore, Store, StoreError};
use pwvault_core::vault::prelude::*;
use pwvault_core::{KekFile, RoleId, VaultBuilder, VaultError, VaultId};

use crate::{admin, host};

#[test]
fn a_new_kek_is_its_owners_alone_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kek");
    let made = KekFile::create(KekId([7; 16]), &path).unwrap();
    let kek = made.keks().unwrap().remove(0);
    assert_eq!((kek.id, kek.key.len()), (KekId([7; 16]), 32));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
    let before = fs::read(&path).unwrap();
    assert_eq!(before.len(), 65);

    let refused = KekFile::create(KekId([7; 16]), &path).unwrap_err();
    assert!(refused.to_string().contains(path.to_str().unwrap()), "{refused}");
    assert_eq!(fs::read(&path).unwrap(), before);
    let another = KekFile::create(KekId([8; 16]), folder.path().join("other")).unwrap();
    assert_ne!(another.keks().unwrap()[0].key.expose(), kek.key.expose());

    let absent = KekFile::new(KekId([7; 16]), folder.path().join("absent"));
    assert!(absent.keks().unwrap_err().to_string().contains("absent"));
    fs::write(&path, "too short").unwrap();
    assert!(made.keks().unwrap_err().to_string().contains(path.to_str().unwrap()));
}

#[test]
fn an_existing_store_is_opened_and_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    assert!(matches!(SqliteStore::open_existing(&path), Err(StoreError::NoFile(named)) if named == path));
    assert!(!path.exists());
    drop(SqliteStore::open(&path).unwrap());
    assert!(SqliteStore::open_existing(&path).is_ok());

    let text = folder.path().join("notes.txt");
    fs::write(&text, "not a database, however long this text may be").unwrap();
    let refused = SqliteStore::open_existing(&text).unwrap_err();
    assert!(matches!(&refused, StoreError::NotAStore(named) if *named == text));
    assert!(refused.to_string().contains("notes.txt"), "{refused}");
    let nowhere = folder.path().join("no folder").join("vault.db");
    let Err(StoreError::Io(cause)) = SqliteStore::open(&nowhere) else { panic!() };
    assert!(cause.to_string().contains("no folder"), "{cause}");
}

#[test]
fn a_vault_is_created_once_and_opened_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path().join("vault.db")).unwrap());
    let id = VaultId::random().unwrap();
    assert_ne!(id, VaultId::random().unwrap());
    let open = || VaultBuilder::new(host::kek()).open_or_create(Arc::clone(&store), id, RoleId::new("full").unwrap());
    let racing: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for vault in racing {
        assert_eq!(admin(&vault.unwrap(), "root", &["full"]).rules().unwrap().len(), 1);
    }
    let other_kek = pwvault_core::KekRing::single(KekId([1; 16]), vec![9; 32].into());
    let wrong = VaultBuilder::new(other_kek).open_or_create(Arc::clone(&store), id, RoleId::new("full").unwrap());
    assert!(matches!(wrong, Err(VaultError::WrongKek(_))));
}

/// Gives its keys after another process created the vault.
#[derive(Clone)]
struct LateKeys(Arc<dyn Store>, VaultId);

impl KeyProvider for LateKeys {
    fn keks(&self) -> Result<Vec<Kek>, KeyProviderError> {
        let first = VaultBuilder::new(host::kek()).create(Arc::clone(&self.0), self.1, RoleId::new("full").unwrap());
        assert!(matches!(first, Ok(_) | Err(VaultError::VaultExists(_))));
        host::kek().keks()
    }
}

#[test]
fn a_vault_created_by_another_in_the_meantime_is_opened() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let full = || RoleId::new("full").unwrap();
    let id = VaultId::random().unwrap();
    let late = || VaultBuilder::new(LateKeys(Arc::clone(&store), id));
    assert!(
        matches!(late().create(Arc::clone(&store), id, full()), Err(VaultError::VaultExists(found)) if found == id)
    );
    let id = VaultId::random().unwrap();
    let late = VaultBuilder::new(LateKeys(Arc::clone(&store), id));
    let vault = late.open_or_create(Arc::clone(&store), id, full()).unwrap();
    assert_eq!(admin(&vault, "root", &["full"]).rules().unwrap().len(), 1);
}
