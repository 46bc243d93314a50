//! Encrypted PKCS#8 (RFC 5958) with PBES2 (RFC 8018): a file comes from anywhere, so what its
//! passphrase costs is bounded before it is paid.

use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode, ErrorKind};
use pkcs8::pkcs5::pbes2::{EncryptionScheme, Kdf, Parameters, Pbkdf2Prf, ScryptParams};
use pkcs8::{EncryptedPrivateKeyInfo, EncryptedPrivateKeyInfoRef};
use zeroize::Zeroizing;

use crate::crypto::error::CryptoError;
use crate::crypto::random::random_array;
use crate::secret::{SecretBytes, SecretString};

const ITERATIONS: u32 = 600_000;
const ITERATIONS_MAX: u32 = if cfg!(fuzzing) { 10_000 } else { 10_000_000 };
/// For all lanes together, which bounds the time too.
const SCRYPT_MEMORY_MAX: u64 = if cfg!(fuzzing) { 1024 * 1024 } else { 128 * 1024 * 1024 };

pub(super) fn open(der: &[u8], passphrase: &SecretString) -> Result<SecretBytes, CryptoError> {
    let info = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|error| match error.kind() {
        ErrorKind::OidUnknown { .. } => CryptoError::KeyEncryptionUnsupported,
        _ => CryptoError::KeyMalformed,
    })?;
    let parameters = info.encryption_algorithm.pbes2().ok_or(CryptoError::KeyEncryptionUnsupported)?;
    check(parameters)?;
    let mut buffer = Zeroizing::new(info.encrypted_data.as_bytes().to_vec());
    parameters
        .decrypt_in_place(passphrase.expose(), &mut buffer)
        .map(SecretBytes::from_slice)
        .map_err(|_| CryptoError::PassphraseWrong)
}

pub(super) fn seal(pkcs8_der: &[u8], passphrase: &SecretString) -> Result<Vec<u8>, CryptoError> {
    if passphrase.is_empty() {
        return Err(CryptoError::PassphraseNeeded);
    }
    let (salt, iv) = (random_array::<16>()?, random_array::<16>()?);
    let rejected = |_| CryptoError::KeyRejected;
    let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, iv).map_err(rejected)?;
    let encrypted = parameters.encrypt(passphrase.expose(), pkcs8_der).map_err(rejected)?;
    OctetStringRef::new(&encrypted)
        .and_then(|encrypted_data| {
            EncryptedPrivateKeyInfo { encryption_algorithm: parameters.into(), encrypted_data }.to_der()
        })
        .map_err(|_| CryptoError::KeyRejected)
}

fn check(parameters: &Parameters) -> Result<(), CryptoError> {
    let (EncryptionScheme::Aes128Cbc { .. } | EncryptionScheme::Aes192Cbc { .. } | EncryptionScheme::Aes256Cbc { .. }) =
        parameters.encryption
    else {
        return Err(CryptoError::KeyEncryptionUnsupported);
    };
    match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => match (pbkdf2.prf, pbkdf2.iteration_count) {
            (Pbkdf2Prf::HmacWithSha256 | Pbkdf2Prf::HmacWithSha512, 1..=ITERATIONS_MAX) => Ok(()),
            (Pbkdf2Prf::HmacWithSha256 | Pbkdf2Prf::HmacWithSha512, 0) => Err(CryptoError::KeyMalformed),
            (Pbkdf2Prf::HmacWithSha256 | Pbkdf2Prf::HmacWithSha512, _) => Err(CryptoError::KeyEncryptionCost),
            _ => Err(CryptoError::KeyEncryptionUnsupported),
        },
        Kdf::Scrypt(scrypt) => check_scrypt(scrypt),
        _ => Err(CryptoError::KeyEncryptionUnsupported),
    }
}

