//! A KEK in a file of its own.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use zeroize::{Zeroize, Zeroizing};

use crate::crypto;
use crate::model::{Kek, KekId, KeyProvider, KeyProviderError};
use crate::secret::SecretBytes;

/// A KEK in a file of its own: 32 raw bytes, or 64 hexadecimal digits with an optional line end.
#[derive(Clone, Debug)]
pub struct KekFile {
    id: KekId,
    path: PathBuf,
}

impl KekFile {
    /// The KEK `id` in the file at `path`, read each time it is asked for.
    #[must_use]
    pub fn new(id: KekId, path: impl Into<PathBuf>) -> Self {
        Self { id, path: path.into() }
    }

    /// Makes a new KEK `id` and writes it to a file that must not be there yet, readable by its owner
    /// alone (mode 0600).
    ///
    /// # Errors
    /// [`KeyProviderError`] when there is a file at `path` already, which is left as it is, when it
    /// cannot be written, or when the operating system gives no randomness.
    ///
    /// # Security
    /// Without this file the vault does not open. Keep a copy of it apart from the database.
    pub fn create(id: KekId, path: impl Into<PathBuf>) -> Result<Self, KeyProviderError> {
        let file = Self::new(id, path);
        let key = Zeroizing::new(crypto::random_array::<{ crypto::KEY_LEN }>().map_err(|error| file.failed(&error))?);
        let mut text = Zeroizing::new([0; 2 * crypto::KEY_LEN + 1]);
        let digits = key.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| HEX.get(usize::from(half)));
        for (place, digit) in text.iter_mut().zip(digits.map(|digit| digit.copied().unwrap_or_default()).chain([b'\n']))
        {
            *place = digit;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut opened = options.open(&file.path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => file.failed(&"it is there already, and no key is written over"),
            _ => file.failed(&error),
        })?;
        opened.write_all(&text[..]).and_then(|()| opened.sync_all()).map_err(|error| file.failed(&error))?;
        Ok(file)
    }

    fn failed(&self, reason: &dyn std::fmt::Display) -> KeyProviderError {
        KeyProviderError { reason: format!("the key file {}: {reason}", self.path.display()) }
    }
}

impl KeyProvider for KekFile {
    fn keks(&self) -> Result<Vec<Kek>, KeyProviderError> {
        let mut bytes = std::fs::read(&self.path).map_err(|error| self.failed(&error))?;
        let key = if bytes.len() == crypto::KEY_LEN {
            Some(SecretBytes::from_slice(&bytes))
        } else {
            from_hex(bytes.trim_ascii_end())
        };
        let length = bytes.len();
        bytes.zeroize();
        let key = key.ok_or_else(|| {
            self.failed(&format!("it holds {length} bytes; it should hold 32 bytes or 64 hexadecimal digits"))
        })?;
        Ok(vec![Kek { id: self.id, key }])
    }
}

fn from_hex(text: &[u8]) -> Option<SecretBytes> {
    if text.len() != crypto::KEY_LEN * 2 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(crypto::KEY_LEN);
    for pair in text.chunks_exact(2) {
        let [high, low] = pair else { return None };
        match (digit(*high), digit(*low)) {
            (Some(high), Some(low)) => out.push(high << 4 | low),
            _ => {
                out.zeroize();
                return None;
            }
        }
    }
    Some(SecretBytes::new(out))
}

const HEX: &[u8; 16] = b"0123456789abcdef";
