//! What a host answers: a store, people, keys, messages, servers. Owns the one call that every role
//! goes through, and holds every answer against its question: a host that is broken or lies comes to an
//! error. Knows neither languages nor the C ABI.

mod asking;
mod conformance;
mod outside;
mod people;
mod roles;
mod store;

pub(crate) use asking::Refusal;
pub use conformance::conformance;
pub(crate) use roles::{HostRoles, Roles};

/// A host that answers calls.
///
/// # Contract
/// - Any thread may call, also several at once, also while an earlier call is under way. No lock is
///   held meanwhile: a host may call the vault back.
/// - Documents are JSON; bytes are payloads, which a document names `{"$payload": 0}`.
/// - An answer has a document. None at all, or one that is not what the operation asks for, is a failure.
#[uniffi::export(foreign)]
pub trait Host: Send + Sync {
    /// Answers `operation`.
    ///
    /// # Errors
    /// [`HostFailure`] as the operation names them.
    fn call(&self, operation: String, document: String, payloads: Vec<Vec<u8>>) -> Result<HostReply, HostFailure>;
}

/// An answer.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct HostReply {
    /// The JSON document; never empty.
    pub document: String,
    /// The bytes it names.
    pub payloads: Vec<Vec<u8>>,
}

impl std::fmt::Debug for HostReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostReply").field("payloads", &self.payloads.len()).finish_non_exhaustive()
    }
}

/// Why a host did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Error)]
pub enum HostFailure {
    /// A failure with a name.
    Fault {
        /// The name of an error of the role, such as `conflict`; any other is a failure of the backend.
        name: String,
        /// What was wrong, in English. Never a secret.
        message: String,
        /// Facts, as JSON; may be empty.
        detail: String,
    },
}

impl HostFailure {
    /// A failure without facts.
    #[must_use]
    pub fn named(name: &str, message: &str) -> Self {
        Self::Fault { name: name.to_owned(), message: message.to_owned(), detail: String::new() }
    }

    /// A failure that the host did not name.
    #[must_use]
    pub fn unexpected() -> Self {
        Self::named("unexpected", "the host's code failed, or gave something that is no answer")
    }
}

impl std::fmt::Display for HostFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Fault { name, message, .. } = self;
        write!(f, "{name}: {message}")
    }
}

impl std::error::Error for HostFailure {}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostFailure {
    // The reason may show what the host held; it stays here.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::unexpected()
    }
}

#[cfg(test)]
pub(crate) mod tests;
