//! What this room says.

use super::error::ScheduleError;
use crate::model::{Arg, messages};

messages! { ScheduleError {
    Self::ZeroPeriod => "schedule-zero-period",
    Self::PeriodTooLong { count, unit, max } => "schedule-period-too-long" [max, unit = Arg::from(unit), count],
    Self::WarningTooLong => "schedule-warning-too-long",
    Self::Hour(hour) => "schedule-hour" [hour],
    Self::UnknownZone { length } => "schedule-unknown-zone" [length],
    Self::OutOfRange => "schedule-out-of-range",
} }