fn check_scrypt(scrypt: &ScryptParams) -> Result<(), CryptoError> {
    let ScryptParams { cost_parameter: n, block_size: r, parallelization: p, salt: _, key_length: _ } = *scrypt;
    // The library below takes the logarithm of n on trust.
    if !n.is_power_of_two() || n < 2 || r == 0 || p == 0 {
        return Err(CryptoError::KeyMalformed);
    }
    let memory = n.saturating_mul(128).saturating_mul(u64::from(r)).saturating_mul(u64::from(p));
    if memory > SCRYPT_MEMORY_MAX { Err(CryptoError::KeyEncryptionCost) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use pkcs8::pkcs5::pbes2::Pbkdf2Params;

    use super::*;

    fn scrypt(cost_parameter: u64, block_size: u16, parallelization: u16) -> Result<(), CryptoError> {
        let salt = [0; 16].as_slice().try_into().unwrap();
        check_scrypt(&ScryptParams { salt, cost_parameter, block_size, parallelization, key_length: None })
    }

    fn pbkdf2(prf: Pbkdf2Prf, iteration_count: u32) -> Result<(), CryptoError> {
        let salt = [0; 16].as_slice().try_into().unwrap();
        let kdf = Kdf::Pbkdf2(Pbkdf2Params { salt, iteration_count, key_length: None, prf });
        check(&Parameters { kdf, encryption: EncryptionScheme::Aes256Cbc { iv: [0; 16] } })
    }

    #[test]
    fn the_iterations_are_bounded() {
        for prf in [Pbkdf2Prf::HmacWithSha256, Pbkdf2Prf::HmacWithSha512] {
            assert_eq!(pbkdf2(prf, 0), Err(CryptoError::KeyMalformed));
            assert_eq!(pbkdf2(prf, 1), Ok(()));
            assert_eq!(pbkdf2(prf, 10_000_000), Ok(()));
            assert_eq!(pbkdf2(prf, 10_000_001), Err(CryptoError::KeyEncryptionCost));
            assert_eq!(pbkdf2(prf, u32::MAX), Err(CryptoError::KeyEncryptionCost));
        }
        for prf in [Pbkdf2Prf::HmacWithSha1, Pbkdf2Prf::HmacWithSha224, Pbkdf2Prf::HmacWithSha384] {
            assert_eq!(pbkdf2(prf, 2048), Err(CryptoError::KeyEncryptionUnsupported));
        }
    }

    #[test]
    fn the_memory_of_scrypt_is_bounded_over_all_lanes() {
        assert_eq!(scrypt(1 << 17, 8, 1), Ok(()), "128 MiB");
        assert_eq!(scrypt(1 << 17, 9, 1), Err(CryptoError::KeyEncryptionCost));
        assert_eq!(scrypt(1 << 18, 8, 1), Err(CryptoError::KeyEncryptionCost));
        assert_eq!(scrypt(1 << 17, 8, 2), Err(CryptoError::KeyEncryptionCost));
        assert_eq!(scrypt(1 << 63, u16::MAX, u16::MAX), Err(CryptoError::KeyEncryptionCost));
        for (n, r, p) in [(0, 8, 1), (1, 8, 1), (3, 8, 1), (u64::MAX, 8, 1), (1024, 0, 1), (1024, 8, 0)] {
            assert_eq!(scrypt(n, r, p), Err(CryptoError::KeyMalformed), "{n} {r} {p}");
        }
    }

    #[test]
    fn only_cbc_is_taken() {
        let salt = [0; 16].as_slice().try_into().unwrap();
        let prf = Pbkdf2Prf::HmacWithSha256;
        let kdf = Kdf::Pbkdf2(Pbkdf2Params { salt, iteration_count: 1, key_length: None, prf });
        let gcm = Parameters { kdf, encryption: EncryptionScheme::Aes256Gcm { nonce: [0; 12] } };
        assert_eq!(check(&gcm), Err(CryptoError::KeyEncryptionUnsupported));
    }
}
