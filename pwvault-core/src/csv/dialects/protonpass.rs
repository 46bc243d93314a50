//! Proton Pass.

use crate::clock::Timestamp;
use crate::model::EntryKind;
use crate::secret::SecretString;

use super::super::address;
use super::super::dialect::Dialect;
use super::super::part::{ExportMode, ExportRow, Part};
use super::super::problem::Problem;
use super::super::row::{Row, RowOutcome};
use super::super::target::Target;
use super::super::write::text_of;

/// Proton Pass. Its times are seconds since the Unix epoch.
#[derive(Debug)]
pub(super) struct ProtonPass;

impl Dialect for ProtonPass {
    fn name(&self) -> &'static str {
        "protonpass"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[
            &[
                "type",
                "name",
                "url",
                "email",
                "username",
                "password",
                "note",
                "totp",
                "createTime",
                "modifyTime",
                "vault",
            ],
            &["type", "name", "url", "username", "password", "note", "totp", "createTime", "modifyTime", "vault"],
        ]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("type", Target::Kind),
            ("name", Target::Name),
            ("url", Target::Website),
            ("email", Target::Visible),
            ("username", Target::Username),
            ("password", Target::Password),
            ("note", Target::Notes),
            ("totp", Target::Totp),
            ("createTime", Target::CreatedAt),
            ("modifyTime", Target::UpdatedAt),
            ("vault", Target::Folder),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["type", "name", "url", "username", "password", "note", "totp", "vault"]
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let mut draft = row.draft();
        for cell in row.cells() {
            match cell.known() {
                Some("url") => {
                    for (index, url) in address::split(cell.text()).enumerate() {
                        draft.address(&cell, url, index == 1)?;
                    }
                }
                Some("email") if row.text("username").is_empty() => {
                    draft.put_as(&cell, cell.name(), Target::Username)?;
                }
                Some("createTime" | "modifyTime") if is_seconds(cell.text()) => {
                    draft.put(&cell.with_text(&format!("{}000", cell.text())))?;
                }
                _ => draft.put(&cell)?,
            }
        }
        draft.finish()
    }

    fn cell(&self, entry: &ExportRow<'_>, column: &str, _mode: ExportMode) -> SecretString {
        let draft = entry.draft;
        let seconds = |at: Option<Timestamp>| at.map_or_else(String::new, |at| (at.as_millis() / 1000).to_string());
        match column {
            "type" if draft.kind == EntryKind::Note => "note".into(),
            "type" => "login".into(),
            "url" if !draft.website.is_empty() && !draft.login_url.is_empty() => {
                format!("{}, {}", draft.website, draft.login_url).into()
            }
            "url" => format!("{}{}", draft.website, draft.login_url).into(),
            "createTime" => seconds(entry.created_at).into(),
            "modifyTime" => seconds(entry.updated_at).into(),
            _ => text_of(self.columns(), column, entry),
        }
    }

    fn keeps(&self, part: Part) -> bool {
        matches!(
            part,
            Part::Kind(EntryKind::Login | EntryKind::Note) | Part::LoginUrl | Part::Notes | Part::Totp | Part::Folder
        )
    }
}

/// A whole number too small for milliseconds of this century.
fn is_seconds(text: &str) -> bool {
    text.len() <= 10 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
