//! How the vectors write bytes, heads and labels. Shared with the test that walks them.

use pwvault_core::store::Label;
use serde_json::{Value, json};

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A structure with its byte strings as hex.
pub(crate) fn structure(value: &impl serde::Serialize) -> Value {
    hex_bytes(serde_json::to_value(value).unwrap())
}

/// Labels in their order.
pub(crate) fn labels(labels: &[Label]) -> Vec<String> {
    labels.iter().map(|label| hex(&label.0)).collect()
}

/// Turns every list of byte values into hex.
fn hex_bytes(value: Value) -> Value {
    match value {
        Value::Array(list) => {
            let bytes: Option<Vec<u8>> = list.iter().map(|one| u8::try_from(one.as_u64()?).ok()).collect();
            match bytes {
                Some(bytes) if !bytes.is_empty() => json!(hex(&bytes)),
                _ => list.into_iter().map(hex_bytes).collect(),
            }
        }
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, hex_bytes(value))).collect(),
        other => other,
    }
}
