//! Private keys at rest: password wraps, stored keys, tickets.

use pwvault_core::crypto::{self, PrivateKey, default_provider};
use pwvault_core::envelope::{
    Context, MasterWraps, Purpose, Suite, open_under_data_key, seal, seal_key_wrap, seal_password_wrap,
};
use pwvault_core::id::RecordKind;
use pwvault_core::index;
use pwvault_core::model::KdfParams;
use serde_json::{Value, json};

use crate::json::hex;
use crate::{Fixture, Maker, flipped, random};

pub(crate) fn make(maker: &mut Maker) {
    let fixture = Fixture::new();
    let private = PrivateKey::generate_x25519().unwrap().to_pkcs8_der().expose().to_vec();
    good_password_wraps(maker, &fixture, &private);
    bad_password_wraps(maker, &fixture, &private);
    recovery_keys(maker, &fixture);
    master_wraps(maker);
    stored_keys(maker, &fixture, &private);
    tickets(maker, &fixture, &private);
}

fn context<'a>(fixture: &Fixture, kind: RecordKind, id: [u8; 16], field: &'a str) -> Context<'a> {
    Context {
        vault: Some(fixture.ring.vault()),
        kind: Some(kind),
        id: Some(id),
        field: Some(field),
        ..Context::default()
    }
}

fn input(fixture: &Fixture, context: &Context<'_>, password: &[u8], wrap: &[u8]) -> Value {
    json!({
        "keyring": fixture.keyring(),
        "kind": context.kind.unwrap().number(),
        "id": hex(&context.id.unwrap()),
        "field": context.field.unwrap(),
        "password": hex(password),
        "wrap": hex(wrap),
    })
}

fn good_password_wraps(maker: &mut Maker, fixture: &Fixture, private: &[u8]) {
    let two_lanes = KdfParams { memory_kib: 20_000, passes: 2, lanes: 2 };
    let code = random::<16>();
    let cases: [(&str, RecordKind, &str, &[u8], KdfParams); 7] = [
        ("floor", RecordKind::Key, "private key", b"correct horse", KdfParams::FLOOR),
        ("default", RecordKind::Key, "private key", b"correct horse", KdfParams::DEFAULT),
        ("lanes", RecordKind::Key, "private key", b"correct horse", two_lanes),
        ("master", RecordKind::MasterPassword, "master password", "Pässwort 🔑".as_bytes(), KdfParams::FLOOR),
        ("recovery-code", RecordKind::MasterPassword, "recovery code", &code, KdfParams::FLOOR),
        ("not-utf8", RecordKind::MasterPassword, "master password", &[0xff, 0, 0x0a], KdfParams::FLOOR),
        ("empty-password", RecordKind::Key, "private key", b"", KdfParams::FLOOR),
    ];
    for (name, kind, field, password, params) in cases {
        let context = context(fixture, kind, random(), field);
        let wrap = seal_password_wrap(&fixture.ring, &context, password, params, private).unwrap();
        let ok = json!({
            "private_key": hex(private),
            "memory_kib": params.memory_kib,
            "passes": params.passes,
            "lanes": params.lanes,
        });
        let input = input(fixture, &context, password, &wrap);
        maker.good(&format!("wrap/password-good-{name}"), "opens", "password_wrap", input, ok);
    }
}

