//! The encodings of RSA keys (RFC 8017, appendix A) and which of them are accepted.

use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef, UintRef, Version};
use pkcs8::der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};

use super::{PrivateKey, PublicKey};
use crate::crypto::error::CryptoError;
use crate::model::KeySuite;
use crate::secret::SecretBytes;

pub(super) const OID: ObjectIdentifier = pkcs1::ALGORITHM_OID;

const ALGORITHM: AlgorithmIdentifierRef<'static> = AlgorithmIdentifierRef { oid: OID, parameters: Some(AnyRef::NULL) };
const EXPONENT: [u8; 3] = [1, 0, 1];
const BITS_MIN: u32 = 2048;
const BITS_MAX: u32 = 8192;

/// The parameters of rsaEncryption are NULL, always (RFC 3279).
pub(super) fn check_parameters(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), CryptoError> {
    if algorithm.parameters == ALGORITHM.parameters { Ok(()) } else { Err(CryptoError::KeyMalformed) }
}

pub(super) fn public_from_pkcs1(der: &[u8]) -> Result<PublicKey, CryptoError> {
    public_from_parts(&RsaPublicKeyRef::from_der(der).map_err(|_| CryptoError::KeyMalformed)?)
}

pub(super) fn private_from_pkcs1(der: &[u8]) -> Result<PrivateKey, CryptoError> {
    let key = RsaPrivateKeyRef::from_der(der).map_err(|_| CryptoError::KeyMalformed)?;
    if key.version() != Version::TwoPrime {
        return Err(CryptoError::KeyUnsupported);
    }
    let public = public_from_parts(&key.public_key())?;
    let pkcs8_der = OctetStringRef::new(der)
        .and_then(|der| PrivateKeyInfoRef::new(ALGORITHM, der).to_der())
        .map_err(|_| CryptoError::KeyMalformed)?;
    Ok(PrivateKey::new(public, SecretBytes::new(pkcs8_der)))
}

fn public_from_parts(key: &RsaPublicKeyRef<'_>) -> Result<PublicKey, CryptoError> {
    let bits = bit_length(&key.modulus);
    if !(BITS_MIN..=BITS_MAX).contains(&bits) {
        return Err(CryptoError::RsaBits(bits));
    }
    if key.public_exponent.as_bytes() != EXPONENT {
        return Err(CryptoError::RsaExponent);
    }
    if key.modulus.as_bytes().last().is_none_or(|byte| byte % 2 == 0) {
        return Err(CryptoError::KeyMalformed);
    }
    let spki_der = spki(key).map_err(|_| CryptoError::KeyMalformed)?;
    Ok(PublicKey { suite: KeySuite::RsaOaep256, bits, spki_der })
}

fn spki(key: &RsaPublicKeyRef<'_>) -> pkcs8::der::Result<Vec<u8>> {
    let key = key.to_der()?;
    SubjectPublicKeyInfoRef { algorithm: ALGORITHM, subject_public_key: BitStringRef::from_bytes(&key)? }.to_der()
}

fn bit_length(number: &UintRef<'_>) -> u32 {
    let bytes = number.as_bytes();
    let unused = bytes.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(bytes.len() * 8).unwrap_or(u32::MAX) - unused
}
