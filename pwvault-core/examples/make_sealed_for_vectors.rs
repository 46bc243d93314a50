//! Makes `vectors/sealed_for/`, whose form is in `spec/sealed-for.md`:
//!
//! `cargo run -p pwvault-core --example make_sealed_for_vectors -- vectors/sealed_for`
//!
//! The keys are those of `tests/keys`. Vectors are frozen once they are made: a file that is there
//! is left as it is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a tool of the tests"
)]

use std::fs::{File, create_dir_all};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use pwvault_core::crypto::{PrivateKey, Prk, PublicKey, default_provider, random_array, seal_in_place, sha256};
use pwvault_core::envelope::{
    Context, EnvelopeKey, Keyring, LockTarget, Purpose, SealedSecret, SecretBinding, Suite, seal, seal_locked,
};
use pwvault_core::id::{EntryId, FieldId, KeyId, RecordKind, VaultId};
use pwvault_core::model::{Secret, SecretField};
use pwvault_core::secret::SecretBytes;
use pwvault_core::vault::{SealedField, SealedFor};
use serde_json::{Value, json};

const PASSPHRASE: &str = "correct-horse";
/// Where the ciphertext of an envelope begins.
const HEADER: usize = 91;

fn main() {
    let root = std::env::args().nth(1).expect("name the directory, vectors/sealed_for");
    let mut maker = Maker { root: root.into(), made: 0, kept: 0 };
    good(&mut maker);
    keys(&mut maker);
    circumstances(&mut maker);
    documents(&mut maker);
    wraps(&mut maker);
    inner_envelopes(&mut maker);
    secrets(&mut maker);
    println!("{} made, {} were there", maker.made, maker.kept);
}

struct Maker {
    root: PathBuf,
    made: usize,
    kept: usize,
}

impl Maker {
    fn case(&mut self, name: &str, note: &str, document: &Value, key: Value, expect: Value) {
        let case = json!({ "note": note, "operation": "unseal", "document": document, "key": key, "expect": expect });
        create_dir_all(&self.root).unwrap();
        match File::create_new(self.root.join(name).with_extension("json")) {
            Ok(mut file) => {
                writeln!(file, "{case:#}").unwrap();
                self.made += 1;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.kept += 1,
            Err(error) => panic!("{error}"),
        }
    }

    fn good(&mut self, name: &str, note: &str, sealed: &Sealed, key: Value) {
        self.case(name, note, &sealed.document(), key, json!({ "ok": opened(&sealed.secret) }));
    }

    /// A case with the key that the document is sealed to.
    fn bad(&mut self, name: &str, note: &str, class: &str, document: &Value) {
        self.case(name, note, document, file("rsa-2048"), json!({ "error": class }));
    }
}

/// A private key file.
fn file(name: &str) -> Value {
    json!({ "pem": text(name) })
}

fn encrypted(name: &str, passphrase: &str) -> Value {
    json!({ "pem": text(name), "passphrase": passphrase })
}

fn text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    std::fs::read_to_string(folder.join(name).with_extension("pem")).unwrap()
}

fn public(name: &str) -> PublicKey {
    PrivateKey::from_pem(&text(name), None).unwrap().public().clone()
}

fn random<const N: usize>() -> [u8; N] {
    random_array().unwrap()
}

/// What the operation gives, with all that a fault may change.
#[derive(Clone)]
struct Sealed {
    to: PublicKey,
    dek: SecretBytes,
    secret: Secret,
    binding: SecretBinding,
    key: KeyId,
    wrap: Vec<u8>,
    envelope: Vec<u8>,
}

