//! Bitwarden, and Vaultwarden's web vault.

use crate::model::EntryKind;
use crate::secret::SecretString;

use super::super::address;
use super::super::dialect::Dialect;
use super::super::part::{ExportMode, ExportRow, Part};
use super::super::problem::Problem;
use super::super::row::{Cell, Row, RowOutcome};
use super::super::row_draft::RowDraft;
use super::super::target::Target;
use super::super::write::text_of;

/// Bitwarden: exports of a person and of an organisation.
#[derive(Debug)]
pub(super) struct Bitwarden;

impl Dialect for Bitwarden {
    fn name(&self) -> &'static str {
        "bitwarden"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[
            &[
                "folder",
                "favorite",
                "type",
                "name",
                "notes",
                "fields",
                "reprompt",
                "login_uri",
                "login_username",
                "login_password",
                "login_totp",
            ],
            &[
                "folder",
                "favorite",
                "type",
                "name",
                "notes",
                "fields",
                "login_uri",
                "login_username",
                "login_password",
                "login_totp",
            ],
            &[
                "collections",
                "type",
                "name",
                "notes",
                "fields",
                "reprompt",
                "login_uri",
                "login_username",
                "login_password",
                "login_totp",
            ],
            &[
                "collections",
                "type",
                "name",
                "notes",
                "fields",
                "login_uri",
                "login_username",
                "login_password",
                "login_totp",
            ],
        ]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("folder", Target::Folder),
            ("collections", Target::Folder),
            ("favorite", Target::Flag),
            ("type", Target::Kind),
            ("name", Target::Name),
            ("notes", Target::Notes),
            ("fields", Target::Secret),
            ("reprompt", Target::Flag),
            ("login_uri", Target::Website),
            ("login_username", Target::Username),
            ("login_password", Target::Password),
            ("login_totp", Target::Totp),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["type", "name", "notes", "login_uri", "login_username", "login_password"]
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let mut draft = row.draft();
        for cell in row.cells() {
            match cell.known() {
                Some("fields") => put_fields(&mut draft, &cell)?,
                Some("login_uri") => {
                    for (index, uri) in address::split(cell.text()).enumerate() {
                        draft.address(&cell, uri, index == 1)?;
                    }
                }
                _ => draft.put(&cell)?,
            }
        }
        draft.finish()
    }

    fn cell(&self, entry: &ExportRow<'_>, column: &str, _mode: ExportMode) -> SecretString {
        let draft = entry.draft;
        match column {
            "type" if draft.kind == EntryKind::Note => "note".into(),
            "type" => "login".into(),
            "reprompt" => "0".into(),
            "login_uri" if !draft.website.is_empty() && !draft.login_url.is_empty() => {
                format!("{},{}", draft.website, draft.login_url).into()
            }
            "login_uri" => format!("{}{}", draft.website, draft.login_url).into(),
            "fields" => fields_text(entry),
            _ => text_of(self.columns(), column, entry),
        }
    }

    fn keeps(&self, part: Part) -> bool {
        !matches!(part, Part::Kind(EntryKind::Server | EntryKind::LicenceKey) | Part::Private | Part::Tags)
    }
}

/// Lines of `name: value`; a line without a name goes on with the value before it. The file does
/// not say which fields are hidden, so all are held with the secret.
fn put_fields(draft: &mut RowDraft<'_>, cell: &Cell<'_>) -> Result<(), Problem> {
    let mut rest = cell.text();
    while !rest.is_empty() {
        let (field, after) = split_field(rest);
        match field.split_once(": ") {
            Some((name, value)) => draft.field(cell, name, value, true)?,
            None => draft.field(cell, cell.name(), field, true)?,
        }
        rest = after;
    }
    Ok(())
}

/// The first field of a list, and what follows it.
fn split_field(text: &str) -> (&str, &str) {
    let next = text.match_indices('\n').find(|(at, _)| {
        let line = text.get(at + 1..).unwrap_or_default().lines().next().unwrap_or_default();
        line.contains(": ")
    });
    match next {
        Some((at, _)) => {
            let (field, after) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
            (field.strip_suffix('\r').unwrap_or(field), after)
        }
        None => (text, ""),
    }
}

fn fields_text(entry: &ExportRow<'_>) -> SecretString {
    let fields = &entry.draft.fields;
    let mut text = String::with_capacity(fields.iter().map(|field| field.name.len() + field.value.len() + 3).sum());
    for field in fields {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&field.name);
        text.push_str(": ");
        text.push_str(field.value.expose());
    }
    text.into()
}
