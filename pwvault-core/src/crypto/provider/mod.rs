//! What is done with key pairs: a fresh secret is encapsulated to a public key and taken out again
//! with the private one. Owns the joint between the two implementations of RSA.

#[cfg(feature = "aws-lc")]
mod aws_lc;
mod hpke_x25519;
#[cfg(feature = "pure-rust")]
mod pure_rust;

#[cfg(feature = "aws-lc")]
pub(super) use aws_lc::Prepared;

use std::fmt;
use std::sync::Arc;

use subtle::ConstantTimeEq;

use super::error::CryptoError;
use super::kdf::{KEY_LEN, sha256};
use super::keypair::{PrivateKey, PublicKey};
use super::random::random_array;
use crate::model::KeySuite;
use crate::secret::SecretBytes;

#[cfg(not(any(feature = "aws-lc", feature = "pure-rust")))]
compile_error!("pwvault needs an implementation of RSA: enable the feature `aws-lc` or `pure-rust`");

/// A fresh secret and its form under a public key.
#[derive(Clone, Debug)]
pub struct Encapsulated {
    /// What the holder of the private key needs to get the seed back.
    pub kem_ct: Vec<u8>,
    /// 32 secret bytes.
    pub seed: SecretBytes,
}

/// The operations on key pairs.
///
/// # Contract
/// Methods may be called from several threads at once and hold no lock of the vault. Randomness is
/// the operating system's. All implementations understand each other: what one encapsulates, the
/// other decapsulates.
pub trait CryptoProvider: Send + Sync + fmt::Debug {
    /// A new RSA key of 3072 or 4096 bits.
    ///
    /// # Errors
    /// [`CryptoError::RsaGenerate`] for any other size; [`CryptoError::Random`] when there is no
    /// randomness.
    fn generate_rsa(&self, bits: u32) -> Result<PrivateKey, CryptoError>;

    /// Makes a seed that only the holder of the private key gets back, and only with the same
    /// `info` of up to 60 KiB.
    ///
    /// RSA: RSA-OAEP (RFC 8017) of 32 random bytes, with SHA-256, MGF1-SHA-256 and the label
    /// SHA-256(`info`). X25519: HPKE (RFC 9180) base mode with DHKEM(X25519, HKDF-SHA256),
    /// HKDF-SHA256 and the export-only AEAD; the seed is exported with the context `pwvault seed`.
    ///
    /// # Errors
    /// [`CryptoError::KeyRejected`] for a key that cannot be sealed to; [`CryptoError::InfoTooLong`]
    /// for a longer `info`; [`CryptoError::Random`] when there is no randomness.
    fn encapsulate(&self, to: &PublicKey, info: &[u8]) -> Result<Encapsulated, CryptoError>;

    /// The seed that was encapsulated.
    ///
    /// # Errors
    /// [`CryptoError::CiphertextLength`] when `kem_ct` is not of the length the key makes;
    /// [`CryptoError::KeyRejected`] for a private key whose numbers contradict each other.
    ///
    /// # Security
    /// A wrong key, a wrong `info` and a changed `kem_ct` all give a seed that is random or simply
    /// another: what it opens must tell, with one error for every cause. A caller who
    /// distinguishes them offers a padding oracle.
    fn decapsulate(&self, with: &PrivateKey, info: &[u8], kem_ct: &[u8]) -> Result<SecretBytes, CryptoError>;
}

/// The provider of this build: through aws-lc-rs if that feature is on, else in pure Rust.
#[must_use]
pub fn default_provider() -> Arc<dyn CryptoProvider> {
    #[cfg(feature = "aws-lc")]
    return aws_lc_provider();
    #[cfg(not(feature = "aws-lc"))]
    return pure_rust_provider();
}

/// RSA through aws-lc-rs, whose private-key operations take constant time.
///
/// # Security
/// The padding of RSA-OAEP and new RSA keys draw on the library's own generator, which is seeded
/// by the operating system and notices a fork; the seeds that are encapsulated never do.
#[cfg(feature = "aws-lc")]
#[must_use]
pub fn aws_lc_provider() -> Arc<dyn CryptoProvider> {
    Arc::new(Provider(aws_lc::AwsLc))
}

/// RSA through the `rsa` crate with blinding, for targets without a C toolchain.
///
/// # Security
/// RUSTSEC-2023-0071 (Marvin): the time an RSA decryption takes may tell about the key, and no
/// release has a patch, the release candidates of 0.10 included. Where somebody else can have
/// ciphertexts opened and measure how long it takes, use the other provider.
#[cfg(feature = "pure-rust")]
#[must_use]
pub fn pure_rust_provider() -> Arc<dyn CryptoProvider> {
    Arc::new(Provider(pure_rust::PureRust))
}

