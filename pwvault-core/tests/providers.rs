//! Both implementations of the key pair operations, alone and across each other.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use pwvault_core::crypto::{CryptoError, CryptoProvider, PrivateKey, PublicKey, default_provider, prove_possession};
use pwvault_core::model::KeySuite;
use pwvault_core::secret::SecretBytes;

fn providers() -> Vec<Arc<dyn CryptoProvider>> {
    vec![
        #[cfg(feature = "aws-lc")]
        pwvault_core::crypto::aws_lc_provider(),
        #[cfg(feature = "pure-rust")]
        pwvault_core::crypto::pure_rust_provider(),
    ]
}

fn rsa(bits: u32) -> PrivateKey {
    let pem = match bits {
        2048 => include_str!("keys/rsa-2048.pem"),
        3072 => include_str!("keys/rsa-3072.pem"),
        _ => include_str!("keys/rsa-4096.pem"),
    };
    PrivateKey::from_pem(pem, None).unwrap()
}

fn other_rsa() -> PrivateKey {
    PrivateKey::from_pem(include_str!("keys/rsa-2048-other.pem"), None).unwrap()
}

fn x25519() -> PrivateKey {
    PrivateKey::from_pem(include_str!("keys/x25519.pem"), None).unwrap()
}

fn replace_once(der: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = der.windows(from.len()).position(|window| window == from).unwrap();
    [&der[..at], to, &der[at + from.len()..]].concat()
}

#[test]
fn every_provider_opens_what_any_provider_made() {
    for key in [rsa(2048), rsa(3072), rsa(4096), x25519()] {
        for from in providers() {
            for to in providers() {
                let sent = from.encapsulate(key.public(), b"info").unwrap();
                let back = to.decapsulate(&key, b"info", &sent.kem_ct).unwrap();
                assert_eq!(sent.seed.len(), 32);
                assert_eq!(sent.seed.expose(), back.expose(), "{from:?} to {to:?} with {key:?}");
            }
        }
    }
}

#[test]
fn what_openssl_encrypted_is_decapsulated() {
    for provider in providers() {
        let kem_ct = include_bytes!("keys/rsa-2048-oaep.bin");
        let seed = provider.decapsulate(&rsa(2048), b"info", kem_ct).unwrap();
        assert!(seed.expose().iter().copied().eq(0..32));
    }
}

#[test]
fn no_two_encapsulations_are_alike() {
    for provider in providers() {
        for key in [rsa(2048), x25519()] {
            let one = provider.encapsulate(key.public(), b"info").unwrap();
            let two = provider.encapsulate(key.public(), b"info").unwrap();
            assert_ne!(one.kem_ct, two.kem_ct);
            assert_ne!(one.seed.expose(), two.seed.expose());
        }
    }
}

#[test]
fn every_failure_gives_a_seed_that_is_not_the_one() {
    for provider in providers() {
        for key in [rsa(2048), x25519()] {
            let sent = provider.encapsulate(key.public(), b"info").unwrap();
            let mut changed = sent.kem_ct.clone();
            changed[7] ^= 1;
            let low_order = vec![0; sent.kem_ct.len()];
            let above_modulus = vec![0xff; sent.kem_ct.len()];
            let cases: [(&[u8], &[u8]); 5] = [
                (b"other", &sent.kem_ct),
                (b"", &sent.kem_ct),
                (b"info", &changed),
                (b"info", &low_order),
                (b"info", &above_modulus),
            ];
            for (info, kem_ct) in cases {
                let seed = provider.decapsulate(&key, info, kem_ct).unwrap();
                assert_eq!(seed.len(), 32);
                assert_ne!(seed.expose(), sent.seed.expose());
                assert_ne!(seed.expose(), [0; 32]);
            }
        }
        let sent = provider.encapsulate(rsa(2048).public(), b"info").unwrap();
        let random = |_| provider.decapsulate(&rsa(2048), b"other", &sent.kem_ct).unwrap();
        let [one, two]: [SecretBytes; 2] = [0, 1].map(random);
        assert_ne!(one.expose(), two.expose(), "implicit rejection of RSA is random");
    }
}

#[test]
fn misuse_is_an_error() {
    for provider in providers() {
        for key in [rsa(2048), x25519()] {
            let length = provider.encapsulate(key.public(), b"info").unwrap().kem_ct.len();
            for wrong in [0, 1, length - 1, length + 1, 384] {
                let refused = provider.decapsulate(&key, b"info", &vec![1; wrong]).unwrap_err();
                assert_eq!(refused, CryptoError::CiphertextLength, "{wrong}");
            }
            let longest = vec![0; 60 * 1024];
            let sent = provider.encapsulate(key.public(), &longest).unwrap();
            let back = provider.decapsulate(&key, &longest, &sent.kem_ct).unwrap();
            assert_eq!(sent.seed.expose(), back.expose());
            let too_long = vec![0; 60 * 1024 + 1];
            assert_eq!(provider.encapsulate(key.public(), &too_long).unwrap_err(), CryptoError::InfoTooLong);
            let refused = provider.decapsulate(&key, &too_long, &sent.kem_ct).unwrap_err();
            assert_eq!(refused, CryptoError::InfoTooLong);
        }
        for low_order in [[0; 32], std::array::from_fn(|i| u8::from(i == 0))] {
            let refused = provider.encapsulate(&PublicKey::x25519_from_raw(&low_order), b"info").unwrap_err();
            assert_eq!(refused, CryptoError::KeyRejected);
        }
    }
}

#[test]
fn generated_keys_work_and_survive_their_encodings() {
    for provider in providers() {
        for bits in [0, 2048, 3071, 8192] {
            assert_eq!(provider.generate_rsa(bits).unwrap_err(), CryptoError::RsaGenerate(bits));
        }
        let key = provider.generate_rsa(3072).unwrap();
        assert_eq!((key.suite(), key.public().bits()), (KeySuite::RsaOaep256, 3072));
        let again = PrivateKey::from_pem(key.to_pem().expose(), None).unwrap();
        for other in providers() {
            prove_possession(&*other, &again, key.public()).unwrap();
        }
    }
    let key = PrivateKey::generate_x25519().unwrap();
    assert_eq!((key.suite(), key.public().bits()), (KeySuite::HpkeX25519, 256));
    assert_ne!(key.public(), PrivateKey::generate_x25519().unwrap().public());
    prove_possession(&*default_provider(), &key, key.public()).unwrap();
}

#[test]
fn possession_is_proved_only_by_the_right_key() {
    for provider in providers() {
        let refused = prove_possession(&*provider, &rsa(2048), rsa(3072).public()).unwrap_err();
        assert_eq!(refused, CryptoError::KeyMismatch);
        // The public half of one key with the private numbers of another.
        let (one, two) = (rsa(2048), other_rsa());
        let modulus = |key: &PrivateKey| key.public().spki_der()[32..32 + 257].to_vec();
        let forged = replace_once(one.to_pkcs8_der().expose(), &modulus(&one), &modulus(&two));
        let forged = PrivateKey::from_pkcs8_der(&forged).unwrap();
        assert_eq!(forged.public(), two.public());
        let refused = prove_possession(&*provider, &forged, two.public()).unwrap_err();
        assert_eq!(refused, CryptoError::KeyRejected);
    }
}
