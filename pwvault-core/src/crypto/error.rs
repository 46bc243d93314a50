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
    /// Argon2id parameters below the floor or above the ceiling.
    #[error(
        "the Argon2id parameters are out of bounds: 19456 to 1048576 KiB, 2 to 16 passes and 1 to 16 lanes are accepted"
    )]
    KdfParams,
    /// No memory for Argon2id.
    #[error("there is not enough memory to stretch the password")]
    Memory,
    /// The text or DER of a key is larger than any key.
    #[error("the key is longer than 64 KiB, which no supported key is")]
    KeyTooLong,
    /// The text is not one PEM block.
    #[error("this is not a PEM key: expected one block from -----BEGIN to -----END and nothing around it")]
    NotPem,
    /// The PEM or DER of a key does not parse, or its parts contradict each other.
    #[error("the key is damaged or incomplete")]
    KeyMalformed,
    /// A key of an algorithm that is not supported.
    #[error("this kind of key is not supported: RSA of 2048 to 8192 bits and X25519 are, in PKCS#8 or PKCS#1 PEM")]
    KeyUnsupported,
    /// An RSA modulus of a size that is not accepted.
    #[error("the RSA key has {0} bits: 2048 to 8192 are accepted")]
    RsaBits(u32),
    /// An RSA public exponent other than 65537.
    #[error("the RSA public exponent is not 65537, the only one that is accepted")]
    RsaExponent,
    /// An RSA size that is not generated.
    #[error("RSA keys are generated with 3072 or 4096 bits, not {0}")]
    RsaGenerate(u32),
    /// A public key where a private one is needed.
    #[error("this is a public key: the private key is needed here")]
    PrivateKeyNeeded,
    /// A private key where a public one is needed.
    #[error("this is a private key: only the public key belongs here")]
    PublicKeyNeeded,
    /// An encrypted private key came, or was asked for, without a passphrase.
    #[error("the private key is encrypted: its passphrase is needed")]
    PassphraseNeeded,
    /// The passphrase does not open the private key.
    #[error("the passphrase does not open the private key, or the key is damaged")]
    PassphraseWrong,
    /// The key's own passphrase stretching costs more than is allowed.
    #[error(
        "the key's encryption is too costly: at most 10000000 iterations of PBKDF2 or 128 MiB of scrypt are accepted"
    )]
    KeyEncryptionCost,
    /// The private key is encrypted with algorithms that are not supported.
    #[error(
        "the key's encryption is not supported: convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256"
    )]
    KeyEncryptionUnsupported,
    /// A PEM encrypted by OpenSSL's old `Proc-Type` header.
    #[error(
        "the key is encrypted in OpenSSL's old format: convert it with openssl pkcs8 -topk8 -in old.pem -out new.pem"
    )]
    KeyEncryptionLegacy,
    /// More than a wrap can be bound to.
    #[error("the context of a wrap is longer than 60 KiB")]
    InfoTooLong,
    /// A ciphertext whose length does not fit the key it is for.
    #[error("the wrapped key is not of the length that this key pair makes")]
    CiphertextLength,
    /// A private key that does not belong to its public key.
    #[error("the private key does not belong to the public key")]
    KeyMismatch,
    /// The cryptographic library refused a key that parsed.
    #[error("the cryptographic library refused the key")]
    KeyRejected,
}