/// Shows that `private` belongs to `public`, by a seed that goes there and back.
///
/// # Errors
/// [`CryptoError::KeyMismatch`] when it does not; [`CryptoError::KeyRejected`] when one of them is
/// no working key.
pub fn prove_possession(
    provider: &dyn CryptoProvider,
    private: &PrivateKey,
    public: &PublicKey,
) -> Result<(), CryptoError> {
    if private.public() != public {
        return Err(CryptoError::KeyMismatch);
    }
    let info = b"pwvault possession";
    let sent = provider.encapsulate(public, info)?;
    let back = provider.decapsulate(private, info, &sent.kem_ct)?;
    if bool::from(sent.seed.expose().ct_eq(back.expose())) { Ok(()) } else { Err(CryptoError::KeyMismatch) }
}

/// An implementation of RSA. Keys come as the canonical DER of this room.
trait Rsa: Send + Sync + fmt::Debug {
    /// A new key, PKCS#8.
    fn generate(&self, bits: u32) -> Result<PrivateKey, CryptoError>;
    fn oaep_encrypt(&self, to: &PublicKey, label: &[u8], message: &[u8]) -> Result<Vec<u8>, CryptoError>;
    /// Nothing when the padding or the label is not right.
    fn oaep_decrypt(
        &self,
        with: &PrivateKey,
        label: &[u8],
        ciphertext: &[u8],
    ) -> Result<Option<SecretBytes>, CryptoError>;
}

#[derive(Debug)]
struct Provider<R>(R);

impl<R: Rsa> CryptoProvider for Provider<R> {
    fn generate_rsa(&self, bits: u32) -> Result<PrivateKey, CryptoError> {
        match bits {
            3072 | 4096 => self.0.generate(bits),
            _ => Err(CryptoError::RsaGenerate(bits)),
        }
    }

    fn encapsulate(&self, to: &PublicKey, info: &[u8]) -> Result<Encapsulated, CryptoError> {
        check_info(info)?;
        match to.suite() {
            KeySuite::RsaOaep256 => {
                let seed = SecretBytes::from_slice(&random_array::<KEY_LEN>()?);
                let kem_ct = self.0.oaep_encrypt(to, &sha256(&[info]), seed.expose())?;
                Ok(Encapsulated { kem_ct, seed })
            }
            KeySuite::HpkeX25519 => hpke_x25519::encapsulate(to, info),
        }
    }

    fn decapsulate(&self, with: &PrivateKey, info: &[u8], kem_ct: &[u8]) -> Result<SecretBytes, CryptoError> {
        check_info(info)?;
        let expected = match with.suite() {
            KeySuite::RsaOaep256 => with.public().bits().div_ceil(8),
            KeySuite::HpkeX25519 => 32,
        };
        if u32::try_from(kem_ct.len()) != Ok(expected) {
            return Err(CryptoError::CiphertextLength);
        }
        // Drawn whether it is needed or not, so that a failure costs what a success costs.
        let otherwise = SecretBytes::from_slice(&random_array::<KEY_LEN>()?);
        let seed = match with.suite() {
            KeySuite::RsaOaep256 => self.0.oaep_decrypt(with, &sha256(&[info]), kem_ct)?,
            KeySuite::HpkeX25519 => hpke_x25519::decapsulate(with, info, kem_ct)?,
        };
        Ok(seed.filter(|seed| seed.len() == KEY_LEN).unwrap_or(otherwise))
    }
}

fn check_info(info: &[u8]) -> Result<(), CryptoError> {
    // HPKE counts the length of its info, with a prefix, in 16 bits.
    if info.len() > INFO_MAX { Err(CryptoError::InfoTooLong) } else { Ok(()) }
}

const INFO_MAX: usize = 60 * 1024;

/// RSA-OAEP as published vectors have it: any label, any plaintext, and failures told apart.
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod oaep_vectors {
    use super::*;

    type Decrypt = fn(&PrivateKey, &[u8], &[u8]) -> Result<Option<SecretBytes>, CryptoError>;

    /// The implementations of this build by name.
    #[must_use]
    pub fn implementations() -> Vec<(&'static str, Decrypt)> {
        vec![
            #[cfg(feature = "aws-lc")]
            ("aws-lc", |key, label, ciphertext| aws_lc::AwsLc.oaep_decrypt(key, label, ciphertext)),
            #[cfg(feature = "pure-rust")]
            ("pure-rust", |key, label, ciphertext| pure_rust::PureRust.oaep_decrypt(key, label, ciphertext)),
        ]
    }
}
