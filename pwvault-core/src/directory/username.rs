//! User names and e-mail addresses. Two that differ in the case of ASCII letters alone are the same;
//! other letters are not folded, since that would let look-alikes pass for each other.

use super::error::PeopleError;
use crate::model::limits::{EMAIL_MAX, USERNAME_MAX};

/// Accepts 1 to [`USERNAME_MAX`] ASCII letters and digits that begin with a letter.
///
/// # Errors
/// [`PeopleError`] says which part of the rule does not hold.
pub fn check_username(text: &str) -> Result<(), PeopleError> {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(PeopleError::UsernameStart);
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(PeopleError::UsernameCharacter);
    }
    if text.len() > USERNAME_MAX {
        return Err(PeopleError::UsernameLength { length: text.len() });
    }
    Ok(())
}

/// Accepts what can be an address: one `@` between a name and a host, no white space and no control
/// characters, at most [`EMAIL_MAX`] bytes. Whether mail arrives is for the host to find out.
///
/// # Errors
/// [`PeopleError::Email`].
pub fn check_email(text: &str) -> Result<(), PeopleError> {
    let (name, host) = text.split_once('@').ok_or(PeopleError::Email)?;
    let strange = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"');
    let dots = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with('.') || part.contains("..");
    if text.len() > EMAIL_MAX || text.contains(strange) || host.contains('@') || dots(name) || dots(host) {
        return Err(PeopleError::Email);
    }
    Ok(())
}

/// The form in which names are compared.
#[must_use]
pub fn folded(text: &str) -> String {
    text.to_ascii_lowercase()
}
