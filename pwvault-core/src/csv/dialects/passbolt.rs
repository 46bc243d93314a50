//! Passbolt, which offers the columns of several products.

use super::super::dialect::Dialect;
use super::super::target::Target;

/// Passbolt's own choice among them: the columns of KeePassX 2. They cannot be told apart, so a file
/// of this kind is found as `keepassxc`; the two read it alike.
#[derive(Debug)]
pub(super) struct Passbolt;

impl Dialect for Passbolt {
    fn name(&self) -> &'static str {
        "passbolt"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[&["Group", "Title", "Username", "Password", "URL", "Notes"]]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("Group", Target::Folder),
            ("Title", Target::Name),
            ("Username", Target::Username),
            ("Password", Target::Password),
            ("URL", Target::Website),
            ("Notes", Target::Notes),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["Group", "Title", "Username", "Password", "URL"]
    }
}
