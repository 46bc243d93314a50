//! Secrets as objects: no field that prints, and bytes only for who asks for them.

use std::sync::{Mutex, PoisonError};

use pwvault_core::SecretBytes;

use super::Failure;
use crate::fault::{Code, Fault};

/// Bytes that are wiped when they are no longer needed.
#[derive(Debug, uniffi::Object)]
pub struct Secret(Mutex<Option<SecretBytes>>);

#[uniffi::export]
impl Secret {
    /// Keeps a copy of some bytes.
    #[uniffi::constructor]
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        SecretBytes::new(bytes).into()
    }

    /// A copy of the bytes.
    ///
    /// # Errors
    /// [`Failure`] with `INVALID_HANDLE` when it was wiped.
    ///
    /// # Security
    /// The copy is the caller's to guard.
    pub fn expose(&self) -> Result<Vec<u8>, Failure> {
        Ok(self.copy()?.expose().to_vec())
    }

    /// Overwrites the bytes now. Further use is an error.
    pub fn wipe(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Secret {
    pub(super) fn copy(&self) -> Result<SecretBytes, Fault> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = bytes.as_ref().ok_or_else(|| Fault::new(Code::InvalidHandle, "the secret was wiped"))?;
        Ok(SecretBytes::from_slice(bytes.expose()))
    }
}

impl From<SecretBytes> for Secret {
    fn from(bytes: SecretBytes) -> Self {
        Self(Mutex::new(Some(bytes)))
    }
}
