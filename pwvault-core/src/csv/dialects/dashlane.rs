//! Dashlane.

use super::super::dialect::Dialect;
use super::super::target::Target;

/// Dashlane. Its older files without a header need a column map.
#[derive(Debug)]
pub(super) struct Dashlane;

impl Dialect for Dashlane {
    fn name(&self) -> &'static str {
        "dashlane"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[
            &["username", "username2", "username3", "title", "password", "note", "url", "category", "otpSecret"],
            &["username", "username2", "username3", "title", "password", "note", "url", "category", "otpUrl"],
            &["username", "username2", "username3", "title", "password", "note", "url", "category"],
        ]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("username", Target::Username),
            ("username2", Target::Visible),
            ("username3", Target::Visible),
            ("title", Target::Name),
            ("password", Target::Password),
            ("note", Target::Notes),
            ("url", Target::Website),
            ("category", Target::Folder),
            ("otpSecret", Target::Totp),
            ("otpUrl", Target::Totp),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["username", "username2", "title", "password", "url"]
    }
}