impl Sealed {
    fn new(to: &PublicKey, secret: Secret) -> Self {
        let ring = Keyring::generate(VaultId::from_bytes(random()), 1).unwrap();
        let binding = SecretBinding { vault: ring.vault(), entry: EntryId::from_bytes(random()), revision: 2 };
        let key = KeyId::from_bytes(random());
        let targets = [LockTarget { record: key.to_bytes(), public: to }];
        let rest = seal_locked(&ring, default_provider().as_ref(), binding, &secret, &targets).unwrap();
        let parsed = SealedSecret::parse(&rest).unwrap();
        let (wrap, envelope) = parsed.peel(&ring, binding, key.to_bytes()).unwrap();
        let (wrap, envelope) = (wrap.expose().to_vec(), envelope.to_vec());
        Self { to: to.clone(), dek: SecretBytes::new(Vec::new()), secret, binding, key, wrap, envelope }
    }

    /// Sealed by hand, so that its DEK is known.
    fn by_hand() -> Self {
        let mut sealed = Self::usual();
        sealed.dek = SecretBytes::from_slice(&random::<32>());
        sealed.wrap = sealed.wrapped(sealed.dek.expose(), &sealed.info());
        sealed
    }

    fn usual() -> Self {
        Self::new(&public("rsa-2048"), full_secret())
    }

    fn document(&self) -> Value {
        let fields = self.secret.fields.iter().enumerate();
        let sealed = SealedFor {
            vault: self.binding.vault,
            entry: self.binding.entry,
            revision: self.binding.revision,
            key: self.key,
            fingerprint: self.to.fingerprint(),
            wrap: self.wrap.clone(),
            envelope: self.envelope.clone(),
            fields: fields.map(|(at, field)| SealedField { id: field.id, name: format!("Field {at}") }).collect(),
        };
        serde_json::to_value(sealed).unwrap()
    }

    fn context(&self) -> Context<'static> {
        Context {
            vault: Some(self.binding.vault),
            kind: Some(RecordKind::Entry),
            entry: Some(self.binding.entry),
            field: Some("secret"),
            secret_revision: Some(self.binding.revision),
            ..Context::default()
        }
    }

    fn wrap_context(&self) -> Context<'static> {
        Context { recipient: Some(self.key.to_bytes()), ..self.context() }
    }

    fn info(&self) -> Vec<u8> {
        self.wrap_context().encode(Suite::RsaOaep256, Purpose::WrappedKey, &[0; 16]).unwrap()
    }

    /// A wrap of `key` with this `info`.
    fn wrapped(&self, key: &[u8], info: &[u8]) -> Vec<u8> {
        let seed = default_provider().encapsulate(&self.to, info).unwrap();
        let inner = EnvelopeKey::unnamed(seed.seed.expose());
        let inner = seal(&inner, Purpose::WrappedKey, Suite::RsaOaep256, &self.wrap_context(), &[], key).unwrap();
        let length = u16::try_from(seed.kem_ct.len()).unwrap().to_be_bytes();
        [&[0, 0x10], self.key.to_bytes().as_slice(), &length, &seed.kem_ct, &inner].concat()
    }

    /// The secret's envelope with this payload under the known DEK.
    fn holding(mut self, payload: &[u8]) -> Self {
        let key = EnvelopeKey::unnamed(self.dek.expose());
        self.envelope = seal(&key, Purpose::Secret, Suite::Symmetric, &self.context(), &[], payload).unwrap();
        self
    }

    /// The same, padded as given.
    fn padded(mut self, padded: &[u8]) -> Self {
        let context = self.context().encode(Suite::Symmetric, Purpose::Secret, &[0; 16]).unwrap();
        let salt = random::<32>();
        let prk = Prk::extract(self.dek.expose());
        let (message_key, commitment) = prk.message_key(&salt, &sha256(&[&context])).unwrap();
        let mut body = padded.to_vec();
        let tag = seal_in_place(&message_key, &context, &mut body).unwrap();
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        let zeros = [0; 16];
        let parts: [&[u8]; 7] = [b"PWV\x01\x00\x01\x03", &zeros, &salt, &commitment, &length, &body, &tag];
        self.envelope = parts.concat();
        self
    }

    fn inner_at(&self) -> usize {
        20 + usize::from(u16::from_be_bytes([self.wrap[18], self.wrap[19]]))
    }
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