fn bad_password_wraps(maker: &mut Maker, fixture: &Fixture, private: &[u8]) {
    let bound = context(fixture, RecordKind::Key, random(), "private key");
    let password = b"correct horse";
    let ring = &fixture.ring;
    let wrap = seal_password_wrap(ring, &bound, password, KdfParams::FLOOR, private).unwrap();
    let body = open_under_data_key(ring, Purpose::PasswordWrap, &bound, &wrap).unwrap();
    let mut fault = |name: &str, note: &str, class: &str, context: &Context<'_>, password: &[u8], wrap: &[u8]| {
        let input = input(fixture, context, password, wrap);
        maker.bad(&format!("wrap/password-{name}"), note, "password_wrap", input, class);
    };
    fault("wrong", "another password", "wrong-key", &bound, b"correct horsE", &wrap);
    fault("wrong-end", "a zero byte follows the password", "wrong-key", &bound, b"correct horse\0", &wrap);
    fault("none", "an empty password", "wrong-key", &bound, b"", &wrap);
    let moved = Context { id: Some(random()), ..bound };
    fault("other-id", "the wrap of another key", "tampered", &moved, password, &wrap);
    let kind = Context { kind: Some(RecordKind::MasterPassword), ..bound };
    fault("other-kind", "the wrap of another kind of record", "tampered", &kind, password, &wrap);
    let field = Context { field: Some("master password"), ..bound };
    fault("other-field", "the wrap of another way to open", "tampered", &field, password, &wrap);
    fault("outer-bit", "a bit of the outer layer", "tampered", &bound, password, &flipped(&wrap, 91));
    fault("key-id", "a data key that is not in the ring", "unknown-key", &bound, password, &flipped(&wrap, 7));
    fault("cut-by-one", "the last byte is missing", "malformed", &bound, password, &wrap[..wrap.len() - 1]);
    fault("empty", "no bytes", "malformed", &bound, password, &[]);

    let mut inside = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut body = body.expose().to_vec();
        change(&mut body);
        let wrap = seal(ring.data_key(), Purpose::PasswordWrap, Suite::Symmetric, &bound, &[], &body).unwrap();
        fault(name, note, class, &bound, password, &wrap);
    };
    let floor = KdfParams::FLOOR;
    let ceiling = KdfParams::CEILING;
    let params = [
        ("memory-below", 0, floor.memory_kib - 1),
        ("memory-zero", 0, 0),
        ("memory-above", 0, ceiling.memory_kib + 1),
        ("memory-max", 0, u32::MAX),
        ("passes-below", 4, floor.passes - 1),
        ("passes-zero", 4, 0),
        ("passes-above", 4, ceiling.passes + 1),
        ("lanes-zero", 8, 0),
        ("lanes-above", 8, ceiling.lanes + 1),
    ];
    for (name, at, value) in params {
        let note = "Argon2id parameters out of bounds, authentic";
        inside(name, note, "kdf-params", &|body| body[at..at + 4].copy_from_slice(&value.to_be_bytes()));
    }
    inside("passes-changed", "another count of passes, in bounds", "wrong-key", &|body| body[7] = 3);
    inside("salt-bit", "a bit of the Argon2id salt", "wrong-key", &|body| body[12] ^= 1);
    inside("inner-tag", "the last bit of the inner envelope", "tampered", &|body| *body.last_mut().unwrap() ^= 1);
    inside("inner-suite", "the inner envelope is of suite 0x0001", "unknown-suite", &|body| body[28 + 5] = 1);
    inside("inner-trailing-byte", "a byte follows the inner envelope", "malformed", &|body| body.push(0));
    inside("body-cut-in-salt", "the body ends in the salt", "malformed", &|body| body.truncate(27));
    inside("body-cut-in-params", "the body ends in the parameters", "malformed", &|body| body.truncate(11));
    inside("body-empty", "an empty body", "malformed", &|body| body.clear());
}

/// The private key of a master password, wrapped to the offline recovery key.
fn recovery_keys(maker: &mut Maker, fixture: &Fixture) {
    let rsa = PrivateKey::from_pem(include_str!("../../tests/keys/rsa-2048.pem"), None).unwrap();
    for (suite, offline) in [("rsa", rsa), ("hpke", PrivateKey::generate_x25519().unwrap())] {
        let (id, key) = (random(), random::<32>());
        let bound = Context { recipient: Some(id), ..context(fixture, RecordKind::MasterPassword, id, "recovery key") };
        let provider = default_provider();
        let wrap = seal_key_wrap(&fixture.ring, provider.as_ref(), &bound, offline.public(), &key).unwrap();
        let input = |context: &Context<'_>, with: &PrivateKey| {
            json!({
                "keyring": fixture.keyring(),
                "kind": context.kind.unwrap().number(),
                "id": hex(&context.id.unwrap()),
                "field": context.field.unwrap(),
                "recipient": hex(&context.recipient.unwrap()),
                "private_key": hex(with.to_pkcs8_der().expose()),
                "wrap": hex(&wrap),
            })
        };
        let ok = json!({ "key": hex(&key) });
        maker.good(&format!("wrap/key-{suite}-good"), "opens", "key_wrap", input(&bound, &offline), ok);
        let mut fault = |name: &str, note: &str, class: &str, input: Value| {
            maker.bad(&format!("wrap/key-{suite}-{name}"), note, "key_wrap", input, class);
        };
        let other = PrivateKey::generate_x25519().unwrap();
        fault("wrong-key", "another private key", "wrong-key", input(&bound, &other));
        let moved = Context { id: Some(random()), ..bound };
        fault("other-id", "the wrap of another record", "tampered", input(&moved, &offline));
        let to = Context { recipient: Some(random()), ..bound };
        fault("other-recipient", "the wrap to another recipient", "tampered", input(&to, &offline));
        let field = Context { field: Some("recovery code"), ..bound };
        fault("other-field", "the wrap of another way to open", "tampered", input(&field, &offline));
    }
}

