//! `otpauth://` addresses, as authenticator apps and other password managers write them.

use std::ops::RangeInclusive;
use std::str::FromStr;

use zeroize::Zeroizing;

use super::base32;
use super::code::{Algorithm, Hotp, Totp};
use super::error::OtpError;
use super::seed::Seed;
use crate::secret::SecretString;

/// What follows `otpauth://`, if the text begins with that.
pub(super) fn after_scheme(text: &str) -> Option<&str> {
    let (start, rest) = text.split_at_checked(SCHEME.len())?;
    start.eq_ignore_ascii_case(SCHEME).then_some(rest)
}

/// Reads what follows `otpauth://`. Parameters that say nothing about codes are passed over.
pub(super) fn read(rest: &str) -> Result<Seed, OtpError> {
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let kind = path.split('/').next().unwrap_or_default();
    let timed = match kind {
        kind if kind.eq_ignore_ascii_case("totp") => true,
        kind if kind.eq_ignore_ascii_case("hotp") => false,
        _ => return Err(OtpError::Kind),
    };
    let secret = parameter(query, "secret")?.ok_or(OtpError::Missing { name: "secret" })?;
    let hotp = Hotp {
        key: base32::decode(&secret)?,
        algorithm: algorithm(query)?,
        digits: number(query, "digits", 6..=8, "it is 6, 7 or 8")?.unwrap_or(6),
        counter: 0,
    };
    if timed {
        let period = number(query, "period", 1..=PERIOD_MAX, "it is 1 to 3600 seconds")?.unwrap_or(30);
        return Ok(Seed::Totp(Totp { hotp, period }));
    }
    let counter =
        number(query, "counter", 0..=u64::MAX, "it is a number")?.ok_or(OtpError::Missing { name: "counter" })?;
    Ok(Seed::Hotp(Hotp { counter, ..hotp }))
}

/// Writes a TOTP seed. What is usual is left away, since some apps stumble over it.
pub(super) fn write(totp: &Totp, issuer: &str, account: &str) -> SecretString {
    let Totp { hotp: Hotp { key, algorithm, digits, counter: _ }, period } = totp;
    let (issuer, account) = (encode(issuer), encode(account));
    let key = base32::encode(key);
    // Enough from the start, so that growing leaves no copy of the key behind.
    let mut out = String::with_capacity(128 + 2 * issuer.len() + account.len() + key.len());
    for part in [SCHEME, "totp/", &issuer, ":", &account, "?secret=", key.expose(), "&issuer=", &issuer] {
        out.push_str(part);
    }
    match algorithm {
        Algorithm::Sha1 => {}
        Algorithm::Sha256 => out.push_str("&algorithm=SHA256"),
        Algorithm::Sha512 => out.push_str("&algorithm=SHA512"),
    }
    if *digits != 6 {
        out.push_str(&format!("&digits={digits}"));
    }
    if *period != 30 {
        out.push_str(&format!("&period={period}"));
    }
    SecretString::new(out)
}

fn algorithm(query: &str) -> Result<Algorithm, OtpError> {
    let Some(name) = parameter(query, "algorithm")? else { return Ok(Algorithm::Sha1) };
    match name.to_ascii_uppercase().as_str() {
        "SHA1" | "SHA-1" | "HMACSHA1" => Ok(Algorithm::Sha1),
        "SHA256" | "SHA-256" | "HMACSHA256" => Ok(Algorithm::Sha256),
        "SHA512" | "SHA-512" | "HMACSHA512" => Ok(Algorithm::Sha512),
        _ => Err(OtpError::Parameter { name: "algorithm", rule: "it is SHA1, SHA256 or SHA512" }),
    }
}

fn number<N: FromStr + PartialOrd>(
    query: &str,
    name: &'static str,
    accepted: RangeInclusive<N>,
    rule: &'static str,
) -> Result<Option<N>, OtpError> {
    let Some(text) = parameter(query, name)? else { return Ok(None) };
    let digits_only = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(value) if digits_only && accepted.contains(&value) => Ok(Some(value)),
        _ => Err(OtpError::Parameter { name, rule }),
    }
}

/// The decoded value of a parameter.
fn parameter(query: &str, name: &'static str) -> Result<Option<Zeroizing<String>>, OtpError> {
    let mut values = query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        key.eq_ignore_ascii_case(name).then_some(value)
    });
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(OtpError::Twice { name });
    }
    decode(value).map(Some).ok_or(OtpError::Parameter { name, rule: "`%` stands before two hexadecimal digits" })
}

fn decode(text: &str) -> Option<Zeroizing<String>> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high << 4 | low).ok()?
            }
            other => other,
        };
        // Whatever is read here is ASCII; other bytes become characters that nothing accepts.
        out.push(char::from(byte));
    }
    Some(out)
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

const SCHEME: &str = "otpauth://";
const PERIOD_MAX: u32 = 3600;
