//! Base32 (RFC 4648, section 6) as people copy it: small letters, and single spaces or hyphens
//! between groups, are accepted; everything else is strict.

use zeroize::Zeroizing;

use super::error::OtpError;
use super::seed::KEY_MAX;
use crate::secret::{SecretBytes, SecretString};

pub(super) fn decode(text: &str) -> Result<SecretBytes, OtpError> {
    let (body, padding) = match text.find('=') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    // Enough from the start, so that no part of the key is left behind by growing.
    let mut out = Zeroizing::new(Vec::with_capacity(body.len() * 5 / 8 + 1));
    let (mut bits, mut held, mut letters, mut separated) = (0_u32, 0_u32, 0_usize, true);
    for (at, byte) in body.bytes().enumerate() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a',
            b'2'..=b'7' => byte - b'2' + 26,
            b' ' | b'-' if !separated => {
                separated = true;
                continue;
            }
            _ => return Err(OtpError::Character { at: at + 1 }),
        };
        separated = false;
        letters += 1;
        bits = bits << 5 | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
            bits &= (1 << held) - 1;
        }
    }
    if letters == 0 {
        return Err(OtpError::Empty);
    }
    if separated {
        return Err(OtpError::Character { at: body.len() });
    }
    if held >= 5 || bits != 0 {
        return Err(OtpError::CutOff { found: letters });
    }
    let padded = !padding.is_empty();
    if padded && (padding.bytes().any(|byte| byte != b'=') || (letters + padding.len()) % 8 != 0 || padding.len() >= 8)
    {
        return Err(OtpError::Padding);
    }
    if out.len() > KEY_MAX {
        return Err(OtpError::KeyLength { found: out.len() });
    }
    Ok(SecretBytes::from_slice(&out))
}

/// The text of a key, without padding.
pub(super) fn encode(key: &SecretBytes) -> SecretString {
    let mut out = String::with_capacity(key.len() * 8 / 5 + 1);
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut put = |five: u32| {
        let value = u8::try_from(five & 31).unwrap_or_default();
        out.push(char::from(if value < 26 { b'A' + value } else { b'2' + value - 26 }));
    };
    for byte in key.expose() {
        bits = (bits << 8 | u32::from(*byte)) & 0xfff;
        held += 8;
        while held >= 5 {
            held -= 5;
            put(bits >> held);
        }
    }
    if held > 0 {
        put(bits << (5 - held));
    }
    SecretString::new(out)
}
