#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;

fn keyring() -> Keyring {
    Keyring::generate(VaultId::from_bytes([7; 16]), 4).unwrap()
}

fn head() -> ShardHead {
    ShardHead { shard: 3, size: 1_000, root: [9; 32] }
}

#[test]
fn a_checkpoint_verifies_after_the_audit_key_changed() {
    let keyring = keyring();
    let text = sign_checkpoint(&keyring, &head()).unwrap();
    assert!(text.starts_with("pwvault/07070707-0707-0707-0707-070707070707/3\n1000\nCQkJ"));
    assert_eq!(verify_checkpoint(&keyring, &text).unwrap(), head());
    let turned = keyring.with_new_audit_seed().unwrap();
    assert_eq!(verify_checkpoint(&turned, &text).unwrap(), head());
    assert_eq!(verifier_keys(&turned, 3).unwrap().len(), 2);
    assert_eq!(verifier_keys(&turned, 3).unwrap()[0], verifier_keys(&keyring, 3).unwrap()[0]);
}

#[test]
fn verifier_keys_are_enough_to_verify() {
    let keyring = keyring().with_new_audit_seed().unwrap();
    let text = sign_checkpoint(&keyring, &head()).unwrap();
    let keys = verifier_keys(&keyring, 3).unwrap();
    assert_eq!(verify_checkpoint_with(&keys, &text).unwrap(), head());
    assert!(verify_checkpoint_with(&keys[..1], &text).is_err(), "a key of another generation");
    assert!(verify_checkpoint_with(&verifier_keys(&keyring, 2).unwrap(), &text).is_err(), "a key of another shard");
    assert!(verify_checkpoint_with(&[], &text).is_err());
    assert!(verify_checkpoint_with(&[keys[1].replace("/3+", "/3+0")], &text).is_err());
}

#[test]
fn a_checkpoint_of_others_does_not_verify() {
    let text = sign_checkpoint(&keyring(), &head()).unwrap();
    assert!(matches!(verify_checkpoint(&keyring(), &text), Err(AuditError::BadCheckpoint(_))));
}

#[test]
fn every_changed_byte_is_refused() {
    let keyring = keyring();
    let text = sign_checkpoint(&keyring, &head()).unwrap();
    for at in 0..text.len() {
        for mask in [1, 0x20, 0x80] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= mask;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(verify_checkpoint(&keyring, &changed).is_err(), "byte {at} ^ {mask:#04x} passed");
        }
    }
    for length in (0..text.len()).filter(|length| text.is_char_boundary(*length)) {
        assert!(verify_checkpoint(&keyring, &text[..length]).is_err(), "cut to {length} passed");
    }
}

#[test]
fn a_witness_may_sign_too() {
    let keyring = keyring();
    let text = sign_checkpoint(&keyring, &head()).unwrap();
    let witness = format!("\u{2014} witness.example {}\n", Base64::encode_string(&[5; 68]));
    assert_eq!(verify_checkpoint(&keyring, &format!("{text}{witness}")).unwrap(), head());
    let crowd = witness.repeat(16);
    assert!(verify_checkpoint(&keyring, &format!("{text}{crowd}")).is_err());
    let alone = format!("{}\n{witness}", text.split_once("\n\n").unwrap().0.to_owned() + "\n");
    assert!(verify_checkpoint(&keyring, &alone).is_err());
}
