//! Secrets: tier V, and locked to RSA and X25519 keys, with one fault at a time.

use pwvault_core::crypto::{CryptoProvider, PrivateKey, default_provider};
use pwvault_core::envelope::{
    Context, EnvelopeKey, LockTarget, Purpose, SealedSecret, SecretBinding, Suite, open_under_data_key, seal,
    seal_locked, seal_vault,
};
use pwvault_core::id::{EntryId, FieldId, RecordKind, VaultId};
use pwvault_core::model::{Secret, SecretField};
use serde_json::{Value, json};

use crate::json::hex;
use crate::{Fixture, Maker, flipped, random};

pub(crate) fn make(maker: &mut Maker) {
    let fixture = Fixture::new();
    vault_tier(maker, &fixture);
    let rsa = pem(include_str!("../../tests/keys/rsa-2048.pem"));
    let other_rsa = pem(include_str!("../../tests/keys/rsa-2048-other.pem"));
    let (x25519, other_x25519) = (PrivateKey::generate_x25519().unwrap(), PrivateKey::generate_x25519().unwrap());
    locked(maker, &fixture, "rsa", &rsa, &other_rsa);
    locked(maker, &fixture, "hpke", &x25519, &other_x25519);
    several_recipients(maker, &fixture, &rsa, &x25519);
}

fn pem(text: &str) -> PrivateKey {
    PrivateKey::from_pem(text, None).unwrap()
}

fn full_secret() -> Secret {
    Secret {
        password: "correct horse «ß» 電池".into(),
        notes: "line one\nline two".into(),
        totp: "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP".into(),
        fields: vec![
            SecretField { id: FieldId::from_bytes(random()), value: "4711".into() },
            SecretField { id: FieldId::from_bytes(random()), value: "".into() },
        ],
    }
}

fn secret_json(secret: &Secret) -> Value {
    let fields: Vec<_> = (secret.fields.iter())
        .map(|field| json!({ "id": field.id.to_string(), "value": field.value.expose() }))
        .collect();
    json!({
        "password": secret.password.expose(),
        "notes": secret.notes.expose(),
        "totp": secret.totp.expose(),
        "fields": fields,
    })
}

fn binding(fixture: &Fixture) -> SecretBinding {
    SecretBinding { vault: fixture.ring.vault(), entry: EntryId::from_bytes(random()), revision: 2 }
}

fn context(binding: SecretBinding) -> Context<'static> {
    Context {
        vault: Some(binding.vault),
        kind: Some(RecordKind::Entry),
        entry: Some(binding.entry),
        field: Some("secret"),
        secret_revision: Some(binding.revision),
        ..Context::default()
    }
}

fn input(fixture: &Fixture, binding: SecretBinding, rest: &[u8]) -> Value {
    json!({
        "keyring": fixture.keyring(),
        "entry": hex(&binding.entry.to_bytes()),
        "secret_revision": binding.revision,
        "rest": hex(rest),
    })
}

/// Payloads that open and are no secret: name, note, class, bytes.
fn bad_payloads() -> Vec<(&'static str, &'static str, &'static str, Vec<u8>)> {
    let empty = vec![0; 14];
    let with = |at: usize, value: u8| {
        let mut bytes = empty.clone();
        bytes[at] = value;
        bytes
    };
    let not_utf8 = [&[0, 0, 0, 1, 0xff], &empty[..10]].concat();
    vec![
        ("payload-empty", "an empty payload", "malformed", Vec::new()),
        ("payload-trailing-byte", "a byte is left over", "malformed", [empty.as_slice(), &[0]].concat()),
        ("payload-cut", "the count is a byte short", "malformed", empty[..13].to_vec()),
        ("payload-text-beyond", "notes longer than the payload", "malformed", with(7, 200)),
        ("payload-count-beyond", "a field that is not there", "malformed", with(13, 1)),
        ("payload-not-utf8", "a password that is not UTF-8", "bad-payload", not_utf8),
    ]
}

