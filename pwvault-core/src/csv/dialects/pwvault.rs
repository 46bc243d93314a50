//! The own dialect: loses nothing of an entry, in both export modes.

use zeroize::Zeroizing;

use crate::secret::SecretString;

use super::super::dialect::Dialect;
use super::super::guard::unguard;
use super::super::json;
use super::super::part::{ExportMode, ExportRow, Part};
use super::super::problem::{Problem, ProblemKind};
use super::super::row::{Cell, Row, RowOutcome};
use super::super::row_draft::RowDraft;
use super::super::target::Target;
use super::super::write::text_of;

/// pwvault's own columns. The first says, row by row, whether the spreadsheet guard is on.
#[derive(Debug)]
pub(super) struct Pwvault;

impl Dialect for Pwvault {
    fn name(&self) -> &'static str {
        "pwvault"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[&[
            "pwvault",
            "name",
            "kind",
            "username",
            "password",
            "website",
            "login_url",
            "notes",
            "totp",
            "private",
            "folder",
            "tags",
            "fields",
            "created_at",
            "updated_at",
        ]]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("pwvault", Target::Ignore),
            ("name", Target::Name),
            ("kind", Target::Kind),
            ("username", Target::Username),
            ("password", Target::Password),
            ("website", Target::Website),
            ("login_url", Target::LoginUrl),
            ("notes", Target::Notes),
            ("totp", Target::Totp),
            ("private", Target::Private),
            ("folder", Target::Folder),
            ("tags", Target::Tags),
            ("fields", Target::Secret),
            ("created_at", Target::CreatedAt),
            ("updated_at", Target::UpdatedAt),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["pwvault", "name", "password"]
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let safe = match row.text("pwvault") {
            EXACT => false,
            SAFE => true,
            _ => return Err(bad_mark(row)),
        };
        let mut draft = row.draft();
        for cell in row.cells() {
            if safe {
                let mut text = Zeroizing::new(String::with_capacity(cell.text().len()));
                unguard(cell.text(), &mut text);
                put(row, &mut draft, &cell.with_text(&text))?;
            } else {
                put(row, &mut draft, &cell)?;
            }
        }
        draft.finish()
    }

    fn cell(&self, entry: &ExportRow<'_>, column: &str, mode: ExportMode) -> SecretString {
        match (column, mode) {
            ("pwvault", ExportMode::Exact) => EXACT.into(),
            ("pwvault", ExportMode::SpreadsheetSafe) => SAFE.into(),
            ("tags", _) => json::write_texts(entry.tags).into(),
            ("fields", _) => json::write_fields(&entry.draft.fields),
            _ => text_of(self.columns(), column, entry),
        }
    }

    fn keeps(&self, _part: Part) -> bool {
        true
    }
}

const EXACT: &str = "v1";
const SAFE: &str = "v1-safe";

fn put(row: &Row<'_>, draft: &mut RowDraft<'_>, cell: &Cell<'_>) -> Result<(), Problem> {
    let bad_list = || row.problem_in(cell, ProblemKind::BadList);
    match cell.known() {
        Some("tags") => draft.set_tags(json::read_texts(cell.text()).ok_or_else(bad_list)?),
        Some("fields") => {
            for field in json::read_fields(cell.text()).ok_or_else(bad_list)? {
                draft.add_field(cell, field)?;
            }
        }
        _ => draft.put(cell)?,
    }
    Ok(())
}

fn bad_mark(row: &Row<'_>) -> Problem {
    let mark = row.cells().find(|cell| cell.known() == Some("pwvault"));
    mark.map_or_else(|| row.problem(ProblemKind::BadMark), |cell| row.problem_in(&cell, ProblemKind::BadMark))
}
