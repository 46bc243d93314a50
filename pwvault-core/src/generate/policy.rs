//! What a policy allows. A policy is a floor: more characters and more sets than it asks for are
//! free, fewer are refused.

use super::error::GenerateError;
use super::options::{PassphraseOptions, PasswordOptions, Recipe};
use super::sets::CharacterSet;
use crate::model::GeneratorPolicy;

/// The fewest characters that a policy may allow; one of each set fits.
pub const LENGTH_MIN: u16 = 4;
/// The most characters of a password.
pub const LENGTH_MAX: u16 = 128;
/// The fewest words of a passphrase: 44 bits.
pub const WORDS_MIN: u16 = 4;
/// The most words of a passphrase; the longest password that a policy can ask for fits.
pub const WORDS_MAX: u16 = 40;

/// Refuses a policy that makes no sense.
///
/// # Errors
/// A [`GenerateError`] that names the part of the policy and its bounds; without the feature
/// `strength`, [`GenerateError::CannotJudge`] for a policy with a least strength.
pub fn check_policy(policy: &GeneratorPolicy) -> Result<(), GenerateError> {
    let GeneratorPolicy { length_min, length_default, strength_min, .. } = *policy;
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&length_min) {
        return Err(GenerateError::PolicyLengthMin { found: length_min });
    }
    if !(length_min..=LENGTH_MAX).contains(&length_default) {
        return Err(GenerateError::PolicyLengthDefault { found: length_default, min: length_min });
    }
    if PasswordOptions::of(policy).sets().next().is_none() {
        return Err(GenerateError::NoSet);
    }
    match strength_min {
        Some(found) if found > STRENGTH_MAX => Err(GenerateError::PolicyStrength { found }),
        Some(_) if cfg!(not(feature = "strength")) => Err(GenerateError::CannotJudge),
        _ => Ok(()),
    }
}

impl Recipe {
    /// Refuses what cannot be generated, and what a policy does not allow.
    ///
    /// A passphrase is held to the policy's length, by the fewest characters that its words can
    /// have; the character sets of a policy concern passwords alone.
    ///
    /// # Errors
    /// A [`GenerateError`] that names what is asked for and what would be accepted.
    pub fn check(&self, policy: &GeneratorPolicy) -> Result<(), GenerateError> {
        match self {
            Self::Password(options) => check_password(options, policy),
            Self::Passphrase(options) => check_passphrase(options, policy),
        }
    }
}

fn check_password(options: &PasswordOptions, policy: &GeneratorPolicy) -> Result<(), GenerateError> {
    let PasswordOptions { length, exclude_ambiguous, one_of_each, .. } = *options;
    check_length(length, policy.length_min.max(LENGTH_MIN))?;
    if length > LENGTH_MAX {
        return Err(GenerateError::TooLong { length });
    }
    if options.sets().next().is_none() {
        return Err(GenerateError::NoSet);
    }
    let wanted = PasswordOptions::of(policy);
    if let Some(set) = CharacterSet::ALL.into_iter().find(|set| wanted.uses(*set) && !options.uses(*set)) {
        return Err(GenerateError::SetMissing(set));
    }
    if policy.exclude_ambiguous && !exclude_ambiguous {
        return Err(GenerateError::AmbiguousKept);
    }
    if policy.one_of_each && !one_of_each {
        return Err(GenerateError::NotOneOfEach);
    }
    Ok(())
}

fn check_passphrase(options: &PassphraseOptions, policy: &GeneratorPolicy) -> Result<(), GenerateError> {
    let PassphraseOptions { words, separator, capitals: _, digit } = *options;
    if !(WORDS_MIN..=WORDS_MAX).contains(&words) {
        return Err(GenerateError::Words { words });
    }
    if !(separator == ' ' || separator.is_ascii_punctuation()) {
        return Err(GenerateError::Separator);
    }
    check_length(words * (WORD_LEN_MIN + 1) - 1 + u16::from(digit), policy.length_min)
}

const fn check_length(length: u16, min: u16) -> Result<(), GenerateError> {
    if length < min { Err(GenerateError::TooShort { length, min }) } else { Ok(()) }
}

const STRENGTH_MAX: u8 = 4;
const WORD_LEN_MIN: u16 = 3;
