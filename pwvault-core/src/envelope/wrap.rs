//! Wraps: how a key is sealed to a key pair or to a password, always inside a data-key layer, so
//! that a stolen database alone gives nothing to guess against.

use zeroize::Zeroize;

use super::codec::{Reader, put_bytes};
use super::context::{Context, Purpose, Suite};
use super::error::EnvelopeError;
use super::keyring::Keyring;
use super::sealed::{self, EnvelopeKey};
use crate::crypto::{self, CryptoProvider, PrivateKey, PublicKey};
use crate::model::{KdfParams, KeySuite};
use crate::secret::SecretBytes;

const SALT_LEN: usize = 16;

/// Seals a 32-byte key to a public key:
/// `envelope(data key){ suite u16 | recipient 16 | kem_len u16 | kem_ct | envelope(seed){ key } }`.
///
/// # Errors
/// [`EnvelopeError::BadPayload`] when the context names no recipient; [`EnvelopeError::Crypto`]
/// when the public key is refused or randomness fails.
pub fn seal_key_wrap(
    keyring: &Keyring,
    provider: &dyn CryptoProvider,
    context: &Context<'_>,
    to: &PublicKey,
    key: &[u8],
) -> Result<Vec<u8>, EnvelopeError> {
    let suite = suite_of(to.suite())?;
    let recipient = context.recipient.ok_or(EnvelopeError::BadPayload { what: "wrap" })?;
    let info = context.encode(suite, Purpose::WrappedKey, &UNNAMED)?;
    let sealed_seed = provider.encapsulate(to, &info)?;
    let seed_key = EnvelopeKey::unnamed(sealed_seed.seed.expose());
    let inner = sealed::seal(&seed_key, Purpose::WrappedKey, suite, context, &[], key)?;
    let kem_len = u16::try_from(sealed_seed.kem_ct.len()).map_err(|_| EnvelopeError::TooLarge { what: "a wrap" })?;
    let mut body = Vec::with_capacity(2 + 16 + 2 + sealed_seed.kem_ct.len() + inner.len());
    body.extend_from_slice(&suite.number().to_be_bytes());
    body.extend_from_slice(&recipient);
    body.extend_from_slice(&kem_len.to_be_bytes());
    body.extend_from_slice(&sealed_seed.kem_ct);
    body.extend_from_slice(&inner);
    sealed::seal(keyring.data_key(), Purpose::Wrap, Suite::Symmetric, context, &[], &body)
}

/// Opens a key wrap with the private key of its recipient.
///
/// # Errors
/// [`EnvelopeError::WrongKey`] when the private key does not fit; [`EnvelopeError::Tampered`] and
/// the like when the wrap is not what was sealed.
pub fn open_key_wrap(
    keyring: &Keyring,
    provider: &dyn CryptoProvider,
    context: &Context<'_>,
    with: &PrivateKey,
    wrap: &[u8],
) -> Result<SecretBytes, EnvelopeError> {
    let body = open_under_data_key(keyring, Purpose::Wrap, context, wrap)?;
    let suite = suite_of(with.suite())?;
    let mut reader = Reader::new(body.expose(), "shorter than a wrap");
    let found = reader.u16()?;
    if found != suite.number() {
        return Err(EnvelopeError::WrongKey);
    }
    let recipient = reader.array()?;
    if Some(recipient) != context.recipient {
        return Err(EnvelopeError::Tampered);
    }
    let kem_len = usize::from(reader.u16()?);
    let kem_ct = reader.take(kem_len)?;
    let info = context.encode(suite, Purpose::WrappedKey, &UNNAMED)?;
    let seed = provider.decapsulate(with, &info, kem_ct)?;
    sealed::open(&EnvelopeKey::unnamed(seed.expose()), Purpose::WrappedKey, suite, context, &[], reader.rest())
}

/// Seals under the current data key what was sealed under any of the ring: the outer layer of a
/// wrap, or a stored private key. What lies inside stays.
///
/// # Errors
/// As [`open_under_data_key`]; [`EnvelopeError::Crypto`] when randomness fails.
pub fn reseal_under_data_key(
    keyring: &Keyring,
    purpose: Purpose,
    context: &Context<'_>,
    bytes: &[u8],
) -> Result<Vec<u8>, EnvelopeError> {
    let body = open_under_data_key(keyring, purpose, context, bytes)?;
    sealed::seal(keyring.data_key(), purpose, Suite::Symmetric, context, &[], body.expose())
}

