//! Even draws from random bytes.

use std::num::NonZeroU16;

use zeroize::Zeroizing;

use super::error::GenerateError;

/// Where random bytes come from.
///
/// # Contract
/// Every byte is uniformly random and independent of all others, or the call fails.
pub trait RandomSource {
    /// Fills `out`.
    ///
    /// # Errors
    /// [`GenerateError::Random`] when there are no random bytes.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), GenerateError>;
}

/// The operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl RandomSource for OsRandom {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), GenerateError> {
        getrandom::fill(out).map_err(|_| GenerateError::Random)
    }
}

/// Numbers drawn from a source that is asked for several bytes at once.
pub(super) struct Draws<'s> {
    source: &'s mut dyn RandomSource,
    pool: Zeroizing<[u8; POOL]>,
    used: usize,
}

impl<'s> Draws<'s> {
    pub(super) fn new(source: &'s mut dyn RandomSource) -> Self {
        Self { source, pool: Zeroizing::new([0; POOL]), used: POOL }
    }

    /// A number below `bound`, all of them as likely: a draw from the uneven end of the range of
    /// two bytes is thrown away.
    pub(super) fn below(&mut self, bound: NonZeroU16) -> Result<u16, GenerateError> {
        let bound = u32::from(bound.get());
        let even = RANGE - RANGE % bound;
        for _ in 0..ATTEMPTS {
            let drawn = u32::from(self.two_bytes()?);
            if drawn < even {
                return u16::try_from(drawn % bound).map_err(|_| GenerateError::Random);
            }
        }
        Err(GenerateError::Random)
    }

    fn two_bytes(&mut self) -> Result<u16, GenerateError> {
        if self.used >= POOL {
            self.source.fill(self.pool.as_mut())?;
            self.used = 0;
        }
        let bytes = self.pool.get(self.used..).and_then(|rest| rest.first_chunk()).ok_or(GenerateError::Random)?;
        self.used += 2;
        Ok(u16::from_le_bytes(*bytes))
    }
}

const POOL: usize = 64;
const RANGE: u32 = 1 << 16;
/// Each throws away less than half of all draws: only a source that is not random gets this far.
const ATTEMPTS: u32 = 128;
