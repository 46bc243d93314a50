//! Which passwords are accepted to sign in with. Characters are counted, bytes are kept as they are.

use super::error::PeopleError;
use super::username::folded;
use crate::generate;
use crate::model::{LoginRules, limits};
use crate::secret::SecretString;

/// Accepts a new password. `names` are what the person is called: user name, address, display name.
///
/// # Errors
/// The first of [`password_faults`].
pub fn check_password(rules: &LoginRules, password: &SecretString, names: &[&str]) -> Result<(), PeopleError> {
    password_faults(rules, password, names).into_iter().next().map_or(Ok(()), Err)
}

/// Every rule a password breaks, so that a host can name them at once.
///
/// # Security
/// Where a strength is asked for, the estimator leaves copies of the password that are not wiped.
#[must_use]
pub fn password_faults(rules: &LoginRules, password: &SecretString, names: &[&str]) -> Vec<PeopleError> {
    let LoginRules { length_min, strength_min, panel_characters, attempts: _, lock_ms: _, lock_max_ms: _ } = *rules;
    let text = password.expose();
    if text.len() > limits::PASSPHRASE_MAX {
        return vec![PeopleError::PasswordTooLong { length: text.len() }];
    }
    let mut faults = Vec::new();
    let length = text.chars().count();
    if length < usize::from(length_min) {
        faults.push(PeopleError::PasswordLength { length, min: length_min });
    }
    if panel_characters && text.contains(PANEL_CHARACTERS) {
        faults.push(PeopleError::PasswordCharacter);
    }
    if holds_a_name(password, names) {
        faults.push(PeopleError::PasswordHoldsName);
    }
    if let Some(min) = strength_min {
        // What cannot be judged is not strong.
        let found = generate::strength(password, names).map_or(0, |strength| strength.score);
        if found < min {
            faults.push(PeopleError::PasswordStrength { found, min });
        }
    }
    faults
}

/// Whether a name of at least four characters, or the part of an address before its `@`, stands in
/// the password, whatever the case.
fn holds_a_name(password: &SecretString, names: &[&str]) -> bool {
    let text = SecretString::new(folded(password.expose()));
    let own = names.iter().map(|name| name.split('@').next().unwrap_or_default());
    own.filter(|name| name.chars().count() >= NAME_MIN).any(|name| text.expose().contains(&folded(name)))
}

/// What HTML escaping changes.
const PANEL_CHARACTERS: [char; 5] = ['&', '<', '>', '"', '\''];
const NAME_MIN: usize = 4;
