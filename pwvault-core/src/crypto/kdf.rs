//! HKDF-SHA-256 (RFC 5869), HMAC-SHA-256 (RFC 2104) and SHA-256.

use std::fmt;

use hkdf::Hkdf;
use hmac::digest::Key;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::error::CryptoError;
use crate::secret::SecretBytes;

/// Length of every symmetric key, in bytes.
pub const KEY_LEN: usize = 32;
/// Length of an envelope's salt, in bytes.
pub const SALT_LEN: usize = 32;
/// Length of a key commitment, in bytes.
pub const COMMITMENT_LEN: usize = 32;

const EXTRACT_SALT: &[u8] = b"pwvault v1";

/// An extracted key, from which one message key is expanded for each envelope.
///
/// Extraction is paid for once per key, expansion once per envelope.
#[derive(Clone)]
pub struct Prk(Hkdf<Sha256>);

/// The key of a single envelope. Wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MessageKey([u8; KEY_LEN]);

impl MessageKey {
    pub(super) const fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// A message key as it is given by a published vector.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub const fn from_vector(key: [u8; KEY_LEN]) -> Self {
        Self(key)
    }
}

impl fmt::Debug for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageKey(redacted)")
    }
}

impl Prk {
    /// HKDF-Extract with the salt `pwvault v1`.
    #[must_use]
    pub fn extract(key: &[u8]) -> Self {
        Self(Hkdf::new(Some(EXTRACT_SALT), key))
    }

    /// HKDF-Expand with `info = salt || context hash`: the message key and its commitment.
    ///
    /// # Errors
    /// [`CryptoError::TooLong`] never in practice: HKDF gives up to 8,160 bytes.
    pub fn message_key(
        &self,
        salt: &[u8; SALT_LEN],
        context_hash: &[u8; 32],
    ) -> Result<(MessageKey, [u8; COMMITMENT_LEN]), CryptoError> {
        let mut okm = [0_u8; KEY_LEN + COMMITMENT_LEN];
        expand(&self.0, &[salt, context_hash], &mut okm)?;
        let mut key = MessageKey([0; KEY_LEN]);
        let mut commitment = [0; COMMITMENT_LEN];
        let (first, second) = okm.split_at(KEY_LEN);
        key.0.copy_from_slice(first);
        commitment.copy_from_slice(second);
        okm.zeroize();
        Ok((key, commitment))
    }
}

impl fmt::Debug for Prk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prk(redacted)")
    }
}

/// A 32-byte key derived from another: HKDF-SHA-256 with `salt` and `info`.
///
/// # Errors
/// [`CryptoError::TooLong`] never in practice: HKDF gives up to 8,160 bytes.
pub fn derive_key(key: &[u8], salt: &[u8], info: &[u8]) -> Result<SecretBytes, CryptoError> {
    let mut okm = vec![0_u8; KEY_LEN];
    expand(&Hkdf::<Sha256>::new(Some(salt), key), &[info], &mut okm)?;
    Ok(SecretBytes::new(okm))
}

/// A key of HMAC-SHA-256 (RFC 2104), prepared once.
#[derive(Clone)]
pub struct MacKey(Hmac<Sha256>);

impl MacKey {
    /// From its 32 bytes.
    #[must_use]
    pub fn new(key: &[u8; KEY_LEN]) -> Self {
        // RFC 2104 pads the key to the block with zeros, so padding it here changes nothing.
        let mut block = Key::<Hmac<Sha256>>::default();
        for (to, from) in block.iter_mut().zip(key) {
            *to = *from;
        }
        let mac = <Hmac<Sha256> as KeyInit>::new(&block);
        block.zeroize();
        Self(mac)
    }

    /// The code over the parts in their order.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(redacted)")
    }
}

/// SHA-256 over the parts in their order.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

fn expand(hkdf: &Hkdf<Sha256>, info: &[&[u8]], out: &mut [u8]) -> Result<(), CryptoError> {
    hkdf.expand_multi_info(info, out).map_err(|_| CryptoError::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_agrees_with_rfc_4231_case_1() {
        // Case 1 has a key of 20 bytes; zeros up to 32 are what RFC 2104 adds anyway.
        let mut key = [0_u8; 32];
        key[..20].fill(0x0b);
        let mac = MacKey::new(&key).mac(&[b"Hi ", b"There"]);
        assert_eq!(mac[..8], [0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53]);
    }
}
