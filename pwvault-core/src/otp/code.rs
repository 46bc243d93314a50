//! The codes a key gives, and the check of a code somebody typed.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::{ConditionallySelectable, ConstantTimeEq};

use super::base32;
use super::uri;
use crate::clock::Timestamp;
use crate::secret::{SecretBytes, SecretString};

/// The hash under the codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// SHA-1, which authenticator apps take unless told otherwise. HMAC does not rest on what is
    /// broken in SHA-1.
    #[default]
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// A code that is valid now.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct OtpCode {
    /// Its digits, with leading zeros.
    pub code: SecretString,
    /// How long it stays the current one, in seconds; at least 1.
    pub seconds_left: u32,
}

/// Codes by counter (RFC 4226).
#[derive(Clone)]
pub struct Hotp {
    pub(super) key: SecretBytes,
    pub(super) algorithm: Algorithm,
    /// 6 to 8.
    pub(super) digits: u8,
    /// The counter of the next code.
    pub(super) counter: u64,
}

/// Codes by time (RFC 6238), counted from the Unix epoch.
#[derive(Clone)]
pub struct Totp {
    pub(super) hotp: Hotp,
    /// Length of a step in seconds, at least 1.
    pub(super) period: u32,
}

impl Hotp {
    /// The counter the seed was written with.
    #[must_use]
    pub const fn counter(&self) -> u64 {
        self.counter
    }

    /// The code of a counter.
    #[must_use]
    pub fn code(&self, counter: u64) -> SecretString {
        let digits = usize::from(self.digits);
        SecretString::new(format!("{:0digits$}", self.number(counter)))
    }

    /// The counter whose code `typed` is, among `counter` and the `look_ahead` that follow it.
    ///
    /// # Security
    /// Every code is computed and compared in constant time, whichever fits. The next check begins
    /// after the counter returned, which is what keeps a code from being used twice.
    #[must_use]
    pub fn check(&self, typed: &str, counter: u64, look_ahead: u32) -> Option<u64> {
        self.check_between(typed, counter, counter.saturating_add(u64::from(look_ahead)))
    }

    fn check_between(&self, typed: &str, first: u64, last: u64) -> Option<u64> {
        let typed = self.typed(typed)?;
        let mut found = 0_u64;
        let mut fits = subtle::Choice::from(0);
        for counter in first..=last {
            let same = self.number(counter).ct_eq(&typed);
            found.conditional_assign(&counter, same);
            fits |= same;
        }
        bool::from(fits).then_some(found)
    }

    /// What was typed as a number; spaces between the digits do not count.
    fn typed(&self, text: &str) -> Option<u32> {
        let digits = text.bytes().filter(|byte| *byte != b' ');
        let (mut number, mut length) = (0_u32, 0_u8);
        for byte in digits {
            if !byte.is_ascii_digit() || length == self.digits {
                return None;
            }
            number = number * 10 + u32::from(byte - b'0');
            length += 1;
        }
        (length == self.digits).then_some(number)
    }

    /// RFC 4226, section 5.3.
    fn number(&self, counter: u64) -> u32 {
        let counter = counter.to_be_bytes();
        let key = self.key.expose();
        let truncated = match self.algorithm {
            Algorithm::Sha1 => truncate(&mac::<Hmac<Sha1>>(key, &counter)),
            Algorithm::Sha256 => truncate(&mac::<Hmac<Sha256>>(key, &counter)),
            Algorithm::Sha512 => truncate(&mac::<Hmac<Sha512>>(key, &counter)),
        };
        truncated % 10_u32.pow(u32::from(self.digits))
    }
}

impl Totp {
    /// SHA-1, 6 digits, 30 seconds: what every authenticator app takes.
    #[must_use]
    pub const fn new(key: SecretBytes) -> Self {
        Self { hotp: Hotp { key, algorithm: Algorithm::Sha1, digits: 6, counter: 0 }, period: 30 }
    }

    /// The code of now.
    #[must_use]
    pub fn code(&self, now: Timestamp) -> OtpCode {
        let seconds = unix_seconds(now);
        let period = u64::from(self.period);
        let left = period - seconds % period;
        OtpCode { code: self.hotp.code(seconds / period), seconds_left: u32::try_from(left).unwrap_or(self.period) }
    }

    /// The step whose code `typed` is, among the current one and `window` before and after it, and
    /// after `last_used`. The caller keeps the step and gives it as `last_used` of the next check:
    /// a code is good once.
    ///
    /// # Security
    /// Every code of the window is computed and compared in constant time, whichever fits. Without
    /// a bound on attempts a code of six digits is guessed.
    #[must_use]
    pub fn check(&self, typed: &str, now: Timestamp, window: u32, last_used: Option<u64>) -> Option<u64> {
        let step = unix_seconds(now) / u64::from(self.period);
        let first = step.saturating_sub(u64::from(window));
        let last = step.saturating_add(u64::from(window));
        let found = self.hotp.check_between(typed, first, last)?;
        last_used.is_none_or(|used| found > used).then_some(found)
    }

    /// The seed as an `otpauth://` address, for a QR code.
    ///
    /// # Security
    /// It holds the key.
    #[must_use]
    pub fn to_uri(&self, issuer: &str, account: &str) -> SecretString {
        uri::write(self, issuer, account)
    }

    /// The key as base32 text, to be typed by hand.
    ///
    /// # Security
    /// It is the key.
    #[must_use]
    pub fn to_base32(&self) -> SecretString {
        base32::encode(&self.hotp.key)
    }
}

impl fmt::Debug for Hotp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hotp").field("algorithm", &self.algorithm).field("digits", &self.digits).finish_non_exhaustive()
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Totp").field("hotp", &self.hotp).field("period", &self.period).finish()
    }
}

/// Before 1970 it is always the first second.
fn unix_seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_millis()).unwrap_or(0) / 1000
}

fn mac<M: Mac + KeyInit>(key: &[u8], counter: &[u8; 8]) -> Vec<u8> {
    // HMAC takes a key of any length, so there is nothing that could fail.
    <M as KeyInit>::new_from_slice(key)
        .map_or_else(|_| Vec::new(), |mac| mac.chain_update(counter).finalize().into_bytes().to_vec())
}

/// Dynamic truncation: four bytes from where the last half byte points, without the sign bit.
fn truncate(mac: &[u8]) -> u32 {
    let at = usize::from(mac.last().copied().unwrap_or_default() & 0x0f);
    mac.iter().skip(at).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff
}
