//! An entry in the making: puts cells where they belong and loses none.

use crate::clock::Timestamp;
use crate::model::limits::{ENTRY_MAX, FIELDS_MAX, NAME_MAX};
use crate::model::{EntryDraft, EntryKind, FieldDraft};
use crate::secret::SecretString;

use super::address::{self, Address};
use super::kind;
use super::problem::{Problem, ProblemKind};
use super::row::{Cell, ImportRow, Row, RowOutcome};
use super::target::Target;
use super::time;

/// An entry in the making.
#[derive(Debug)]
pub struct RowDraft<'r> {
    row: Row<'r>,
    draft: EntryDraft,
    folder: Option<String>,
    tags: Vec<String>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    remarks: Vec<Problem>,
}

impl<'r> RowDraft<'r> {
    pub(super) fn new(row: Row<'r>) -> Self {
        Self {
            row,
            draft: EntryDraft::default(),
            folder: None,
            tags: Vec::new(),
            created_at: None,
            updated_at: None,
            remarks: Vec::new(),
        }
    }

    /// Says what the entry is for.
    pub const fn kind(&mut self, kind: EntryKind) {
        self.draft.kind = kind;
    }

    /// Puts a cell where its column says. What finds its place taken, or is no address, time or
    /// kind, becomes a custom field.
    ///
    /// # Errors
    /// A [`Problem`] when the text is too long, or no flag where a flag must be.
    pub fn put(&mut self, cell: &Cell<'_>) -> Result<(), Problem> {
        self.put_as(cell, cell.name(), cell.target())
    }

