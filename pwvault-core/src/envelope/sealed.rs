//! The envelope itself: magic, version, suite, purpose, key id, salt, commitment, ciphertext, tag.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::codec::Reader;
use super::context::{Context, Purpose, Suite};
use super::error::EnvelopeError;
use crate::crypto::{self, COMMITMENT_LEN, CryptoError, Prk, SALT_LEN, TAG_LEN};
use crate::secret::SecretBytes;

/// The only format version this code writes and reads.
pub(super) const VERSION: u8 = 1;

const MAGIC: &[u8; 3] = b"PWV";
const HEADER_LEN: usize = 3 + 1 + 2 + 1 + 16 + SALT_LEN + COMMITMENT_LEN + 4;

/// A symmetric key ready to seal and open, with the id that stands in its envelopes.
#[derive(Clone)]
pub struct EnvelopeKey {
    id: [u8; 16],
    prk: Prk,
}

impl EnvelopeKey {
    /// Prepares a key.
    #[must_use]
    pub fn new(id: [u8; 16], key: &[u8]) -> Self {
        Self { id, prk: Prk::extract(key) }
    }

    /// Prepares a key that is used once and needs no id: a DEK, a seed, the output of a KDF.
    #[must_use]
    pub fn unnamed(key: &[u8]) -> Self {
        Self::new([0; 16], key)
    }

    /// The id that stands in its envelopes.
    #[must_use]
    pub const fn id(&self) -> [u8; 16] {
        self.id
    }
}

impl fmt::Debug for EnvelopeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvelopeKey").finish_non_exhaustive()
    }
}

/// Seals `plaintext` for `purpose`, bound to `context` and to `extra` associated data.
///
/// # Errors
/// [`EnvelopeError::TooLarge`] over 4 GiB, [`EnvelopeError::Crypto`] when randomness fails.
pub fn seal(
    key: &EnvelopeKey,
    purpose: Purpose,
    suite: Suite,
    context: &Context<'_>,
    extra: &[&[u8]],
    plaintext: &[u8],
) -> Result<Vec<u8>, EnvelopeError> {
    let salt = crypto::random_array::<SALT_LEN>()?;
    seal_with_salt(key, purpose, suite, context, extra, plaintext, salt)
}

fn seal_with_salt(
    key: &EnvelopeKey,
    purpose: Purpose,
    suite: Suite,
    context: &Context<'_>,
    extra: &[&[u8]],
    plaintext: &[u8],
    salt: [u8; SALT_LEN],
) -> Result<Vec<u8>, EnvelopeError> {
    let mut data = context.encode(suite, purpose, &key.id)?;
    let hash = crypto::sha256(&[&data]);
    extra.iter().for_each(|part| data.extend_from_slice(part));
    let (message_key, commitment) = key.prk.message_key(&salt, &hash)?;

    let body_len = padded_len(purpose, plaintext.len());
    let too_large = EnvelopeError::TooLarge { what: "a plaintext" };
    let ct_len = u32::try_from(body_len).map_err(|_| too_large.clone())?;
    let data_len = u32::try_from(plaintext.len()).map_err(|_| too_large)?;

    let mut out = Vec::with_capacity(HEADER_LEN + body_len + TAG_LEN);
    out.extend_from_slice(MAGIC);
    out.push(VERSION);
    out.extend_from_slice(&suite.number().to_be_bytes());
    out.push(purpose as u8);
    out.extend_from_slice(&key.id);
    out.extend_from_slice(&salt);
    out.extend_from_slice(&commitment);
    out.extend_from_slice(&ct_len.to_be_bytes());
    if is_padded(purpose) {
        out.extend_from_slice(&data_len.to_be_bytes());
    }
    out.extend_from_slice(plaintext);
    out.resize(HEADER_LEN + body_len, 0);
    let tag = out
        .get_mut(HEADER_LEN..)
        .ok_or(CryptoError::TooLong)
        .and_then(|body| crypto::seal_in_place(&message_key, &data, body))
        .inspect_err(|_| out.zeroize())?;
    out.extend_from_slice(&tag);
    Ok(out)
}

