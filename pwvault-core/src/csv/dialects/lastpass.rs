//! LastPass.

use crate::model::EntryKind;
use crate::secret::SecretString;

use super::super::dialect::Dialect;
use super::super::part::{ExportMode, ExportRow, Part};
use super::super::problem::Problem;
use super::super::row::{Row, RowOutcome};
use super::super::target::Target;
use super::super::write::text_of;

/// LastPass. Its notes have the address `http://sn`.
#[derive(Debug)]
pub(super) struct LastPass;

impl Dialect for LastPass {
    fn name(&self) -> &'static str {
        "lastpass"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[
            &["url", "username", "password", "totp", "extra", "name", "grouping", "fav"],
            &["url", "username", "password", "extra", "name", "grouping", "fav"],
        ]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("url", Target::Website),
            ("username", Target::Username),
            ("password", Target::Password),
            ("totp", Target::Totp),
            ("extra", Target::Notes),
            ("name", Target::Name),
            ("grouping", Target::Folder),
            ("fav", Target::Flag),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["url", "username", "password", "extra", "name", "grouping"]
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let mut draft = row.draft();
        for cell in row.cells() {
            if cell.known() == Some("url") && cell.text() == NOTE_URL {
                draft.kind(EntryKind::Note);
            } else {
                draft.put(&cell)?;
            }
        }
        draft.finish()
    }

    fn cell(&self, entry: &ExportRow<'_>, column: &str, _mode: ExportMode) -> SecretString {
        match column {
            "url" if entry.draft.kind == EntryKind::Note => NOTE_URL.into(),
            "fav" => "0".into(),
            _ => text_of(self.columns(), column, entry),
        }
    }

    fn keeps(&self, part: Part) -> bool {
        matches!(part, Part::Kind(EntryKind::Login | EntryKind::Note) | Part::Notes | Part::Totp | Part::Folder)
    }
}

const NOTE_URL: &str = "http://sn";
