//! Key files as people bring them: which are read, which are refused, and with what words.
//! The files and how they were made: `keys/README.md`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use pwvault_core::crypto::{CryptoError, PrivateKey, PublicKey, sha256};
use pwvault_core::model::KeySuite;
use pwvault_core::secret::SecretString;

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("keys/", $name, ".pem"))
    };
}

const PASSPHRASE: &str = "correct-horse";

fn private(pem: &str) -> Result<PrivateKey, CryptoError> {
    PrivateKey::from_pem(pem, Some(&SecretString::from(PASSPHRASE)))
}

/// The bytes of a PEM block, by the decoder of another crate.
fn der(pem: &str) -> Vec<u8> {
    pkcs8::der::pem::decode_vec(pem.as_bytes()).unwrap().1
}

#[test]
fn every_supported_form_is_read_as_the_same_key() {
    let rsa = private(key!("rsa-2048")).unwrap();
    assert_eq!((rsa.suite(), rsa.public().bits()), (KeySuite::RsaOaep256, 2048));
    for pem in [
        key!("rsa-2048-pkcs1"),
        key!("rsa-2048-pbkdf2-sha256"),
        key!("rsa-2048-pbkdf2-sha512"),
        key!("rsa-2048-scrypt"),
        key!("rsa-2048-exported"),
    ] {
        let read = private(pem).unwrap();
        assert_eq!(read.public(), rsa.public());
        assert_eq!(read.to_pkcs8_der().expose(), der(key!("rsa-2048")));
    }
    for pem in [key!("rsa-2048-public"), key!("rsa-2048-public-pkcs1")] {
        assert_eq!(&PublicKey::from_pem(pem).unwrap(), rsa.public());
    }

    let x25519 = private(key!("x25519")).unwrap();
    assert_eq!((x25519.suite(), x25519.public().bits()), (KeySuite::HpkeX25519, 256));
    let encrypted = private(key!("x25519-pbkdf2-sha256")).unwrap();
    assert_eq!(encrypted.to_pkcs8_der().expose(), der(key!("x25519")));
    assert_eq!(&PublicKey::from_pem(key!("x25519-public")).unwrap(), x25519.public());

    for (pem, bits) in [(key!("rsa-3072"), 3072), (key!("rsa-4096"), 4096)] {
        assert_eq!(private(pem).unwrap().public().bits(), bits);
    }
}

#[test]
fn what_is_written_is_what_openssl_writes() {
    for (private_pem, public_pem) in
        [(key!("rsa-2048"), key!("rsa-2048-public")), (key!("x25519"), key!("x25519-public"))]
    {
        let key = private(private_pem).unwrap();
        assert_eq!(key.to_pem().expose(), private_pem);
        assert_eq!(key.public().to_pem(), public_pem);
        assert_eq!(key.public().spki_der(), der(public_pem));
        assert_eq!(key.public().fingerprint().to_bytes(), sha256(&[&der(public_pem)]));
        assert_eq!(&PublicKey::from_spki_der(key.public().spki_der()).unwrap(), key.public());
    }
}

#[test]
fn an_encrypted_export_needs_its_passphrase() {
    for pem in [key!("rsa-2048"), key!("x25519")] {
        let key = private(pem).unwrap();
        let sealed = key.to_encrypted_pem(&SecretString::from(PASSPHRASE)).unwrap();
        let again = private(sealed.expose()).unwrap();
        assert_eq!(again.to_pkcs8_der().expose(), key.to_pkcs8_der().expose());
        assert_ne!(
            sealed.expose(),
            key.to_encrypted_pem(&SecretString::from(PASSPHRASE)).unwrap().expose(),
            "salt and IV are fresh"
        );
        let wrong = PrivateKey::from_pem(sealed.expose(), Some(&SecretString::from("correct-horsf")));
        assert_eq!(wrong.unwrap_err(), CryptoError::PassphraseWrong);
        assert_eq!(key.to_encrypted_pem(&SecretString::from("")).unwrap_err(), CryptoError::PassphraseNeeded);
    }
}

#[test]
fn passphrases_are_asked_for_and_checked() {
    for pem in [key!("rsa-2048-pbkdf2-sha256"), key!("rsa-2048-pbkdf2-sha512"), key!("rsa-2048-scrypt")] {
        assert_eq!(PrivateKey::from_pem(pem, None).unwrap_err(), CryptoError::PassphraseNeeded);
        for wrong in ["", "Correct-horse", "correct-horse "] {
            let refused = PrivateKey::from_pem(pem, Some(&SecretString::from(wrong))).unwrap_err();
            assert_eq!(refused, CryptoError::PassphraseWrong, "{wrong:?}");
        }
    }
    assert!(PrivateKey::from_pem(key!("rsa-2048"), None).is_ok());
}

