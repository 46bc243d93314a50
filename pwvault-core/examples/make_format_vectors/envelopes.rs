//! The envelope alone: every purpose, suite and padding, and one fault at a time.

use pwvault_core::crypto::{Prk, seal_in_place, sha256};
use pwvault_core::envelope::{Context, EnvelopeKey, Purpose, Suite, seal};
use pwvault_core::id::{EntryId, RecordKind, VaultId};
use serde_json::{Value, json};

use crate::inputs::context as context_json;
use crate::json::hex;
use crate::{Maker, flipped, random};

const PURPOSES: [(&str, Purpose, Suite); 11] = [
    ("keyring", Purpose::Keyring, Suite::Symmetric),
    ("head", Purpose::Head, Suite::Symmetric),
    ("secret", Purpose::Secret, Suite::Symmetric),
    ("wrap", Purpose::Wrap, Suite::Symmetric),
    ("wrapped-key-rsa", Purpose::WrappedKey, Suite::RsaOaep256),
    ("wrapped-key-hpke", Purpose::WrappedKey, Suite::HpkeX25519),
    ("password-wrap", Purpose::PasswordWrap, Suite::Symmetric),
    ("password-wrapped-key", Purpose::PasswordWrappedKey, Suite::Argon2id),
    ("stored-key", Purpose::StoredKey, Suite::Symmetric),
    ("ticket", Purpose::Ticket, Suite::Symmetric),
    ("event", Purpose::Event, Suite::Symmetric),
];

const TAG: usize = 16;
const HEADER: usize = 91;

/// One sealed envelope and what opens it.
struct Sealed {
    key: [u8; 32],
    key_id: [u8; 16],
    purpose: Purpose,
    suite: Suite,
    context: Context<'static>,
    extra: Vec<Vec<u8>>,
    bytes: Vec<u8>,
}

impl Sealed {
    fn new(purpose: Purpose, suite: Suite, plaintext: &[u8]) -> Self {
        let (key, key_id) = (random(), random());
        let context = full_context();
        let extra = vec![b"labels".to_vec(), b"rest".to_vec()];
        let parts: Vec<&[u8]> = extra.iter().map(Vec::as_slice).collect();
        let bytes = seal(&EnvelopeKey::new(key_id, &key), purpose, suite, &context, &parts, plaintext).unwrap();
        Self { key, key_id, purpose, suite, context, extra, bytes }
    }

    fn head() -> Self {
        Self::new(Purpose::Head, Suite::Symmetric, b"forty bytes of plaintext, neither more..")
    }

    /// An envelope whose plaintext is already padded, rightly or not.
    fn with_padded(purpose: Purpose, padded: &[u8]) -> Self {
        let suite = if purpose == Purpose::WrappedKey { Suite::RsaOaep256 } else { Suite::Symmetric };
        let mut sealed = Self::new(purpose, suite, &[0; 32]);
        let mut data = sealed.context.encode(suite, purpose, &sealed.key_id).unwrap();
        let salt = random();
        let (message_key, commitment) = Prk::extract(&sealed.key).message_key(&salt, &sha256(&[&data])).unwrap();
        sealed.extra.iter().for_each(|part| data.extend_from_slice(part));
        let mut body = padded.to_vec();
        let tag = seal_in_place(&message_key, &data, &mut body).unwrap();
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        let header = &sealed.bytes[..23];
        sealed.bytes = [header, &salt, &commitment, &length, &body, &tag].concat();
        sealed
    }

    fn input(&self) -> Value {
        json!({
            "key": hex(&self.key),
            "key_id": hex(&self.key_id),
            "suite": self.suite.number(),
            "purpose": self.purpose as u8,
            "context": context_json(&self.context),
            "extra": self.extra.iter().map(|part| hex(part)).collect::<Vec<_>>(),
            "bytes": hex(&self.bytes),
        })
    }
}

