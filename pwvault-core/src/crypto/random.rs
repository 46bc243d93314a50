//! Randomness from the operating system, and only from there: a userspace generator would draw
//! the same bytes in two children of a fork.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};

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

/// The operating system's randomness in the shape of an infallible generator, which some libraries
/// demand. Keeps no state but whether a draw failed: whoever uses it calls [`OsRng::check`] before
/// anything made with it leaves the room.
pub(super) struct OsRng {
    draw: fn(&mut [u8]) -> Result<(), CryptoError>,
    failed_draws: u64,
}

impl OsRng {
    pub(super) const fn new() -> Self {
        Self { draw: fill_random, failed_draws: 0 }
    }

    /// Draws from elsewhere, for vectors and for failing on purpose.
    #[cfg(test)]
    pub(super) const fn drawing(draw: fn(&mut [u8]) -> Result<(), CryptoError>) -> Self {
        Self { draw, failed_draws: 0 }
    }

    /// Whether every draw succeeded.
    pub(super) const fn check(&self) -> Result<(), CryptoError> {
        if self.failed_draws == 0 { Ok(()) } else { Err(CryptoError::Random) }
    }
}

impl TryRng for OsRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        if (self.draw)(out).is_err() {
            // Bytes that differ from draw to draw, so that a search for primes still ends; `check`
            // then throws its result away.
            self.failed_draws = self.failed_draws.wrapping_add(1).max(1);
            for (byte, filler) in out.iter_mut().zip(self.failed_draws.to_le_bytes().into_iter().cycle()) {
                *byte = filler;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for OsRng {}
