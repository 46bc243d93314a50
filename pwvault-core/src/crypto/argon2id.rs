//! Argon2id (RFC 9106): stretches a password into a key, and bounds how many run at once in this
//! process.

use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroize;

use super::error::CryptoError;
use super::kdf::KEY_LEN;
use crate::model::KdfParams;
use crate::secret::SecretBytes;

/// The 32 bytes that Argon2id makes of `password`. Waits while as many run as the process allows.
///
/// # Errors
/// [`CryptoError::KdfParams`] when `params` are out of bounds, before any memory is taken;
/// [`CryptoError::Memory`] when there is none.
///
/// # Security
/// The bytes of the password are taken as given: no normalisation.
pub fn argon2id(password: &[u8], salt: &[u8; 16], params: KdfParams) -> Result<SecretBytes, CryptoError> {
    if !params.in_bounds() {
        return Err(CryptoError::KdfParams);
    }
    let cost = Params::new(params.memory_kib, params.passes, params.lanes, Some(KEY_LEN))
        .map_err(|_| CryptoError::KdfParams)?;
    let _permit = PERMITS.acquire();
    stretch(&Argon2::new(Algorithm::Argon2id, Version::V0x13, cost), password, salt)
}

/// How many calls have had to wait for others since the process started.
#[must_use]
pub fn argon2id_waits() -> u64 {
    PERMITS.state().waits
}

/// Sets how many Argon2id calls run at once in this process; four at first. Each takes the memory
/// of its parameters. Running ones are not stopped.
pub fn set_argon2id_limit(limit: NonZeroUsize) {
    PERMITS.set_limit(limit.get());
}

static PERMITS: Permits = Permits::new(4);

/// Counts who is inside and lets the others wait.
struct Permits {
    state: Mutex<PermitState>,
    freed: Condvar,
}

struct PermitState {
    /// The process whose calls are counted: a forked child has none of its parent's threads.
    process: u32,
    limit: usize,
    running: usize,
    waits: u64,
}

struct Permit<'a>(&'a Permits);

impl Permits {
    const fn new(limit: usize) -> Self {
        Self { state: Mutex::new(PermitState { process: 0, limit, running: 0, waits: 0 }), freed: Condvar::new() }
    }

    fn acquire(&self) -> Permit<'_> {
        let mut state = self.state();
        let process = std::process::id();
        if state.process != process {
            (state.process, state.running) = (process, 0);
        }
        if state.running >= state.limit {
            state.waits = state.waits.saturating_add(1);
        }
        while state.running >= state.limit {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.running += 1;
        Permit(self)
    }

    fn set_limit(&self, limit: usize) {
        self.state().limit = limit;
        self.freed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, PermitState> {
        // The state is numbers, whole after every statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.state().running -= 1;
        self.0.freed.notify_one();
    }
}

fn stretch(argon2: &Argon2<'_>, password: &[u8], salt: &[u8]) -> Result<SecretBytes, CryptoError> {
    let count = argon2.params().block_count();
    let mut blocks: Vec<Block> = Vec::new();
    blocks.try_reserve_exact(count.max(BLOCKS_RESERVED)).map_err(|_| CryptoError::Memory)?;
    blocks.resize(count, Block::new());
    let mut key = vec![0; KEY_LEN];
    let made = argon2.hash_password_into_with_memory(password, salt, &mut key, &mut blocks);
    // The key follows from any column of the memory.
    blocks.iter_mut().zeroize();
    made.map_err(|_| CryptoError::KdfParams)?;
    Ok(SecretBytes::new(key))
}

/// A little over 32 MiB, of which only what is used is ever touched. From that size on glibc maps
/// memory and gives it back at once; below it every thread's arena keeps its own (measured: 325 MiB
/// after 200 threads with 19 MiB each, four at a time).
const BLOCKS_RESERVED: usize = 32 * 1024 + 64;

#[cfg(test)]
mod tests;
