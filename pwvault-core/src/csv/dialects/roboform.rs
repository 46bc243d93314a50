//! RoboForm.

use crate::secret::SecretString;

use super::super::dialect::{Dialect, Shape};
use super::super::part::{ExportMode, ExportRow};
use super::super::problem::{Problem, ProblemKind};
use super::super::row::{Row, RowOutcome};
use super::super::target::Target;
use super::super::write::text_of;

/// RoboForm. Its last column goes on in cells that the header does not name.
#[derive(Debug)]
pub(super) struct RoboForm;

impl Dialect for RoboForm {
    fn name(&self) -> &'static str {
        "roboform"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[
            &["Name", "Url", "MatchUrl", "Login", "Pwd", "Note", "Folder", "RfFieldsV2"],
            &["Name", "Url", "Login", "Pwd", "Note", "Folder", "Rf_fields"],
        ]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("Name", Target::Name),
            ("Url", Target::Website),
            ("MatchUrl", Target::Visible),
            ("Login", Target::Username),
            ("Pwd", Target::Password),
            ("Note", Target::Notes),
            ("Folder", Target::Folder),
            ("RfFieldsV2", Target::Secret),
            ("Rf_fields", Target::Secret),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["Name", "Url", "Login", "Pwd", "Note", "Folder"]
    }

    fn shape(&self) -> Shape {
        Shape::Ragged
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let mut draft = row.draft();
        for cell in row.cells() {
            match (cell.known(), cell.text()) {
                (Some("Pwd"), text) if is_escaped(text) => {
                    draft.put(&cell.with_text(text.strip_prefix('\'').unwrap_or(text)))?;
                    draft.remark(&cell, ProblemKind::Unescaped);
                }
                (Some("MatchUrl"), text) if text == row.text("Url") => {}
                (Some(_), _) => draft.put(&cell)?,
                (None, _) => draft.put_as(&cell, "RoboForm field", Target::Secret)?,
            }
        }
        draft.finish()
    }

    fn cell(&self, entry: &ExportRow<'_>, column: &str, _mode: ExportMode) -> SecretString {
        let password = entry.draft.password.expose();
        match column {
            "Pwd" if password.trim_start_matches('\'').starts_with('@') => {
                let mut escaped = String::with_capacity(password.len() + 1);
                escaped.push('\'');
                escaped.push_str(password);
                escaped.into()
            }
            _ => text_of(self.columns(), column, entry),
        }
    }
}

/// An apostrophe stands before `@`, so that spreadsheets take the password for no formula.
fn is_escaped(text: &str) -> bool {
    text.starts_with('\'') && text.trim_start_matches('\'').starts_with('@')
}
