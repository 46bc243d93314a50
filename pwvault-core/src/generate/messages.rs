//! What this room says.

use super::error::GenerateError;
use super::policy::{LENGTH_MAX, LENGTH_MIN, WORDS_MAX, WORDS_MIN};
use super::sets::CharacterSet;
use super::strength::Weakness;
use crate::model::{Arg, messages};

messages! { GenerateError {
    Self::TooShort { length, min } => "generate-too-short" [length, min],
    Self::TooLong { length } => "generate-too-long" [length, max = Arg::from(&LENGTH_MAX)],
    Self::NoSet => "generate-no-set",
    Self::SetMissing(set) => "generate-set-missing" [set],
    Self::AmbiguousKept => "generate-ambiguous-kept",
    Self::NotOneOfEach => "generate-not-one-of-each",
    Self::Words { words } => "generate-words" [words, min = Arg::from(&WORDS_MIN), max = Arg::from(&WORDS_MAX)],
    Self::Separator => "generate-separator",
    Self::PolicyLengthMin { found } => "generate-policy-length-min"
        [found, min = Arg::from(&LENGTH_MIN), max = Arg::from(&LENGTH_MAX)],
    Self::PolicyLengthDefault { found, min } => "generate-policy-length-default"
        [found, min, max = Arg::from(&LENGTH_MAX)],
    Self::PolicyStrength { found } => "generate-policy-strength" [found],
    Self::CannotJudge => "generate-cannot-judge",
    Self::TooWeak { found, min } => "generate-too-weak" [found, min],
    Self::Random => "generate-random",
} }

messages! { CharacterSet {
    Self::Lower => "generate-set-lower",
    Self::Upper => "generate-set-upper",
    Self::Digits => "generate-set-digits",
    Self::Symbols => "generate-set-symbols",
} }

messages! { Weakness {
    Self::Common => "generate-weakness-common",
    Self::LikeCommon => "generate-weakness-like-common",
    Self::Word => "generate-weakness-word",
    Self::Name => "generate-weakness-name",
    Self::Keyboard => "generate-weakness-keyboard",
    Self::Repetition => "generate-weakness-repetition",
    Self::Sequence => "generate-weakness-sequence",
    Self::Date => "generate-weakness-date",
} }
