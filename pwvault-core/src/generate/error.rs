//! Why nothing was generated, or a policy is none.

use super::policy::{LENGTH_MAX, LENGTH_MIN, WORDS_MAX, WORDS_MIN};
use super::sets::CharacterSet;

/// Options or a policy that are refused, or a random source that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// Fewer characters than the policy asks for.
    #[error("the password would have {length} characters; the policy asks for at least {min}")]
    TooShort {
        /// Characters asked for; of a passphrase, the fewest its words can make.
        length: u16,
        /// Characters the policy asks for.
        min: u16,
    },
    /// More characters than are generated.
    #[error("the password would have {length} characters; at most {LENGTH_MAX} are generated")]
    TooLong {
        /// Characters asked for.
        length: u16,
    },
    /// No character set at all.
    #[error("no character set is chosen; choose at least one of lower, upper, digits and symbols")]
    NoSet,
    /// A character set is left out that the policy asks for.
    #[error("the policy asks for {0}; add that set")]
    SetMissing(CharacterSet),
    /// Characters that look alike are kept though the policy leaves them out.
    #[error("the policy leaves out characters that look alike; set exclude_ambiguous")]
    AmbiguousKept,
    /// At least one of each set is not asked for, though the policy asks for it.
    #[error("the policy asks for at least one of each set; set one_of_each")]
    NotOneOfEach,
    /// Too few or too many words.
    #[error("a passphrase of {words} words was asked for; {WORDS_MIN} to {WORDS_MAX} are generated")]
    Words {
        /// Words asked for.
        words: u16,
    },
    /// A separator that could be part of a word, or is no printable ASCII character.
    #[error("the separator of words is one blank or ASCII punctuation mark")]
    Separator,
    /// A policy whose shortest length is out of bounds.
    #[error("generator.length_min: it is {found}; {LENGTH_MIN} to {LENGTH_MAX} are accepted")]
    PolicyLengthMin {
        /// The length found.
        found: u16,
    },
    /// A policy whose usual length is out of bounds.
    #[error("generator.length_default: it is {found}; {min} to {LENGTH_MAX} are accepted")]
    PolicyLengthDefault {
        /// The length found.
        found: u16,
        /// The policy's shortest length.
        min: u16,
    },
    /// A policy with a strength that does not exist.
    #[error("generator.strength_min: it is {found}; 0 to 4 are accepted")]
    PolicyStrength {
        /// The strength found.
        found: u8,
    },
    /// The strength of passwords cannot be judged.
    #[error("the policy asks for a least strength, which this build cannot judge; build with the feature `strength`")]
    CannotJudge,
    /// A password weaker than the policy asks for.
    #[error(
        "the password has strength {found} of 4; the policy asks for at least {min}, so take more characters or words"
    )]
    TooWeak {
        /// Its strength.
        found: u8,
        /// The strength the policy asks for.
        min: u8,
    },
    /// The random source gave nothing, or bytes that cannot be random.
    #[error("the random source failed; nothing was generated")]
    Random,
}
