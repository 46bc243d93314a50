//! Makes `vectors/format/v1/`, whose form is in `spec/format.md`:
//!
//! `cargo run -p pwvault-core --example make_format_vectors -- vectors/format/v1`
//!
//! Vectors are frozen once they are made: a file that is there is left as it is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a tool of the tests"
)]

mod envelopes;
mod inputs;
mod json;
mod keyrings;
mod links;
mod records;
mod secrets;
mod wraps;

use std::fs::{File, create_dir_all};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use pwvault_core::crypto;
use pwvault_core::envelope::Keyring;
use pwvault_core::id::VaultId;
use pwvault_core::model::{Kek, KekId};
use pwvault_core::secret::SecretBytes;
use pwvault_core::store::Record;
use serde_json::{Value, json};

fn main() {
    let root = std::env::args().nth(1).expect("name the directory, vectors/format/v1");
    let mut maker = Maker { root: root.into(), made: 0, kept: 0 };
    envelopes::make(&mut maker);
    keyrings::make(&mut maker);
    records::make(&mut maker);
    secrets::make(&mut maker);
    wraps::make(&mut maker);
    links::make(&mut maker);
    println!("{} made, {} were there", maker.made, maker.kept);
}

/// Writes cases.
struct Maker {
    root: PathBuf,
    made: usize,
    kept: usize,
}

impl Maker {
    fn good(&mut self, name: &str, note: &str, operation: &str, input: Value, ok: Value) {
        self.case(name, note, operation, input, json!({ "ok": ok }));
    }

    fn bad(&mut self, name: &str, note: &str, operation: &str, input: Value, class: &str) {
        self.case(name, note, operation, input, json!({ "error": class }));
    }

    fn case(&mut self, name: &str, note: &str, operation: &str, mut input: Value, expect: Value) {
        input["note"] = note.into();
        input["operation"] = operation.into();
        input["expect"] = expect;
        let path = self.root.join(name).with_extension("json");
        create_dir_all(path.parent().unwrap()).unwrap();
        match File::create_new(path) {
            Ok(mut file) => {
                writeln!(file, "{input:#}").unwrap();
                self.made += 1;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.kept += 1,
            Err(error) => panic!("{error}"),
        }
    }
}

/// A vault's keyring, with its KEK.
struct Fixture {
    ring: Keyring,
    kek: Kek,
}

impl Fixture {
    fn new() -> Self {
        Self { ring: Keyring::generate(VaultId::from_bytes(random()), 2).unwrap(), kek: kek(random()) }
    }

    fn keyring(&self) -> Value {
        keyring_json(std::slice::from_ref(&self.kek), &self.ring.seal(&self.kek).unwrap())
    }
}

fn kek(id: [u8; 16]) -> Kek {
    Kek { id: KekId(id), key: SecretBytes::from_slice(&random::<32>()) }
}

fn keyring_json(keks: &[Kek], record: &Record) -> Value {
    let keks: Vec<_> =
        keks.iter().map(|kek| json!({ "id": json::hex(&kek.id.0), "key": json::hex(kek.key.expose()) })).collect();
    json!({ "vault": json::hex(&record.key.vault.to_bytes()), "keks": keks, "record": inputs::record(record) })
}

fn random<const N: usize>() -> [u8; N] {
    crypto::random_array().unwrap()
}

/// The same bytes with one bit turned.
fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}