fn opened(secret: &Secret) -> Value {
    let fields = secret.fields.iter().enumerate();
    let fields: Vec<_> = fields
        .map(|(at, field)| {
            json!({ "id": field.id.to_string(), "name": format!("Field {at}"), "value": field.value.expose() })
        })
        .collect();
    json!({
        "password": secret.password.expose(),
        "notes": secret.notes.expose(),
        "totp": secret.totp.expose(),
        "fields": fields,
    })
}

fn good(maker: &mut Maker) {
    maker.good("good-full", "opens", &Sealed::usual(), file("rsa-2048"));
    let empty = Sealed::new(&public("rsa-2048"), Secret::default());
    maker.good("good-empty", "a secret without anything in it", &empty, file("rsa-2048"));
    for bits in ["rsa-3072", "rsa-4096"] {
        maker.good(&format!("good-{bits}"), "a longer key", &Sealed::new(&public(bits), full_secret()), file(bits));
    }
    let long = Secret { notes: "€".repeat(20_000).as_str().into(), ..Secret::default() };
    maker.good("good-long", "60,000 bytes of notes", &Sealed::new(&public("rsa-2048"), long), file("rsa-2048"));
    let mark = Secret { password: "\u{feff}begins with a mark".into(), ..Secret::default() };
    let note = "a byte order mark is part of the text";
    maker.good("good-mark", note, &Sealed::new(&public("rsa-2048"), mark), file("rsa-2048"));
    let control = Secret { password: "zero \0, line\r\nend".into(), ..Secret::default() };
    maker.good("good-control", "control characters stay", &Sealed::new(&public("rsa-2048"), control), file("rsa-2048"));
    let mut later = Sealed::usual();
    later.binding.revision = 1 << 40;
    let later =
        Sealed { wrap: later.wrapped(&[7; 32], &later.info()), dek: SecretBytes::from_slice(&[7; 32]), ..later };
    let later = Sealed { secret: Secret::default(), ..later.holding(&[0; 14]) };
    maker.good("good-revision", "a revision above 2^32", &later, file("rsa-2048"));
}

fn keys(maker: &mut Maker) {
    let sealed = Sealed::usual();
    maker.good("key-rsa-2048-pkcs1", "another form of the same key", &sealed, file("rsa-2048-pkcs1"));
    for name in ["rsa-2048-pbkdf2-sha256", "rsa-2048-pbkdf2-sha512", "rsa-2048-exported"] {
        maker.good(&format!("key-{name}"), "encrypted", &sealed, encrypted(name, PASSPHRASE));
    }
    let document = sealed.document();
    let mut bad = |name: &str, note: &str, key: Value, class: &str| {
        maker.case(&format!("key-{name}"), note, &document, key, json!({ "error": class }));
    };
    bad("other", "another private key", file("rsa-2048-other"), "wrong-key");
    bad("other-length", "another private key, longer", file("rsa-3072"), "ciphertext-length");
    let name = "rsa-2048-pbkdf2-sha256";
    bad("passphrase-missing", "encrypted, without a passphrase", file(name), "passphrase-needed");
    bad("passphrase-wrong", "another passphrase", encrypted(name, "correct-hors"), "passphrase-wrong");
    for (name, note, class) in [
        ("rsa-2048-scrypt", "stretched with scrypt", "key-unsupported"),
        ("rsa-2048-pbkdf2-sha1", "stretched with SHA-1", "key-unsupported"),
        ("rsa-2048-3des", "encrypted with 3DES", "key-unsupported"),
        ("rsa-2048-pbkdf2-over", "10,000,001 iterations", "key-cost"),
        ("rsa-2048-legacy", "encrypted by PEM headers", "key-unsupported"),
        ("rsa-2048-public", "a public key", "key-unsupported"),
        ("rsa-1024", "1024 bits", "key-unsupported"),
        ("rsa-2048-e3", "the exponent 3", "key-unsupported"),
        ("x25519", "X25519", "key-unsupported"),
        ("ec", "an elliptic curve", "key-unsupported"),
    ] {
        bad(name, note, encrypted(name, PASSPHRASE), class);
    }
    let whole = text("rsa-2048");
    let lines: Vec<_> = whole.lines().collect();
    let cut = [&lines[..5], &lines[lines.len() - 1..]].concat().join("\n");
    bad("cut", "the middle of the file is missing", json!({ "pem": cut }), "key-malformed");
    bad("not-base64", "no base64", json!({ "pem": whole.replace('A', "!") }), "key-malformed");
    bad("no-pem", "no PEM", json!({ "pem": "ssh-rsa AAAA" }), "key-malformed");
    bad("two", "two keys in one file", json!({ "pem": format!("{whole}{whole}") }), "key-malformed");
    bad("empty", "an empty file", json!({ "pem": "" }), "key-malformed");
}

