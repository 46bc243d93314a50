//! Safari, and the passwords of macOS and iOS.

use super::super::dialect::Dialect;
use super::super::target::Target;

/// Apple's Safari and Passwords.
#[derive(Debug)]
pub(super) struct Safari;

impl Dialect for Safari {
    fn name(&self) -> &'static str {
        "safari"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[&["Title", "URL", "Username", "Password", "Notes", "OTPAuth"], &["Title", "Url", "Username", "Password"]]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("Title", Target::Name),
            ("URL", Target::Website),
            ("Username", Target::Username),
            ("Password", Target::Password),
            ("Notes", Target::Notes),
            ("OTPAuth", Target::Totp),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["Title", "URL", "Username", "Password"]
    }
}
