//! Key pairs: their forms on paper (PEM and DER), their sizes and their fingerprints. What is done
//! with them is the [provider](super::CryptoProvider)'s part.

mod encrypted;
mod pem;
mod rsa;
mod x25519;

use std::fmt;

use pkcs8::der::Decode;
use pkcs8::{PrivateKeyInfoRef, SubjectPublicKeyInfoRef};

use super::error::CryptoError;
use super::kdf::sha256;
#[cfg(feature = "aws-lc")]
use super::provider::Prepared;
use super::random::random_array;
use crate::model::{Fingerprint, KeySuite};
use crate::secret::{SecretBytes, SecretString};

/// A public key, in one canonical encoding.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    suite: KeySuite,
    bits: u32,
    spki_der: Vec<u8>,
}

impl PublicKey {
    /// Reads PEM: SubjectPublicKeyInfo (RFC 5280, RFC 8410) or the PKCS#1 form of RSA.
    ///
    /// # Errors
    /// [`CryptoError::PublicKeyNeeded`] for a private key; what is wrong with the text or the key
    /// otherwise.
    pub fn from_pem(text: &str) -> Result<Self, CryptoError> {
        let block = pem::read(text)?;
        match block.label {
            "PUBLIC KEY" => Self::from_spki_der(block.der.expose()),
            "RSA PUBLIC KEY" => rsa::public_from_pkcs1(block.der.expose()),
            label if label.ends_with("PRIVATE KEY") => Err(CryptoError::PublicKeyNeeded),
            _ => Err(CryptoError::KeyUnsupported),
        }
    }

    /// Reads a DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// What is wrong with the encoding or the key.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, CryptoError> {
        pem::check_length(der)?;
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| CryptoError::KeyMalformed)?;
        let key = info.subject_public_key.as_bytes().ok_or(CryptoError::KeyMalformed)?;
        match info.algorithm.oid {
            rsa::OID => {
                rsa::check_parameters(&info.algorithm)?;
                rsa::public_from_pkcs1(key)
            }
            x25519::OID => {
                x25519::check_parameters(&info.algorithm)?;
                Ok(Self::x25519_from_raw(&x25519::array(key)?))
            }
            _ => Err(CryptoError::KeyUnsupported),
        }
    }

    /// From the 32 bytes of an X25519 public key (RFC 7748). A point of low order is refused when
    /// something is to be encapsulated to it.
    #[must_use]
    pub fn x25519_from_raw(key: &[u8; 32]) -> Self {
        Self { suite: KeySuite::HpkeX25519, bits: x25519::BITS, spki_der: x25519::spki(key) }
    }

    /// The 32 bytes of an X25519 public key; nothing for RSA.
    #[must_use]
    pub fn x25519_raw(&self) -> Option<[u8; 32]> {
        match self.suite {
            KeySuite::HpkeX25519 => self.spki_der.last_chunk().copied(),
            KeySuite::RsaOaep256 => None,
        }
    }

    /// What the key is used with.
    #[must_use]
    pub const fn suite(&self) -> KeySuite {
        self.suite
    }

    /// The length of the key in bits: of the modulus for RSA, 256 for X25519.
    #[must_use]
    pub const fn bits(&self) -> u32 {
        self.bits
    }

    /// The key as DER SubjectPublicKeyInfo, encoded anew.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki_der
    }

    /// SHA-256 of [`spki_der`](Self::spki_der).
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::from_bytes(sha256(&[&self.spki_der]))
    }

    /// The key as PEM SubjectPublicKeyInfo.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::write("PUBLIC KEY", &self.spki_der)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?}, {} bits, {})", self.suite, self.bits, self.fingerprint())
    }
}

/// A private key, wiped when dropped.
#[derive(Clone)]
pub struct PrivateKey {
    public: PublicKey,
    pkcs8_der: SecretBytes,
    #[cfg(feature = "aws-lc")]
    prepared: Prepared,
}

impl PrivateKey {
    fn new(public: PublicKey, pkcs8_der: SecretBytes) -> Self {
        Self {
            public,
            pkcs8_der,
            #[cfg(feature = "aws-lc")]
            prepared: Prepared::default(),
        }
    }