/// What the secret is bound to, as the document says it.
fn circumstances(maker: &mut Maker) {
    let sealed = Sealed::usual();
    let mut bad = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Sealed)| {
        let mut sealed = sealed.clone();
        change(&mut sealed);
        maker.bad(&format!("context-{name}"), note, class, &sealed.document());
    };
    bad("vault", "another vault", "wrong-key", &|to| to.binding.vault = VaultId::from_bytes(random()));
    bad("entry", "another entry", "wrong-key", &|to| to.binding.entry = EntryId::from_bytes(random()));
    bad("revision", "another revision", "wrong-key", &|to| to.binding.revision += 1);
    bad("key", "another key", "tampered", &|to| to.key = KeyId::from_bytes(random()));
    bad("key-in-both", "another key, in the wrap too", "wrong-key", &|to| {
        to.key = KeyId::from_bytes(random());
        to.wrap[2..18].copy_from_slice(&to.key.to_bytes());
    });
    bad("other-wrap", "the wrap of another entry", "wrong-key", &|to| {
        let other = Sealed::usual();
        to.wrap = [&to.wrap[..18], &other.wrap[18..]].concat();
    });
    bad("other-secret", "the secret of another entry", "tampered", &|to| to.envelope = Sealed::usual().envelope);
    // Sealed under the same DEK for another revision: only the context differs.
    let known = Sealed::by_hand();
    let mut earlier = known.clone();
    earlier.binding.revision = 1;
    let earlier = earlier.holding(&[0; 14]);
    let document = Sealed { envelope: earlier.envelope, ..known }.document();
    maker.bad("context-secret-revision", "the secret of another revision, same key", "tampered", &document);
}

/// Documents that are not of the form.
fn documents(maker: &mut Maker) {
    let good = Sealed::usual().document();
    let mut bad = |name: &str, note: &str, change: &dyn Fn(&mut Value)| {
        let mut document = good.clone();
        change(&mut document);
        maker.bad(&format!("document-{name}"), note, "malformed", &document);
    };
    for name in ["vault", "entry", "revision", "key", "wrap", "envelope", "fields"] {
        bad(&format!("without-{name}"), "a part is missing", &|it| drop(it.as_object_mut().unwrap().remove(name)));
    }
    bad("entry-short", "an id a digit short", &|it| it["entry"] = "0192f7a0-1b2c-7def-8123-456789abcde".into());
    bad("entry-no-text", "an id that is a number", &|it| it["entry"] = 7.into());
    bad("revision-text", "a revision that is a text", &|it| it["revision"] = "2".into());
    bad("revision-fraction", "a revision of 1.5", &|it| it["revision"] = 1.5.into());
    bad("revision-negative", "a revision of -1", &|it| it["revision"] = (-1).into());
    bad("revision-beyond", "a revision of 2^53", &|it| it["revision"] = (1_u64 << 53).into());
    bad("wrap-empty", "an empty wrap", &|it| it["wrap"] = "".into());
    bad("wrap-not-base64", "a wrap that is no base64", &|it| it["wrap"] = "*".into());
    bad("envelope-empty", "an empty envelope", &|it| it["envelope"] = "".into());
    bad("fields-no-list", "fields that are no list", &|it| it["fields"] = "none".into());
    bad("null", "no document at all", &|it| *it = Value::Null);
}