fn vault_tier(maker: &mut Maker, fixture: &Fixture) {
    for (name, secret) in [("full", full_secret()), ("empty", Secret::default())] {
        let binding = binding(fixture);
        let rest = seal_vault(&fixture.ring, binding, &secret).unwrap();
        let input = input(fixture, binding, &rest);
        maker.good(&format!("secret/v-good-{name}"), "opens", "secret", input, secret_json(&secret));
    }
    let bound = binding(fixture);
    let rest = seal_vault(&fixture.ring, bound, &full_secret()).unwrap();
    let mut fault = |name: &str, note: &str, class: &str, binding: SecretBinding, rest: &[u8]| {
        maker.bad(&format!("secret/v-{name}"), note, "secret", input(fixture, binding, rest), class);
    };
    let elsewhere = SecretBinding { entry: EntryId::from_bytes(random()), ..bound };
    fault("other-entry", "the secret of another entry", "tampered", elsewhere, &rest);
    let later = SecretBinding { revision: 3, ..bound };
    fault("other-revision", "the secret of another revision", "tampered", later, &rest);
    let stolen = SecretBinding { vault: VaultId::from_bytes(random()), ..bound };
    let of_other_vault = seal_vault(&fixture.ring, stolen, &full_secret()).unwrap();
    fault("other-vault", "bound to another vault", "tampered", bound, &of_other_vault);
    fault("tier-2", "a first byte of 2", "malformed", bound, &[&[2], &rest[1..]].concat());
    fault("empty", "no bytes", "malformed", bound, &[]);
    fault("first-byte-only", "nothing after the first byte", "malformed", bound, &[0]);
    fault("trailing-byte", "a byte follows", "malformed", bound, &[rest.as_slice(), &[0]].concat());
    fault("cut-by-one", "the last byte is missing", "malformed", bound, &rest[..rest.len() - 1]);
    fault("key-id", "a data key that is not in the ring", "unknown-key", bound, &flipped(&rest, 1 + 7));
    fault("salt-bit", "a bit of the salt", "tampered", bound, &flipped(&rest, 1 + 23));
    fault("ciphertext-bit", "a bit of the ciphertext", "tampered", bound, &flipped(&rest, 1 + 91));
    for (name, note, class, payload) in bad_payloads() {
        let sealed = seal(fixture.ring.data_key(), Purpose::Secret, Suite::Symmetric, &context(bound), &[], &payload);
        fault(name, note, class, bound, &[&[0], sealed.unwrap().as_slice()].concat());
    }
}

/// A locked secret, taken apart.
struct Locked<'a> {
    fixture: &'a Fixture,
    binding: SecretBinding,
    recipient: [u8; 16],
    rest: Vec<u8>,
}

impl<'a> Locked<'a> {
    fn new(fixture: &'a Fixture, with: &PrivateKey, secret: &Secret) -> Self {
        let (binding, recipient) = (binding(fixture), random());
        let targets = [LockTarget { record: recipient, public: with.public() }];
        let rest = seal_locked(&fixture.ring, default_provider().as_ref(), binding, secret, &targets).unwrap();
        Self { fixture, binding, recipient, rest }
    }

    fn input(&self, with: &PrivateKey) -> Value {
        let mut input = input(self.fixture, self.binding, &self.rest);
        input["recipient"] = hex(&self.recipient).into();
        input["private_key"] = hex(with.to_pkcs8_der().expose()).into();
        input
    }

