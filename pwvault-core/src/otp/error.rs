//! Why a seed is refused. No message holds a part of the seed.

use super::seed::{KEY_MAX, SEED_MAX};

/// A text that is no seed of one-time codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OtpError {
    /// Nothing is there.
    #[error("the seed is empty; it is base32 text or an otpauth:// address")]
    Empty,
    /// Over the limit.
    #[error("the seed has {found} bytes; at most {SEED_MAX} are accepted")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// A character that base32 does not have.
    #[error("character {at} is none of base32; it has the letters A to Z and the digits 2 to 7")]
    Character {
        /// Its place, counted from 1.
        at: usize,
    },
    /// A number of characters that no bytes are written with, or bits left over that are not zero.
    #[error("the base32 text is cut off: {found} characters do not make whole bytes")]
    CutOff {
        /// Characters found, without padding.
        found: usize,
    },
    /// Padding that base32 does not have there.
    #[error("the padding does not fit; leave the `=` away, or write as many as make groups of eight")]
    Padding,
    /// A key over the limit.
    #[error("the key has {found} bytes; at most {KEY_MAX} are accepted")]
    KeyLength {
        /// Bytes found.
        found: usize,
    },
    /// An `otpauth://` address of another kind.
    #[error("the address is of no kind that is known; write otpauth://totp/ or otpauth://hotp/")]
    Kind,
    /// A parameter that stands twice.
    #[error("`{name}` stands twice in the address; write it once")]
    Twice {
        /// Which.
        name: &'static str,
    },
    /// A parameter that has to be there.
    #[error("`{name}` is missing in the address")]
    Missing {
        /// Which.
        name: &'static str,
    },
    /// A parameter with a value that is not accepted.
    #[error("`{name}` is not accepted: {rule}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// What would be right.
        rule: &'static str,
    },
}
