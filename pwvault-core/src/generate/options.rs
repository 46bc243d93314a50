//! What is asked for.

use serde::Deserialize;

use super::sets::CharacterSet;
use crate::model::GeneratorPolicy;

/// How a password is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PasswordOptions {
    /// How many characters it has.
    pub length: u16,
    /// Use small letters.
    pub lower: bool,
    /// Use capital letters.
    pub upper: bool,
    /// Use digits.
    pub digits: bool,
    /// Use punctuation.
    pub symbols: bool,
    /// Leave out characters that look alike.
    pub exclude_ambiguous: bool,
    /// At least one of each set in use.
    pub one_of_each: bool,
}

/// How a passphrase is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PassphraseOptions {
    /// How many words it has.
    pub words: u16,
    /// What stands between words: a blank or one ASCII punctuation mark.
    pub separator: char,
    /// Begin every word with a capital.
    pub capitals: bool,
    /// Put a digit after one of the words.
    pub digit: bool,
}

/// What is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Recipe {
    /// A password of single characters.
    Password(PasswordOptions),
    /// A passphrase of words.
    Passphrase(PassphraseOptions),
}

impl PasswordOptions {
    /// What a policy makes unless asked otherwise.
    #[must_use]
    pub const fn of(policy: &GeneratorPolicy) -> Self {
        Self {
            length: policy.length_default,
            lower: policy.lower,
            upper: policy.upper,
            digits: policy.digits,
            symbols: policy.symbols,
            exclude_ambiguous: policy.exclude_ambiguous,
            one_of_each: policy.one_of_each,
        }
    }

    /// Whether a set is in use.
    #[must_use]
    pub const fn uses(&self, set: CharacterSet) -> bool {
        match set {
            CharacterSet::Lower => self.lower,
            CharacterSet::Upper => self.upper,
            CharacterSet::Digits => self.digits,
            CharacterSet::Symbols => self.symbols,
        }
    }

    pub(super) fn sets(&self) -> impl Iterator<Item = CharacterSet> {
        CharacterSet::ALL.into_iter().filter(|set| self.uses(*set))
    }
}

impl Default for PasswordOptions {
    fn default() -> Self {
        Self::of(&GeneratorPolicy::default())
    }
}

impl Default for PassphraseOptions {
    fn default() -> Self {
        Self { words: 6, separator: '-', capitals: false, digit: false }
    }
}
