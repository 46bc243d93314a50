//! A vault of any size in one SQLite file, and who acts in it.

use std::path::PathBuf;
use std::sync::Arc;

use pwvault_core::clock::Timestamp;
use pwvault_core::envelope::{Keyring, SecretBinding, seal_record, seal_vault};
use pwvault_core::id::RecordKind;
use pwvault_core::index::entry_labels;
use pwvault_core::model::{Actions, Grant, Grantee, Kek, KekId, Person, RuleDraft, Section, Settings};
use pwvault_core::store::{ChangeSet, RecordKey, SqliteStore, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::{
    AdminId, ClientId, KekRing, Principal, RequestContext, RoleId, SecretBytes, Session, Vault, VaultBuilder, VaultId,
};
use tempfile::TempDir;

use crate::Fallible;
use crate::sample::{EPOCH_MS, Plain, entry_id, owner};

/// A vault in a directory of its own.
pub struct World {
    pub path: PathBuf,
    pub store: Arc<SqliteStore>,
    pub vault: Vault,
    pub keyring: Keyring,
    _directory: TempDir,
}

/// The vault's id.
pub const VAULT: VaultId = VaultId::from_bytes([3; 16]);
/// How many entries Anna owns and how many the role `support` may see, whatever the vault's size.
pub const FEW: u32 = 500;

impl World {
    /// A new vault with `entries` entries: every tenth is Bulk's, [`FEW`] are Anna's and as many
    /// others shared to the role `support`, all spread evenly; the rest belong to 1,000 clients.
    ///
    /// Entries are committed without events, ten thousand at once: how they came there is no part
    /// of what is measured.
    pub fn of(entries: u32) -> Fallible<Self> {
        let world = Self::empty()?;
        let step = (entries / FEW).max(10);
        let mut changes = ChangeSet::new();
        for number in 0..entries {
            let (annas, shared) = (number % step == 1, number % step == 2);
            let name = match number {
                _ if annas => "anna".to_owned(),
                number if number % 10 == 0 => "bulk".to_owned(),
                number => format!("client {}", number % 1_000),
            };
            let (mut head, secret) = Plain::number(number).split(owner(&name)?);
            if shared {
                head.grants.push(Grant::new(
                    Grantee::Role(RoleId::new("support")?),
                    Actions::VIEW_AND_REVEAL,
                    Person::System,
                    Timestamp::from_millis(EPOCH_MS),
                ));
            }
            let id = entry_id(number);
            let key = RecordKey::new(VAULT, RecordKind::Entry, id);
            let rest = seal_vault(&world.keyring, SecretBinding { vault: VAULT, entry: id, revision: 1 }, &secret)?;
            changes.write(seal_record(&world.keyring, key, 1, &head, entry_labels(&world.keyring, &head), &rest)?);
            if changes.len() == 10_000 || number + 1 == entries {
                world.store.commit(&std::mem::take(&mut changes))?;
            }
        }
        Ok(world)
    }

    /// A new vault without entries.
    pub fn empty() -> Fallible<Self> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("vault.db");
        let store = Arc::new(SqliteStore::open(&path)?);
        let settings = Settings { extended_roles: vec![RoleId::new("full")?], ..Settings::default() };
        let vault = builder().settings(settings).create(store.clone(), VAULT, RoleId::new("full")?)?;
        let admins = RuleDraft {
            name: "Support".to_owned(),
            allow: vec![Section::Entries],
            roles: vec![RoleId::new("support")?],
            ..RuleDraft::default()
        };
        see_everything(&vault)?.add_rule(&admins)?;
        let sealed = store.load(&[Keyring::record_key(VAULT)])?.pop().flatten().ok_or("the vault has no keyring")?;
        let (keyring, _) = Keyring::open(&sealed, &[kek()])?;
        Ok(Self { path, store, vault, keyring, _directory: directory })
    }

    /// An administrator who sees every entry.
    pub fn everyone(&self) -> Fallible<Session> {
        see_everything(&self.vault)
    }

    /// An administrator who sees [`FEW`] entries, by one of four names.
    pub fn staff(&self) -> Fallible<Session> {
        let roles = vec![RoleId::new("support")?, RoleId::new("billing")?];
        Ok(self.vault.session(Principal::admin_with_roles(AdminId::new("7")?, roles), RequestContext::default()))
    }

    /// A client.
    pub fn client(&self, name: &str) -> Fallible<Session> {
        Ok(self.vault.session(Principal::client(ClientId::new(name)?), RequestContext::default()))
    }
}

/// A session of an administrator who sees every entry.
pub fn see_everything(vault: &Vault) -> Fallible<Session> {
    let principal = Principal::admin_with_roles(AdminId::new("1")?, vec![RoleId::new("full")?]);
    Ok(vault.session(principal, RequestContext::default()))
}

/// A builder with the KEK of every vault here.
pub fn builder() -> VaultBuilder {
    let Kek { id, key } = kek();
    VaultBuilder::new(KekRing::single(id, key))
}

fn kek() -> Kek {
    Kek { id: KekId([1; 16]), key: SecretBytes::new(vec![2; 32]) }
}
