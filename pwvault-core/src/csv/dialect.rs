//! The joint at which a dialect is plugged in.

use std::fmt;

use crate::model::EntryKind;
use crate::secret::SecretString;

use super::header::Header;
use super::part::{ExportMode, ExportRow, Part};
use super::problem::Problem;
use super::row::{Row, RowOutcome};
use super::target::Target;
use super::write::text_of;

/// How sure a dialect is that a file is its own: 0 (not at all) to 100 (its exact header).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Confidence(u8);

impl Confidence {
    /// Not at all.
    pub const NONE: Self = Self(0);
    /// The exact header of the product, in its spelling and order.
    pub const CERTAIN: Self = Self(100);

    /// `percent`, at most 100.
    #[must_use]
    pub const fn new(percent: u8) -> Self {
        Self(if percent > 100 { 100 } else { percent })
    }

    /// 0 to 100.
    #[must_use]
    pub const fn percent(self) -> u8 {
        self.0
    }
}

/// How the rows of a product's files stand to the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Every row has as many cells as the header.
    #[default]
    Table,
    /// Rows may be longer or shorter than the header.
    Ragged,
    /// There is no header, and rows may be longer than the columns.
    Headless,
}

/// One product's way of writing entries as CSV.
///
/// # Contract
/// Holds no state and may be called from any thread. [`read`](Self::read) is called once for each
/// row that has as many cells as the header, or as the required columns when the
/// [`shape`](Self::shape) is no table; what it returns must not depend on other rows. A
/// column it does not know must become a custom field, never be dropped.
pub trait Dialect: fmt::Debug + Sync {
    /// Its name in options and reports.
    fn name(&self) -> &'static str;

    /// The headers the product writes, newest first. The first is the one [`cell`](Self::cell)
    /// is asked for.
    fn headers(&self) -> &'static [&'static [&'static str]];

    /// What the columns hold. Names are compared without case.
    fn columns(&self) -> &'static [(&'static str, Target)];

    /// Columns without which a file is not of this dialect.
    fn required(&self) -> &'static [&'static str];

    /// How its rows stand to the header.
    fn shape(&self) -> Shape {
        Shape::Table
    }

    /// How sure it is that a file with this header, or first row, is its own.
    ///
    /// 100 for one of the headers as written, 95 for one but for case; otherwise, when every
    /// required column is there and at least three in four of the file's columns are known, 50 to
    /// 85 by that share.
    fn confidence(&self, header: &Header) -> Confidence {
        if self.headers().iter().any(|names| header.is(names)) {
            return Confidence::CERTAIN;
        }
        if self.headers().iter().any(|names| header.resembles(names)) {
            return Confidence::new(95);
        }
        if !self.required().iter().all(|name| header.has(name)) {
            return Confidence::NONE;
        }
        let known = self.columns().iter().filter(|(name, _)| header.has(name)).count().min(header.len());
        if known * 4 < header.len() * 3 {
            return Confidence::NONE;
        }
        let share = (35 * known).checked_div(header.len()).unwrap_or(0);
        Confidence::new(u8::try_from(50 + share).unwrap_or(85))
    }

    /// Reads one row.
    ///
    /// # Errors
    /// A [`Problem`] when the row cannot become an entry; the other rows stand.
    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let mut draft = row.draft();
        for cell in row.cells() {
            draft.put(&cell)?;
        }
        draft.finish()
    }

    /// The text of one column of the first header for one entry.
    ///
    /// # Security
    /// The text may be the password; it is wiped when dropped.
    fn cell(&self, entry: &ExportRow<'_>, column: &str, _mode: ExportMode) -> SecretString {
        text_of(self.columns(), column, entry)
    }

    /// A whole row of an export, for products whose rows do not follow the header; `None` when
    /// [`cell`](Self::cell) tells each.
    ///
    /// # Security
    /// As [`cell`](Self::cell).
    fn row(&self, _entry: &ExportRow<'_>, _mode: ExportMode) -> Option<Vec<SecretString>> {
        None
    }

    /// Whether this part of an entry survives an export.
    fn keeps(&self, part: Part) -> bool {
        let target = match part {
            Part::Kind(EntryKind::Login) => return true,
            Part::Kind(_) => Target::Kind,
            Part::Fields => return false,
            Part::LoginUrl => Target::LoginUrl,
            Part::Notes => Target::Notes,
            Part::Totp => Target::Totp,
            Part::Private => Target::Private,
            Part::Folder => Target::Folder,
            Part::Tags => Target::Tags,
        };
        let written = self.headers().first().copied().unwrap_or_default();
        self.columns().iter().any(|(name, held)| *held == target && written.contains(name))
    }
}