/// The wrap around its inner envelope.
fn wraps(maker: &mut Maker) {
    let sealed = Sealed::usual();
    let mut bad = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Sealed)| {
        let mut sealed = sealed.clone();
        change(&mut sealed);
        maker.bad(&format!("wrap-{name}"), note, class, &sealed.document());
    };
    bad("suite-hpke", "the wrap names HPKE", "wrong-key", &|to| to.wrap[1] = 0x20);
    bad("recipient", "the wrap names another recipient", "tampered", &|to| to.wrap[2] ^= 1);
    bad("kem-length", "kem_ct longer than the wrap", "malformed", &|to| to.wrap[18] = 255);
    bad("kem-shorter", "kem_ct is a byte shorter", "ciphertext-length", &|to| {
        let length = u16::try_from(to.inner_at() - 21).unwrap().to_be_bytes();
        to.wrap[18..20].copy_from_slice(&length);
        to.wrap.remove(20);
    });
    bad("kem-bit", "a bit of kem_ct", "wrong-key", &|to| to.wrap[24] ^= 1);
    for (name, byte) in [("zeros", 0), ("ones", 255)] {
        bad(&format!("kem-{name}"), "kem_ct all the same", "wrong-key", &|to| {
            let end = to.inner_at();
            to.wrap[20..end].fill(byte);
        });
    }
    bad("cut", "the wrap ends in kem_ct", "malformed", &|to| to.wrap.truncate(100));
    bad("cut-to-19", "the wrap ends in the length of kem_ct", "malformed", &|to| to.wrap.truncate(19));
    bad("label", "another label of RSA-OAEP", "wrong-key", &|to| to.wrap = to.wrapped(&[7; 32], b"another label"));
}

/// The envelope with the DEK.
fn inner_envelopes(maker: &mut Maker) {
    let sealed = Sealed::usual();
    let mut bad = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Sealed, usize)| {
        let mut sealed = sealed.clone();
        let at = sealed.inner_at();
        change(&mut sealed, at);
        maker.bad(&format!("inner-{name}"), note, class, &sealed.document());
    };
    bad("missing", "nothing after kem_ct", "malformed", &|to, at| to.wrap.truncate(at));
    bad("magic", "it does not begin with PWV", "malformed", &|to, at| to.wrap[at] ^= 1);
    bad("version", "version 2", "unknown-version", &|to, at| to.wrap[at + 3] = 2);
    bad("suite", "the suite of symmetric keys", "unknown-suite", &|to, at| to.wrap[at + 5] = 1);
    bad("purpose", "the purpose of a secret", "malformed", &|to, at| to.wrap[at + 6] = 3);
    bad("key-id", "a key id that is not zeros", "unknown-key", &|to, at| to.wrap[at + 7] = 1);
    bad("salt", "a bit of the salt", "wrong-key", &|to, at| to.wrap[at + 23] ^= 1);
    bad("commitment", "a bit of the commitment", "wrong-key", &|to, at| to.wrap[at + 55] ^= 1);
    bad("commitment-last", "the last bit of the commitment", "wrong-key", &|to, at| to.wrap[at + 86] ^= 1);
    bad("length", "a ciphertext longer than there is", "malformed", &|to, at| to.wrap[at + 87] = 255);
    bad("ciphertext", "a bit of the ciphertext", "tampered", &|to, at| to.wrap[at + HEADER] ^= 1);
    bad("tag", "the last bit of the tag", "tampered", &|to, _| *to.wrap.last_mut().unwrap() ^= 1);
    bad("trailing-byte", "a byte follows", "malformed", &|to, _| to.wrap.push(0));
    bad("key-31-bytes", "a DEK of 31 bytes", "malformed", &|to, _| to.wrap = to.wrapped(&[7; 31], &to.info()));
    bad("key-33-bytes", "a DEK of 33 bytes", "malformed", &|to, _| to.wrap = to.wrapped(&[7; 33], &to.info()));
}