    fn context(&self) -> Context<'static> {
        Context { recipient: Some(self.recipient), ..context(self.binding) }
    }

    fn parts(&self) -> (Vec<u8>, Vec<u8>) {
        let SealedSecret::Locked { wraps, envelope } = SealedSecret::parse(&self.rest).unwrap() else { unreachable!() };
        (wraps[0].to_vec(), envelope.to_vec())
    }

    fn assemble(&mut self, wrap: &[u8], envelope: &[u8]) {
        let length = u32::try_from(wrap.len()).unwrap().to_be_bytes();
        self.rest = [&[1, 0, 1], length.as_slice(), wrap, envelope].concat();
    }

    /// Changes what lies inside the wrap's outer layer.
    fn change_wrap(&mut self, change: &dyn Fn(&mut Vec<u8>)) {
        let (wrap, envelope) = self.parts();
        let ring = &self.fixture.ring;
        let mut body = open_under_data_key(ring, Purpose::Wrap, &self.context(), &wrap).unwrap().expose().to_vec();
        change(&mut body);
        let wrap = seal(ring.data_key(), Purpose::Wrap, Suite::Symmetric, &self.context(), &[], &body).unwrap();
        self.assemble(&wrap, &envelope);
    }

    /// Another payload under the same DEK.
    fn change_payload(&mut self, with: &PrivateKey, payload: &[u8]) {
        let (wrap, _) = self.parts();
        let (ring, provider) = (&self.fixture.ring, default_provider());
        let sealed = SealedSecret::parse(&self.rest).unwrap();
        let dek = sealed.open_dek(ring, provider.as_ref(), self.binding, self.recipient, with).unwrap();
        let key = EnvelopeKey::unnamed(dek.expose());
        let envelope = seal(&key, Purpose::Secret, Suite::Symmetric, &context(self.binding), &[], payload).unwrap();
        self.assemble(&wrap, &envelope);
    }
}

fn locked(maker: &mut Maker, fixture: &Fixture, suite: &str, with: &PrivateKey, other: &PrivateKey) {
    for (name, secret) in [("full", full_secret()), ("empty", Secret::default())] {
        let input = Locked::new(fixture, with, &secret).input(with);
        maker.good(&format!("secret/{suite}-good-{name}"), "opens", "secret", input, secret_json(&secret));
    }
    let mut fault = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Locked<'_>)| {
        let mut locked = Locked::new(fixture, with, &full_secret());
        change(&mut locked);
        maker.bad(&format!("secret/{suite}-{name}"), note, "secret", locked.input(with), class);
    };
    fault("other-recipient", "not sealed to this recipient", "unknown-key", &|locked| locked.recipient = random());
    fault("other-entry", "the secret of another entry", "unknown-key", &|locked| {
        locked.binding.entry = EntryId::from_bytes(random());
    });
    fault("other-revision", "the secret of another revision", "unknown-key", &|locked| locked.binding.revision = 3);
    fault("no-wraps", "a list of no wraps", "malformed", &|locked| locked.rest[2] = 0);
    fault("count-beyond", "more wraps counted than there are", "malformed", &|locked| locked.rest[1] = 255);
    fault("length-beyond", "a wrap longer than the rest", "malformed", &|locked| locked.rest[3] = 255);
    fault("as-vault-tier", "a first byte of 0", "malformed", &|locked| locked.rest[0] = 0);
    fault("wrap-bit", "a bit of the outer layer", "unknown-key", &|locked| locked.rest[7 + 91] ^= 1);
    fault("ciphertext-bit", "the last bit of the secret's envelope", "tampered", &|locked| {
        *locked.rest.last_mut().unwrap() ^= 1;
    });
    fault("trailing-byte", "a byte follows", "malformed", &|locked| locked.rest.push(0));
    fault("secret-missing", "no envelope after the wraps", "malformed", &|locked| {
        let length = locked.parts().1.len();
        locked.rest.truncate(locked.rest.len() - length);
    });
    fault("other-secret", "the secret of another revision beside the wrap", "tampered", &|locked| {
        let (wrap, _) = locked.parts();
        let (_, envelope) = Locked::new(fixture, with, &Secret::default()).parts();
        locked.assemble(&wrap, &envelope);
    });
    let inner = |body: &[u8]| 20 + usize::from(u16::from_be_bytes([body[18], body[19]]));
    fault("wrap-suite", "the wrap names the other suite", "wrong-key", &|locked| {
        locked.change_wrap(&|body| body[1] ^= 0x30);
    });
    fault("wrap-recipient", "the wrap names another recipient", "tampered", &|locked| {
        locked.change_wrap(&|body| body[2] ^= 1);
    });
    fault("wrap-cut", "the wrap ends in kem_ct", "malformed", &|locked| {
        locked.change_wrap(&|body| body.truncate(inner(body) - 1));
    });
    fault("kem-shorter", "kem_ct is a byte shorter", "ciphertext-length", &|locked| {
        locked.change_wrap(&|body| {
            let length = u16::try_from(inner(body) - 21).unwrap();
            body[18..20].copy_from_slice(&length.to_be_bytes());
            body.remove(20);
        });
    });
    fault("kem-bit", "a bit of kem_ct", "wrong-key", &|locked| locked.change_wrap(&|body| body[24] ^= 1));
    fault("kem-zero", "kem_ct of zeros", "wrong-key", &|locked| {
        locked.change_wrap(&|body| {
            let end = inner(body);
            body[20..end].fill(0);
        });
    });
    fault("kem-ones", "kem_ct of ones", "wrong-key", &|locked| {
        locked.change_wrap(&|body| {
            let end = inner(body);
            body[20..end].fill(255);
        });
    });
    fault("inner-suite", "the inner envelope is of suite 0x0001", "unknown-suite", &|locked| {
        locked.change_wrap(&|body| {
            let at = inner(body);
            body[at + 4..at + 6].copy_from_slice(&[0, 1]);
        });
    });
    fault("inner-tag", "the last bit of the inner envelope", "tampered", &|locked| {
        locked.change_wrap(&|body| *body.last_mut().unwrap() ^= 1);
    });
    fault("inner-trailing-byte", "a byte follows the inner envelope", "malformed", &|locked| {
        locked.change_wrap(&|body| body.push(0));
    });
    fault("inner-missing", "nothing after kem_ct", "malformed", &|locked| {
        locked.change_wrap(&|body| body.truncate(inner(body)));
    });
    for (name, note, class, payload) in bad_payloads() {
        fault(name, note, class, &|locked| locked.change_payload(with, &payload));
    }
    let locked = Locked::new(fixture, with, &full_secret());
    let name = format!("secret/{suite}-wrong-key");
    maker.bad(&name, "another private key of the same suite", "secret", locked.input(other), "wrong-key");
}

