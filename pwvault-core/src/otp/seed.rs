//! A seed as it is stored: text that is base32 or an `otpauth://` address.

use super::base32;
use super::code::{Hotp, Totp};
use super::error::OtpError;
use super::uri;

/// What a text stands for.
#[derive(Clone, Debug)]
pub enum Seed {
    /// Codes by time.
    Totp(Totp),
    /// Codes by counter.
    Hotp(Hotp),
}

impl Seed {
    /// Reads a seed. Base32 text alone stands for SHA-1, 6 digits and 30 seconds.
    ///
    /// # Errors
    /// [`OtpError`] says what is wrong, without a part of the text.
    pub fn parse(text: &str) -> Result<Self, OtpError> {
        if text.len() > SEED_MAX {
            return Err(OtpError::TooLong { found: text.len() });
        }
        let text = text.trim_ascii();
        match uri::after_scheme(text) {
            Some(rest) => uri::read(rest),
            None => base32::decode(text).map(Totp::new).map(Self::Totp),
        }
    }
}

/// Refuses a text that is clearly no seed, when it is written into an entry: one that is neither an
/// address with a scheme nor made of the characters of base32. An `otpauth://` address has to
/// [parse](Seed::parse); addresses of other schemes, which other programs know, and base32 text
/// that is cut off are kept as they are and give no code.
///
/// # Errors
/// [`OtpError`] says what is wrong, without a part of the text.
pub fn check_stored(text: &str) -> Result<(), OtpError> {
    let trimmed = text.trim_ascii();
    if uri::after_scheme(trimmed).is_some() {
        return Seed::parse(text).map(drop);
    }
    if has_scheme(trimmed) {
        return Ok(());
    }
    let strange = |byte: u8| !(byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7' | b' ' | b'-' | b'='));
    match trimmed.bytes().position(strange) {
        Some(at) => Err(OtpError::Character { at: at + 1 }),
        None => Ok(()),
    }
}

fn has_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

/// The most bytes a seed's text may have to be read.
pub(super) const SEED_MAX: usize = 4096;
/// The most bytes of a key; RFC 4226 asks for 20.
pub(super) const KEY_MAX: usize = 256;
