//! The vault under torture: where it lies and who uses it.

use std::path::Path;
use std::sync::Arc;

use pwvault_core::model::{Grantee, KekId};
use pwvault_core::store::{SqliteStore, Store};
use pwvault_core::{
    AdminId, ClientId, KekRing, Principal, RequestContext, RoleId, SecretBytes, Session, Vault, VaultBuilder,
    VaultError, VaultId,
};

use crate::Outcome;

const VAULT: VaultId = VaultId::from_bytes(*b"a tortured vault");

/// Opens the vault in a directory; `None` when it was not created yet.
pub(crate) fn open(directory: &Path) -> Outcome<Option<Vault>> {
    let (builder, store) = parts(directory)?;
    match builder.open(store, VAULT) {
        Err(VaultError::NoVault(_)) => Ok(None),
        opened => Ok(Some(opened?)),
    }
}

pub(crate) fn create(directory: &Path) -> Outcome<Vault> {
    let (builder, store) = parts(directory)?;
    Ok(builder.create(store, VAULT, RoleId::new(FULL_ACCESS)?)?)
}

fn parts(directory: &Path) -> Outcome<(VaultBuilder, Arc<dyn Store>)> {
    let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![7; 32]));
    Ok((VaultBuilder::new(kek), Arc::new(SqliteStore::open(directory.join(DATABASE))?)))
}

/// The owner of every entry, in the request of this id.
pub(crate) fn owner(vault: &Vault, request: Option<String>) -> Outcome<Session> {
    Ok(session(vault, Principal::client(ClientId::new("anna")?), request))
}

/// An administrator who sees what is shared with [`staff_role`].
pub(crate) fn staff(vault: &Vault, request: Option<String>) -> Outcome<Session> {
    Ok(session(vault, Principal::admin_with_roles(AdminId::new("sam")?, vec![RoleId::new(SUPPORT)?]), request))
}

pub(crate) fn staff_role() -> Outcome<Grantee> {
    Ok(Grantee::Role(RoleId::new(SUPPORT)?))
}

/// An administrator who reads and verifies the log.
pub(crate) fn auditor(vault: &Vault) -> Outcome<Session> {
    Ok(session(vault, Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new(FULL_ACCESS)?]), None))
}

fn session(vault: &Vault, principal: Principal, request_id: Option<String>) -> Session {
    vault.session(principal, RequestContext { request_id, ..RequestContext::default() })
}

pub(crate) const DATABASE: &str = "vault.db";
const FULL_ACCESS: &str = "full";
const SUPPORT: &str = "support";
