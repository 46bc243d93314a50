//! The same boundary as objects, for languages that uniffi makes bindings for. What the facades of
//! Python and Kotlin stand on; not meant for users.

mod failure;
mod secret;

use std::sync::Arc;

use pwvault_core::{SecretBytes, Session, Vault};

use crate::c::pwv_abi_version;
use crate::handles::guarded;
use crate::hosts::Host;
use crate::ops;

pub use failure::Failure;
pub use secret::Secret;

/// A vault.
#[derive(Debug, uniffi::Object)]
pub struct NativeVault(Vault);

/// A session of a vault.
#[derive(Debug, uniffi::Object)]
pub struct NativeSession(Session);

/// The result of an operation.
#[derive(Debug, uniffi::Record)]
pub struct Reply {
    /// The JSON document.
    pub document: String,
    /// The secrets it names, in order.
    pub secrets: Vec<Arc<Secret>>,
}

/// Opens or creates the vault that a document describes. `host` answers in the roles that the document
/// names under `hosts`.
///
/// # Errors
/// [`Failure`] as [`open`](crate::open()).
#[uniffi::export]
pub fn open(
    options: String,
    secrets: Vec<Arc<Secret>>,
    host: Option<Arc<dyn Host>>,
) -> Result<Arc<NativeVault>, Failure> {
    let vault = guarded(|| crate::open_with(options.as_bytes(), contents(&secrets)?, host))?;
    Ok(Arc::new(NativeVault(vault)))
}

/// Does what `name` says by the library alone, without a vault.
///
/// # Errors
/// [`Failure`] as [`call_library`](ops::call_library).
#[uniffi::export]
pub fn call(name: String, arguments: String, secrets: Vec<Arc<Secret>>) -> Result<Reply, Failure> {
    let reply = guarded(|| ops::call_library(&name, arguments.as_bytes(), contents(&secrets)?))?;
    Ok(reply.into())
}

/// What of its contract a host's store does not keep, one text for each case; empty when it keeps all.
/// Takes some seconds, calls from several threads and leaves records of fresh vaults behind.
///
/// # Errors
/// [`Failure`] with `INTERNAL` when the suite itself failed.
#[uniffi::export]
pub fn store_conformance(host: Arc<dyn Host>) -> Result<Vec<String>, Failure> {
    Ok(guarded(|| Ok(crate::hosts::conformance(&host)))?)
}

/// The version of the library, such as `0.1.0`.
#[must_use]
#[uniffi::export]
pub fn library_version() -> String {
    crate::VERSION.to_owned()
}

/// The version of the interface; one number for every language.
#[must_use]
#[uniffi::export]
pub fn abi_version() -> u32 {
    pwv_abi_version()
}

#[uniffi::export]
impl NativeVault {
    /// Begins the session that a document describes.
    ///
    /// # Errors
    /// [`Failure`] as [`begin`](crate::begin).
    pub fn session(&self, options: String, secrets: Vec<Arc<Secret>>) -> Result<Arc<NativeSession>, Failure> {
        let session = guarded(|| crate::begin(&self.0, options.as_bytes(), contents(&secrets)?))?;
        Ok(Arc::new(NativeSession(session)))
    }

    /// Does what `name` says, without a session.
    ///
    /// # Errors
    /// [`Failure`] as [`call_vault`](ops::call_vault).
    pub fn call(&self, name: String, arguments: String, secrets: Vec<Arc<Secret>>) -> Result<Reply, Failure> {
        let reply = guarded(|| ops::call_vault(&self.0, &name, arguments.as_bytes(), contents(&secrets)?))?;
        Ok(reply.into())
    }
}

#[uniffi::export]
impl NativeSession {
    /// Does what `name` says.
    ///
    /// # Errors
    /// [`Failure`] as [`call_session`](ops::call_session).
    pub fn call(&self, name: String, arguments: String, secrets: Vec<Arc<Secret>>) -> Result<Reply, Failure> {
        let reply = guarded(|| ops::call_session(&self.0, &name, arguments.as_bytes(), contents(&secrets)?))?;
        Ok(reply.into())
    }
}

impl From<ops::Reply> for Reply {
    fn from(reply: ops::Reply) -> Self {
        let document = String::from_utf8(reply.document).unwrap_or_default();
        Self { document, secrets: reply.secrets.into_iter().map(|secret| Arc::new(secret.into())).collect() }
    }
}

fn contents(secrets: &[Arc<Secret>]) -> Result<Vec<SecretBytes>, crate::Fault> {
    secrets.iter().map(|secret| secret.copy()).collect()
}

#[cfg(test)]
mod tests;
