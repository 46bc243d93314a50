//! What this room says.

use super::error::CsvError;
use super::problem::{Problem, ProblemKind};
use super::row::SkipReason;
use crate::model::{Arg, Message, Phrase, messages};

messages! { CsvError {
    Self::TooLarge { found, max } => "csv-too-large" [found, max],
    Self::NotUtf8 { offset, line } => "csv-not-utf8" [offset, line],
    Self::BadUtf16 { offset } => "csv-bad-utf16" [offset],
    Self::Workbook => "csv-workbook",
    Self::Binary => "csv-binary",
    Self::Empty => "csv-empty",
    Self::UnknownHeader { line, dialect } => "csv-unknown-header" [line, dialect],
    Self::UnknownColumn { entry, columns } => "csv-unknown-column" [entry, columns],
    Self::UnclosedQuote { line } => "csv-unclosed-quote" [line],
    Self::TooManyColumns { line, max } => "csv-too-many-columns" [line, max],
    Self::RowTooLong { line, cell_line, max } => "csv-row-too-long" [line, cell_line, max],
    Self::TooManyRows { max } => "csv-too-many-rows" [max],
    Self::Write(_) => "csv-write",
} }

messages! { ProblemKind {
    Self::Ragged { expected, found } => "csv-problem-ragged" [expected, found],
    Self::StrayQuote => "csv-problem-stray-quote",
    Self::TooLong { found, max } => "csv-problem-too-long" [found, max],
    Self::EntryTooLong { found, max } => "csv-problem-entry-too-long" [found, max],
    Self::TooManyFields { max } => "csv-problem-too-many-fields" [max],
    Self::BadFlag => "csv-problem-bad-flag",
    Self::BadList => "csv-problem-bad-list",
    Self::BadMark => "csv-problem-bad-mark",
    Self::NameDerived => "csv-problem-name-derived",
    Self::NameCleaned => "csv-problem-name-cleaned",
    Self::SchemeAdded => "csv-problem-scheme-added",
    Self::NotAnAddress => "csv-problem-not-an-address",
    Self::NotATime => "csv-problem-not-a-time",
    Self::UnknownKind => "csv-problem-unknown-kind",
    Self::Unescaped => "csv-problem-unescaped",
} }

messages! { SkipReason {
    Self::Empty => "csv-skip-empty",
    Self::FirefoxAccount => "csv-skip-firefox-account",
    Self::Folder => "csv-skip-folder",
} }

/// Where, as far as it is known, and what.
impl Message for Problem {
    fn phrase(&self) -> Phrase {
        let phrase = match (self.column(), self.column_name()) {
            (Some(column), Some(name)) => {
                Phrase::new("csv-problem-in-named-column").with("column", &column).with("name", name)
            }
            (Some(column), None) => Phrase::new("csv-problem-in-column").with("column", &column),
            (None, _) => Phrase::new("csv-problem-in-row"),
        };
        phrase.with("row", &self.row()).with("line", &self.line()).with("problem", Arg::from(&self.kind()))
    }
}
