//! AES-256-GCM (NIST SP 800-38D) under keys that are used once, so that the nonce is zero.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use zeroize::Zeroize;

use super::error::CryptoError;
use super::kdf::MessageKey;

/// Length of an authentication tag, in bytes.
pub const TAG_LEN: usize = 16;

const NONCE: [u8; 12] = [0; 12];

/// Encrypts `buffer` in place and returns the tag.
///
/// # Errors
/// [`CryptoError::TooLong`] when the plaintext is longer than AES-GCM takes.
///
/// # Security
/// `key` must be used for one message only: the nonce is always zero.
pub fn seal_in_place(
    key: &MessageKey,
    associated_data: &[u8],
    buffer: &mut [u8],
) -> Result<[u8; TAG_LEN], CryptoError> {
    let cipher = Aes256Gcm::new(key.bytes().into());
    cipher
        .encrypt_inout_detached(&Nonce::from(NONCE), associated_data, buffer.into())
        .map(Into::into)
        .map_err(|_| CryptoError::TooLong)
}

/// Decrypts `buffer` in place.
///
/// # Errors
/// [`CryptoError::Tampered`] when the tag does not match; the buffer is then wiped.
pub fn open_in_place(
    key: &MessageKey,
    associated_data: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG_LEN],
) -> Result<(), CryptoError> {
    let cipher = Aes256Gcm::new(key.bytes().into());
    let opened =
        cipher.decrypt_inout_detached(&Nonce::from(NONCE), associated_data, (&mut *buffer).into(), &Tag::from(*tag));
    if opened.is_err() {
        buffer.zeroize();
        return Err(CryptoError::Tampered);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tampered_open_leaves_a_wiped_buffer() {
        let key = MessageKey::from_vector([7; 32]);
        let mut buffer = *b"correct horse battery staple";
        let mut tag = seal_in_place(&key, b"context", &mut buffer).unwrap();
        tag[0] ^= 1;
        assert_eq!(open_in_place(&key, b"context", &mut buffer, &tag), Err(CryptoError::Tampered));
        assert_eq!(buffer, [0; 28]);
    }
}
