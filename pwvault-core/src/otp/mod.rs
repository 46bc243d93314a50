//! One-time codes: HOTP (RFC 4226) and TOTP (RFC 6238). Owns how a seed is written (base32 text or
//! `otpauth://` URI), the codes it gives, and the check of a code somebody typed. Knows no entry, no
//! store and no clock: whoever calls says what time it is and which step was used last.

mod base32;
mod code;
mod error;
mod messages;
mod seed;
#[cfg(test)]
mod tests;
mod uri;

pub use code::{Algorithm, Hotp, OtpCode, Totp};
pub use error::OtpError;
pub use seed::{Seed, check_stored};
