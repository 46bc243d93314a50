//! JSON Web Encryption, compact: A256GCM under a key wrapped with A256KW.

use josekit::jwe::alg::aeskw::{AeskwJweDecrypter, AeskwJweEncrypter};
use josekit::jwe::{A256KW, JweHeader, deserialize_compact, serialize_compact};

use crate::Fallible;
use crate::sample::Plain;

pub struct Peer {
    header: JweHeader,
    encrypter: AeskwJweEncrypter,
    decrypter: AeskwJweDecrypter,
}

impl Peer {
    pub fn new() -> Fallible<Self> {
        let mut header = JweHeader::new();
        header.set_content_encryption("A256GCM");
        let key = [5; 32];
        let (encrypter, decrypter) = (A256KW.encrypter_from_bytes(key)?, A256KW.decrypter_from_bytes(key)?);
        Ok(Self { header, encrypter, decrypter })
    }

    pub fn seal(&self, entry: &Plain) -> String {
        serialize_compact(&entry.json(), &self.header, &self.encrypter).expect("sealed")
    }

    pub fn open(&self, sealed: &str) -> Plain {
        let (json, _) = deserialize_compact(sealed, &self.decrypter).expect("opened");
        serde_json::from_slice(&json).expect("the JSON sealed before")
    }
}
