//! KeePass 1.

use super::super::dialect::Dialect;
use super::super::target::Target;

/// KeePass 1, and what KeePass 2 calls the format of KeePass 1.
#[derive(Debug)]
pub(super) struct KeePass;

impl Dialect for KeePass {
    fn name(&self) -> &'static str {
        "keepass"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[&["Account", "Login Name", "Password", "Web Site", "Comments"]]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        &[
            ("Account", Target::Name),
            ("Login Name", Target::Username),
            ("Password", Target::Password),
            ("Web Site", Target::Website),
            ("Comments", Target::Notes),
        ]
    }

    fn required(&self) -> &'static [&'static str] {
        &["Account", "Login Name", "Password"]
    }
}
