//! Periods: which are accepted, and how long they are.

use jiff::Span;

use super::error::ScheduleError;
use crate::model::{Period, PeriodUnit};

/// Accepts periods of one day to a hundred years.
///
/// # Errors
/// [`ScheduleError::ZeroPeriod`], [`ScheduleError::PeriodTooLong`].
pub fn check_period(period: Period) -> Result<(), ScheduleError> {
    let Period { count, unit } = period;
    let max = match unit {
        PeriodUnit::Days => 36_525,
        PeriodUnit::Weeks => 5_217,
        PeriodUnit::Months => 1_200,
        PeriodUnit::Years => 100,
    };
    match count {
        0 => Err(ScheduleError::ZeroPeriod),
        count if count > max => Err(ScheduleError::PeriodTooLong { count, unit, max }),
        _ => Ok(()),
    }
}

/// Accepts warnings that come after the period has begun, wherever in the year that is.
///
/// # Errors
/// As [`check_period`] of the warning; [`ScheduleError::WarningTooLong`].
pub fn check_warning(period: Period, before: Period) -> Result<(), ScheduleError> {
    check_period(before)?;
    let fits = match (in_months(period), in_months(before)) {
        (Some(period), Some(before)) => before < period,
        _ => longest_days(before) < shortest_days(period),
    };
    if fits { Ok(()) } else { Err(ScheduleError::WarningTooLong) }
}

/// `number` periods together.
pub(super) fn span(period: Period, number: u32) -> Result<Span, ScheduleError> {
    let count = i64::from(period.count) * i64::from(number);
    let span = match period.unit {
        PeriodUnit::Days => Span::new().try_days(count),
        PeriodUnit::Weeks => Span::new().try_weeks(count),
        PeriodUnit::Months => Span::new().try_months(count),
        PeriodUnit::Years => Span::new().try_years(count),
    };
    span.map_err(|_| ScheduleError::OutOfRange)
}

/// How long a period is in the mean over 400 years, in milliseconds.
pub(super) fn mean_millis(period: Period) -> i128 {
    const DAY: i128 = 24 * 60 * 60 * 1000;
    const YEAR: i128 = DAY * 146_097 / 400;
    let unit = match period.unit {
        PeriodUnit::Days => DAY,
        PeriodUnit::Weeks => 7 * DAY,
        PeriodUnit::Months => YEAR / 12,
        PeriodUnit::Years => YEAR,
    };
    i128::from(period.count.max(1)) * unit
}

fn in_months(period: Period) -> Option<u32> {
    match period.unit {
        PeriodUnit::Days | PeriodUnit::Weeks => None,
        PeriodUnit::Months => Some(u32::from(period.count)),
        PeriodUnit::Years => Some(u32::from(period.count) * 12),
    }
}

fn longest_days(period: Period) -> u32 {
    let count = u32::from(period.count);
    match period.unit {
        PeriodUnit::Days => count,
        PeriodUnit::Weeks => count * 7,
        PeriodUnit::Months => count * 31,
        PeriodUnit::Years => count * 366,
    }
}

fn shortest_days(period: Period) -> u32 {
    let count = u32::from(period.count);
    match period.unit {
        PeriodUnit::Days => count,
        PeriodUnit::Weeks => count * 7,
        // One month in twelve is February, and no two months together have fewer than 59 days.
        PeriodUnit::Months => (count * 30).saturating_sub(2),
        PeriodUnit::Years => count * 365,
    }
}
