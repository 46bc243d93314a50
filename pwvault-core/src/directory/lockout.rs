//! When attempts to sign in are locked out.

use crate::clock::Timestamp;
use crate::model::{LoginRules, SignInState};

/// Whether no attempt succeeds now.
#[must_use]
pub fn is_locked(state: &SignInState, now: Timestamp) -> bool {
    state.locked_until.is_some_and(|until| now < until)
}

/// Counts a failure. From [`LoginRules::attempts`] on each locks, the first for
/// [`LoginRules::lock_ms`], each further one for twice as long, up to [`LoginRules::lock_max_ms`].
/// Attempts while it is locked are not counted, so that a stranger cannot lock a person out for good.
pub fn fail(state: &mut SignInState, rules: &LoginRules, now: Timestamp) {
    if is_locked(state, now) {
        return;
    }
    state.failures = state.failures.saturating_add(1);
    let Some(further) = state.failures.checked_sub(u32::from(rules.attempts)) else { return };
    let lock = rules.lock_ms.saturating_mul(1_i64.checked_shl(further.min(62)).unwrap_or(i64::MAX));
    state.locked_until = Some(now.plus_millis(lock.clamp(0, rules.lock_max_ms)));
}

/// Forgets failures at a sign-in.
pub fn succeed(state: &mut SignInState, now: Timestamp) {
    state.failures = 0;
    state.locked_until = None;
    state.last_at = Some(now);
}
