//! Chrome, and the browsers built from it.

use super::super::dialect::Dialect;
use super::super::target::Target;

/// Google Chrome, Chromium, Edge, Opera, Vivaldi.
#[derive(Debug)]
pub(super) struct Chrome;

impl Dialect for Chrome {
    fn name(&self) -> &'static str {
        "chrome"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[&["name", "url", "username", "password", "note"], &["name", "url", "username", "password"]]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("name", Target::Name),
            ("url", Target::Website),
            ("username", Target::Username),
            ("password", Target::Password),
            ("note", Target::Notes),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["name", "url", "username", "password"]
    }
}
