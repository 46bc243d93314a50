//! Any text as a key: what is taken has one canonical form, which reads as the same key, and can be
//! sealed to without a panic, whatever its numbers are.
#![no_main]

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use pwvault_core::crypto::{PrivateKey, PublicKey, default_provider, prove_possession};
use pwvault_core::secret::SecretString;

const LABELS: [&str; 5] = ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "PUBLIC KEY", "RSA PUBLIC KEY"];
/// Above this, one operation takes longer than a fuzzer should wait.
const BITS_MAX: u32 = 2048;

fn check_public(key: &PublicKey) {
    assert_eq!(PublicKey::from_spki_der(key.spki_der()).as_ref(), Ok(key));
    assert_eq!(PublicKey::from_pem(&key.to_pem()).as_ref(), Ok(key));
    if key.bits() <= BITS_MAX {
        let _ = default_provider().encapsulate(key, b"info");
    }
}

fn check_private(key: &PrivateKey) {
    check_public(key.public());
    let again = PrivateKey::from_pem(key.to_pem().expose(), None).expect("the canonical form is read");
    assert_eq!(again.public(), key.public());
    assert_eq!(again.to_pkcs8_der().expose(), key.to_pkcs8_der().expose());
    if key.public().bits() <= BITS_MAX {
        let _ = prove_possession(&*default_provider(), key, key.public());
    }
}

fuzz_target!(|data: &[u8]| {
    let [choice, body @ ..] = data else { return };
    let text = match LABELS.get(usize::from(*choice)) {
        Some(label) => format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", Base64::encode_string(body)),
        None => String::from_utf8_lossy(body).into_owned(),
    };
    if let Ok(key) = PublicKey::from_pem(&text) {
        check_public(&key);
    }
    for passphrase in [None, Some(SecretString::from("correct-horse"))] {
        if let Ok(key) = PrivateKey::from_pem(&text, passphrase.as_ref()) {
            check_private(&key);
        }
    }
});
