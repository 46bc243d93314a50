//! Generating: what is asked for is checked, drawn, and handed out with its entropy.

use std::num::NonZeroU16;

use zeroize::Zeroizing;

use super::entropy;
use super::error::GenerateError;
use super::options::{PasswordOptions, Recipe};
use super::passphrase;
use super::random::{Draws, OsRandom, RandomSource};
use super::sets::Alphabet;
use crate::model::GeneratorPolicy;
use crate::secret::SecretString;

/// A generated password or passphrase.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct Generated {
    /// The text.
    pub text: SecretString,
    /// Its entropy in bits: the binary logarithm of how many texts were as likely.
    pub entropy_bits: f64,
}

/// Generates with the operating system's randomness what a policy allows.
///
/// # Errors
/// A [`GenerateError`] when the policy does not allow it, or the random source fails.
///
/// # Examples
/// ```
/// use pwvault_core::generate::{GenerateError, PasswordOptions, Recipe, generate};
/// use pwvault_core::model::GeneratorPolicy;
///
/// let policy = GeneratorPolicy::default();
/// let options = PasswordOptions { length: 24, ..PasswordOptions::of(&policy) };
/// let made = generate(&Recipe::Password(options), &policy)?;
/// assert_eq!(made.text.len(), 24);
/// assert!(made.entropy_bits > 140.0);
///
/// let short = Recipe::Password(PasswordOptions { length: 8, ..options });
/// assert!(matches!(generate(&short, &policy), Err(GenerateError::TooShort { length: 8, min: 12 })));
/// # Ok::<(), GenerateError>(())
/// ```
pub fn generate(recipe: &Recipe, policy: &GeneratorPolicy) -> Result<Generated, GenerateError> {
    generate_from(&mut OsRandom, recipe, policy)
}

/// As [`generate`], with randomness from elsewhere.
///
/// # Errors
/// As [`generate`].
///
/// # Security
/// What is generated is as good as the source.
pub fn generate_from(
    source: &mut dyn RandomSource,
    recipe: &Recipe,
    policy: &GeneratorPolicy,
) -> Result<Generated, GenerateError> {
    recipe.check(policy)?;
    let mut draws = Draws::new(source);
    match recipe {
        Recipe::Password(options) => password(&mut draws, options),
        Recipe::Passphrase(options) => passphrase::passphrase(&mut draws, options),
    }
}

/// Draws whole passwords until one holds a character of every set: to put the missing ones in
/// afterwards would favour some passwords.
fn password(draws: &mut Draws<'_>, options: &PasswordOptions) -> Result<Generated, GenerateError> {
    let alphabet = Alphabet::of(options);
    let count = u16::try_from(alphabet.characters.len()).ok().and_then(NonZeroU16::new).ok_or(GenerateError::NoSet)?;
    let length = usize::from(options.length);
    let mut text = Zeroizing::new(String::with_capacity(length));
    for _ in 0..ATTEMPTS {
        text.clear();
        let mut seen = vec![false; alphabet.sizes.len()];
        for _ in 0..length {
            let index = draws.below(count)?;
            let drawn = alphabet.characters.get(usize::from(index)).ok_or(GenerateError::Random)?;
            text.push(char::from(*drawn));
            seen.get_mut(alphabet.set_of(index)).into_iter().for_each(|seen| *seen = true);
        }
        if !options.one_of_each || seen.iter().all(|seen| *seen) {
            let entropy_bits = entropy::of_password(&alphabet, options.length, options.one_of_each);
            return Ok(Generated { text: std::mem::take(&mut *text).into(), entropy_bits });
        }
    }
    Err(GenerateError::Random)
}

/// At the worst, four characters of four sets, one draw in 16 holds: 2,000 that do not come once in
/// 10^50 from a source that is random.
const ATTEMPTS: u32 = 2_000;
