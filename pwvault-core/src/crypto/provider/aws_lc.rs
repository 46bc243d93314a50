//! RSA through aws-lc-rs.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
    PublicEncryptingKey,
};
use zeroize::Zeroizing;

use super::Rsa;
use crate::crypto::error::CryptoError;
use crate::crypto::keypair::{PrivateKey, PublicKey};
use crate::secret::SecretBytes;

#[derive(Debug)]
pub(super) struct AwsLc;

/// A private key once it was read, which costs more than an operation with it. The library wipes it
/// when the last clone goes.
#[derive(Clone, Default)]
pub(in crate::crypto) struct Prepared(Arc<OnceLock<OaepPrivateDecryptingKey>>);

impl Prepared {
    fn of(&self, key: &PrivateKey) -> Result<&OaepPrivateDecryptingKey, CryptoError> {
        if let Some(ready) = self.0.get() {
            return Ok(ready);
        }
        // Reading the key checks that its numbers fit each other.
        let ready = PrivateDecryptingKey::from_pkcs8(key.pkcs8_der()).map_err(|_| CryptoError::KeyRejected)?;
        let ready = OaepPrivateDecryptingKey::new(ready).map_err(|_| CryptoError::KeyRejected)?;
        Ok(self.0.get_or_init(|| ready))
    }
}

impl Rsa for AwsLc {
    fn generate(&self, bits: u32) -> Result<PrivateKey, CryptoError> {
        let size = match bits {
            3072 => KeySize::Rsa3072,
            4096 => KeySize::Rsa4096,
            _ => return Err(CryptoError::RsaGenerate(bits)),
        };
        let der = PrivateDecryptingKey::generate(size).and_then(|key| key.as_der()).map_err(|_| CryptoError::Random)?;
        PrivateKey::from_pkcs8_der(der.as_ref())
    }

    fn oaep_encrypt(&self, to: &PublicKey, label: &[u8], message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let key = PublicEncryptingKey::from_der(to.spki_der()).map_err(|_| CryptoError::KeyRejected)?;
        let key = OaepPublicEncryptingKey::new(key).map_err(|_| CryptoError::KeyRejected)?;
        let mut ciphertext = vec![0; key.ciphertext_size()];
        key.encrypt(&OAEP_SHA256_MGF1SHA256, message, &mut ciphertext, Some(label))
            .map_err(|_| CryptoError::KeyRejected)?;
        Ok(ciphertext)
    }

    fn oaep_decrypt(
        &self,
        with: &PrivateKey,
        label: &[u8],
        ciphertext: &[u8],
    ) -> Result<Option<SecretBytes>, CryptoError> {
        let key = with.prepared().of(with)?;
        let mut buffer = Zeroizing::new(vec![0; key.min_output_size()]);
        let message = key.decrypt(&OAEP_SHA256_MGF1SHA256, ciphertext, &mut buffer, Some(label));
        Ok(message.ok().map(|message| SecretBytes::from_slice(message)))
    }
}
