//! Randomness from the operating system, and only from there: a userspace generator would draw
//! the same bytes in two children of a fork.

use super::error::CryptoError;

/// Fills `out` with one draw from the operating system.
///
/// # Errors
/// [`CryptoError::Random`] when the operating system gives none.
pub fn fill_random(out: &mut [u8]) -> Result<(), CryptoError> {
    getrandom::fill(out).map_err(|_| CryptoError::Random)
}

/// `N` random bytes from the operating system.
///
/// # Errors
/// [`CryptoError::Random`] when the operating system gives none.
pub fn random_array<const N: usize>() -> Result<[u8; N], CryptoError> {
    let mut out = [0_u8; N];
    fill_random(&mut out)?;
    Ok(out)
}
