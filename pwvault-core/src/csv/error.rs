//! What makes a whole file unreadable.

use std::io;

/// A file of which nothing was imported, or an export that stopped.
///
/// # Security
/// No variant carries the text of a cell or of a header.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// More bytes than [`Limits::bytes`](super::Limits::bytes).
    #[error("the file has {found} bytes; at most {max} are read at once")]
    TooLarge {
        /// Bytes given.
        found: usize,
        /// Bytes accepted.
        max: usize,
    },
    /// Neither UTF-8 nor UTF-16.
    #[error(
        "the byte at offset {offset} (line {line}) is not UTF-8; a CSV file like this was probably saved as Windows-1252 \
         or Latin-1: save it as `CSV UTF-8` and try again"
    )]
    NotUtf8 {
        /// Offset of the first bad byte in the file.
        offset: usize,
        /// Its line, from 1.
        line: u64,
    },
    /// UTF-16 that breaks off or holds half a surrogate pair.
    #[error("the UTF-16 text is damaged at byte offset {offset}; save the file as `CSV UTF-8` and try again")]
    BadUtf16 {
        /// Offset of the damaged unit in the file.
        offset: usize,
    },
    /// A workbook or an archive instead of a text.
    #[error("this is a workbook or an archive and no text: open it in the spreadsheet and save it as `CSV UTF-8`")]
    Workbook,
    /// NUL bytes where the header should be.
    #[error(
        "the first line holds NUL bytes and is no header: this is no text, or one in UTF-16 without its mark; save it as `CSV UTF-8`"
    )]
    Binary,
    /// No row at all.
    #[error("the file is empty; a header line and at least one row are expected")]
    Empty,
    /// The first line names no column that is known.
    #[error("no column of line {line} is known to the dialect `{dialect}`; name another dialect or give a column map")]
    UnknownHeader {
        /// The line the header was expected on, from 1.
        line: u64,
        /// The dialect that was asked for, `generic` when none was.
        dialect: &'static str,
    },
    /// The column map names a column the file does not have.
    #[error("entry {entry} of the column map names a column that the file does not have; it has {columns} columns")]
    UnknownColumn {
        /// Place in the column map, from 1.
        entry: usize,
        /// Columns of the file.
        columns: usize,
    },
    /// A quote that is never closed.
    #[error("the quote opened on line {line} is never closed; close it, and double every quote inside a cell")]
    UnclosedQuote {
        /// The line on which the quote opens, from 1.
        line: u64,
    },
    /// More columns than [`Limits::columns`](super::Limits::columns).
    #[error("the row that starts on line {line} has over {max} columns; at most {max} are read")]
    TooManyColumns {
        /// The row's first line, from 1.
        line: u64,
        /// Columns accepted.
        max: usize,
    },
    /// A row longer than [`Limits::record_bytes`](super::Limits::record_bytes).
    #[error(
        "the row that starts on line {line} has over {max} bytes; shorten it, or close the quote of the cell that starts \
         on line {cell_line} if it has one"
    )]
    RowTooLong {
        /// The row's first line, from 1.
        line: u64,
        /// The first line of the cell in which the limit was reached.
        cell_line: u64,
        /// Bytes accepted.
        max: usize,
    },
    /// More rows than [`Limits::rows`](super::Limits::rows).
    #[error("the file has over {max} rows; split it into parts of at most {max}")]
    TooManyRows {
        /// Rows accepted.
        max: u64,
    },
    /// The destination of an export failed.
    #[error("the export could not be written")]
    Write(#[source] io::Error),
}

impl CsvError {
    /// A stable name of the variant, for translations and other languages.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotUtf8 { .. } => "not_utf8",
            Self::BadUtf16 { .. } => "bad_utf16",
            Self::Workbook => "workbook",
            Self::Binary => "binary",
            Self::Empty => "empty",
            Self::UnknownHeader { .. } => "unknown_header",
            Self::UnknownColumn { .. } => "unknown_column",
            Self::UnclosedQuote { .. } => "unclosed_quote",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::RowTooLong { .. } => "row_too_long",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::Write(_) => "write",
        }
    }
}