fn master_wraps(maker: &mut Maker) {
    let all = MasterWraps { password: vec![1; 3], recovery_code: vec![2; 2], recovery_key: vec![3] };
    let one = MasterWraps { password: vec![1; 3], ..MasterWraps::default() };
    for (name, wraps) in [("all", &all), ("password-only", &one)] {
        let ok = json!({
            "password": hex(&wraps.password),
            "recovery_code": hex(&wraps.recovery_code),
            "recovery_key": hex(&wraps.recovery_key),
        });
        let input = json!({ "rest": hex(&wraps.encode().unwrap()) });
        maker.good(&format!("wrap/master-good-{name}"), "is taken apart", "master_wraps", input, ok);
    }
    let rest = all.encode().unwrap();
    let cases = [
        ("trailing-byte", "a byte follows", [rest.as_slice(), &[0]].concat()),
        ("cut-by-one", "the last byte is missing", rest[..rest.len() - 1].to_vec()),
        ("two-wraps", "the third length is missing", rest[..13].to_vec()),
        ("length-beyond", "a wrap longer than the rest", flipped(&rest, 0)),
        ("empty", "no bytes", Vec::new()),
    ];
    for (name, note, rest) in cases {
        maker.bad(&format!("wrap/master-{name}"), note, "master_wraps", json!({ "rest": hex(&rest) }), "malformed");
    }
}

fn stored_keys(maker: &mut Maker, fixture: &Fixture, private: &[u8]) {
    let bound = context(fixture, RecordKind::Key, random(), "private key");
    let wrap = seal(fixture.ring.data_key(), Purpose::StoredKey, Suite::Symmetric, &bound, &[], private).unwrap();
    let input = |id: [u8; 16], wrap: &[u8]| json!({ "keyring": fixture.keyring(), "id": hex(&id), "wrap": hex(wrap) });
    let id = bound.id.unwrap();
    let ok = json!({ "private_key": hex(private) });
    maker.good("wrap/stored-good", "opens", "stored_key", input(id, &wrap), ok);
    let moved = input(random(), &wrap);
    maker.bad("wrap/stored-other-id", "the private key of another record", "stored_key", moved, "tampered");
    let changed = input(id, &flipped(&wrap, 91));
    maker.bad("wrap/stored-ciphertext-bit", "a bit of the ciphertext", "stored_key", changed, "tampered");
    let as_wrap = seal_password_wrap(&fixture.ring, &bound, b"x", KdfParams::FLOOR, private).unwrap();
    let note = "a password wrap where a stored key belongs";
    maker.bad("wrap/stored-password-wrap", note, "stored_key", input(id, &as_wrap), "malformed");
}

fn tickets(maker: &mut Maker, fixture: &Fixture, private: &[u8]) {
    let ticket = random::<32>();
    let id = index::unique_id(&fixture.ring, RecordKind::Ticket, "ticket", &crypto::sha256(&[&ticket])).0;
    let person = "user 7 of client\t42";
    let context = Context { person: Some(person), ..context(fixture, RecordKind::Ticket, id, "private key") };
    let key = fixture.ring.ticket_key(&ticket).unwrap();
    let wrap = seal(&key, Purpose::Ticket, Suite::Symmetric, &context, &[], private).unwrap();
    let input = |fixture: &Fixture, id: [u8; 16], person: &str, ticket: [u8; 32]| {
        json!({
            "keyring": fixture.keyring(),
            "id": hex(&id),
            "person": person,
            "ticket": hex(&ticket),
            "wrap": hex(&wrap),
        })
    };
    let mut case = |name: &str, note: &str, input: Value, expect: Value| {
        maker.case(&format!("wrap/ticket-{name}"), note, "ticket", input, expect);
    };
    let wrong = || json!({ "error": "wrong-key" });
    case("good", "opens", input(fixture, id, person, ticket), json!({ "ok": { "private_key": hex(private) } }));
    case("other-ticket", "another ticket", input(fixture, id, person, random()), wrong());
    case("other-person", "the ticket of someone else", input(fixture, id, "user 8 of client\t42", ticket), wrong());
    case("other-id", "under another id", input(fixture, random(), person, ticket), wrong());
    let turned = Fixture { ring: fixture.ring.with_new_data_key().unwrap(), kek: fixture.kek.clone() };
    case("ended", "issued before the newest data key", input(&turned, id, person, ticket), wrong());
}
