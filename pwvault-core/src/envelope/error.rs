//! Why bytes did not open or could not be sealed.

use crate::crypto::CryptoError;

/// Sealing or opening was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Not an envelope: too short, wrong magic, wrong lengths, or bytes left over.
    #[error("not an envelope of this format: {what}")]
    Malformed {
        /// Which part was wrong.
        what: &'static str,
    },
    /// A format version this code does not read.
    #[error("envelope version {found} is unknown; this library reads version 1")]
    UnknownVersion {
        /// The version found.
        found: u8,
    },
    /// An algorithm suite this code does not read, or not the one expected here.
    #[error("suite {found:#06x} is unknown or does not belong here")]
    UnknownSuite {
        /// The suite found.
        found: u16,
    },
    /// Sealed under a key that is not in the ring.
    #[error("sealed under a key that is not in the ring")]
    UnknownKey,
    /// The key commitment does not match: another key, or bytes that belong elsewhere.
    #[error("the key does not fit, or the data was changed or belongs elsewhere")]
    WrongKey,
    /// The tag does not match.
    #[error("the data was changed or belongs elsewhere")]
    Tampered,
    /// Sealed under a newer keyring than the one loaded.
    #[error("sealed under keyring epoch {found}, newer than the loaded epoch {loaded}")]
    NewerKeyring {
        /// The epoch found.
        found: u64,
        /// The epoch loaded.
        loaded: u64,
    },
    /// A head in a format this code does not read.
    #[error("a record is in format {found}, and this library reads up to {supported}; use a newer library")]
    NewerFormat {
        /// The format found.
        found: u8,
        /// The newest format this library reads.
        supported: u8,
    },
    /// A payload that opened but does not decode.
    #[error("the sealed payload is not a {what} of this format")]
    BadPayload {
        /// What it should have been.
        what: &'static str,
    },
    /// More than the format can hold.
    #[error("{what} is larger than the format can hold")]
    TooLarge {
        /// What was too large.
        what: &'static str,
    },
    /// A cryptographic operation failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}
