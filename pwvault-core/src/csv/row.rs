//! One row on its way in, and what became of it.

use std::fmt;

use crate::clock::Timestamp;
use crate::model::EntryDraft;

use super::limits::Limits;
use super::problem::{Problem, ProblemKind};
use super::row_draft::RowDraft;
use super::split::Record;
use super::target::Target;

/// What became of a row.
#[derive(Clone, Debug)]
pub enum RowOutcome {
    /// It is an entry.
    Import(Box<ImportRow>),
    /// It was left out on purpose.
    Skip {
        /// The row, from 1, not counting the header.
        row: u64,
        /// The line it starts on, from 1.
        line: u64,
        /// Why.
        reason: SkipReason,
    },
    /// It cannot become an entry; the other rows stand.
    Bad(Problem),
}

/// Why a row was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SkipReason {
    /// Every cell is empty.
    Empty,
    /// Firefox's own account row: it holds the keys of the synchronisation.
    FirefoxAccount,
    /// It only names a folder.
    Folder,
}

impl SkipReason {
    /// A stable name of the variant, for translations and other languages.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::FirefoxAccount => "firefox_account",
            Self::Folder => "folder",
        }
    }
}

/// An entry read from a row.
#[derive(Clone, Debug)]
pub struct ImportRow {
    /// The row, from 1, not counting the header.
    pub row: u64,
    /// The line it starts on, from 1.
    pub line: u64,
    /// The entry; `keys` and `owner` are left to the caller.
    pub draft: EntryDraft,
    /// The folder or group of the other product.
    pub folder: Option<String>,
    /// Tags or labels.
    pub tags: Vec<String>,
    /// When it was created, if the file says so.
    pub created_at: Option<Timestamp>,
    /// When it last changed, if the file says so.
    pub updated_at: Option<Timestamp>,
    /// What was changed about the row so that nothing is lost.
    pub remarks: Vec<Problem>,
}

/// A column of a file, as the dialect or the column map understands it.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// The name of a custom field made from it.
    pub(super) name: String,
    /// The dialect's own name for it.
    pub(super) known: Option<&'static str>,
    pub(super) target: Target,
}

/// Of the cells beyond the header, in files of that shape.
static BEYOND: Column = Column { name: String::new(), known: None, target: Target::Secret };

/// A row as a dialect sees it: as many cells as the [`Shape`](super::Shape) of its files allows.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    pub(super) record: Record<'r>,
    pub(super) columns: &'r [Column],
    pub(super) row: u64,
    pub(super) limits: &'r Limits,
}

/// One cell of a row.
#[derive(Clone, Copy)]
pub struct Cell<'r> {
    number: usize,
    text: &'r str,
    column: &'r Column,
}

impl<'r> Row<'r> {
    /// The cells, in the order of the file.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'r>> + use<'r> {
        let columns = self.columns;
        let column = move |index| columns.get(index).unwrap_or(&BEYOND);
        self.record.cells().enumerate().map(move |(index, text)| Cell {
            number: index + 1,
            text,
            column: column(index),
        })
    }

    /// The text of the first column that the dialect knows by this name; empty when there is none.
    ///
    /// # Security
    /// The text may be a password.
    #[must_use]
    pub fn text(&self, known: &str) -> &'r str {
        self.cells().find(|cell| cell.known() == Some(known)).map_or("", |cell| cell.text)
    }

    /// An empty draft for this row.
    #[must_use]
    pub fn draft(&self) -> RowDraft<'r> {
        RowDraft::new(*self)
    }

    /// Leaves the row out.
    #[must_use]
    pub const fn skip(&self, reason: SkipReason) -> RowOutcome {
        RowOutcome::Skip { row: self.row, line: self.record.line, reason }
    }

    /// A problem with the row as a whole.
    #[must_use]
    pub const fn problem(&self, kind: ProblemKind) -> Problem {
        Problem::new(self.row, self.record.line, kind)
    }

    /// A problem with one cell.
    #[must_use]
    pub const fn problem_in(&self, cell: &Cell<'_>, kind: ProblemKind) -> Problem {
        self.problem(kind).in_column(cell.number, cell.column.known)
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("row", &self.row).finish_non_exhaustive()
    }
}

impl<'r> Cell<'r> {
    /// Its text, exactly as in the file.
    ///
    /// # Security
    /// The text may be a password.
    #[must_use]
    pub const fn text(&self) -> &'r str {
        self.text
    }

    pub(super) const fn number(&self) -> usize {
        self.number
    }

    /// The dialect's own name for the column, when it knows it.
    #[must_use]
    pub const fn known(&self) -> Option<&'static str> {
        self.column.known
    }

    /// What a custom field made from the column is called.
    #[must_use]
    pub fn name(&self) -> &'r str {
        &self.column.name
    }

    /// What the column holds.
    #[must_use]
    pub const fn target(&self) -> Target {
        self.column.target
    }

    /// The same cell with another text.
    #[must_use]
    pub const fn with_text<'t>(&self, text: &'t str) -> Cell<'t>
    where
        'r: 't,
    {
        Cell { number: self.number, text, column: self.column }
    }
}

impl fmt::Debug for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cell").field("number", &self.number).finish_non_exhaustive()
    }
}
