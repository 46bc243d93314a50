//! How many bits of entropy lie in what is drawn evenly.

use super::sets::Alphabet;

/// The binary logarithm of the number of passwords of this length; with `one_of_each`, of those
/// that hold a character of every set.
///
/// By inclusion and exclusion over the sets that are left out.
pub(super) fn of_password(alphabet: &Alphabet, length: u16, one_of_each: bool) -> f64 {
    let all = alphabet.characters.len() as f64;
    let free = f64::from(length) * all.log2();
    if !one_of_each {
        return free;
    }
    let share: f64 = (0..1_u32 << alphabet.sizes.len())
        .map(|left_out| {
            let chosen = alphabet.sizes.iter().enumerate().filter(|(set, _)| left_out >> set & 1 == 1);
            let missing: f64 = chosen.map(|(_, size)| f64::from(*size)).sum();
            let sign = if left_out.count_ones() % 2 == 0 { 1.0 } else { -1.0 };
            sign * ((all - missing) / all).powi(i32::from(length))
        })
        .sum();
    free + share.log2()
}

/// The binary logarithm of the number of passphrases.
pub(super) fn of_passphrase(words: u16, digit: bool) -> f64 {
    let digits = if digit { (10.0 * f64::from(words)).log2() } else { 0.0 };
    f64::from(words) * f64::from(super::words::COUNT).log2() + digits
}
