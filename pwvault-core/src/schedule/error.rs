//! What is wrong with a period or a time.

use crate::model::PeriodUnit;

/// A schedule that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// A period of nothing.
    #[error("a period is at least one day; this one is zero")]
    ZeroPeriod,
    /// A period over the limit.
    #[error("a period has at most {max} {}; this one has {count}", name(*.unit))]
    PeriodTooLong {
        /// How many units it has.
        count: u16,
        /// The unit.
        unit: PeriodUnit,
        /// The most of them.
        max: u16,
    },
    /// A warning that would come before what it warns of has begun.
    #[error("the warning comes before the period has begun; it is shorter than the period")]
    WarningTooLong,
    /// An hour that no day has.
    #[error("an hour is 0 to 23; this one is {0}")]
    Hour(u8),
    /// A name the time zone database does not know.
    #[error("there is no time zone of this name of {length} bytes; write an IANA name such as Europe/Vienna")]
    UnknownZone {
        /// Bytes of the name.
        length: usize,
    },
    /// A time outside the years the calendar has.
    #[error("the time lies outside the years the calendar has")]
    OutOfRange,
}

const fn name(unit: PeriodUnit) -> &'static str {
    match unit {
        PeriodUnit::Days => "days",
        PeriodUnit::Weeks => "weeks",
        PeriodUnit::Months => "months",
        PeriodUnit::Years => "years",
    }
}
