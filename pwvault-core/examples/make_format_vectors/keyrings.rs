//! The keyring's record, and what is derived from it: labels and unique ids.

use pwvault_core::crypto;
use pwvault_core::envelope::{Context, EnvelopeKey, Keyring, Purpose, RingKey, Suite, open, seal};
use pwvault_core::id::{RecordId, RecordKind, VaultId};
use pwvault_core::index;
use pwvault_core::store::{Label, Record};
use serde_json::{Value, json};

use crate::json::hex;
use crate::{Fixture, Maker, flipped, kek, keyring_json, random};

/// `id | generation | key`.
const KEY: usize = 16 + 4 + 32;

pub(crate) fn make(maker: &mut Maker) {
    let fixture = Fixture::new();
    let grown = fixture.ring.with_new_data_key().unwrap().with_new_index_key().unwrap().with_new_audit_seed().unwrap();
    for (name, ring) in [("good", &fixture.ring), ("good-grown", &grown)] {
        let input = input(&fixture, &ring.seal(&fixture.kek).unwrap());
        maker.good(&format!("keyring/{name}"), "opens", "keyring", input, opened(&fixture, ring));
    }
    let record = grown.seal(&fixture.kek).unwrap();
    let ring_of_keks = [kek(random()), fixture.kek.clone()];
    let several = json!({ "keyring": keyring_json(&ring_of_keks, &record) });
    maker.good("keyring/good-second-kek", "the second KEK at hand fits", "keyring", several, opened(&fixture, &grown));

    let other = [kek(fixture.kek.id.0)];
    let wrong = json!({ "keyring": keyring_json(&other, &record) });
    maker.bad("keyring/wrong-kek", "another KEK of the same id", "keyring", wrong, "wrong-key");
    let unknown = json!({ "keyring": keyring_json(&[kek(random())], &record) });
    maker.bad("keyring/unknown-kek", "no KEK of that id", "keyring", unknown, "unknown-key");
    let none = json!({ "keyring": keyring_json(&[], &record) });
    maker.bad("keyring/no-kek", "no KEK at all", "keyring", none, "unknown-key");

    changed_record(maker, &fixture, &record);
    changed_payload(maker, &fixture);
    unique_ids(maker, &fixture);
}

fn input(fixture: &Fixture, record: &Record) -> Value {
    json!({ "keyring": keyring_json(std::slice::from_ref(&fixture.kek), record) })
}

fn opened(fixture: &Fixture, ring: &Keyring) -> Value {
    let ids = |keys: &[RingKey]| keys.iter().map(|key| hex(&key.id())).collect::<Vec<_>>();
    json!({
        "kek_id": hex(&fixture.kek.id.0),
        "epoch": ring.epoch(),
        "shards": ring.shards(),
        "data": ids(ring.data_keys()),
        "index": ids(ring.index_keys()),
    })
}

fn changed_record(maker: &mut Maker, fixture: &Fixture, record: &Record) {
    let mut fault = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Record)| {
        let mut record = record.clone();
        change(&mut record);
        maker.bad(&format!("keyring/{name}"), note, "keyring", input(fixture, &record), class);
    };
    fault("other-vault", "the keyring of another vault", "wrong-key", &|record| {
        record.key.vault = VaultId::from_bytes([1; 16]);
    });
    fault("revision", "the revision is not the epoch", "tampered", &|record| record.revision += 1);
    fault("epoch", "epoch and revision raised", "wrong-key", &|record| {
        record.revision += 1;
        record.body[7] += 1;
    });
    fault("labelled", "a label", "tampered", &|record| record.labels.push(Label([1; 16])));
    fault("other-id", "another id than zeros", "tampered", &|record| record.key.id = RecordId([1; 16]));
    fault("empty", "no body", "malformed", &|record| record.body.clear());
    fault("cut-in-epoch", "seven bytes", "malformed", &|record| record.body.truncate(7));
    fault("cut-after-epoch", "eight bytes", "malformed", &|record| record.body.truncate(8));
    fault("cut-by-one", "the last byte is missing", "malformed", &|record| {
        record.body.pop();
    });
    fault("trailing-byte", "a byte follows", "malformed", &|record| record.body.push(0));
    fault("ciphertext-bit", "a bit of the ciphertext", "tampered", &|record| record.body[8 + 91] ^= 1);
    fault("version", "version 2", "unknown-version", &|record| record.body[8 + 3] = 2);
}

