//! What a store keeps: a key, a revision, labels to search by, and a body of opaque bytes.

use std::fmt;

use crate::id::{RecordId, RecordKind, VaultId};

/// The most bytes a body may have: 4 MiB, below the packet limits of the common database servers.
pub const BODY_MAX: usize = 4 << 20;

/// The most labels a record may have: room for every grant of an entry and its other labels.
pub const LABELS_MAX: usize = 2_048;

/// The highest revision, so that every database can keep it in a signed integer.
pub const REVISION_MAX: u64 = i64::MAX as u64;

/// The name of a record. Ordered by vault, then kind, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// The vault it belongs to.
    pub vault: VaultId,
    /// What it is.
    pub kind: RecordKind,
    /// Its id among the records of its kind.
    pub id: RecordId,
}

impl RecordKey {
    /// A key from its parts.
    #[must_use]
    pub fn new(vault: VaultId, kind: RecordKind, id: impl Into<RecordId>) -> Self {
        Self { vault, kind, id: id.into() }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} record {} of vault {}", self.kind, self.id, self.vault)
    }
}

crate::document::display_form!(RecordKey, "the kind, id and vault of a record");

/// What a store may search by: 16 bytes that tell it nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub [u8; 16]);

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Label({:032x})", u128::from_be_bytes(self.0))
    }
}

/// A record as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub key: RecordKey,
    /// Counts its writes: 1 when it is made, one more with every change.
    pub revision: u64,
    /// What it can be found by: sorted and distinct, at most [`LABELS_MAX`].
    pub labels: Vec<Label>,
    /// Opaque bytes, at most [`BODY_MAX`].
    pub body: Vec<u8>,
}

impl Record {
    /// A record; sorts the labels and drops repeated ones.
    #[must_use]
    pub fn new(key: RecordKey, revision: u64, mut labels: Vec<Label>, body: Vec<u8>) -> Self {
        labels.sort_unstable();
        labels.dedup();
        Self { key, revision, labels, body }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("key", &self.key)
            .field("revision", &self.revision)
            .field("labels", &self.labels.len())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}
