//! Tokens that stand in links and in the second step of a sign-in: the id of a record and 32 random
//! bytes, of which the record keeps a hash.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::crypto::{self, CryptoError};
use crate::id::RecordId;
use crate::secret::{SecretBytes, SecretString};

/// What a token is good for. A token of one use is none of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenUse {
    /// To accept an invitation.
    Invite,
    /// To give the second factor after the password.
    SecondFactor,
    /// To set a new password.
    Reset,
    /// To open a link.
    Link,
    /// To answer a request for credentials.
    Request,
}

/// A token.
///
/// # Security
/// Whoever holds it may do what it is for, once.
#[derive(Clone)]
pub struct Token {
    record: RecordId,
    secret: SecretBytes,
}

impl Token {
    /// A new token for a record.
    ///
    /// # Errors
    /// [`CryptoError::Random`] when the operating system gives no randomness.
    pub fn generate(record: RecordId) -> Result<Self, CryptoError> {
        let secret = Zeroizing::new(crypto::random_array::<SECRET_LEN>()?);
        Ok(Self { record, secret: SecretBytes::from_slice(secret.as_slice()) })
    }

    /// From its text; `None` when it is no token's.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0_u8; RECORD_LEN + SECRET_LEN]);
        let decoded = Base64UrlUnpadded::decode(text.as_bytes(), bytes.as_mut_slice()).ok()?;
        let (record, secret) = decoded.split_first_chunk::<RECORD_LEN>()?;
        (secret.len() == SECRET_LEN)
            .then(|| Self { record: RecordId(*record), secret: SecretBytes::from_slice(secret) })
    }

    /// Its text, of 64 characters that need no escaping in an address.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        let mut bytes = Zeroizing::new(Vec::with_capacity(RECORD_LEN + SECRET_LEN));
        bytes.extend_from_slice(&self.record.0);
        bytes.extend_from_slice(self.secret.expose());
        SecretString::new(Base64UrlUnpadded::encode_string(&bytes))
    }

    /// Its random bytes, to derive a key from that only its holder has.
    #[must_use]
    pub const fn secret(&self) -> &SecretBytes {
        &self.secret
    }

    /// The record it speaks of.
    #[must_use]
    pub const fn record(&self) -> RecordId {
        self.record
    }

    /// What the record keeps of it.
    #[must_use]
    pub fn hash(&self, good_for: TokenUse) -> [u8; 32] {
        let what: &[u8] = match good_for {
            TokenUse::Invite => b"pwvault token: invite",
            TokenUse::SecondFactor => b"pwvault token: second factor",
            TokenUse::Reset => b"pwvault token: reset",
            TokenUse::Link => b"pwvault token: link",
            TokenUse::Request => b"pwvault token: request",
        };
        crypto::sha256(&[what, &self.record.0, self.secret.expose()])
    }

    /// Whether a kept hash is that of this token, in constant time.
    #[must_use]
    pub fn fits(&self, good_for: TokenUse, hash: &[u8; 32]) -> bool {
        self.hash(good_for).ct_eq(hash).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

const RECORD_LEN: usize = 16;
const SECRET_LEN: usize = 32;