fn changed_payload(maker: &mut Maker, fixture: &Fixture) {
    let vault = fixture.ring.vault();
    let wrapping = crypto::derive_key(fixture.kek.key.expose(), &vault.to_bytes(), b"pwvault keyring").unwrap();
    let wrapping = EnvelopeKey::new(fixture.kek.id.0, wrapping.expose());
    let context = Context {
        vault: Some(vault),
        kind: Some(RecordKind::Keyring),
        id: Some([0; 16]),
        revision: Some(1),
        epoch: Some(1),
        ..Context::default()
    };
    let record = fixture.ring.seal(&fixture.kek).unwrap();
    let sealed = &record.body[8..];
    let payload = open(&wrapping, Purpose::Keyring, Suite::Symmetric, &context, &[], sealed).unwrap();
    let mut fault = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut payload = payload.expose().to_vec();
        change(&mut payload);
        let sealed = seal(&wrapping, Purpose::Keyring, Suite::Symmetric, &context, &[], &payload).unwrap();
        let body = [1_u64.to_be_bytes().as_slice(), &sealed].concat();
        let record = Record { body, ..record.clone() };
        maker.bad(&format!("keyring/payload-{name}"), note, "keyring", input(fixture, &record), class);
    };
    fault("empty", "an empty payload", "malformed", &|payload| payload.clear());
    fault("trailing-byte", "a byte is left over", "malformed", &|payload| payload.push(0));
    fault("cut-by-one", "the last key is a byte short", "malformed", &|payload| {
        payload.pop();
    });
    fault("count-beyond", "more keys counted than there are", "malformed", &|payload| payload[4] = 255);
    fault("no-shards", "no audit shard", "bad-payload", &|payload| payload[..4].fill(0));
    for (name, list) in [("data", 0), ("index", 1), ("audit", 2), ("unique", 3)] {
        let at = 4 + list * (2 + KEY);
        let note = format!("the list of {name} keys is empty");
        fault(&format!("no-{name}-key"), &note, "bad-payload", &|payload| {
            payload[at + 1] = 0;
            payload.drain(at + 2..at + 2 + KEY);
        });
    }
    fault("two-unique-keys", "two uniqueness keys", "bad-payload", &|payload| {
        let at = 4 + 3 * (2 + KEY);
        payload[at + 1] = 2;
        payload.extend_from_within(at + 2..);
    });
    let record = Record { body: flipped(&record.body, 8 + 55), ..record.clone() };
    maker.bad("keyring/commitment-bit", "a bit of the commitment", "keyring", input(fixture, &record), "wrong-key");
}

fn unique_ids(maker: &mut Maker, fixture: &Fixture) {
    let ticket = crypto::sha256(&[&random::<32>()]);
    let cases: [(&str, RecordKind, &str, &[u8]); 5] = [
        ("master-of-client", RecordKind::MasterPassword, "owner", b"client 42"),
        ("master-of-admin", RecordKind::MasterPassword, "owner", b"admin 42"),
        ("ticket", RecordKind::Ticket, "ticket", &ticket),
        ("mirror-of-user", RecordKind::Mirror, "person", b"user 7 of client\t42"),
        ("empty-value", RecordKind::Mirror, "person", b""),
    ];
    for (name, kind, term, value) in cases {
        let id = index::unique_id(&fixture.ring, kind, term, value);
        let input = json!({
            "keyring": fixture.keyring(), "kind": kind.number(), "name": term, "value": hex(value),
        });
        maker.good(&format!("label/unique-{name}"), "one id", "unique_id", input, json!({ "id": hex(&id.0) }));
    }
}
