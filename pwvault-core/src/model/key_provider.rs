//! Where the key encryption key comes from.

use std::fmt;

use crate::secret::SecretBytes;

/// The id of a KEK: 16 bytes the host chooses, stored beside what the KEK wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KekId(pub [u8; 16]);

impl KekId {
    /// A new id, of the operating system's randomness.
    ///
    /// # Errors
    /// [`KeyProviderError`] when the operating system gives none.
    pub fn random() -> Result<Self, KeyProviderError> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| KeyProviderError { reason: error.to_string() })?;
        Ok(Self(id))
    }
}

impl fmt::Display for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

crate::document::hex_form!(KekId, "the id of a KEK: 32 hexadecimal digits", |id| id.0.to_vec(), |bytes| bytes
    .try_into()
    .ok()
    .map(KekId));

/// A key encryption key. Never stored by the vault, never encrypts an entry.
#[derive(Clone, Debug)]
pub struct Kek {
    /// Its id.
    pub id: KekId,
    /// Its 32 bytes.
    pub key: SecretBytes,
}

/// The host could not give a KEK.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key provider gave no key: {reason}")]
pub struct KeyProviderError {
    /// What went wrong, without any key material.
    pub reason: String,
}

/// Gives the vault its KEKs.
///
/// # Contract
/// Called when a vault is created or opened and when the KEK is rotated, from the calling thread,
/// with no lock held. The first KEK of the ring is the current one; the others only open.
pub trait KeyProvider: Send + Sync {
    /// The ring of KEKs, the current one first.
    ///
    /// # Errors
    /// [`KeyProviderError`] when no key can be had.
    fn keks(&self) -> Result<Vec<Kek>, KeyProviderError>;
}