fn full_context() -> Context<'static> {
    Context {
        vault: Some(VaultId::from_bytes(random())),
        kind: Some(RecordKind::Entry),
        id: Some(random()),
        revision: Some(7),
        epoch: Some(3),
        entry: Some(EntryId::from_bytes(random())),
        field: Some("secret"),
        secret_revision: Some(5),
        recipient: Some(random()),
        shard: Some(1),
        sequence: Some(1_000),
        previous_leaf: Some(random()),
        person: Some("client 42"),
    }
}

pub(crate) fn make(maker: &mut Maker) {
    good(maker);
    changed_bytes(maker);
    changed_circumstances(maker);
    padding(maker);
}

fn good(maker: &mut Maker) {
    for (name, purpose, suite) in PURPOSES {
        let plaintext = random::<32>();
        let sealed = Sealed::new(purpose, suite, &plaintext);
        let ok = json!({ "plaintext": hex(&plaintext) });
        maker.good(&format!("envelope/good-{name}"), "opens", "envelope", sealed.input(), ok);
    }
    for length in [0, 1, 27, 28, 29, 60, 61, 124, 125, 252, 253, 508, 509] {
        let plaintext: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let sealed = Sealed::new(Purpose::Secret, Suite::Symmetric, &plaintext);
        let note = format!("{length} bytes, padded to {}", sealed.bytes.len() - HEADER - TAG);
        let ok = json!({ "plaintext": hex(&plaintext) });
        maker.good(&format!("envelope/good-{length}-bytes"), &note, "envelope", sealed.input(), ok);
    }
    let mut sealed = Sealed::head();
    let key = EnvelopeKey::new([0; 16], &sealed.key);
    sealed.key_id = [0; 16];
    sealed.context = Context::default();
    sealed.extra.clear();
    sealed.bytes = seal(&key, sealed.purpose, sealed.suite, &sealed.context, &[], b"bare").unwrap();
    let ok = json!({ "plaintext": hex(b"bare") });
    maker.good("envelope/good-bare", "no context, no extra, key id zeros", "envelope", sealed.input(), ok);
}

