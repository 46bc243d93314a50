//! The caps on CSV input.

use crate::model::limits::{ENTRY_MAX, FIELD_MAX};

/// How much CSV is accepted. More is an error, never cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The whole input in bytes.
    pub bytes: usize,
    /// Rows, not counting the header.
    pub rows: u64,
    /// Columns of any row.
    pub columns: usize,
    /// One field of an entry in bytes, once it is out of its cell.
    pub field_bytes: usize,
    /// One row in bytes, without its quotes. The own dialect writes custom fields as JSON, where a
    /// byte may take six; the default leaves room for an entry of full size in that form.
    pub record_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024 * 1024,
            rows: 100_000,
            columns: 256,
            field_bytes: FIELD_MAX,
            record_bytes: 8 * ENTRY_MAX,
        }
    }
}
