//! The encodings of X25519 keys (RFC 8410).

use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, Serializable};
use pkcs8::der::Decode;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};

use super::{PrivateKey, PublicKey};
use crate::crypto::error::CryptoError;
use crate::secret::SecretBytes;

pub(super) const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");
pub(super) const BITS: u32 = 256;

/// DER of a SubjectPublicKeyInfo up to the 32 bytes of the key: it never varies.
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00];
/// DER of a PKCS#8 version 1 up to the 32 bytes of the key: it never varies.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20];

pub(super) fn check_parameters(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), CryptoError> {
    if algorithm.parameters.is_none() { Ok(()) } else { Err(CryptoError::KeyMalformed) }
}

pub(super) fn array(key: &[u8]) -> Result<[u8; 32], CryptoError> {
    key.try_into().map_err(|_| CryptoError::KeyMalformed)
}

pub(super) fn spki(key: &[u8; 32]) -> Vec<u8> {
    [SPKI_PREFIX.as_slice(), key].concat()
}

pub(super) fn private_from_info(info: &PrivateKeyInfoRef<'_>) -> Result<PrivateKey, CryptoError> {
    check_parameters(&info.algorithm)?;
    let scalar = <&OctetStringRef>::from_der(info.private_key.as_bytes()).map_err(|_| CryptoError::KeyMalformed)?;
    let key = private_from_raw(&SecretBytes::from_slice(scalar.as_bytes()))?;
    match info.public_key {
        Some(given) if given.as_bytes() != key.public.spki_der.get(SPKI_PREFIX.len()..) => {
            Err(CryptoError::KeyMismatch)
        }
        _ => Ok(key),
    }
}

pub(super) fn private_from_raw(scalar: &SecretBytes) -> Result<PrivateKey, CryptoError> {
    let private =
        <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(scalar.expose()).map_err(|_| CryptoError::KeyMalformed)?;
    let public: [u8; 32] = X25519HkdfSha256::sk_to_pk(&private).to_bytes().into();
    let pkcs8_der = SecretBytes::new([PKCS8_PREFIX.as_slice(), scalar.expose()].concat());
    Ok(PrivateKey::new(PublicKey::x25519_from_raw(&public), pkcs8_der))
}
