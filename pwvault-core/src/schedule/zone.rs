//! Time zones of the database compiled into the library.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::error::ScheduleError;
use crate::clock::Timestamp;

/// A time zone.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone with this IANA name, such as `Europe/Vienna`, whatever the case of its letters.
    ///
    /// # Errors
    /// [`ScheduleError::UnknownZone`].
    pub fn named(name: &str) -> Result<Self, ScheduleError> {
        let known = TimeZoneDatabase::bundled().get(name);
        known.map(Self).map_err(|_| ScheduleError::UnknownZone { length: name.len() })
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The local date and time of a moment, such as `2026-02-28 09:00`; of one outside the years of
    /// the calendar its milliseconds.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> String {
        match instant(at) {
            Ok(instant) => self.0.to_datetime(instant).strftime("%Y-%m-%d %H:%M").to_string(),
            Err(_) => at.to_string(),
        }
    }

    pub(super) fn date(&self, at: Timestamp) -> Result<Date, ScheduleError> {
        Ok(self.0.to_datetime(instant(at)?).date())
    }

    pub(super) fn at(&self, date: Date, hour: u8) -> Result<Timestamp, ScheduleError> {
        let hour = i8::try_from(hour).map_err(|_| ScheduleError::Hour(hour))?;
        // The first of two, and behind a gap by its length: RFC 5545, section 3.3.5.
        let local = self.0.to_ambiguous_timestamp(date.at(hour, 0, 0, 0)).compatible();
        local.map(|at| Timestamp::from_millis(at.as_millisecond())).map_err(|_| ScheduleError::OutOfRange)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

fn instant(at: Timestamp) -> Result<jiff::Timestamp, ScheduleError> {
    jiff::Timestamp::from_millisecond(at.as_millis()).map_err(|_| ScheduleError::OutOfRange)
}