#[test]
fn no_wrong_passphrase_out_of_a_thousand_is_called_damage() {
    // About four of them pass the padding by chance and are then found out by the structure.
    for number in 0..1000 {
        let wrong = SecretString::from(format!("wrong {number}"));
        let refused = PrivateKey::from_pem(key!("x25519-pbkdf2-sha256"), Some(&wrong)).unwrap_err();
        assert_eq!(refused, CryptoError::PassphraseWrong);
    }
}

#[test]
fn what_is_not_supported_is_named() {
    for (pem, error) in [
        (key!("rsa-1024"), CryptoError::RsaBits(1024)),
        (key!("rsa-2048-e3"), CryptoError::RsaExponent),
        (key!("rsa-2048-three-primes"), CryptoError::KeyUnsupported),
        (key!("ec"), CryptoError::KeyUnsupported),
        (key!("ec-sec1"), CryptoError::KeyUnsupported),
        (key!("ec-encrypted"), CryptoError::KeyUnsupported),
        (key!("ed25519"), CryptoError::KeyUnsupported),
        (key!("rsa-2048-pbkdf2-over"), CryptoError::KeyEncryptionCost),
        (key!("rsa-2048-pbkdf2-sha1"), CryptoError::KeyEncryptionUnsupported),
        (key!("rsa-2048-3des"), CryptoError::KeyEncryptionUnsupported),
        (key!("rsa-2048-legacy"), CryptoError::KeyEncryptionLegacy),
        (key!("rsa-2048-public"), CryptoError::PrivateKeyNeeded),
        (key!("rsa-2048-public-pkcs1"), CryptoError::PrivateKeyNeeded),
        (key!("x25519-public"), CryptoError::PrivateKeyNeeded),
    ] {
        assert_eq!(private(pem).unwrap_err(), error);
    }
    for pem in [key!("rsa-2048"), key!("rsa-2048-pkcs1"), key!("rsa-2048-scrypt"), key!("x25519")] {
        assert_eq!(PublicKey::from_pem(pem).unwrap_err(), CryptoError::PublicKeyNeeded);
    }
    assert_eq!(PublicKey::from_pem(key!("ec-public")).unwrap_err(), CryptoError::KeyUnsupported);
    let with_curve = format!("-----BEGIN EC PARAMETERS-----\nBg==\n-----END EC PARAMETERS-----\n{}", key!("ec-sec1"));
    assert_eq!(private(&with_curve).unwrap_err(), CryptoError::KeyUnsupported);
}

#[test]
fn the_layout_of_a_pem_is_free_but_nothing_stands_around_it() {
    let pem = key!("rsa-2048");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let one_line = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----");
    let no_line = format!("-----BEGIN PRIVATE KEY-----{body}-----END PRIVATE KEY-----");
    let public = private(pem).unwrap().public().clone();
    for same in [&pem.replace('\n', "\r\n"), &format!("\u{feff}\n\n  {pem}\n \n"), &one_line, &no_line] {
        assert_eq!(private(same).unwrap().public(), &public);
    }
    for other in [
        "",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n-----END PUBLIC KEY-----",
        &body,
        &format!("{pem}{pem}"),
        &format!("{pem}x"),
        &format!("Bag Attributes\n{pem}"),
        &pem.replace("END PRIVATE", "END RSA PRIVATE"),
    ] {
        assert_eq!(private(other).unwrap_err(), CryptoError::NotPem, "{other}");
    }
    for damaged in [
        &pem.replacen("\nM", "\n*", 1),
        &format!("-----BEGIN PRIVATE KEY-----\nKey: value\n\n{body}\n-----END PRIVATE KEY-----"),
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
    ] {
        assert_eq!(private(damaged).unwrap_err(), CryptoError::KeyMalformed, "{damaged}");
    }
}

#[test]
fn the_input_is_bounded() {
    let pem = key!("rsa-2048");
    let padded = |length: usize| format!("{pem}{}", " ".repeat(length - pem.len()));
    assert!(private(&padded(64 * 1024)).is_ok());
    assert_eq!(private(&padded(64 * 1024 + 1)).unwrap_err(), CryptoError::KeyTooLong);
    assert_eq!(PublicKey::from_pem(&padded(64 * 1024 + 1)).unwrap_err(), CryptoError::KeyTooLong);
    assert_eq!(PublicKey::from_spki_der(&vec![0x30; 64 * 1024 + 1]).unwrap_err(), CryptoError::KeyTooLong);
    assert_eq!(PrivateKey::from_pkcs8_der(&vec![0x30; 64 * 1024 + 1]).unwrap_err(), CryptoError::KeyTooLong);
}

