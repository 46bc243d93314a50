//! An age file for one X25519 recipient.

use age::x25519::{Identity, Recipient};

use crate::sample::Plain;

pub struct Peer {
    identity: Identity,
    recipient: Recipient,
}

impl Peer {
    pub fn new() -> Self {
        let identity = Identity::generate();
        Self { recipient: identity.to_public(), identity }
    }

    pub fn seal(&self, entry: &Plain) -> Vec<u8> {
        age::encrypt(&self.recipient, &entry.json()).expect("sealed")
    }

    pub fn open(&self, sealed: &[u8]) -> Plain {
        let json = age::decrypt(&self.identity, sealed).expect("opened");
        serde_json::from_slice(&json).expect("the JSON sealed before")
    }
}
