//! How strong a password is, by the estimator zxcvbn (Wheeler, USENIX Security 2016).

use std::fmt;

use serde::Serialize;

use super::error::GenerateError;
use crate::model::GeneratorPolicy;
use crate::secret::SecretString;

/// How strong a password is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Strength {
    /// 0 (guessed at once) to 4 (over 10^10 guesses).
    pub score: u8,
    /// The decimal logarithm of the guesses it takes; 0 for an empty text.
    pub guesses_log10: f64,
    /// What makes it weak, when that is known.
    pub weakness: Option<Weakness>,
}

/// What makes a password weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Weakness {
    /// It stands in lists of common passwords.
    Common,
    /// It is like one in lists of common passwords.
    LikeCommon,
    /// It is a word, perhaps a changed one.
    Word,
    /// It is a name.
    Name,
    /// It follows the keys of a keyboard.
    Keyboard,
    /// It repeats itself.
    Repetition,
    /// It counts on, such as `abc` or `6543`.
    Sequence,
    /// It is a date or a year.
    Date,
}

/// Judges a text. `known` are words that an attacker would try first: the user name, the name and
/// address of the entry.
///
/// No more than the first 100 characters are judged, since the work grows with the square of the
/// length; a text that is strong so far is strong.
///
/// # Errors
/// [`GenerateError::CannotJudge`] without the feature `strength`.
///
/// # Security
/// The estimator copies parts of the text that are not wiped. Call it for passwords that are being
/// chosen, not for those already kept.
pub fn strength(text: &SecretString, known: &[&str]) -> Result<Strength, GenerateError> {
    let known: Vec<&str> = known.iter().flat_map(|text| pieces(text)).take(KNOWN_MAX).collect();
    judge(first_characters(text.expose()), &known)
}

/// Refuses a new password that is weaker than a policy asks for. An empty one is no password.
///
/// # Errors
/// [`GenerateError::TooWeak`]; [`GenerateError::CannotJudge`] when the policy asks for a strength
/// and the feature `strength` is missing.
///
/// # Security
/// As [`strength`], when the policy asks for one.
pub fn check_strength(policy: &GeneratorPolicy, text: &SecretString, known: &[&str]) -> Result<(), GenerateError> {
    let Some(min) = policy.strength_min.filter(|_| !text.is_empty()) else { return Ok(()) };
    let found = strength(text, known)?.score;
    if found < min { Err(GenerateError::TooWeak { found, min }) } else { Ok(()) }
}

#[cfg(feature = "strength")]
fn judge(text: &str, known: &[&str]) -> Result<Strength, GenerateError> {
    let found = zxcvbn::zxcvbn(text, known);
    Ok(Strength {
        score: u8::from(found.score()),
        guesses_log10: found.guesses_log10().max(0.0),
        weakness: found.feedback().and_then(|feedback| feedback.warning()).map(weakness),
    })
}

#[cfg(not(feature = "strength"))]
const fn judge(_text: &str, _known: &[&str]) -> Result<Strength, GenerateError> {
    Err(GenerateError::CannotJudge)
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Common => "it stands in lists of common passwords",
            Self::LikeCommon => "it is like one in lists of common passwords",
            Self::Word => "a word by itself is soon guessed",
            Self::Name => "a name is soon guessed",
            Self::Keyboard => "it follows the keys of a keyboard",
            Self::Repetition => "it repeats itself",
            Self::Sequence => "it counts on, such as abc or 6543",
            Self::Date => "a date or year is soon guessed",
        })
    }
}

/// The whole of a known text, and its words.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let whole = first_characters(text);
    let words = whole.split(|c: char| !c.is_alphanumeric()).filter(move |word| word.len() >= 3 && *word != whole);
    Some(whole).filter(|whole| !whole.is_empty()).into_iter().chain(words)
}

fn first_characters(text: &str) -> &str {
    text.char_indices().nth(JUDGED_CHARACTERS).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

#[cfg(feature = "strength")]
const fn weakness(warning: zxcvbn::feedback::Warning) -> Weakness {
    use zxcvbn::feedback::Warning;
    match warning {
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword => {
            Weakness::Common
        }
        Warning::ThisIsSimilarToACommonlyUsedPassword => Weakness::LikeCommon,
        Warning::AWordByItselfIsEasyToGuess => Weakness::Word,
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            Weakness::Name
        }
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => Weakness::Keyboard,
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            Weakness::Repetition
        }
        Warning::SequencesLikeAbcAreEasyToGuess => Weakness::Sequence,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => Weakness::Date,
    }
}

const JUDGED_CHARACTERS: usize = 100;
const KNOWN_MAX: usize = 32;
