//! A host that keeps its contract, over a store in memory.

use pwvault_core::id::{RecordId, RecordKind};
use pwvault_core::store::{ChangeSet, Expect, Label, MemoryStore, Order, Page, Query, Record, RecordKey, Rows, Want};
use pwvault_core::store::{Store, StoreError, Write};
use serde_json::{Value, json};

use super::super::{Host, HostFailure, HostReply};

#[derive(Default)]
pub(crate) struct GoodHost(MemoryStore);

impl Host for GoodHost {
    fn call(&self, operation: String, document: String, payloads: Vec<Vec<u8>>) -> Result<HostReply, HostFailure> {
        let asked: Value = serde_json::from_str(&document).unwrap();
        let mut out = Vec::new();
        let document = match operation.as_str() {
            "store.load" => {
                let keys: Vec<_> = list(&asked["keys"]).iter().map(key).collect();
                let records = self.0.load(&keys).map_err(failure)?;
                let records = records.iter().map(|found| found.as_ref().map(|found| written(found, &mut out)));
                json!({ "records": records.collect::<Vec<_>>() })
            }
            "store.scan" => page(&self.0.scan(&query(&asked["query"])).map_err(failure)?, &mut out),
            "store.commit" => {
                self.0.commit(&changes(&asked["changes"], &payloads)).map_err(failure)?;
                json!({ "committed": true })
            }
            "store.info" => serde_json::to_value(self.0.info().map_err(failure)?).unwrap(),
            "key_provider.keks" => {
                out.push(vec![9; 32]);
                json!({ "keks": [{ "id": "07070707070707070707070707070707", "key": { "$payload": 0 } }] })
            }
            "directory.client_by_email" => json!({ "client": "7" }),
            _ => return Err(HostFailure::named("unavailable", "nothing of this name is answered here")),
        };
        Ok(HostReply { document: document.to_string(), payloads: out })
    }
}

fn failure(error: StoreError) -> HostFailure {
    match error {
        StoreError::Conflict(key) => HostFailure::Fault {
            name: "conflict".into(),
            message: String::new(),
            detail: json!({ "key": key_document(&key) }).to_string(),
        },
        other => HostFailure::named("backend", &other.to_string()),
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn bytes(value: &Value) -> [u8; 16] {
    u128::from_str_radix(value.as_str().unwrap(), 16).unwrap().to_be_bytes()
}

fn hex(bytes: [u8; 16]) -> String {
    RecordId(bytes).to_string()
}

fn id(value: &Value) -> Option<RecordId> {
    (!value.is_null()).then(|| RecordId(bytes(value)))
}

fn kind(value: &Value) -> RecordKind {
    RecordKind::from_number(u8::try_from(value.as_u64().unwrap()).unwrap()).unwrap()
}

fn key(value: &Value) -> RecordKey {
    let vault = serde_json::from_value(value["vault"].clone()).unwrap();
    RecordKey { vault, kind: kind(&value["kind"]), id: RecordId(bytes(&value["id"])) }
}

fn key_document(key: &RecordKey) -> Value {
    json!({ "vault": key.vault, "kind": key.kind.number(), "id": hex(key.id.0) })
}

fn written(record: &Record, out: &mut Vec<Vec<u8>>) -> Value {
    out.push(record.body.clone());
    let labels: Vec<_> = record.labels.iter().map(|label| hex(label.0)).collect();
    let body = json!({ "$payload": out.len() - 1 });
    json!({ "key": key_document(&record.key), "revision": record.revision, "labels": labels, "body": body })
}

fn page(page: &Page, out: &mut Vec<Vec<u8>>) -> Value {
    let rows = match &page.rows {
        Rows::Keys(keys) => {
            json!({ "keys": keys.iter().map(|(key, revision)| json!([key_document(key), revision])).collect::<Vec<_>>() })
        }
        Rows::Records(records) => {
            json!({ "records": records.iter().map(|record| written(record, out)).collect::<Vec<_>>() })
        }
        Rows::Count(count) => json!({ "count": count }),
    };
    json!({ "rows": rows, "next": page.next.map(|next| hex(next.0)) })
}

fn query(value: &Value) -> Query {
    let labels = list(&value["labels"]).iter();
    Query {
        vault: serde_json::from_value(value["vault"].clone()).unwrap(),
        kind: kind(&value["kind"]),
        labels: labels.map(|group| list(group).iter().map(|label| Label(bytes(label))).collect()).collect(),
        from: id(&value["from"]),
        to: id(&value["to"]),
        order: if value["order"] == "descending" { Order::Descending } else { Order::Ascending },
        limit: u32::try_from(value["limit"].as_u64().unwrap()).unwrap(),
        cursor: id(&value["cursor"]),
        want: match value["want"].as_str().unwrap() {
            "keys" => Want::Keys,
            "records" => Want::Records,
            _ => Want::Count,
        },
    }
}

fn expect(value: &Value) -> Expect {
    if value == "absent" { Expect::Absent } else { Expect::Revision(value["revision"].as_u64().unwrap()) }
}

fn changes(value: &Value, payloads: &[Vec<u8>]) -> ChangeSet {
    let write = |write: &Value| {
        let record = &write["record"];
        let labels = list(&record["labels"]).iter().map(|label| Label(bytes(label))).collect();
        let body = &payloads[usize::try_from(record["body"]["$payload"].as_u64().unwrap()).unwrap()];
        let record = Record::new(key(&record["key"]), record["revision"].as_u64().unwrap(), labels, body.clone());
        Write { record, expect: expect(&write["expect"]) }
    };
    ChangeSet {
        writes: list(&value["writes"]).iter().map(write).collect(),
        deletes: list(&value["deletes"]).iter().map(|one| (key(&one[0]), one[1].as_u64().unwrap())).collect(),
        asserts: list(&value["asserts"]).iter().map(|one| (key(&one[0]), expect(&one[1]))).collect(),
    }
}
