//! What a host brings to a test: a vault in memory, and sessions of people it has signed in.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::sync::Arc;

use pwvault_core::model::{KekId, Settings};
use pwvault_core::store::{MemoryStore, Store};
use pwvault_core::{
    AdminId, ClientId, KekRing, Principal, RequestContext, RoleId, SecretBytes, Session, Vault, VaultBuilder, VaultId,
};

pub const VAULT: VaultId = VaultId::from_bytes([3; 16]);

pub fn kek() -> KekRing {
    KekRing::single(KekId([1; 16]), SecretBytes::new(vec![2; 32]))
}

pub fn vault_over(store: Arc<dyn Store>, settings: Settings) -> Vault {
    VaultBuilder::new(kek()).settings(settings).create(store, VAULT, RoleId::new("full").unwrap()).unwrap()
}

pub fn vault() -> Vault {
    vault_over(Arc::new(MemoryStore::new()), Settings::default())
}

pub fn client(vault: &Vault, id: &str) -> Session {
    vault.session(Principal::client(ClientId::new(id).unwrap()), RequestContext::default())
}

pub fn admin(vault: &Vault, id: &str, roles: &[&str]) -> Session {
    let roles = roles.iter().map(|id| RoleId::new(*id).unwrap()).collect();
    vault.session(Principal::admin_with_roles(AdminId::new(id).unwrap(), roles), RequestContext::default())
}
