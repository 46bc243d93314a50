//! The published attack vectors of Project Wycheproof for every primitive the vault uses.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use hkdf::Hkdf;
use pwvault_core::crypto::{
    CryptoError, CryptoProvider, MessageKey, PrivateKey, derive_key, oaep_vectors, open_in_place, seal_in_place,
};
use pwvault_core::secret::SecretBytes;
use sha2::Sha256;
use wycheproof::TestResult;

fn providers() -> Vec<std::sync::Arc<dyn CryptoProvider>> {
    vec![
        #[cfg(feature = "aws-lc")]
        pwvault_core::crypto::aws_lc_provider(),
        #[cfg(feature = "pure-rust")]
        pwvault_core::crypto::pure_rust_provider(),
    ]
}

/// The vault seals under a nonce of zero only; the vectors choose theirs, so they go to the cipher
/// that the vault's functions call, and those with a nonce of zero to the functions too.
#[test]
fn aes_256_gcm() {
    use wycheproof::aead::{TestName, TestSet};
    let (mut run, mut through_the_vault) = (0, 0);
    for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            let key: [u8; 32] = test.key[..].try_into().unwrap();
            let nonce: [u8; 12] = test.nonce[..].try_into().unwrap();
            let tag: [u8; 16] = test.tag[..].try_into().unwrap();
            let valid = test.result == TestResult::Valid;

            let cipher = Aes256Gcm::new(&key.into());
            let mut buffer = test.ct.to_vec();
            let opened = cipher.decrypt_inout_detached(
                &Nonce::from(nonce),
                &test.aad,
                buffer.as_mut_slice().into(),
                &Tag::from(tag),
            );
            assert_eq!(opened.is_ok(), valid, "{}", test.tc_id);
            if valid {
                assert_eq!(buffer, test.pt[..], "{}", test.tc_id);
            }
            run += 1;

            if nonce == [0; 12] {
                let key = MessageKey::from_vector(key);
                let mut buffer = test.ct.to_vec();
                let opened = open_in_place(&key, &test.aad, &mut buffer, &tag);
                assert_eq!(opened, if valid { Ok(()) } else { Err(CryptoError::Tampered) }, "{}", test.tc_id);
                if valid {
                    assert_eq!(seal_in_place(&key, &test.aad, &mut buffer), Ok(tag), "{}", test.tc_id);
                    assert_eq!(buffer, test.ct[..], "{}", test.tc_id);
                }
                through_the_vault += 1;
            }
        }
    }
    println!("AES-256-GCM: {run} vectors, {through_the_vault} of them with a nonce of zero");
    assert!(run > 50);
}

#[test]
fn hkdf_sha_256() {
    use wycheproof::hkdf::{TestName, TestSet};
    let mut run = 0;
    for test in TestSet::load(TestName::HkdfSha256).unwrap().test_groups.into_iter().flat_map(|group| group.tests) {
        let mut okm = vec![0; test.size];
        let expanded = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut okm);
        assert_eq!(expanded.is_ok(), test.result == TestResult::Valid, "{}", test.tc_id);
        if expanded.is_ok() {
            assert_eq!(okm, test.okm[..], "{}", test.tc_id);
            // A shorter output is the beginning of a longer one.
            let key = derive_key(&test.ikm, &test.salt, &test.info).unwrap();
            let both = okm.len().min(32);
            assert_eq!(key.expose()[..both], okm[..both], "{}", test.tc_id);
        }
        run += 1;
    }
    println!("HKDF-SHA-256: {run} vectors");
    assert!(run > 80);
}

