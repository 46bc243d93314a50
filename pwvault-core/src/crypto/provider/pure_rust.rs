//! RSA through the `rsa` crate, always blinded.

use pkcs8::DecodePrivateKey;
use pkcs8::{DecodePublicKey, EncodePrivateKey};
use rsa::{Oaep, RsaPrivateKey, RsaPublicKey};
use sha2::Sha256;

use super::Rsa;
use crate::crypto::error::CryptoError;
use crate::crypto::keypair::{PrivateKey, PublicKey};
use crate::crypto::random::OsRng;
use crate::secret::SecretBytes;

#[derive(Debug)]
pub(super) struct PureRust;

impl Rsa for PureRust {
    fn generate(&self, bits: u32) -> Result<PrivateKey, CryptoError> {
        generate(bits, OsRng::new())
    }

    fn oaep_encrypt(&self, to: &PublicKey, label: &[u8], message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let key = RsaPublicKey::from_public_key_der(to.spki_der()).map_err(|_| CryptoError::KeyRejected)?;
        let mut rng = OsRng::new();
        let ciphertext = key.encrypt(&mut rng, Oaep::<Sha256>::new_with_label(label), message);
        rng.check()?;
        ciphertext.map_err(|_| CryptoError::KeyRejected)
    }

    fn oaep_decrypt(
        &self,
        with: &PrivateKey,
        label: &[u8],
        ciphertext: &[u8],
    ) -> Result<Option<SecretBytes>, CryptoError> {
        // Reading the key checks that its numbers fit each other.
        let key = RsaPrivateKey::from_pkcs8_der(with.pkcs8_der()).map_err(|_| CryptoError::KeyRejected)?;
        let mut rng = OsRng::new();
        let message = key.decrypt_blinded(&mut rng, Oaep::<Sha256>::new_with_label(label), ciphertext);
        rng.check()?;
        Ok(message.ok().map(SecretBytes::new))
    }
}

fn generate(bits: u32, mut rng: OsRng) -> Result<PrivateKey, CryptoError> {
    let size = usize::try_from(bits).map_err(|_| CryptoError::RsaGenerate(bits))?;
    let key = RsaPrivateKey::new(&mut rng, size);
    rng.check()?;
    let der = key.ok().and_then(|key| key.to_pkcs8_der().ok()).ok_or(CryptoError::KeyRejected)?;
    PrivateKey::from_pkcs8_der(der.as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn without_randomness_no_key_is_made() {
        let dry = OsRng::drawing(|_| Err(CryptoError::Random));
        assert_eq!(generate(2048, dry).unwrap_err(), CryptoError::Random);
    }
}
