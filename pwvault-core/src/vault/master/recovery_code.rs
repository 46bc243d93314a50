//! Recovery codes: 128 random bits in Crockford's base32, with 12 bits to catch typing mistakes, as
//! seven groups of four.

use zeroize::Zeroize;

use crate::crypto::{self, CryptoError};
use crate::secret::{SecretBytes, SecretString};
use crate::vault::error::VaultError;

/// The 128 bits of a code, and the code as it is printed.
pub(super) fn generate() -> Result<(SecretBytes, SecretString), CryptoError> {
    let mut bits = crypto::random_array::<16>()?;
    let code = (SecretBytes::from_slice(&bits), print(u128::from_be_bytes(bits)));
    bits.zeroize();
    Ok(code)
}

/// The 128 bits of a code as it was typed.
pub(super) fn read(typed: &SecretString) -> Result<SecretBytes, VaultError> {
    let mistyped = || VaultError::invalid("recovery code", "it is mistyped: seven groups of four letters and digits");
    let (mut bits, mut check, mut count) = (0_u128, 0_u16, 0_usize);
    for letter in typed.expose().chars().filter(|letter| !matches!(letter, '-' | ' ')) {
        let value = value_of(letter).ok_or_else(mistyped)?;
        // 25 letters and 3 bits of the next are the code; 2 bits of it and 2 letters the check.
        for place in (0..5_u32).rev() {
            let bit = value >> place & 1;
            if count < CODE_BITS {
                bits = bits << 1 | u128::from(bit);
            } else {
                check = check << 1 | u16::from(bit);
            }
            count += 1;
            if count > CODE_BITS + CHECK_BITS {
                return Err(mistyped());
            }
        }
    }
    if count != CODE_BITS + CHECK_BITS || check != check_of(bits) {
        return Err(mistyped());
    }
    Ok(SecretBytes::from_slice(&bits.to_be_bytes()))
}

fn print(bits: u128) -> SecretString {
    let check = check_of(bits);
    // One allocation, so that growing leaves no copy behind.
    let mut code = String::with_capacity(34);
    for at in 0..28_u32 {
        let value = (0..5).fold(0_usize, |value, bit| {
            let place = at * 5 + bit;
            let next = match 127_u32.checked_sub(place) {
                Some(shift) => usize::from(bits >> shift & 1 == 1),
                None => usize::from(check >> (139 - place) & 1),
            };
            value << 1 | next
        });
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        code.extend(ALPHABET.get(value).copied().map(char::from));
    }
    SecretString::new(code)
}

fn check_of(bits: u128) -> u16 {
    let [first, second, ..] = crypto::sha256(&[b"pwvault recovery code", &bits.to_be_bytes()]);
    u16::from_be_bytes([first, second]) >> (16 - CHECK_BITS)
}

fn value_of(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == letter).and_then(|at| u8::try_from(at).ok())
}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_BITS: usize = 128;
const CHECK_BITS: usize = 12;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_printed_code_reads_back_however_it_is_typed() {
        for bits in [0, 1, u128::MAX, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef] {
            let code = print(bits);
            assert_eq!(code.expose().len(), 34);
            let sloppy = code.expose().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            for typed in [code.expose(), &sloppy, &code.expose().replace('-', "")] {
                assert_eq!(read(&typed.into()).unwrap().expose(), bits.to_be_bytes());
            }
        }
        let (bits, code) = generate().unwrap();
        assert_eq!(read(&code).unwrap().expose(), bits.expose());
    }

    #[test]
    fn mistakes_are_caught() {
        let code = print(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef).expose().to_owned();
        let mut caught = 0;
        for at in code.char_indices().filter(|(_, letter)| *letter != '-').map(|(at, _)| at) {
            let mut typed = code.clone();
            let other = if typed.get(at..=at).unwrap() == "7" { "8" } else { "7" };
            typed.replace_range(at..=at, other);
            caught += usize::from(read(&typed.as_str().into()).is_err());
        }
        assert_eq!(caught, 28);
        for typed in ["", "0", &code[..33], &format!("{code}0"), &code.replace('-', "U")] {
            assert!(read(&typed.into()).is_err(), "{} letters", typed.len());
        }
    }
}