#[test]
fn rsa_oaep_sha_256() {
    use wycheproof::rsa_oaep::{TestName, TestSet};
    let sets = [
        TestName::Rsa2048Sha256Mgf1Sha256,
        TestName::Rsa3072Sha256Mgf1Sha256,
        TestName::Rsa4096Sha256Mgf1Sha256,
        TestName::RsaMisc,
    ];
    for (name, decrypt) in oaep_vectors::implementations() {
        let (mut run, mut refused_keys) = (0, 0);
        for group in sets.iter().flat_map(|set| TestSet::load(*set).unwrap().test_groups) {
            let sha_256 = wycheproof::HashFunction::Sha2_256;
            if group.hash != sha_256 || group.mgf_hash != sha_256 {
                continue;
            }
            let key = PrivateKey::from_pkcs8_der(&group.pkcs8);
            if let Err(CryptoError::RsaBits(_) | CryptoError::RsaExponent) = key {
                refused_keys += 1;
                continue;
            }
            let key = key.unwrap();
            for test in group.tests {
                let opened = decrypt(&key, &test.label, &test.ct).unwrap();
                match test.result {
                    TestResult::Valid => assert_eq!(opened.unwrap().expose(), &test.pt[..], "{}", test.tc_id),
                    TestResult::Invalid => assert!(opened.is_none(), "{}", test.tc_id),
                    TestResult::Acceptable => {
                        assert!(opened.is_none_or(|opened| opened.expose() == &test.pt[..]), "{}", test.tc_id);
                    }
                }
                run += 1;
            }
        }
        println!("RSA-OAEP-SHA-256 through {name}: {run} vectors; {refused_keys} keys of other sizes refused");
        assert!(run >= 3 * 30);
    }
}

#[test]
fn x25519() {
    use wycheproof::xdh::{TestName, TestSet};
    let tests: Vec<_> =
        TestSet::load(TestName::X25519).unwrap().test_groups.into_iter().flat_map(|group| group.tests).collect();
    for provider in providers() {
        let (mut run, mut rejected) = (0, 0);
        for test in &tests {
            let Ok(kem_ct) = <[u8; 32]>::try_from(&test.public_key[..]) else { continue };
            let private = private_x25519(&test.private_key);
            let seed = provider.decapsulate(&private, b"info", &kem_ct).unwrap();
            let public = private.public().x25519_raw().unwrap();
            let expected = seed_by_rfc_9180(&test.shared_secret, &kem_ct, &public, b"info");
            // RFC 9180 section 7.1.4: a shared secret of zeros is refused.
            if test.shared_secret[..] == [0; 32] {
                assert_ne!(seed.expose(), expected.expose(), "{}", test.tc_id);
                rejected += 1;
            } else {
                assert_eq!(seed.expose(), expected.expose(), "{}", test.tc_id);
            }
            run += 1;
        }
        println!("X25519 through HPKE: {run} vectors, {rejected} of them rejected for their order");
        assert!(run > 500 && rejected > 10);
    }
}

fn private_x25519(scalar: &[u8]) -> PrivateKey {
    let prefix = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];
    PrivateKey::from_pkcs8_der(&[prefix.as_slice(), scalar].concat()).unwrap()
}

/// What RFC 9180 makes of a Diffie-Hellman result: sections 4.1 and 5.1, base mode, export-only.
fn seed_by_rfc_9180(shared: &[u8], enc: &[u8], public: &[u8], info: &[u8]) -> SecretBytes {
    let kem = b"KEM\x00\x20".as_slice();
    let suite = b"HPKE\x00\x20\x00\x01\xff\xff".as_slice();
    let eae = labeled_extract(kem, b"", b"eae_prk", shared);
    let shared = labeled_expand(kem, &eae, b"shared_secret", &[enc, public].concat());
    let psk_id_hash = labeled_extract(suite, b"", b"psk_id_hash", b"");
    let info_hash = labeled_extract(suite, b"", b"info_hash", info);
    let schedule = [&[0], psk_id_hash.as_slice(), &info_hash].concat();
    let secret = labeled_extract(suite, &shared, b"secret", b"");
    let exporter = labeled_expand(suite, &secret, b"exp", &schedule);
    SecretBytes::new(labeled_expand(suite, &exporter, b"sec", b"pwvault seed"))
}

fn labeled_extract(suite: &[u8], salt: &[u8], label: &[u8], ikm: &[u8]) -> Vec<u8> {
    let ikm = [b"HPKE-v1", suite, label, ikm].concat();
    Hkdf::<Sha256>::extract(Some(salt), &ikm).0.to_vec()
}

fn labeled_expand(suite: &[u8], prk: &[u8], label: &[u8], info: &[u8]) -> Vec<u8> {
    let info = [b"\x00\x20HPKE-v1", suite, label, info].concat();
    let mut okm = vec![0; 32];
    Hkdf::<Sha256>::from_prk(prk).unwrap().expand(&info, &mut okm).unwrap();
    okm
}
