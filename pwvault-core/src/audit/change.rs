//! What an event tells of a record that was written with it: which one, and which bytes.

use crate::crypto;
use crate::id::RecordKind;
use crate::model::Change;
use crate::store::{Record, RecordKey};

/// Whether events speak of records of a kind: of all but those that end without an event (tickets and
/// permits) and those of the log itself, except for what is left of removed events.
#[must_use]
pub const fn is_logged(kind: RecordKind) -> bool {
    !matches!(kind, RecordKind::Ticket | RecordKind::Permit | RecordKind::Event | RecordKind::Checkpoint)
}

/// Tells one stored state of a record from every other of the same key and revision.
pub type Digest = [u8; 16];

/// The first 16 bytes of SHA-256 over `label count u32 || labels || body`. A second state with the
/// same digest takes 2^128 attempts for whoever has one already; a pair made for the purpose takes
/// 2^64 commits of the vault's own, since nobody else can seal what opens.
#[must_use]
pub fn record_digest(record: &Record) -> Digest {
    let labels: Vec<u8> = record.labels.iter().flat_map(|label| label.0).collect();
    let count = u32::try_from(record.labels.len()).unwrap_or(u32::MAX);
    let [digest @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
        crypto::sha256(&[&count.to_be_bytes(), &labels, &record.body]);
    digest
}

/// What an event says of a record as it is written, in place of the state `before`.
#[must_use]
pub fn change_of(record: &Record, before: Option<Digest>) -> Change {
    let Record { key, revision, .. } = record;
    Change { kind: key.kind, id: key.id.0, revision: *revision, digest: Some(record_digest(record)), before }
}

/// What an event says of a record that is deleted in the state `before`.
#[must_use]
pub const fn deletion_of(key: RecordKey, before: Option<Digest>) -> Change {
    Change { kind: key.kind, id: key.id.0, revision: 0, digest: None, before }
}
