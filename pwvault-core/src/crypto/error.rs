//! What can go wrong with bytes and keys.

/// A cryptographic operation was refused or failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// The operating system gave no randomness.
    #[error("the operating system's random source failed; nothing was sealed")]
    Random,
    /// A ciphertext or its associated data is not what was sealed.
    #[error("the authentication tag does not match: the data was changed or belongs elsewhere")]
    Tampered,
    /// A plaintext over what AES-GCM takes.
    #[error("the plaintext is longer than AES-GCM accepts")]
    TooLong,
}
