//! The least that sealing an entry can cost: a fresh key, AES-256-GCM twice and JSON, written out
//! over aws-lc-rs with a single draw of randomness.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::sample::Plain;

/// A held key under which the fresh ones are wrapped.
pub struct Floor(LessSafeKey);

impl Floor {
    pub fn new() -> Self {
        Self(key(&[5; KEY]))
    }

    /// `nonce | wrapped key | tag | nonce | ciphertext | tag`.
    pub fn seal(&self, entry: &Plain, context: &[u8]) -> Vec<u8> {
        let mut drawn = [0; 2 * NONCE + KEY];
        getrandom::fill(&mut drawn).expect("randomness");
        let (nonces, fresh) = drawn.split_at(2 * NONCE);
        let (first, second) = nonces.split_at(NONCE);
        let mut out = Vec::with_capacity(2 * (NONCE + TAG) + KEY + 320);
        out.extend_from_slice(first);
        out.extend_from_slice(fresh);
        let tag = self.0.seal_in_place_separate_tag(nonce(first), Aad::from(context), &mut out[NONCE..]);
        out.extend_from_slice(tag.expect("sealed").as_ref());
        out.extend_from_slice(second);
        let body = out.len();
        serde_json::to_writer(&mut out, entry).expect("plain text has a JSON form");
        let tag = key(fresh).seal_in_place_separate_tag(nonce(second), Aad::from(context), &mut out[body..]);
        out.extend_from_slice(tag.expect("sealed").as_ref());
        out
    }

    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Plain {
        let (wrapped, body) = sealed.split_at(NONCE + KEY + TAG);
        let mut fresh = wrapped[NONCE..].to_vec();
        let fresh = self.0.open_in_place(nonce(&wrapped[..NONCE]), Aad::from(context), &mut fresh).expect("the key");
        let mut json = body[NONCE..].to_vec();
        let json = key(fresh).open_in_place(nonce(&body[..NONCE]), Aad::from(context), &mut json).expect("the entry");
        serde_json::from_slice(json).expect("the JSON sealed before")
    }
}

fn key(bytes: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes"))
}

fn nonce(bytes: &[u8]) -> Nonce {
    Nonce::try_assume_unique_for_key(bytes).expect("12 bytes")
}

const KEY: usize = 32;
const NONCE: usize = 12;
const TAG: usize = 16;
