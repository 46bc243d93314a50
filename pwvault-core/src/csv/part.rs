//! What an export is given and what it reports.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::model::{EntryDraft, EntryKind};

/// How an export is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportMode {
    /// Every byte as it is. A spreadsheet may take cells for formulas.
    #[default]
    Exact,
    /// For spreadsheets: cells that could be taken for formulas are neutralised. The own dialect
    /// marks such rows and takes the guard off when it reads them.
    SpreadsheetSafe,
}

/// One entry to be written.
#[derive(Clone, Copy, Debug)]
pub struct ExportRow<'a> {
    /// The entry. `keys` and `owner` are not exported: they mean nothing elsewhere.
    pub draft: &'a EntryDraft,
    /// The category or folder; empty for none.
    pub folder: &'a str,
    /// Tags.
    pub tags: &'a [String],
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// A part of an entry that not every dialect can hold. Times are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// The kind of the entry.
    Kind(EntryKind),
    /// The login address.
    LoginUrl,
    /// Notes.
    Notes,
    /// The TOTP seed.
    Totp,
    /// Custom fields.
    Fields,
    /// The private flag.
    Private,
    /// The category or folder.
    Folder,
    /// Tags.
    Tags,
}

/// A part of an entry that the dialect could not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Loss {
    /// The row, from 1, not counting the header.
    pub row: u64,
    /// What was left out.
    pub part: Part,
}

/// What an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Written {
    /// Rows, not counting the header.
    pub rows: u64,
    /// What did not fit the dialect; always empty for the own one.
    pub losses: Vec<Loss>,
}

impl ExportRow<'_> {
    /// The parts this entry has.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> {
        let draft = self.draft;
        [
            (draft.kind != EntryKind::Login, Part::Kind(draft.kind)),
            (!draft.login_url.is_empty(), Part::LoginUrl),
            (!draft.notes.is_empty(), Part::Notes),
            (!draft.totp.is_empty(), Part::Totp),
            (!draft.fields.is_empty(), Part::Fields),
            (draft.private, Part::Private),
            (!self.folder.is_empty(), Part::Folder),
            (!self.tags.is_empty(), Part::Tags),
        ]
        .into_iter()
        .filter_map(|(has, part)| has.then_some(part))
    }
}
