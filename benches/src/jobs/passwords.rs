//! Stretching passwords, and unlocking with them.

use std::hint::black_box;

use pwvault_core::ClientId;
use pwvault_core::crypto::argon2id;
use pwvault_core::model::{KdfParams, KeyOwner};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{ImportOptions, KeyMaterial, KeyRegistration, PrivateKeyPem, UnlockAnswer};

use crate::Fallible;
use crate::jobs::{Bench, import};
use crate::libargon2::Libargon2;
use crate::race::{Watch, each, race, race_all};
use crate::report::Case;
use crate::world::World;

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let params = KdfParams::DEFAULT;
    let (password, salt) = (b"correct horse battery staple", [7; 16]);
    let stretch = || argon2id(black_box(password), &salt, params).expect("stretched");
    let peer = Libargon2::load();
    let mut contenders = vec![each(stretch)];
    if let Some(peer) = &peer {
        let theirs = || peer.stretch(black_box(password), &salt, params.memory_kib, params.passes);
        if theirs()[..] != *stretch().expose() {
            return Err("libargon2 makes another key".into());
        }
        contenders.push(each(theirs));
    }
    let times = race_all(Watch::Cpu, contenders);
    bench.report.add(Case {
        id: "argon2id".to_owned(),
        job: "Argon2id, 64 MiB, 3 passes, 1 lane".to_owned(),
        ours_ns: times[0],
        reference: "libargon2".to_owned(),
        reference_ns: times.get(1).copied(),
        goal: Some(0.9),
        spread: None,
    });
    unlock(bench)
}

/// An unlock is one stretching, however much is locked.
fn unlock(bench: &mut Bench) -> Fallible<()> {
    let world = World::empty()?;
    let anna = world.client("anna")?;
    let pem = include_str!("../../../pwvault-core/tests/keys/x25519.pem");
    let key = anna.register_key(&KeyRegistration {
        name: "phone".to_owned(),
        owner: KeyOwner::Client(ClientId::new("anna")?),
        material: KeyMaterial::Passphrase {
            private: PrivateKeyPem { pem: pem.into(), passphrase: None },
            passphrase: PASSPHRASE.into(),
        },
        may_attach: Vec::new(),
    })?;
    let options = ImportOptions { keys: vec![key], ..ImportOptions::default() };
    anna.import(&import::file(1_000), &options, &mut |_, _| {})?;
    let answer = UnlockAnswer::Passphrase { key, passphrase: PASSPHRASE.into() };
    let stretch = || argon2id(black_box(PASSPHRASE.as_bytes()), &[7; 16], KdfParams::DEFAULT).expect("stretched");
    let [ours, kdf] = race(Watch::Cpu, [each(|| anna.unlock(&answer).expect("unlocked")), each(stretch)]);
    let job = "unlock a key to which 1,000 entries are locked";
    bench.report.compare("unlock_1000", job, ours, "the key derivation alone", kdf, Some(1.05));
    Ok(())
}

const PASSPHRASE: &str = "correct horse battery staple";