fn several_recipients(maker: &mut Maker, fixture: &Fixture, rsa: &PrivateKey, x25519: &PrivateKey) {
    let (bound, secret) = (binding(fixture), full_secret());
    let (first, second) = (random(), random());
    let targets =
        [LockTarget { record: first, public: rsa.public() }, LockTarget { record: second, public: x25519.public() }];
    let provider = default_provider();
    let rest = seal_locked(&fixture.ring, provider.as_ref(), bound, &secret, &targets).unwrap();
    let case = |recipient: [u8; 16], with: &PrivateKey| {
        let mut input = input(fixture, bound, &rest);
        input["recipient"] = hex(&recipient).into();
        input["private_key"] = hex(with.to_pkcs8_der().expose()).into();
        input
    };
    let ok = || secret_json(&secret);
    maker.good("secret/both-good-first", "two wraps, the first opens", "secret", case(first, rsa), ok());
    maker.good("secret/both-good-second", "two wraps, the second opens", "secret", case(second, x25519), ok());
    let crossed = case(first, x25519);
    maker.bad("secret/both-crossed", "the key of the other recipient", "secret", crossed, "wrong-key");
    let none = input(fixture, bound, &rest);
    maker.bad("secret/both-as-vault-tier", "a locked secret opened as tier V", "secret", none, "malformed");

    low_order(maker, fixture, x25519, provider.as_ref());
}

/// Points of low order give an X25519 result of zeros, whoever's key it is.
fn low_order(maker: &mut Maker, fixture: &Fixture, with: &PrivateKey, provider: &dyn CryptoProvider) {
    let mut one = [0_u8; 32];
    one[0] = 1;
    assert!(provider.decapsulate(with, b"", &one).is_ok());
    let mut locked = Locked::new(fixture, with, &full_secret());
    locked.change_wrap(&|body| body[20..52].copy_from_slice(&one));
    let note = "kem_ct is the point 1, of low order";
    maker.bad("secret/hpke-low-order", note, "secret", locked.input(with), "wrong-key");
}
