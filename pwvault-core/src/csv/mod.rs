//! CSV: text to drafts and drafts to text. Owns the dialects, the sniffing, the caps and the
//! spreadsheet guard; knows no vault, no keys and no storage.
//!
//! [`read`] checks the whole file first (encoding, quotes, caps), so that a file that cannot be
//! trusted yields nothing at all; [`Import::rows`] then walks it row by row, as often as the caller
//! likes, without holding more than one row. [`write()`] is the way back. A new dialect is one file
//! in `dialects/` and one line in its list. The mappings stand in `spec/csv.md`; the quoting is that
//! of RFC 4180.

mod address;
mod column_map;
mod dialect;
mod dialects;
mod encoding;
mod error;
mod guard;
mod header;
mod json;
mod kind;
mod limits;
mod messages;
mod options;
mod part;
mod problem;
mod read;
mod row;
mod row_draft;
mod sniff;
mod split;
mod target;
mod time;
mod write;

#[cfg(test)]
mod tests;

pub use column_map::{ColumnMap, ColumnRef};
pub use dialect::{Confidence, Dialect, Shape};
pub use dialects::{ALL as DIALECTS, dialect};
pub use error::CsvError;
pub use header::Header;
pub use limits::Limits;
pub use options::{Delimiter, ReadOptions};
pub use part::{ExportMode, ExportRow, Loss, Part, Written};
pub use problem::{Problem, ProblemKind};
pub use read::{Import, Rows, read};
pub use row::{Cell, ImportRow, Row, RowOutcome, SkipReason};
pub use row_draft::RowDraft;
pub use sniff::{Sniffed, sniff};
pub use target::Target;
pub use write::{Table, write};
