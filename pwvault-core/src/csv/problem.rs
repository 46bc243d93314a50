//! What is wrong with one row, and what was changed about one that is not lost.

use std::fmt;

use serde::Serialize;

/// What is wrong with a row, or worth saying about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The row has more or fewer cells than the header.
    #[error("{found} cells where the header has {expected}; give every row one cell for each column")]
    Ragged {
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Text after a closing quote.
    #[error("text after a closing quote; double every quote inside a cell")]
    StrayQuote,
    /// A field over its limit.
    #[error("{found} bytes where at most {max} are kept; shorten the text")]
    TooLong {
        /// Bytes found.
        found: usize,
        /// Bytes accepted.
        max: usize,
    },
    /// The entry as a whole is over its limit.
    #[error("the row makes an entry of {found} bytes; at most {max} are kept")]
    EntryTooLong {
        /// Bytes found.
        found: usize,
        /// Bytes accepted.
        max: usize,
    },
    /// Too many custom fields.
    #[error("the row makes over {max} custom fields; at most {max} are kept")]
    TooManyFields {
        /// Custom fields accepted.
        max: usize,
    },
    /// A flag that is neither true nor false.
    #[error("neither `true` nor `false`")]
    BadFlag,
    /// A cell of custom fields or tags of the own dialect that is not the JSON it must be.
    #[error("not the JSON list that `spec/csv.md` describes")]
    BadList,
    /// A mark of the own dialect that is unknown.
    #[error("neither `v1` nor `v1-safe`; the row was not written by a version this one reads")]
    BadMark,
    /// Remark: the name was empty and was made from the address, the user name or the row number.
    #[error("the name is empty; one was derived from the address, the user name or the row")]
    NameDerived,
    /// Remark: a name held control characters. Of an entry's name, the text as it was is kept as a
    /// visible custom field.
    #[error("a name held control characters, such as a line break; they became blanks")]
    NameCleaned,
    /// Remark: the address has no scheme and was taken as https.
    #[error("the address has no scheme; `https://` was put before it")]
    SchemeAdded,
    /// Remark: not an http or https address; the text was kept as a visible custom field.
    #[error("not an http or https address of at most 2048 bytes; it was kept as a custom field")]
    NotAnAddress,
    /// Remark: not a time; the text was kept as a visible custom field.
    #[error("not a time such as `2024-01-31T12:00:00Z`; it was kept as a custom field")]
    NotATime,
    /// Remark: an unknown kind of entry; the text was kept as a visible custom field.
    #[error("not a kind of entry (login, note, server, licence_key); it was kept as a custom field")]
    UnknownKind,
    /// Remark: an apostrophe before `@` was taken off the password.
    #[error("the apostrophe that keeps spreadsheets from taking the password for a formula was taken off")]
    Unescaped,
}

impl ProblemKind {
    /// A stable name of the variant, for translations and other languages.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ragged { .. } => "ragged",
            Self::StrayQuote => "stray_quote",
            Self::TooLong { .. } => "too_long",
            Self::EntryTooLong { .. } => "entry_too_long",
            Self::TooManyFields { .. } => "too_many_fields",
            Self::BadFlag => "bad_flag",
            Self::BadList => "bad_list",
            Self::BadMark => "bad_mark",
            Self::NameDerived => "name_derived",
            Self::NameCleaned => "name_cleaned",
            Self::SchemeAdded => "scheme_added",
            Self::NotAnAddress => "not_an_address",
            Self::NotATime => "not_a_time",
            Self::UnknownKind => "unknown_kind",
            Self::Unescaped => "unescaped",
        }
    }
}

crate::model::said_form!(ProblemKind);

/// What is wrong with a row, and where.
///
/// # Security
/// Carries no text of the file: a column is named only when its name belongs to the dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    row: u64,
    line: u64,
    column: Option<usize>,
    column_name: Option<&'static str>,
    kind: ProblemKind,
}

impl Problem {
    pub(super) const fn new(row: u64, line: u64, kind: ProblemKind) -> Self {
        Self { row, line, column: None, column_name: None, kind }
    }

    pub(super) const fn in_column(mut self, column: usize, name: Option<&'static str>) -> Self {
        self.column = Some(column);
        self.column_name = name;
        self
    }

    /// The row, from 1, not counting the header.
    #[must_use]
    pub const fn row(&self) -> u64 {
        self.row
    }

    /// The line of the file on which the row starts, from 1.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// The column, from 1, unless the whole row is meant.
    #[must_use]
    pub const fn column(&self) -> Option<usize> {
        self.column
    }

    /// The dialect's name for the column, when it has one.
    #[must_use]
    pub const fn column_name(&self) -> Option<&'static str> {
        self.column_name
    }

    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        self.kind
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {} (line {})", self.row, self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        if let Some(name) = self.column_name {
            write!(f, " `{name}`")?;
        }
        write!(f, ": {}", self.kind)
    }
}
