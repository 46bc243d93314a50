//! KeePassXC, and what else writes its columns.

use super::super::dialect::Dialect;
use super::super::target::Target;

/// KeePassXC and KeePassX 2.
#[derive(Debug)]
pub(super) struct KeePassXc;

impl Dialect for KeePassXc {
    fn name(&self) -> &'static str {
        "keepassxc"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[
            &["Group", "Title", "Username", "Password", "URL", "Notes", "TOTP", "Icon", "Last Modified", "Created"],
            &["Group", "Title", "Username", "Password", "URL", "Notes"],
        ]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("Group", Target::Folder),
            ("Title", Target::Name),
            ("Username", Target::Username),
            ("Password", Target::Password),
            ("URL", Target::Website),
            ("Notes", Target::Notes),
            ("TOTP", Target::Totp),
            ("Icon", Target::Ignore),
            ("Last Modified", Target::UpdatedAt),
            ("Created", Target::CreatedAt),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["Group", "Title", "Username", "Password", "URL"]
    }
}