fn changed_bytes(maker: &mut Maker) {
    let mut fault = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut sealed = Sealed::head();
        change(&mut sealed.bytes);
        maker.bad(&format!("envelope/{name}"), note, "envelope", sealed.input(), class);
    };
    fault("magic-first", "pWV in front", "malformed", &|bytes| bytes[0] = b'p');
    fault("magic-last", "PWX in front", "malformed", &|bytes| bytes[2] = b'X');
    fault("version-0", "version 0", "unknown-version", &|bytes| bytes[3] = 0);
    fault("version-2", "version 2", "unknown-version", &|bytes| bytes[3] = 2);
    fault("version-255", "version 255", "unknown-version", &|bytes| bytes[3] = 255);
    fault("version-2-only", "version 2 and nothing after it", "unknown-version", &|bytes| {
        bytes[3] = 2;
        bytes.truncate(4);
    });
    for (name, suite) in [("none", 0_u16), ("other", 0x10), ("reserved", 0x21), ("swapped", 0x100), ("high", 0xffff)] {
        let note = format!("suite {suite:#06x}");
        fault(&format!("suite-{name}"), &note, "unknown-suite", &|bytes| {
            bytes[4..6].copy_from_slice(&suite.to_be_bytes());
        });
    }
    for purpose in [0, 3, 5, 11, 255] {
        let note = format!("purpose {purpose} instead of 2");
        fault(&format!("purpose-{purpose}"), &note, "malformed", &|bytes| bytes[6] = purpose);
    }
    fault("key-id-bit", "one bit of the key id", "unknown-key", &|bytes| bytes[7] ^= 1);
    fault("key-id-last", "the last bit of the key id", "unknown-key", &|bytes| bytes[22] ^= 1);
    fault("key-id-zero", "a key id of zeros", "unknown-key", &|bytes| bytes[7..23].fill(0));
    fault("salt-bit", "the first bit of the salt", "wrong-key", &|bytes| bytes[23] ^= 0x80);
    fault("salt-last", "the last bit of the salt", "wrong-key", &|bytes| bytes[54] ^= 1);
    fault("commitment-bit", "the first bit of the commitment", "wrong-key", &|bytes| bytes[55] ^= 0x80);
    fault("commitment-last", "the last bit of the commitment", "wrong-key", &|bytes| bytes[86] ^= 1);
    fault("commitment-zero", "a commitment of zeros", "wrong-key", &|bytes| bytes[55..87].fill(0));
    fault("length-one-more", "the length one too high", "malformed", &|bytes| bytes[90] += 1);
    fault("length-one-less", "the length one too low", "malformed", &|bytes| bytes[90] -= 1);
    fault("length-zero", "a length of 0", "malformed", &|bytes| bytes[87..91].fill(0));
    fault("length-max", "a length of 2^32 - 1", "malformed", &|bytes| bytes[87..91].fill(255));
    fault("length-swapped", "the length in the other byte order", "malformed", &|bytes| bytes[87..91].reverse());
    fault("ciphertext-bit", "the first bit of the ciphertext", "tampered", &|bytes| bytes[HEADER] ^= 0x80);
    fault("ciphertext-last", "the last bit of the ciphertext", "tampered", &|bytes| {
        let at = bytes.len() - TAG - 1;
        bytes[at] ^= 1;
    });
    fault("tag-bit", "the first bit of the tag", "tampered", &|bytes| {
        let at = bytes.len() - TAG;
        bytes[at] ^= 0x80;
    });
    fault("tag-last", "the last bit of the tag", "tampered", &|bytes| *bytes.last_mut().unwrap() ^= 1);
    for length in [0, 2, 3, 4, 22, 54, 86, 90, 91, 123] {
        let note = format!("cut to {length} bytes");
        fault(&format!("cut-to-{length}"), &note, "malformed", &|bytes| bytes.truncate(length));
    }
    fault("cut-by-one", "the last byte is missing", "malformed", &|bytes| bytes.truncate(bytes.len() - 1));
    fault("trailing-zero", "a zero follows the tag", "malformed", &|bytes| bytes.push(0));
    fault("trailing-copy", "the envelope stands twice", "malformed", &|bytes| bytes.extend_from_within(..));
    fault("leading-byte", "a byte in front", "malformed", &|bytes| bytes.insert(0, 0));
}

