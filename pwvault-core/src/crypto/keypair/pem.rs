//! The textual encoding of keys (RFC 7468): one block, of any line width, with nothing around it.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::crypto::error::CryptoError;
use crate::secret::SecretBytes;

/// More than any key takes, as text or DER, in bytes.
const LENGTH_MAX: usize = 64 * 1024;
const LINE: usize = 64;

/// One PEM block, decoded.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) der: SecretBytes,
}

pub(super) fn check_length(bytes: &[u8]) -> Result<(), CryptoError> {
    if bytes.len() > LENGTH_MAX { Err(CryptoError::KeyTooLong) } else { Ok(()) }
}

pub(super) fn read(text: &str) -> Result<Block<'_>, CryptoError> {
    check_length(text.as_bytes())?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let (label, rest) = text
        .strip_prefix("-----BEGIN ")
        .and_then(|text| text.split_once("-----"))
        .filter(|(label, _)| label.bytes().all(|byte| byte.is_ascii_uppercase() || b" 0123456789".contains(&byte)))
        .ok_or(CryptoError::NotPem)?;
    // OpenSSL writes the curve into a block of its own before the key.
    if label == "EC PARAMETERS" {
        return Err(CryptoError::KeyUnsupported);
    }
    let body = rest
        .strip_suffix("-----")
        .and_then(|rest| rest.strip_suffix(label))
        .and_then(|rest| rest.strip_suffix("-----END "))
        .filter(|body| !body.contains("-----"))
        .ok_or(CryptoError::NotPem)?;
    if body.contains("Proc-Type:") {
        return Err(CryptoError::KeyEncryptionLegacy);
    }
    let mut packed = Zeroizing::new(String::with_capacity(body.len()));
    packed.extend(body.chars().filter(|character| !character.is_ascii_whitespace()));
    let der = Base64::decode_vec(&packed).map_err(|_| CryptoError::KeyMalformed)?;
    Ok(Block { label, der: SecretBytes::new(der) })
}

pub(super) fn write(label: &str, der: &[u8]) -> String {
    let body = Zeroizing::new(Base64::encode_string(der));
    // Of its final length at once, so that no part of a key is left behind where it grew.
    let mut text = String::with_capacity(body.len() + body.len() / LINE + 2 * label.len() + LINE);
    text.extend(["-----BEGIN ", label, "-----\n"]);
    let mut rest = body.as_str();
    while let Some((line, after)) = rest.split_at_checked(LINE) {
        text.extend([line, "\n"]);
        rest = after;
    }
    if !rest.is_empty() {
        text.extend([rest, "\n"]);
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}
