//! Enpass.

use crate::model::EntryKind;
use crate::secret::SecretString;

use super::super::dialect::{Confidence, Dialect, Shape};
use super::super::header::Header;
use super::super::part::{ExportMode, ExportRow, Part};
use super::super::problem::{Problem, ProblemKind};
use super::super::row::{Cell, Row, RowOutcome};
use super::super::target::Target;

/// Enpass. A row is a title, pairs of a field's name and value, and a note; the header only shows
/// the idea of it.
#[derive(Debug)]
pub(super) struct Enpass;

impl Dialect for Enpass {
    fn name(&self) -> &'static str {
        "enpass"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[&["Title", "Field", "Value", "Note"]]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[("Title", Target::Name), ("Field", Target::Ignore), ("Value", Target::Secret), ("Note", Target::Notes)]
    }

    fn required(&self) -> &'static [&'static str] {
        &["Title", "Note"]
    }

    fn shape(&self) -> Shape {
        Shape::Ragged
    }

    /// 100 for its header as exported here; 95 for one that begins with a title, a field and a value
    /// and ends with a note.
    fn confidence(&self, header: &Header) -> Confidence {
        if self.headers().iter().any(|names| header.is(names)) {
            return Confidence::CERTAIN;
        }
        let first: Vec<&str> = header.names().take(3).collect();
        let alike = first == ["Title", "Field", "Value"] && header.names().last() == Some("Note");
        if alike { Confidence::new(95) } else { Confidence::NONE }
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let cells: Vec<Cell<'_>> = row.cells().collect();
        let [title, fields @ .., note] = cells.as_slice() else {
            return Err(row.problem(ProblemKind::Ragged { expected: 2, found: cells.len() }));
        };
        let (pairs, rest) = fields.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(row.problem(ProblemKind::Ragged { expected: cells.len() + 1, found: cells.len() }));
        }
        let mut draft = row.draft();
        draft.put_as(title, "Title", Target::Name)?;
        for [name, value] in pairs {
            draft.put_as(value, name.text(), target(name.text()))?;
        }
        draft.put_as(note, "Note", Target::Notes)?;
        draft.finish()
    }

    fn row(&self, entry: &ExportRow<'_>, _mode: ExportMode) -> Option<Vec<SecretString>> {
        let draft = entry.draft;
        let mut cells = vec![draft.name.as_str().into()];
        let known: [(&str, SecretString); 4] = [
            ("Username", draft.username.as_str().into()),
            ("Password", draft.password.clone()),
            ("Website", draft.website.as_str().into()),
            ("TOTP", draft.totp.clone()),
        ];
        for (name, value) in known.into_iter().filter(|(_, value)| !value.is_empty()) {
            cells.extend([name.into(), value]);
        }
        for field in &draft.fields {
            cells.extend([field.name.as_str().into(), field.value.clone()]);
        }
        cells.push(draft.notes.clone());
        Some(cells)
    }

    fn keeps(&self, part: Part) -> bool {
        matches!(part, Part::Kind(EntryKind::Login) | Part::Notes | Part::Totp | Part::Fields)
    }
}

/// What a field of this name holds.
fn target(name: &str) -> Target {
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name.trim()));
    if is(&["Username", "Login"]) {
        Target::Username
    } else if is(&["Password"]) {
        Target::Password
    } else if is(&["Website", "URL"]) {
        Target::Website
    } else if is(&["TOTP", "One-time code"]) {
        Target::Totp
    } else if is(&["E-mail", "Email", "Phone number"]) {
        Target::Visible
    } else {
        Target::Secret
    }
}
