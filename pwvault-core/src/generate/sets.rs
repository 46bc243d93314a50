//! Which characters a password is made of.

use std::fmt;

use serde::Serialize;

use super::options::PasswordOptions;

/// A set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CharacterSet {
    /// `a` to `z`.
    Lower,
    /// `A` to `Z`.
    Upper,
    /// `0` to `9`.
    Digits,
    /// Punctuation, without quotes, backtick and backslash, over which forms and shells stumble.
    Symbols,
}

impl CharacterSet {
    /// Every set.
    pub const ALL: [Self; 4] = [Self::Lower, Self::Upper, Self::Digits, Self::Symbols];

    /// Its characters; without those that look alike when asked.
    pub fn characters(self, exclude_ambiguous: bool) -> impl Iterator<Item = u8> + Clone {
        let all: &[u8] = match self {
            Self::Lower => b"abcdefghijklmnopqrstuvwxyz",
            Self::Upper => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Self::Digits => b"0123456789",
            Self::Symbols => b"!#$%&()*+,-./:;<=>?@[]^_{|}~",
        };
        all.iter().copied().filter(move |one| !exclude_ambiguous || !AMBIGUOUS.contains(one))
    }
}

impl fmt::Display for CharacterSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lower => "small letters",
            Self::Upper => "capital letters",
            Self::Digits => "digits",
            Self::Symbols => "punctuation",
        })
    }
}

/// The characters a password is drawn from, and which of them belong to which set.
#[derive(Clone, Debug)]
pub(super) struct Alphabet {
    pub(super) characters: Vec<u8>,
    /// Sizes of the sets in use; together they are all characters.
    pub(super) sizes: Vec<u16>,
}

impl Alphabet {
    pub(super) fn of(options: &PasswordOptions) -> Self {
        let mut characters = Vec::new();
        let mut sizes = Vec::new();
        for set in options.sets() {
            let before = characters.len();
            characters.extend(set.characters(options.exclude_ambiguous));
            sizes.push(u16::try_from(characters.len() - before).unwrap_or(u16::MAX));
        }
        Self { characters, sizes }
    }

    /// The place among the sets in use of the set to which the character number `index` belongs.
    pub(super) fn set_of(&self, index: u16) -> usize {
        let mut end = 0;
        self.sizes
            .iter()
            .take_while(|size| {
                end += **size;
                end <= index
            })
            .count()
    }
}

/// Characters that look alike in some typeface.
const AMBIGUOUS: &[u8] = b"lIo0O1|,.:;";