    /// As [`put`](Self::put), for a cell that another one names: a custom field made from it is
    /// called `name`.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn put_as(&mut self, cell: &Cell<'_>, name: &str, target: Target) -> Result<(), Problem> {
        let text = cell.text();
        if text.is_empty() || target == Target::Ignore {
            return Ok(());
        }
        self.check(cell, text, self.row.limits.field_bytes)?;
        match target {
            Target::Name if self.draft.name.is_empty() => {
                self.check(cell, text, NAME_MAX)?;
                self.draft.name = cleaned(text);
                if self.draft.name != text {
                    return self.keep(cell, name, ProblemKind::NameCleaned);
                }
            }
            Target::Username if self.draft.username.is_empty() => self.draft.username = text.to_owned(),
            Target::Password if self.draft.password.is_empty() => self.draft.password = text.into(),
            Target::Notes if self.draft.notes.is_empty() => self.draft.notes = text.into(),
            Target::Totp if self.draft.totp.is_empty() => self.draft.totp = text.into(),
            Target::Folder if self.folder.is_none() => self.folder = Some(text.to_owned()),
            Target::Website if self.draft.website.is_empty() => return self.address_as(cell, name, text, false),
            Target::LoginUrl if self.draft.login_url.is_empty() => return self.address_as(cell, name, text, true),
            Target::Kind => match kind::kind(text) {
                Some(kind) => self.draft.kind = kind,
                None => return self.keep(cell, name, ProblemKind::UnknownKind),
            },
            Target::Private => {
                self.draft.private = flag(text).ok_or_else(|| self.row.problem_in(cell, ProblemKind::BadFlag))?;
            }
            Target::CreatedAt if self.created_at.is_none() => match time::parse(text) {
                Some(at) => self.created_at = Some(at),
                None => return self.keep(cell, name, ProblemKind::NotATime),
            },
            Target::UpdatedAt if self.updated_at.is_none() => match time::parse(text) {
                Some(at) => self.updated_at = Some(at),
                None => return self.keep(cell, name, ProblemKind::NotATime),
            },
            Target::Tags => {
                self.tags.extend(text.split([',', ';']).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned))
            }
            Target::Flag if flag(text) == Some(false) => {}
            Target::Password | Target::Notes | Target::Totp | Target::Secret => {
                return self.field(cell, name, text, true);
            }
            _ => return self.field(cell, name, text, false),
        }
        Ok(())
    }

    /// Puts an address into the website, or the login address; a text that is none becomes a
    /// visible custom field named after the column, with a remark.
    ///
    /// # Errors
    /// A [`Problem`] when the column's name is too long for a custom field.
    pub fn address(&mut self, cell: &Cell<'_>, text: &str, login: bool) -> Result<(), Problem> {
        self.address_as(cell, cell.name(), text, login)
    }

    fn address_as(&mut self, cell: &Cell<'_>, name: &str, text: &str, login: bool) -> Result<(), Problem> {
        let slot = if login { &mut self.draft.login_url } else { &mut self.draft.website };
        match address::check(text) {
            _ if !slot.is_empty() => return self.field(cell, name, text, address::holds_password(text)),
            Address::Whole => *slot = text.to_owned(),
            Address::WithoutScheme => {
                *slot = format!("https://{text}");
                self.remarks.push(self.row.problem_in(cell, ProblemKind::SchemeAdded));
            }
            Address::None => {
                self.remarks.push(self.row.problem_in(cell, ProblemKind::NotAnAddress));
                return self.field(cell, name, text, address::holds_password(text));
            }
        }
        Ok(())
    }

    /// Adds a custom field; `secret` holds it with the secret.
    ///
    /// # Errors
    /// A [`Problem`] when the name or the value is too long, or the entry has too many fields.
    pub fn field(&mut self, cell: &Cell<'_>, name: &str, value: &str, secret: bool) -> Result<(), Problem> {
        self.add_field(cell, FieldDraft { name: name.to_owned(), value: SecretString::from(value), secret })
    }

    pub(super) fn add_field(&mut self, cell: &Cell<'_>, mut field: FieldDraft) -> Result<(), Problem> {
        if self.draft.fields.len() == FIELDS_MAX {
            return Err(self.row.problem_in(cell, ProblemKind::TooManyFields { max: FIELDS_MAX }));
        }
        self.check(cell, &field.name, NAME_MAX)?;
        self.check(cell, field.value.expose(), self.row.limits.field_bytes)?;
        let name = cleaned(&field.name);
        if name != field.name {
            self.remarks.push(self.row.problem_in(cell, ProblemKind::NameCleaned));
        }
        field.name = [name, cell.name().to_owned()]
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_else(|| format!("column {}", cell.number()));
        self.draft.fields.push(field);
        Ok(())
    }

    pub(super) fn set_tags(&mut self, tags: Vec<String>) {
        self.tags = tags;
    }

    /// The finished row. An empty name is derived from the host of the address, else from the user
    /// name, else from the row number.
    ///
    /// # Errors
    /// A [`Problem`] when the entry is too long as a whole.
    pub fn finish(mut self) -> Result<RowOutcome, Problem> {
        if self.draft.name.is_empty() {
            self.draft.name = self.derived_name();
            self.remarks.push(self.row.problem(ProblemKind::NameDerived));
        }
        let bytes = size(&self.draft);
        if bytes > ENTRY_MAX {
            return Err(self.row.problem(ProblemKind::EntryTooLong { found: bytes, max: ENTRY_MAX }));
        }
        Ok(RowOutcome::Import(Box::new(ImportRow {
            row: self.row.row,
            line: self.row.record.line,
            draft: self.draft,
            folder: self.folder,
            tags: self.tags,
            created_at: self.created_at,
            updated_at: self.updated_at,
            remarks: self.remarks,
        })))
    }

    pub(super) fn remark(&mut self, cell: &Cell<'_>, kind: ProblemKind) {
        self.remarks.push(self.row.problem_in(cell, kind));
    }

    fn keep(&mut self, cell: &Cell<'_>, name: &str, kind: ProblemKind) -> Result<(), Problem> {
        self.remark(cell, kind);
        self.field(cell, name, cell.text(), false)
    }

    fn check(&self, cell: &Cell<'_>, text: &str, max: usize) -> Result<(), Problem> {
        if text.len() > max {
            return Err(self.row.problem_in(cell, ProblemKind::TooLong { found: text.len(), max }));
        }
        Ok(())
    }

    fn derived_name(&self) -> String {
        let draft = &self.draft;
        [&draft.website, &draft.login_url]
            .into_iter()
            .find_map(|text| address::host(text))
            .or_else(|| Some(cleaned(&draft.username)).filter(|name| !name.is_empty() && name.len() <= NAME_MAX))
            .unwrap_or_else(|| format!("Row {}", self.row.row))
    }
}

/// The text as a name: blanks for control characters, and empty when nothing but blanks is left.
pub(super) fn cleaned(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let name = text.replace(char::is_control, " ");
    if name.trim().is_empty() { String::new() } else { name }
}

fn flag(text: &str) -> Option<bool> {
    match text.trim() {
        "1" => Some(true),
        "" | "0" => Some(false),
        word if word.eq_ignore_ascii_case("true") => Some(true),
        word if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn size(draft: &EntryDraft) -> usize {
    let EntryDraft { name, kind: _, username, website, login_url, password, notes, totp, fields, .. } = draft;
    let fixed = name.len() + username.len() + website.len() + login_url.len();
    let secret = password.len() + notes.len() + totp.len();
    fixed + secret + fields.iter().map(|field| field.name.len() + field.value.len()).sum::<usize>()
}