/// The envelope with the secret.
fn secrets(maker: &mut Maker) {
    let sealed = Sealed::usual();
    let mut bad = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut sealed = sealed.clone();
        change(&mut sealed.envelope);
        maker.bad(&format!("secret-{name}"), note, class, &sealed.document());
    };
    bad("version", "version 2", "unknown-version", &|bytes| bytes[3] = 2);
    bad("suite", "the suite of RSA", "unknown-suite", &|bytes| bytes[5] = 0x10);
    bad("purpose", "the purpose of a head", "malformed", &|bytes| bytes[6] = 2);
    bad("key-id", "a key id that is not zeros", "unknown-key", &|bytes| bytes[7] = 1);
    bad("salt", "a bit of the salt", "tampered", &|bytes| bytes[23] ^= 1);
    bad("commitment", "a bit of the commitment", "tampered", &|bytes| bytes[55] ^= 1);
    bad("ciphertext", "a bit of the ciphertext", "tampered", &|bytes| bytes[HEADER] ^= 1);
    bad("tag", "the last bit of the tag", "tampered", &|bytes| *bytes.last_mut().unwrap() ^= 1);
    bad("cut", "the last byte is missing", "malformed", &|bytes| bytes.truncate(bytes.len() - 1));
    bad("trailing-byte", "a byte follows", "malformed", &|bytes| bytes.push(0));

    let known = Sealed::by_hand();
    let empty = [0_u8; 14];
    let with = |at: usize, value: u8| {
        let mut bytes = empty;
        bytes[at] = value;
        bytes.to_vec()
    };
    let not_utf8 = [&[0, 0, 0, 1, 0xff], &empty[..10]].concat();
    for (name, note, class, payload) in [
        ("payload-empty", "an empty payload", "malformed", Vec::new()),
        ("payload-trailing-byte", "a byte is left over", "malformed", [empty.as_slice(), &[0]].concat()),
        ("payload-cut", "the count is a byte short", "malformed", empty[..13].to_vec()),
        ("payload-text-beyond", "notes longer than the payload", "malformed", with(7, 200)),
        ("payload-count-beyond", "a field that is not there", "malformed", with(13, 1)),
        ("payload-not-utf8", "a password that is not UTF-8", "bad-payload", not_utf8),
    ] {
        maker.bad(name, note, class, &known.clone().holding(&payload).document());
    }
    let padded = |length: u8, total: usize| {
        let mut bytes = vec![0; total];
        bytes[3] = length;
        bytes
    };
    let mut last_byte = padded(14, 32);
    last_byte[31] = 1;
    for (name, note, bytes) in [
        ("padding-last-byte", "the last byte of the padding is 1", last_byte),
        ("padding-64-for-32", "14 bytes in 64", padded(14, 64)),
        ("padding-192", "a step that there is not", padded(150, 192)),
        ("padding-beyond", "a length beyond the end", padded(29, 32)),
        ("padding-max", "a length of 2^32 - 1", vec![255; 32]),
        ("padding-empty", "an empty plaintext", Vec::new()),
        ("padding-three-bytes", "a plaintext of three bytes", vec![0; 3]),
    ] {
        maker.bad(name, note, "malformed", &known.clone().padded(&bytes).document());
    }
}
