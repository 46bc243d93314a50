//! What this room says.

use super::error::CryptoError;
use crate::model::messages;

messages! { CryptoError {
    Self::Random => "crypto-random",
    Self::Tampered => "crypto-tampered",
    Self::TooLong => "crypto-too-long",
    Self::KdfParams => "crypto-kdf-params",
    Self::Memory => "crypto-memory",
    Self::KeyTooLong => "crypto-key-too-long",
    Self::NotPem => "crypto-not-pem",
    Self::KeyMalformed => "crypto-key-malformed",
    Self::KeyUnsupported => "crypto-key-unsupported",
    Self::RsaBits(bits) => "crypto-rsa-bits" [bits],
    Self::RsaExponent => "crypto-rsa-exponent",
    Self::RsaGenerate(bits) => "crypto-rsa-generate" [bits],
    Self::PrivateKeyNeeded => "crypto-private-key-needed",
    Self::PublicKeyNeeded => "crypto-public-key-needed",
    Self::PassphraseNeeded => "crypto-passphrase-needed",
    Self::PassphraseWrong => "crypto-passphrase-wrong",
    Self::KeyEncryptionCost => "crypto-key-encryption-cost",
    Self::KeyEncryptionUnsupported => "crypto-key-encryption-unsupported",
    Self::KeyEncryptionLegacy => "crypto-key-encryption-legacy",
    Self::InfoTooLong => "crypto-info-too-long",
    Self::CiphertextLength => "crypto-ciphertext-length",
    Self::KeyMismatch => "crypto-key-mismatch",
    Self::KeyRejected => "crypto-key-rejected",
} }
