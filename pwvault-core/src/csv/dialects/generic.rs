//! Any file with column names one can guess, and any file with a column map.

use super::super::dialect::{Confidence, Dialect};
use super::super::header::{Header, same_name};
use super::super::target::Target;

/// No product in particular.
#[derive(Debug)]
pub(in super::super) struct Generic;

impl Dialect for Generic {
    fn name(&self) -> &'static str {
        "generic"
    }

    fn headers(&self) -> &'static [&'static [&'static str]] {
        &[&["name", "url", "login_url", "username", "password", "notes", "totp", "folder", "tags"]]
    }

    fn columns(&self) -> &'static [(&'static str, Target)] {
        COLUMNS
    }

    fn required(&self) -> &'static [&'static str] {
        &[]
    }

    /// 100 for its own header; otherwise 10 to 40 by the share of known columns, when there is one
    /// for the password, the notes or the TOTP seed and one to tell the entry by.
    fn confidence(&self, header: &Header) -> Confidence {
        if self.headers().iter().any(|names| header.is(names)) {
            return Confidence::CERTAIN;
        }
        let holds =
            |targets: &[Target]| COLUMNS.iter().any(|(name, target)| targets.contains(target) && header.has(name));
        if !holds(&[Target::Password, Target::Notes, Target::Totp])
            || !holds(&[Target::Name, Target::Website, Target::LoginUrl, Target::Username])
        {
            return Confidence::NONE;
        }
        let known = header.names().filter(|name| COLUMNS.iter().any(|(known, _)| same_name(known, name))).count();
        let share = (30 * known).checked_div(header.len()).unwrap_or(0);
        Confidence::new(u8::try_from(10 + share).unwrap_or(40))
    }
}

const COLUMNS: &[(&str, Target)] = &[
    ("name", Target::Name),
    ("title", Target::Name),
    ("account", Target::Name),
    ("label", Target::Name),
    ("type", Target::Kind),
    ("kind", Target::Kind),
    ("username", Target::Username),
    ("user name", Target::Username),
    ("user", Target::Username),
    ("login", Target::Username),
    ("login name", Target::Username),
    ("login_username", Target::Username),
    ("email", Target::Username),
    ("e-mail", Target::Username),
    ("benutzername", Target::Username),
    ("password", Target::Password),
    ("pass", Target::Password),
    ("pwd", Target::Password),
    ("login_password", Target::Password),
    ("passwort", Target::Password),
    ("url", Target::Website),
    ("website", Target::Website),
    ("web site", Target::Website),
    ("site", Target::Website),
    ("uri", Target::Website),
    ("login_uri", Target::Website),
    ("login_url", Target::LoginUrl),
    ("login url", Target::LoginUrl),
    ("notes", Target::Notes),
    ("note", Target::Notes),
    ("comment", Target::Notes),
    ("comments", Target::Notes),
    ("extra", Target::Notes),
    ("totp", Target::Totp),
    ("otp", Target::Totp),
    ("otpauth", Target::Totp),
    ("otpsecret", Target::Totp),
    ("login_totp", Target::Totp),
    ("folder", Target::Folder),
    ("group", Target::Folder),
    ("grouping", Target::Folder),
    ("category", Target::Folder),
    ("tags", Target::Tags),
    ("labels", Target::Tags),
    ("favorite", Target::Flag),
];
