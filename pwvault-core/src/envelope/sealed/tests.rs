#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::id::{RecordKind, VaultId};

fn context() -> Context<'static> {
    Context {
        vault: Some(VaultId::from_bytes([9; 16])),
        kind: Some(RecordKind::Entry),
        revision: Some(3),
        ..Context::default()
    }
}

fn sealed(len: usize) -> (EnvelopeKey, Vec<u8>, Vec<u8>) {
    let key = EnvelopeKey::new([1; 16], &[2; 32]);
    let plain: Vec<u8> = (0..len).map(|at| at as u8).collect();
    let bytes = seal(&key, Purpose::Head, Suite::Symmetric, &context(), &[b"labels", b"rest"], &plain).unwrap();
    (key, plain, bytes)
}

fn try_open(key: &EnvelopeKey, bytes: &[u8]) -> Result<SecretBytes, EnvelopeError> {
    open(key, Purpose::Head, Suite::Symmetric, &context(), &[b"labels", b"rest"], bytes)
}

#[test]
fn opens_what_was_sealed_at_every_padding_step() {
    for len in [0, 1, 27, 28, 29, 60, 61, 124, 125, 252, 253, 508, 509, 65_536] {
        let (key, plain, bytes) = sealed(len);
        assert_eq!(try_open(&key, &bytes).unwrap().expose(), plain, "length {len}");
        let body = bytes.len() - HEADER_LEN - TAG_LEN;
        assert!(body == 32 || body == 64 || body == 128 || body.is_multiple_of(256), "body of {body} bytes");
        assert!(body >= len + 4);
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let (key, _, bytes) = sealed(40);
    for bit in 0..bytes.len() * 8 {
        let mut bad = bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(try_open(&key, &bad).is_err(), "bit {bit}");
    }
    for len in 0..bytes.len() {
        assert!(matches!(try_open(&key, &bytes[..len]), Err(EnvelopeError::Malformed { .. })), "length {len}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(try_open(&key, &longer).unwrap_err(), EnvelopeError::Malformed { what: "bytes follow the tag" });
}

#[test]
fn errors_tell_key_from_tampering() {
    let (key, _, bytes) = sealed(40);
    let other = EnvelopeKey::new([1; 16], &[3; 32]);
    assert_eq!(try_open(&other, &bytes).unwrap_err(), EnvelopeError::WrongKey);
    let unknown = EnvelopeKey::new([7; 16], &[2; 32]);
    assert_eq!(try_open(&unknown, &bytes).unwrap_err(), EnvelopeError::UnknownKey);
    let relabelled = open(&key, Purpose::Head, Suite::Symmetric, &context(), &[b"other", b"rest"], &bytes);
    assert_eq!(relabelled.unwrap_err(), EnvelopeError::Tampered);
    let moved = Context { revision: Some(4), ..context() };
    let rolled = open(&key, Purpose::Head, Suite::Symmetric, &moved, &[b"labels", b"rest"], &bytes);
    assert_eq!(rolled.unwrap_err(), EnvelopeError::WrongKey);
}

#[test]
fn two_seals_of_the_same_text_share_no_salt() {
    let (_, _, first) = sealed(10);
    let (_, _, second) = sealed(10);
    assert_ne!(first[23..55], second[23..55]);
    assert_ne!(first[HEADER_LEN..], second[HEADER_LEN..]);
}

#[test]
fn a_padding_that_is_not_minimal_or_not_zero_is_refused() {
    let mut buffer = vec![0_u8; 64];
    buffer[3] = 10;
    assert!(unpad(buffer).is_err(), "64 bytes where 32 would do");
    let mut buffer = vec![0_u8; 32];
    buffer[3] = 10;
    buffer[31] = 1;
    assert!(unpad(buffer).is_err(), "a byte in the padding");
    assert!(unpad(vec![0xff; 32]).is_err(), "a length over the end");
    assert!(unpad(vec![]).is_err());
}
