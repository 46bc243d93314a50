//! A clock that stands still until it is told to move.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::{Clock, Timestamp};

/// A clock that shows the time it was set to.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.as_millis()))
    }

    /// Sets the time; it may go backwards.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::SeqCst);
    }

    /// Moves the time by `millis` milliseconds, backwards if negative, and gives the new time.
    pub fn advance(&self, millis: i64) -> Timestamp {
        Timestamp::from_millis(self.0.fetch_add(millis, Ordering::SeqCst)).plus_millis(millis)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_only_when_told() {
        let clock = FixedClock::new(Timestamp::from_millis(1_000));
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.advance(500), Timestamp::from_millis(1_500));
        assert_eq!(clock.advance(-700).as_millis(), 800);
        assert_eq!(clock.now().as_millis(), 800);
        clock.set(Timestamp::from_millis(-1));
        assert_eq!(clock.now().as_millis(), -1);
    }
}
