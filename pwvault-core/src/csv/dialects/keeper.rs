//! Keeper.

use crate::model::EntryKind;
use crate::secret::SecretString;

use super::super::address::{self, Address};
use super::super::dialect::{Confidence, Dialect, Shape};
use super::super::header::Header;
use super::super::part::{ExportMode, ExportRow, Part};
use super::super::problem::Problem;
use super::super::row::{Cell, Row, RowOutcome};
use super::super::target::Target;

/// Keeper. It writes no header, and behind its columns pairs of a field's name and value.
#[derive(Debug)]
pub(super) struct Keeper;

impl Dialect for Keeper {
    fn name(&self) -> &'static str {
        "keeper"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[COLUMNS]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("folder", Target::Folder),
            ("title", Target::Name),
            ("login", Target::Username),
            ("password", Target::Password),
            ("url", Target::Website),
            ("notes", Target::Notes),
            ("sharedFolder", Target::Visible),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        COLUMNS
    }

    fn shape(&self) -> Shape {
        Shape::Headless
    }

    /// 40 when the first row has seven cells and any number of pairs, and either a web address in the
    /// fifth cell or Keeper's own name for a TOTP seed.
    fn confidence(&self, header: &Header) -> Confidence {
        let cells: Vec<&str> = header.names().collect();
        let pairs = cells.get(COLUMNS.len()..).unwrap_or_default();
        let fits = cells.len() >= COLUMNS.len() && pairs.len() % 2 == 0;
        let told = cells.get(4).is_some_and(|url| address::check(url) == Address::Whole)
            || pairs.iter().step_by(2).any(|name| *name == TOTP);
        if fits && told { Confidence::new(40) } else { Confidence::NONE }
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let mut draft = row.draft();
        let cells: Vec<Cell<'_>> = row.cells().collect();
        let (known, others) = cells.split_at_checked(COLUMNS.len()).unwrap_or((&cells, &[]));
        for cell in known {
            draft.put(cell)?;
        }
        let (pairs, rest) = others.as_chunks::<2>();
        for [name, value] in pairs {
            let target = if name.text() == TOTP { Target::Totp } else { Target::Secret };
            draft.put_as(value, name.text(), target)?;
        }
        for cell in rest {
            draft.put(cell)?;
        }
        draft.finish()
    }

    fn row(&self, entry: &ExportRow<'_>, _mode: ExportMode) -> Option<Vec<SecretString>> {
        let draft = entry.draft;
        let mut cells = vec![
            entry.folder.into(),
            draft.name.as_str().into(),
            draft.username.as_str().into(),
            draft.password.clone(),
            draft.website.as_str().into(),
            draft.notes.clone(),
            SecretString::default(),
        ];
        if !draft.totp.is_empty() {
            cells.extend([TOTP.into(), draft.totp.clone()]);
        }
        for field in &draft.fields {
            cells.extend([field.name.as_str().into(), field.value.clone()]);
        }
        Some(cells)
    }

    fn keeps(&self, part: Part) -> bool {
        matches!(part, Part::Kind(EntryKind::Login) | Part::Notes | Part::Totp | Part::Fields | Part::Folder)
    }
}

const COLUMNS: &[&str] = &["folder", "title", "login", "password", "url", "notes", "sharedFolder"];
const TOTP: &str = "TFC:Keeper";
