//! RSA through aws-lc-rs.

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
        // Reading the key checks that its numbers fit each other.
        let key = PrivateDecryptingKey::from_pkcs8(with.pkcs8_der()).map_err(|_| CryptoError::KeyRejected)?;
        let key = OaepPrivateDecryptingKey::new(key).map_err(|_| CryptoError::KeyRejected)?;
        let mut buffer = Zeroizing::new(vec![0; key.min_output_size()]);
        let message = key.decrypt(&OAEP_SHA256_MGF1SHA256, ciphertext, &mut buffer, Some(label));
        Ok(message.ok().map(|message| SecretBytes::from_slice(message)))
    }
}
