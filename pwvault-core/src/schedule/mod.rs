//! Calendar arithmetic of reminders. Owns which periods are accepted and on which moment a
//! reminder falls; knows no entry, no recipient and no clock.
//!
//! A recurrence counts from one moment and never drifts: occurrence n is the local date of that
//! moment plus n periods, at the hour. A month without the day has it on its last: 31 January plus
//! one month is 28 or 29 February, plus two months 31 March.
//!
//! Where the clocks go forward over the hour, the occurrence is as much later as the clocks moved:
//! 02:00 becomes 03:00. Where they go back and the hour comes twice, it is the first of the two.
//! Zones are those of the IANA database compiled into the library, so results do not depend on the
//! machine.

mod error;
mod messages;
mod period;
mod zone;

pub use error::ScheduleError;
pub use period::{check_period, check_warning};
pub use zone::Zone;

use jiff::civil::Date;

use crate::clock::Timestamp;
use crate::model::Period;

/// Moments at even calendar distances from a first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    since: Timestamp,
    every: Period,
    hour: u8,
}

impl Recurrence {
    /// Every `every` since `since`, at the hour `hour` of the local day, 0 to 23.
    ///
    /// # Errors
    /// As [`check_period`]; [`ScheduleError::Hour`].
    pub fn new(since: Timestamp, every: Period, hour: u8) -> Result<Self, ScheduleError> {
        check_period(every)?;
        if hour > 23 {
            return Err(ScheduleError::Hour(hour));
        }
        Ok(Self { since, every, hour })
    }

    /// The occurrence with this number; the first is 1.
    ///
    /// # Errors
    /// [`ScheduleError::OutOfRange`] beyond the years of the calendar.
    ///
    /// # Examples
    /// ```
    /// use pwvault_core::model::{Period, PeriodUnit};
    /// use pwvault_core::schedule::{Recurrence, ScheduleError, Zone};
    /// use pwvault_core::Timestamp;
    ///
    /// let changed = Timestamp::from_millis(1_769_860_800_000); // 2026-01-31 12:00 UTC
    /// let monthly = Recurrence::new(changed, Period { count: 1, unit: PeriodUnit::Months }, 9)?;
    /// let zone = Zone::named("Europe/Vienna")?;
    /// assert_eq!(zone.local(monthly.occurrence(1, &zone)?), "2026-02-28 09:00");
    /// assert_eq!(zone.local(monthly.occurrence(2, &zone)?), "2026-03-31 09:00");
    ///
    /// let nothing = Recurrence::new(changed, Period { count: 0, unit: PeriodUnit::Months }, 9);
    /// assert_eq!(nothing, Err(ScheduleError::ZeroPeriod));
    /// # Ok::<(), ScheduleError>(())
    /// ```
    pub fn occurrence(&self, number: u32, zone: &Zone) -> Result<Timestamp, ScheduleError> {
        zone.at(self.date(zone.date(self.since)?, number)?, self.hour)
    }

    /// The moment `before` the first occurrence, at the same hour.
    ///
    /// # Errors
    /// As [`check_warning`]; [`ScheduleError::OutOfRange`].
    pub fn warning(&self, before: Period, zone: &Zone) -> Result<Timestamp, ScheduleError> {
        check_warning(self.every, before)?;
        zone.at(self.warning_date(before, zone.date(self.since)?)?, self.hour)
    }

    /// The number of the first occurrence later than `after`.
    ///
    /// # Errors
    /// [`ScheduleError::OutOfRange`].
    pub fn next_after(&self, after: Timestamp, zone: &Zone) -> Result<u32, ScheduleError> {
        self.first_after(after, |number| self.occurrence(number, zone))
    }

    /// The number of the first occurrence whose [`before_any_zone`](Self::before_any_zone) is later
    /// than `after`.
    ///
    /// # Errors
    /// [`ScheduleError::OutOfRange`].
    pub fn next_in_any_zone(&self, after: Timestamp) -> Result<u32, ScheduleError> {
        self.first_after(after, |number| self.before_any_zone(number))
    }

    /// A moment at which this occurrence has come in no zone yet, and less than five days before it
    /// comes in the last.
    ///
    /// # Errors
    /// [`ScheduleError::OutOfRange`].
    pub fn before_any_zone(&self, number: u32) -> Result<Timestamp, ScheduleError> {
        self.in_no_zone(|date| self.date(date, number))
    }

    /// As [`before_any_zone`](Self::before_any_zone), of the warning.
    ///
    /// # Errors
    /// As [`warning`](Self::warning).
    pub fn warning_before_any_zone(&self, before: Period) -> Result<Timestamp, ScheduleError> {
        check_warning(self.every, before)?;
        self.in_no_zone(|date| self.warning_date(before, date))
    }

    fn first_after(
        &self,
        after: Timestamp,
        moment: impl Fn(u32) -> Result<Timestamp, ScheduleError>,
    ) -> Result<u32, ScheduleError> {
        let passed = i128::from(after.as_millis()) - i128::from(self.since.as_millis());
        let periods = passed / period::mean_millis(self.every) - MARGIN;
        let mut number = u32::try_from(periods.max(1)).map_err(|_| ScheduleError::OutOfRange)?;
        while moment(number)? <= after {
            number = number.checked_add(1).ok_or(ScheduleError::OutOfRange)?;
        }
        Ok(number)
    }

    fn date(&self, from: Date, number: u32) -> Result<Date, ScheduleError> {
        from.checked_add(period::span(self.every, number)?).map_err(|_| ScheduleError::OutOfRange)
    }

    fn warning_date(&self, before: Period, from: Date) -> Result<Date, ScheduleError> {
        self.date(from, 1)?.checked_sub(period::span(before, 1)?).map_err(|_| ScheduleError::OutOfRange)
    }

    /// `date` never gives an earlier date for a later one. East of UTC the local date is that of
    /// UTC or the next, and the hour comes up to 14 hours earlier; west of it the local date may be
    /// the one before, and the hour comes later than in UTC.
    fn in_no_zone(&self, date: impl Fn(Date) -> Result<Date, ScheduleError>) -> Result<Timestamp, ScheduleError> {
        let utc = Zone::utc();
        let today = utc.date(self.since)?;
        let yesterday = today.yesterday().map_err(|_| ScheduleError::OutOfRange)?;
        let east = utc.at(date(today)?, self.hour)?.plus_millis(-EASTERNMOST_MILLIS);
        let west = utc.at(date(yesterday)?, self.hour)?;
        Ok(east.min(west).plus_millis(-1))
    }
}

/// The zone with the earliest day is 14 hours ahead of UTC.
const EASTERNMOST_MILLIS: i64 = 14 * 60 * 60 * 1000;
/// By how many periods the mean length may be wrong about the number of an occurrence.
const MARGIN: i128 = 3;

#[cfg(test)]
mod tests;
