//! Passphrases: words of the list, drawn evenly and with repetition.

use std::num::NonZeroU16;

use zeroize::Zeroizing;

use super::entropy;
use super::error::GenerateError;
use super::options::PassphraseOptions;
use super::password::Generated;
use super::random::Draws;
use super::words::{COUNT, WORDS};

pub(super) fn passphrase(draws: &mut Draws<'_>, options: &PassphraseOptions) -> Result<Generated, GenerateError> {
    let PassphraseOptions { words, separator, capitals, digit } = *options;
    let bound = |bound: u16| NonZeroU16::new(bound).ok_or(GenerateError::Words { words });
    let digit_after = if digit { Some(draws.below(bound(words)?)?) } else { None };
    let mut text = Zeroizing::new(String::with_capacity(usize::from(words) * (WORD_LEN_MAX + 1) + 1));
    for place in 0..words {
        if place > 0 {
            text.push(separator);
        }
        let word = WORDS.get(usize::from(draws.below(bound(COUNT)?)?)).ok_or(GenerateError::Random)?;
        let mut letters = word.chars();
        if capitals {
            text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        }
        text.push_str(letters.as_str());
        if digit_after == Some(place) {
            let drawn = draws.below(bound(10)?)?;
            text.extend(char::from_digit(drawn.into(), 10));
        }
    }
    let entropy_bits = entropy::of_passphrase(words, digit);
    Ok(Generated { text: std::mem::take(&mut *text).into(), entropy_bits })
}

const WORD_LEN_MAX: usize = 8;
