//! Cryptographic primitives: bytes in, bytes out. Owns the calls into the cryptographic libraries
//! and the limits on their parameters; knows nothing of records, entries or who holds a key.

mod aead;
mod error;
mod kdf;
mod random;

pub use aead::{TAG_LEN, open_in_place, seal_in_place};
pub use error::CryptoError;
pub use kdf::{COMMITMENT_LEN, KEY_LEN, MacKey, MessageKey, Prk, SALT_LEN, derive_key, sha256};
pub use random::{fill_random, random_array};
