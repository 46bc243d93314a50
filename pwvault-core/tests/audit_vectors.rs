//! Walks `vectors/audit/`: shards, leaves and roots, digests, and checkpoints with one fault each.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::HashSet;
use std::{fs, path::Path};

use pwvault_core::audit::{CompactRange, Hash, leaf_hash, record_digest, shard_of, verify_checkpoint_with};
use pwvault_core::clock::Timestamp;
use pwvault_core::id::{RecordId, RecordKind, VaultId};
use pwvault_core::model::{Event, EventKind, Outcome, Surface};
use pwvault_core::store::{Label, Record, RecordKey};
use serde_json::Value;

/// Every file of a folder, by name.
fn cases(folder: &str) -> Vec<(String, Value)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/audit").join(folder);
    let read = |path: &Path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let files = fs::read_dir(path).unwrap().map(|file| file.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(&path))).collect()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn hash(value: &Value) -> Hash {
    hex(value).try_into().unwrap()
}

fn list<'a>(case: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    case[name].as_array().into_iter().flatten()
}

fn number(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).unwrap()
}

fn shard(case: &Value) -> u32 {
    u32::try_from(number(&case["shard"])).unwrap()
}

#[test]
fn leaves_and_roots() {
    let mut walked = 0;
    for (name, case) in cases("tree") {
        let mut roots = list(&case, "roots");
        let mut range = CompactRange::new();
        for (sequence, (envelope, leaf)) in list(&case, "envelopes").zip(list(&case, "leaves")).enumerate() {
            assert_eq!(range.root(), hash(roots.next().unwrap()), "{name}: root at size {sequence}");
            let made = leaf_hash(shard(&case), sequence as u64, &hex(envelope));
            assert_eq!(made, hash(leaf), "{name}: leaf {sequence}");
            range.append(made);
            walked += 1;
        }
        assert_eq!(roots.next().map(hash), (range.size() > 0).then(|| range.root()), "{name}: last root");
        for single in list(&case, "cases") {
            let made = leaf_hash(shard(single), number(&single["sequence"]), &hex(&single["envelope"]));
            assert_eq!(made, hash(&single["leaf"]), "{name}");
            walked += 1;
        }
    }
    assert!(walked > 70);
}

#[test]
fn shards_of_events() {
    let cases = cases("shard");
    assert!(!cases.is_empty());
    for (name, case) in cases {
        let event = Event {
            at: Timestamp::from_millis(0),
            kind: EventKind::EntryViewed,
            outcome: Outcome::Done,
            actor: serde_json::from_value(case["actor"].clone()).unwrap(),
            on_behalf_of: None,
            surface: Surface::Api,
            ticket: None,
            service: None,
            ip: None,
            user_agent: None,
            reason: None,
            request_id: None,
            entries: case["entry"].as_str().map(|id| id.parse().unwrap()).into_iter().collect(),
            changes: Vec::new(),
            sealed_to: Vec::new(),
        };
        for (shards, shard) in case["shards"].as_object().unwrap() {
            assert_eq!(u64::from(shard_of(&event, shards.parse().unwrap())), number(shard), "{name} of {shards}");
        }
    }
}

#[test]
fn digests_of_records() {
    let cases = cases("digest");
    let key = RecordKey::new(VaultId::from_bytes([1; 16]), RecordKind::Entry, RecordId::MIN);
    for (name, case) in &cases {
        let labels = list(case, "labels").map(|label| Label(hex(label).try_into().unwrap())).collect();
        let record = Record::new(key, 1, labels, hex(&case["body"]));
        assert_eq!(record_digest(&record).as_slice(), hex(&case["digest"]), "{name}");
    }
    let different: HashSet<_> = cases.iter().map(|(_, case)| case["digest"].to_string()).collect();
    assert!(cases.len() > 3 && different.len() == cases.len());
}

#[test]
fn checkpoints() {
    let (mut accepted, mut refused) = (0, 0);
    for (name, case) in cases("checkpoint") {
        let keys: Vec<String> = list(&case, "verifier_keys").map(|key| key.as_str().unwrap().to_owned()).collect();
        let verdict = verify_checkpoint_with(&keys, case["text"].as_str().unwrap());
        match case["verdict"].as_str().unwrap() {
            "accept" => {
                let head = verdict.unwrap_or_else(|error| panic!("{name}: {error}"));
                let states = &case["states"];
                let stated = (shard(states), number(&states["size"]), hash(&states["root"]));
                assert_eq!((head.shard, head.size, head.root), stated, "{name}");
                accepted += 1;
            }
            "refuse" => {
                assert!(verdict.is_err(), "{name} was accepted");
                refused += 1;
            }
            other => panic!("{name}: verdict {other}"),
        }
    }
    assert!(accepted > 3 && refused > 30);
}
