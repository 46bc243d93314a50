//! Firefox.

use super::super::dialect::Dialect;
use super::super::problem::Problem;
use super::super::row::{Row, RowOutcome, SkipReason};
use super::super::target::Target;

/// Mozilla Firefox. It has no names: they are derived from the address.
#[derive(Debug)]
pub(super) struct Firefox;

impl Dialect for Firefox {
    fn name(&self) -> &'static str {
        "firefox"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[&[
            "url",
            "username",
            "password",
            "httpRealm",
            "formActionOrigin",
            "guid",
            "timeCreated",
            "timeLastUsed",
            "timePasswordChanged",
        ]]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("url", Target::Website),
            ("username", Target::Username),
            ("password", Target::Password),
            ("httpRealm", Target::Visible),
            ("formActionOrigin", Target::Visible),
            ("guid", Target::Ignore),
            ("timeCreated", Target::CreatedAt),
            ("timeLastUsed", Target::Ignore),
            ("timePasswordChanged", Target::UpdatedAt),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["url", "username", "password", "httpRealm", "formActionOrigin"]
    }

    fn read(&self, row: &Row<'_>) -> Result<RowOutcome, Problem> {
        let is_account =
            |text: &str| text.get(..ACCOUNT.len()).is_some_and(|start| start.eq_ignore_ascii_case(ACCOUNT));
        if is_account(row.text("url")) {
            return Ok(row.skip(SkipReason::FirefoxAccount));
        }
        let mut draft = row.draft();
        for cell in row.cells() {
            draft.put(&cell)?;
        }
        draft.finish()
    }
}

const ACCOUNT: &str = "chrome://FirefoxAccounts";
