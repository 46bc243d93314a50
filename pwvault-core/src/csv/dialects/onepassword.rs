//! 1Password.

use super::super::dialect::Dialect;
use super::super::target::Target;

/// 1Password 8, and the columns of 1Password 4.
#[derive(Debug)]
pub(super) struct OnePassword;

impl Dialect for OnePassword {
    fn name(&self) -> &'static str {
        "1password"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[
            &["Title", "Url", "Username", "Password", "OTPAuth", "Favorite", "Archived", "Tags", "Notes"],
            &["title", "notes", "username", "password", "url"],
        ]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("Title", Target::Name),
            ("Url", Target::Website),
            ("Username", Target::Username),
            ("Password", Target::Password),
            ("OTPAuth", Target::Totp),
            ("Favorite", Target::Flag),
            ("Archived", Target::Flag),
            ("Tags", Target::Tags),
            ("Notes", Target::Notes),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["Title", "Url", "Username", "Password", "OTPAuth", "Tags"]
    }
}