    /// Reads PEM: PKCS#8 (RFC 5958), encrypted PKCS#8 or the PKCS#1 form of RSA. The passphrase is
    /// used only where the key is encrypted.
    ///
    /// Encrypted keys may use PBES2 (RFC 8018) with AES-CBC and PBKDF2-HMAC-SHA-256 or -SHA-512 of
    /// up to 10,000,000 iterations, or scrypt of up to 128 MiB; limits are checked before any work.
    ///
    /// # Errors
    /// [`CryptoError::PassphraseNeeded`] and [`CryptoError::PassphraseWrong`];
    /// [`CryptoError::PrivateKeyNeeded`] for a public key; what is wrong with the text, the
    /// encryption or the key otherwise.
    ///
    /// # Security
    /// That the private numbers of an RSA key fit each other is known only after
    /// [`prove_possession`](super::prove_possession).
    pub fn from_pem(text: &str, passphrase: Option<&SecretString>) -> Result<Self, CryptoError> {
        let block = pem::read(text)?;
        let der = block.der.expose();
        match block.label {
            "PRIVATE KEY" => Self::from_pkcs8_der(der),
            "RSA PRIVATE KEY" => rsa::private_from_pkcs1(der),
            "ENCRYPTED PRIVATE KEY" => {
                let passphrase = passphrase.ok_or(CryptoError::PassphraseNeeded)?;
                match Self::from_pkcs8_der(encrypted::open(der, passphrase)?.expose()) {
                    // A wrong passphrase passes the padding once in 256 times and gives nonsense.
                    Err(CryptoError::KeyMalformed) => Err(CryptoError::PassphraseWrong),
                    other => other,
                }
            }
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Err(CryptoError::PrivateKeyNeeded),
            _ => Err(CryptoError::KeyUnsupported),
        }
    }

    /// Reads DER PKCS#8 without encryption.
    ///
    /// # Errors
    /// What is wrong with the encoding or the key.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, CryptoError> {
        pem::check_length(der)?;
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| CryptoError::KeyMalformed)?;
        match info.algorithm.oid {
            rsa::OID => {
                rsa::check_parameters(&info.algorithm)?;
                rsa::private_from_pkcs1(info.private_key.as_bytes())
            }
            x25519::OID => x25519::private_from_info(&info),
            _ => Err(CryptoError::KeyUnsupported),
        }
    }

    /// A new X25519 key from the operating system's randomness.
    ///
    /// # Errors
    /// [`CryptoError::Random`] when the operating system gives none.
    pub fn generate_x25519() -> Result<Self, CryptoError> {
        x25519::private_from_raw(&SecretBytes::from_slice(&random_array::<32>()?))
    }

    /// From the 32 bytes of an X25519 private key.
    ///
    /// # Errors
    /// [`CryptoError::KeyMalformed`] for any other length.
    pub fn x25519_from_raw(key: &SecretBytes) -> Result<Self, CryptoError> {
        x25519::private_from_raw(key)
    }

    /// The 32 bytes of an X25519 private key; nothing for RSA.
    ///
    /// # Security
    /// The key in the clear.
    #[must_use]
    pub fn x25519_raw(&self) -> Option<SecretBytes> {
        match self.suite() {
            KeySuite::HpkeX25519 => self.x25519_scalar().ok().map(|scalar| SecretBytes::from_slice(scalar)),
            KeySuite::RsaOaep256 => None,
        }
    }

    /// What the key is used with.
    #[must_use]
    pub const fn suite(&self) -> KeySuite {
        self.public.suite
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The key as DER PKCS#8, version 1, without attributes.
    ///
    /// # Security
    /// The key in the clear.
    #[must_use]
    pub fn to_pkcs8_der(&self) -> SecretBytes {
        self.pkcs8_der.clone()
    }

    /// The key as PEM PKCS#8 without encryption.
    ///
    /// # Security
    /// The key in the clear.
    #[must_use]
    pub fn to_pem(&self) -> SecretString {
        SecretString::new(pem::write("PRIVATE KEY", self.pkcs8_der.expose()))
    }

    /// The key as PEM PKCS#8, encrypted with AES-256-CBC under PBKDF2-HMAC-SHA-256 of 600,000
    /// iterations: what OpenSSL reads and a browser can open with plain WebCrypto.
    ///
    /// # Errors
    /// [`CryptoError::PassphraseNeeded`] for an empty passphrase; [`CryptoError::Random`] when the
    /// operating system gives no randomness.
    ///
    /// # Security
    /// PBES2 has no authentication: the file is as trustworthy as the place it comes from.
    pub fn to_encrypted_pem(&self, passphrase: &SecretString) -> Result<SecretString, CryptoError> {
        let der = encrypted::seal(self.pkcs8_der.expose(), passphrase)?;
        Ok(SecretString::new(pem::write("ENCRYPTED PRIVATE KEY", &der)))
    }

    pub(super) fn pkcs8_der(&self) -> &[u8] {
        self.pkcs8_der.expose()
    }

    /// The key as a provider has made it ready at its first use; its clones share it.
    #[cfg(feature = "aws-lc")]
    pub(super) const fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// The scalar of an X25519 key.
    pub(super) fn x25519_scalar(&self) -> Result<&[u8; 32], CryptoError> {
        // Of the canonical encoding the scalar is the last part.
        self.pkcs8_der.expose().last_chunk().ok_or(CryptoError::KeyMalformed)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}