/// The wrap without its data-key layer, for a holder who opens it elsewhere.
pub(super) fn peel_wrap(keyring: &Keyring, context: &Context<'_>, wrap: &[u8]) -> Result<SecretBytes, EnvelopeError> {
    open_under_data_key(keyring, Purpose::Wrap, context, wrap)
}

/// Seals a private key to a password:
/// `envelope(data key){ m u32 | t u32 | p u32 | salt 16 | envelope(Argon2id output){ private key } }`.
///
/// # Errors
/// [`EnvelopeError::Crypto`] when `params` lie outside the bounds or randomness fails.
pub fn seal_password_wrap(
    keyring: &Keyring,
    context: &Context<'_>,
    password: &[u8],
    params: KdfParams,
    private: &[u8],
) -> Result<Vec<u8>, EnvelopeError> {
    let salt = crypto::random_array::<SALT_LEN>()?;
    let stretched = crypto::argon2id(password, &salt, params)?;
    let stretched_key = EnvelopeKey::unnamed(stretched.expose());
    let inner = sealed::seal(&stretched_key, Purpose::PasswordWrappedKey, Suite::Argon2id, context, &[], private)?;
    let mut body = Vec::with_capacity(12 + SALT_LEN + inner.len());
    body.extend_from_slice(&params.memory_kib.to_be_bytes());
    body.extend_from_slice(&params.passes.to_be_bytes());
    body.extend_from_slice(&params.lanes.to_be_bytes());
    body.extend_from_slice(&salt);
    body.extend_from_slice(&inner);
    let wrap = sealed::seal(keyring.data_key(), Purpose::PasswordWrap, Suite::Symmetric, context, &[], &body);
    body.zeroize();
    wrap
}

/// Opens a password wrap: the private key, and the cost it was stretched with.
///
/// # Errors
/// [`EnvelopeError::WrongKey`] for a wrong password; [`EnvelopeError::Tampered`] and the like when
/// the wrap is not what was sealed; [`EnvelopeError::Crypto`] when its parameters lie outside the
/// bounds, which is found before Argon2 runs.
pub fn open_password_wrap(
    keyring: &Keyring,
    context: &Context<'_>,
    password: &[u8],
    wrap: &[u8],
) -> Result<(SecretBytes, KdfParams), EnvelopeError> {
    // Whoever fails here does so for another reason than the password.
    let body = open_under_data_key(keyring, Purpose::PasswordWrap, context, wrap)?;
    let mut reader = Reader::new(body.expose(), "shorter than a password wrap");
    let params = KdfParams { memory_kib: reader.u32()?, passes: reader.u32()?, lanes: reader.u32()? };
    let salt = reader.array::<SALT_LEN>()?;
    let stretched = crypto::argon2id(password, &salt, params)?;
    let key = EnvelopeKey::unnamed(stretched.expose());
    let private = sealed::open(&key, Purpose::PasswordWrappedKey, Suite::Argon2id, context, &[], reader.rest())?;
    Ok((private, params))
}

/// Opens what was sealed under a data key of the ring, current or retired.
///
/// # Errors
/// [`EnvelopeError::UnknownKey`] when that data key is gone. A commitment that does not fit is
/// [`EnvelopeError::Tampered`], since the key is known; else as in [`sealed::open`].
pub fn open_under_data_key(
    keyring: &Keyring,
    purpose: Purpose,
    context: &Context<'_>,
    bytes: &[u8],
) -> Result<SecretBytes, EnvelopeError> {
    let id = sealed::key_id_of(bytes)?;
    let key = keyring.data_key_with_id(&id).ok_or(EnvelopeError::UnknownKey)?;
    sealed::open(key, purpose, Suite::Symmetric, context, &[], bytes).map_err(sealed::under_a_known_key)
}

/// Appends a wrap behind its length.
pub(super) fn put_wrap(out: &mut Vec<u8>, wrap: &[u8]) -> Result<(), EnvelopeError> {
    put_bytes(out, wrap, "a wrap")
}

fn suite_of(suite: KeySuite) -> Result<Suite, EnvelopeError> {
    match suite {
        KeySuite::RsaOaep256 => Ok(Suite::RsaOaep256),
        KeySuite::HpkeX25519 => Ok(Suite::HpkeX25519),
    }
}

const UNNAMED: [u8; 16] = [0; 16];
