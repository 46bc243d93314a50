//! Cryptographic primitives: bytes in, bytes out. Owns the calls into the cryptographic libraries
//! and the limits on their parameters; knows nothing of records, entries or who holds a key.

mod aead;
mod argon2id;
mod error;
mod kdf;
mod keypair;
mod messages;
mod provider;
mod random;

pub use aead::{TAG_LEN, open_in_place, seal_in_place};
pub use argon2id::{argon2id, argon2id_waits, set_argon2id_limit};
pub use error::CryptoError;
pub use kdf::{COMMITMENT_LEN, KEY_LEN, MacKey, MessageKey, Prk, SALT_LEN, derive_key, sha256};
pub use keypair::{PrivateKey, PublicKey};
#[cfg(feature = "aws-lc")]
pub use provider::aws_lc_provider;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub use provider::oaep_vectors;
#[cfg(feature = "pure-rust")]
pub use provider::pure_rust_provider;
pub use provider::{CryptoProvider, Encapsulated, default_provider, prove_possession};
pub use random::{fill_random, random_array};
