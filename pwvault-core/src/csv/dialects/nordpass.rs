//! NordPass.

use crate::model::EntryKind;
use crate::secret::SecretString;

use super::super::dialect::Dialect;
use super::super::json;
use super::super::part::{ExportMode, ExportRow, Part};
use super::super::problem::Problem;
use super::super::row::{Cell, Row, RowOutcome, SkipReason};
use super::super::row_draft::RowDraft;
use super::super::target::Target;
use super::super::write::text_of;

/// NordPass. Cards and people keep their columns as custom fields.
#[derive(Debug)]
pub(super) struct NordPass;

impl Dialect for NordPass {
    fn name(&self) -> &'static str {
        "nordpass"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[
            &[
                "name",
                "url",
                "additional_urls",
                "username",
                "password",
                "note",
                "cardholdername",
                "cardnumber",
                "cvc",
                "pin",
                "expirydate",
                "zipcode",
                "folder",
                "full_name",
                "phone_number",
                "email",
                "address1",
                "address2",
                "city",
                "country",
                "state",
                "type",
                "custom_fields",
            ],
            &[
                "name",
                "url",
                "username",
                "password",
                "note",
                "cardholdername",
                "cardnumber",
                "cvc",
                "expirydate",
                "zipcode",
                "folder",
                "full_name",
                "phone_number",
                "email",
                "address1",
                "address2",
                "city",
                "country",
                "state",
            ],
        ]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("name", Target::Name),
            ("url", Target::Website),
            ("additional_urls", Target::Visible),
            ("username", Target::Username),
            ("password", Target::Password),
            ("note", Target::Notes),
            ("cardholdername", Target::Visible),
            ("cardnumber", Target::Secret),
            ("cvc", Target::Secret),
            ("pin", Target::Secret),
            ("expirydate", Target::Visible),
            ("zipcode", Target::Visible),
            ("folder", Target::Folder),
            ("full_name", Target::Visible),
            ("phone_number", Target::Visible),
            ("email", Target::Visible),
            ("address1", Target::Visible),
            ("address2", Target::Visible),
            ("city", Target::Visible),
            ("country", Target::Visible),
            ("state", Target::Visible),
            ("type", Target::Kind),
            ("custom_fields", Target::Secret),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["name", "url", "username", "password", "note", "cardholdername", "cardnumber"]
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let besides = |cell: &Cell<'_>| !matches!(cell.known(), Some("name" | "type" | "folder"));
        if row.text("type") == FOLDER && !row.cells().any(|cell| besides(&cell) && !cell.text().is_empty()) {
            return Ok(row.skip(SkipReason::Folder));
        }
        let mut draft = row.draft();
        for cell in row.cells() {
            match (cell.known(), cell.text()) {
                (Some("type"), LOGIN) => {}
                (Some("additional_urls"), list) => match json::read_texts(list) {
                    Some(urls) => {
                        for (at, url) in urls.iter().enumerate() {
                            draft.address(&cell, url, at == 0)?;
                        }
                    }
                    None => draft.put(&cell)?,
                },
                (Some("custom_fields"), list) => put_fields(&mut draft, &cell, list)?,
                _ => draft.put(&cell)?,
            }
        }
        draft.finish()
    }

    fn cell(&self, entry: &ExportRow<'_>, column: &str, _mode: ExportMode) -> SecretString {
        let draft = entry.draft;
        match column {
            "type" if draft.kind == EntryKind::Note => "note".into(),
            "type" => LOGIN.into(),
            "additional_urls" if !draft.login_url.is_empty() => {
                json::write_texts(std::slice::from_ref(&draft.login_url)).into()
            }
            "custom_fields" => json::write_typed_fields(&draft.fields),
            _ => text_of(self.columns(), column, entry),
        }
    }

    fn keeps(&self, part: Part) -> bool {
        matches!(
            part,
            Part::Kind(EntryKind::Login | EntryKind::Note) | Part::LoginUrl | Part::Notes | Part::Fields | Part::Folder
        )
    }
}

/// The custom fields of a list, or the list itself as one when it is none that is known.
fn put_fields(draft: &mut RowDraft<'_>, cell: &Cell<'_>, list: &str) -> Result<(), Problem> {
    match json::read_typed_fields(list) {
        Some(fields) => fields.into_iter().try_for_each(|field| draft.add_field(cell, field)),
        None => draft.put(cell),
    }
}

const LOGIN: &str = "password";
const FOLDER: &str = "folder";