fn changed_circumstances(maker: &mut Maker) {
    type Change = fn(&mut Context<'static>);
    let changes: [(&str, Change); 18] = [
        ("vault", |c| c.vault = Some(VaultId::from_bytes([1; 16]))),
        ("kind", |c| c.kind = Some(RecordKind::PastSecret)),
        ("id", |c| c.id = Some([1; 16])),
        ("revision", |c| c.revision = Some(8)),
        ("epoch", |c| c.epoch = Some(4)),
        ("entry", |c| c.entry = Some(EntryId::from_bytes([1; 16]))),
        ("field", |c| c.field = Some("Secret")),
        ("secret-revision", |c| c.secret_revision = Some(6)),
        ("recipient", |c| c.recipient = Some([1; 16])),
        ("shard", |c| c.shard = Some(2)),
        ("sequence", |c| c.sequence = Some(1_001)),
        ("previous-leaf", |c| c.previous_leaf = Some([0; 32])),
        ("person", |c| c.person = Some("client 43")),
        ("absent-revision", |c| c.revision = None),
        ("absent-person", |c| c.person = None),
        ("absent-previous-leaf", |c| c.previous_leaf = None),
        ("swapped-revisions", |c| std::mem::swap(&mut c.revision, &mut c.secret_revision)),
        ("swapped-ids", |c| std::mem::swap(&mut c.id, &mut c.recipient)),
    ];
    for (name, change) in changes {
        let mut sealed = Sealed::head();
        change(&mut sealed.context);
        let note = "opened in another context than it was sealed in";
        maker.bad(&format!("envelope/context-{name}"), note, "envelope", sealed.input(), "wrong-key");
    }
    let mut sealed = Sealed::head();
    sealed.key = random();
    maker.bad("envelope/other-key", "another key under the same id", "envelope", sealed.input(), "wrong-key");
    let mut sealed = Sealed::head();
    sealed.key_id = random();
    maker.bad("envelope/other-key-id", "the key goes by another id", "envelope", sealed.input(), "unknown-key");
    let mut sealed = Sealed::head();
    sealed.purpose = Purpose::Secret;
    maker.bad("envelope/other-purpose", "a head where a secret belongs", "envelope", sealed.input(), "malformed");
    let mut sealed = Sealed::new(Purpose::WrappedKey, Suite::RsaOaep256, &random::<32>());
    sealed.suite = Suite::HpkeX25519;
    maker.bad("envelope/other-suite", "RSA where HPKE belongs", "envelope", sealed.input(), "unknown-suite");

    let extras: [(&str, &str, Vec<&[u8]>); 5] = [
        ("extra-missing", "no extra associated data", vec![]),
        ("extra-first", "the first part is another", vec![b"label!", b"rest"]),
        ("extra-last", "the last part is another", vec![b"labels", b"resT"]),
        ("extra-swapped", "the parts have changed places", vec![b"rest", b"labels"]),
        ("extra-more", "a byte follows the parts", vec![b"labels", b"rest", b"\0"]),
    ];
    for (name, note, extra) in extras {
        let mut sealed = Sealed::head();
        sealed.extra = extra.into_iter().map(<[u8]>::to_vec).collect();
        maker.bad(&format!("envelope/{name}"), note, "envelope", sealed.input(), "tampered");
    }
    let (one, mut two) = (Sealed::head(), Sealed::head());
    two.bytes.splice(HEADER.., one.bytes[HEADER..].iter().copied());
    maker.bad("envelope/other-ciphertext", "the ciphertext of another", "envelope", two.input(), "tampered");
}

fn padding(maker: &mut Maker) {
    let padded = |length: u32, total: usize| {
        let mut bytes = length.to_be_bytes().to_vec();
        bytes.resize(4 + length as usize, b'x');
        bytes.resize(total, 0);
        bytes
    };
    let mut fault = |name: &str, note: &str, purpose: Purpose, bytes: &[u8]| {
        let sealed = Sealed::with_padded(purpose, bytes);
        maker.bad(&format!("envelope/{name}"), note, "envelope", sealed.input(), "malformed");
    };
    let head = Purpose::Head;
    fault("padding-64-for-32", "10 bytes in 64", head, &padded(10, 64));
    fault("padding-256-for-128", "100 bytes in 256", head, &padded(100, 256));
    fault("padding-512-for-256", "200 bytes in 512", head, &padded(200, 512));
    fault("padding-odd", "10 bytes in 33", head, &padded(10, 33));
    fault("padding-none", "10 bytes in 14", head, &padded(10, 14));
    fault("padding-192", "150 bytes in 192, which is no step", head, &padded(150, 192));
    fault("padding-last-byte", "the last byte of the padding is 1", head, &flipped(&padded(10, 32), 31));
    fault("padding-first-byte", "the first byte of the padding is 1", head, &flipped(&padded(10, 32), 14));
    fault("padding-length-beyond", "a length beyond the end", head, &flipped(&padded(10, 32), 2));
    fault("padding-length-max", "a length of 2^32 - 1", head, &[255; 32]);
    fault("padding-empty", "an empty plaintext", head, &[]);
    fault("padding-three-bytes", "a plaintext of three bytes", head, &[0; 3]);
    fault("key-31-bytes", "a wrapped key of 31 bytes", Purpose::WrappedKey, &[7; 31]);
    fault("key-33-bytes", "a wrapped key of 33 bytes", Purpose::WrappedKey, &[7; 33]);
    fault("key-padded", "a wrapped key with padding", Purpose::WrappedKey, &padded(32, 64));
    fault("key-empty", "a wrapped key of no bytes", Purpose::WrappedKey, &[]);
}