#[test]
fn der_has_one_encoding_and_no_trailing_bytes() {
    for pem in [key!("rsa-2048"), key!("x25519")] {
        let mut der = der(pem);
        der.push(0);
        assert_eq!(PrivateKey::from_pkcs8_der(&der).unwrap_err(), CryptoError::KeyMalformed);
    }
    for pem in [key!("rsa-2048-public"), key!("x25519-public")] {
        let mut der = der(pem);
        der.push(0);
        assert_eq!(PublicKey::from_spki_der(&der).unwrap_err(), CryptoError::KeyMalformed);
    }
}

#[test]
fn the_public_key_inside_a_private_one_must_be_its_own() {
    // RFC 5958 version 2 holds the public key in a field of its own at the end.
    let (plain, public) = (der(key!("x25519")), private(key!("x25519")).unwrap().public().x25519_raw().unwrap());
    let with_public = |public: &[u8]| {
        let mut der = [&plain, [0x81, 0x21, 0x00].as_slice(), public].concat();
        (der[1], der[4]) = (0x51, 1);
        der
    };
    let read = PrivateKey::from_pkcs8_der(&with_public(&public)).unwrap();
    assert_eq!(read.to_pkcs8_der().expose(), plain);
    let refused = PrivateKey::from_pkcs8_der(&with_public(&[9; 32])).unwrap_err();
    assert_eq!(refused, CryptoError::KeyMismatch);
}

#[test]
fn nothing_secret_is_shown() {
    let key = private(key!("x25519")).unwrap();
    let shown = format!("{key:?}");
    assert!(shown.contains(&key.public().fingerprint().to_string()));
    let scalar = &key.to_pkcs8_der().expose()[16..].to_vec();
    let hex: String = scalar.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!shown.contains(&hex) && !shown.contains(&format!("{scalar:?}")));
}

/// Everything that takes a key from outside; whatever is read must survive being written.
fn read_all(pem: &str, der: &[u8]) {
    for private in [private(pem), PrivateKey::from_pkcs8_der(der)].into_iter().flatten() {
        let again = PrivateKey::from_pem(private.to_pem().expose(), None).unwrap();
        assert_eq!(again.public(), private.public());
    }
    for public in [PublicKey::from_pem(pem), PublicKey::from_spki_der(der)].into_iter().flatten() {
        assert_eq!(PublicKey::from_pem(&public.to_pem()).unwrap(), public);
    }
}

/// Every form that is read, without those whose passphrase costs the test seconds.
const FORMS: [&str; 8] = [
    key!("rsa-2048"),
    key!("rsa-2048-pkcs1"),
    key!("rsa-2048-public"),
    key!("rsa-2048-public-pkcs1"),
    key!("rsa-2048-pbkdf2-sha256"),
    key!("x25519"),
    key!("x25519-public"),
    key!("ec"),
];

#[test]
fn no_truncation_makes_a_key_or_a_panic() {
    for pem in FORMS {
        let der = der(pem);
        for length in 0..der.len() {
            assert!(PrivateKey::from_pkcs8_der(&der[..length]).is_err());
            assert!(PublicKey::from_spki_der(&der[..length]).is_err());
        }
        let pem = pem.trim_end();
        for length in 0..pem.len() {
            assert!(private(&pem[..length]).is_err());
            assert!(PublicKey::from_pem(&pem[..length]).is_err());
        }
    }
}

#[test]
fn no_flipped_bit_of_a_small_key_panics() {
    for pem in [key!("x25519"), key!("x25519-public"), key!("ec"), key!("rsa-2048-public")] {
        let der = der(pem);
        for bit in 0..der.len() * 8 {
            let mut flipped = der.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            read_all("", &flipped);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_keys_never_panic(
        form in 0..FORMS.len(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let (mut text, mut der) = (FORMS[form].as_bytes().to_vec(), der(FORMS[form]));
        for (at, bit) in flips {
            text[at.index(FORMS[form].len())] ^= 1 << bit;
            let length = der.len();
            der[at.index(length)] ^= 1 << bit;
        }
        if let Some(cut) = cut {
            text.truncate(cut.index(text.len()));
            der.truncate(cut.index(der.len()));
        }
        read_all(&String::from_utf8_lossy(&text), &der);
    }

    #[test]
    fn damaged_encrypted_keys_never_panic(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        // The parameters stand in the first 110 bytes; what costs too much is refused, so each case is quick.
        let mut der = der(key!("x25519-pbkdf2-sha256"));
        der[at.index(110)] = value;
        let pem = pkcs8::der::pem::encode_string("ENCRYPTED PRIVATE KEY", pkcs8::LineEnding::LF, &der).unwrap();
        read_all(&pem, &der);
    }
}