/// Opens an envelope that must fill `bytes` exactly.
///
/// # Errors
/// [`EnvelopeError::Malformed`], [`EnvelopeError::UnknownVersion`] and
/// [`EnvelopeError::UnknownSuite`] for bytes of another shape; [`EnvelopeError::UnknownKey`] when
/// it names another key; [`EnvelopeError::WrongKey`] when the commitment, and
/// [`EnvelopeError::Tampered`] when the tag does not match.
///
/// # Security
/// The commitment is compared in constant time before anything is decrypted, and no byte is
/// returned before the tag is verified.
pub fn open(
    key: &EnvelopeKey,
    purpose: Purpose,
    suite: Suite,
    context: &Context<'_>,
    extra: &[&[u8]],
    bytes: &[u8],
) -> Result<SecretBytes, EnvelopeError> {
    let parts = parse(bytes)?;
    if parts.total != bytes.len() {
        return Err(EnvelopeError::Malformed { what: "bytes follow the tag" });
    }
    if parts.suite != suite.number() {
        return Err(EnvelopeError::UnknownSuite { found: parts.suite });
    }
    if parts.purpose != purpose as u8 {
        return Err(EnvelopeError::Malformed { what: "sealed for another purpose" });
    }
    if parts.key_id != key.id {
        return Err(EnvelopeError::UnknownKey);
    }
    let mut data = context.encode(suite, purpose, &key.id)?;
    let hash = crypto::sha256(&[&data]);
    extra.iter().for_each(|part| data.extend_from_slice(part));
    let (message_key, commitment) = key.prk.message_key(&parts.salt, &hash)?;
    if !bool::from(commitment.ct_eq(&parts.commitment)) {
        return Err(EnvelopeError::WrongKey);
    }
    let mut buffer = parts.ciphertext.to_vec();
    crypto::open_in_place(&message_key, &data, &mut buffer, &parts.tag).map_err(|_| EnvelopeError::Tampered)?;
    if is_padded(purpose) {
        unpad(buffer)
    } else if buffer.len() == crypto::KEY_LEN {
        Ok(SecretBytes::new(buffer))
    } else {
        buffer.zeroize();
        Err(EnvelopeError::Malformed { what: "a wrapped key is not 32 bytes" })
    }
}

/// Where the key is known to be the right one, a commitment that does not fit is tampering.
pub(super) fn under_a_known_key(error: EnvelopeError) -> EnvelopeError {
    match error {
        EnvelopeError::WrongKey => EnvelopeError::Tampered,
        other => other,
    }
}

/// The length of the envelope at the front of `bytes`.
///
/// # Errors
/// [`EnvelopeError::Malformed`] or [`EnvelopeError::UnknownVersion`] when there is none.
pub fn sealed_len(bytes: &[u8]) -> Result<usize, EnvelopeError> {
    parse(bytes).map(|parts| parts.total)
}

/// The key id named by the envelope at the front of `bytes`.
///
/// # Errors
/// As in [`sealed_len`].
pub fn key_id_of(bytes: &[u8]) -> Result<[u8; 16], EnvelopeError> {
    parse(bytes).map(|parts| parts.key_id)
}

struct Parts<'a> {
    suite: u16,
    purpose: u8,
    key_id: [u8; 16],
    salt: [u8; SALT_LEN],
    commitment: [u8; COMMITMENT_LEN],
    ciphertext: &'a [u8],
    tag: [u8; TAG_LEN],
    total: usize,
}

fn parse(bytes: &[u8]) -> Result<Parts<'_>, EnvelopeError> {
    let mut reader = Reader::new(bytes, "shorter than an envelope");
    if reader.array()? != *MAGIC {
        return Err(EnvelopeError::Malformed { what: "it does not begin with PWV" });
    }
    let version = reader.u8()?;
    if version != VERSION {
        return Err(EnvelopeError::UnknownVersion { found: version });
    }
    let suite = reader.u16()?;
    let purpose = reader.u8()?;
    let key_id = reader.array()?;
    let salt = reader.array()?;
    let commitment = reader.array()?;
    let ciphertext = reader.bytes()?;
    let tag = reader.array()?;
    let total = bytes.len() - reader.rest().len();
    Ok(Parts { suite, purpose, key_id, salt, commitment, ciphertext, tag, total })
}

/// Keys have one length and need no padding to hide it.
const fn is_padded(purpose: Purpose) -> bool {
    !matches!(purpose, Purpose::WrappedKey)
}

const fn padded_len(purpose: Purpose, data_len: usize) -> usize {
    if !is_padded(purpose) {
        return data_len;
    }
    let needed = data_len.saturating_add(4);
    match needed {
        0..=32 => 32,
        33..=64 => 64,
        65..=128 => 128,
        _ => needed.div_ceil(256).saturating_mul(256),
    }
}

fn unpad(mut buffer: Vec<u8>) -> Result<SecretBytes, EnvelopeError> {
    let len = buffer.first_chunk::<4>().map(|len| u32::from_be_bytes(*len) as usize);
    let good = len.is_some_and(|len| {
        padded_len(Purpose::Head, len) == buffer.len()
            && buffer.get(4 + len..).is_some_and(|zeros| zeros.iter().all(|byte| *byte == 0))
    });
    let Some(len) = len.filter(|_| good) else {
        buffer.zeroize();
        return Err(EnvelopeError::Malformed { what: "the padding is not as the format asks" });
    };
    buffer.copy_within(4..4 + len, 0);
    // The tail still holds a copy of the last bytes moved.
    if let Some(tail) = buffer.get_mut(len..) {
        tail.zeroize();
    }
    buffer.truncate(len);
    Ok(SecretBytes::new(buffer))
}

#[cfg(test)]
mod tests;
