//! How the vectors write contexts and records.

use pwvault_core::envelope::Context;
use pwvault_core::store::Record;
use serde_json::{Map, Value, json};

use crate::json::{hex, labels};

/// A context without its absent fields.
pub(crate) fn context(context: &Context<'_>) -> Value {
    let Context {
        vault,
        kind,
        id,
        revision,
        epoch,
        entry,
        field,
        secret_revision,
        recipient,
        shard,
        sequence,
        previous_leaf,
        person,
    } = context;
    let all = [
        ("vault", vault.map(|id| json!(hex(&id.to_bytes())))),
        ("kind", kind.map(|kind| json!(kind.number()))),
        ("id", id.map(|id| json!(hex(&id)))),
        ("revision", revision.map(Value::from)),
        ("epoch", epoch.map(Value::from)),
        ("entry", entry.map(|id| json!(hex(&id.to_bytes())))),
        ("field", field.map(Value::from)),
        ("secret_revision", secret_revision.map(Value::from)),
        ("recipient", recipient.map(|id| json!(hex(&id)))),
        ("shard", shard.map(Value::from)),
        ("sequence", sequence.map(Value::from)),
        ("previous_leaf", previous_leaf.map(|hash| json!(hex(&hash)))),
        ("person", person.map(Value::from)),
    ];
    let present = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(Map::from_iter(present))
}

/// A record.
pub(crate) fn record(record: &Record) -> Value {
    json!({
        "kind": record.key.kind.number(),
        "id": hex(&record.key.id.0),
        "revision": record.revision,
        "labels": labels(&record.labels),
        "body": hex(&record.body),
    })
}
