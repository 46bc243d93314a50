//! Passwords and passphrases: options, the policy they are held to, drawing without bias, and how
//! strong a text is. Owns the character sets and the word list; knows no vault and no entry.
//!
//! Whatever is drawn is drawn evenly: every password that the options allow is as likely as every
//! other, so the entropy stated with it is exact.

mod entropy;
mod error;
mod messages;
mod options;
mod passphrase;
mod password;
mod policy;
mod random;
mod sets;
mod strength;
mod words;

#[cfg(test)]
mod tests;

pub use error::GenerateError;
pub use options::{PassphraseOptions, PasswordOptions, Recipe};
pub use password::{Generated, generate, generate_from};
pub use policy::{LENGTH_MAX, LENGTH_MIN, WORDS_MAX, WORDS_MIN, check_policy};
pub use random::{OsRandom, RandomSource};
pub use sets::CharacterSet;
pub use strength::{Strength, Weakness, check_strength, strength};
