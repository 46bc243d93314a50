//! Opening what is locked to a key pair.

use std::hint::black_box;

use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
    PublicEncryptingKey,
};
use pwvault_core::crypto::{PrivateKey, default_provider};
use pwvault_core::envelope::{Keyring, LockTarget, SecretBinding, open_locked, seal_locked};

use crate::Fallible;
use crate::jobs::Bench;
use crate::race::{Watch, each, race};
use crate::sample::{Plain, entry_id, owner};
use crate::world::VAULT;

pub fn run(bench: &mut Bench) -> Fallible<()> {
    for (bits, pem) in [
        (3072, include_str!("../../../pwvault-core/tests/keys/rsa-3072.pem")),
        (4096, include_str!("../../../pwvault-core/tests/keys/rsa-4096.pem")),
    ] {
        let private = PrivateKey::from_pem(pem, None)?;
        let bare = Bare::new(&private)?;
        let locked = Locked::to(&private)?;
        let der = private.to_pkcs8_der();
        let first = || locked.open(&PrivateKey::from_pkcs8_der(der.expose()).expect("a key"));
        let [ours, first, bare] =
            race(Watch::Cpu, [each(|| locked.open(&private)), each(first), each(|| bare.decrypt())]);
        let reference = "the bare private operation of aws-lc-rs, key at hand";
        let job = format!("open an entry locked to an RSA-{bits} key, another of a batch");
        bench.report.compare(&format!("reveal_rsa_{bits}"), &job, ours, reference, bare, Some(1.1));
        let job = format!("open the first entry locked to an RSA-{bits} key: read the key too");
        bench.report.compare(&format!("reveal_rsa_{bits}_first"), &job, first, reference, bare, None);
    }
    Ok(())
}

/// A secret sealed to one key.
struct Locked {
    keyring: Keyring,
    binding: SecretBinding,
    rest: Vec<u8>,
}

impl Locked {
    fn to(private: &PrivateKey) -> Fallible<Self> {
        let keyring = Keyring::generate(VAULT, 1)?;
        let binding = SecretBinding { vault: VAULT, entry: entry_id(7), revision: 1 };
        let (_, secret) = Plain::number(7).split(owner("anna")?);
        let target = LockTarget { record: RECIPIENT, public: private.public() };
        let rest = seal_locked(&keyring, &*default_provider(), binding, &secret, &[target])?;
        Ok(Self { keyring, binding, rest })
    }

    fn open(&self, private: &PrivateKey) {
        let opened =
            open_locked(&self.keyring, &*default_provider(), self.binding, &self.rest, RECIPIENT, black_box(private));
        black_box(opened.expect("opened"));
    }
}

/// RSA-OAEP without a vault around it.
struct Bare {
    key: OaepPrivateDecryptingKey,
    ciphertext: Vec<u8>,
}

impl Bare {
    fn new(private: &PrivateKey) -> Fallible<Self> {
        let key = OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(private.to_pkcs8_der().expose())?)?;
        let public = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(private.public().spki_der())?)?;
        let mut ciphertext = vec![0; public.ciphertext_size()];
        public.encrypt(&OAEP_SHA256_MGF1SHA256, &[7; 32], &mut ciphertext, Some(&LABEL))?;
        Ok(Self { key, ciphertext })
    }

    fn decrypt(&self) {
        let mut seed = vec![0; self.key.min_output_size()];
        let seed = self.key.decrypt(&OAEP_SHA256_MGF1SHA256, &self.ciphertext, &mut seed, Some(&LABEL));
        black_box(seed.expect("decrypted"));
    }
}

const RECIPIENT: [u8; 16] = [4; 16];
const LABEL: [u8; 32] = [9; 32];
