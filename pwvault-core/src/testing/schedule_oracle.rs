//! A second, naive calendar for reminders: it counts day by day and quarter by quarter of an hour,
//! has its own rules for the clocks of a few zones (as they stand since 2008), and uses nothing of
//! `crate::schedule`. Where the two differ, one of them is wrong.

use crate::model::{Period, PeriodUnit};

/// The zones it knows.
pub const ZONES: [&str; 10] = [
    "UTC",
    "Europe/Vienna",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Etc/GMT+12",
];

/// When occurrence `number` falls, in milliseconds since the epoch.
#[must_use]
pub fn occurrence(since: i64, every: Period, number: u32, zone: &str, hour: u8) -> i64 {
    local_hour(forward(local_date(since, zone), every, number), zone, hour)
}

/// When the warning before the first occurrence falls.
#[must_use]
pub fn warning(since: i64, every: Period, before: Period, zone: &str, hour: u8) -> i64 {
    local_hour(backward(forward(local_date(since, zone), every, 1), before), zone, hour)
}

/// Year, month and day, reached by walking from 1970 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    const EPOCH: Self = Self { year: 1970, month: 1, day: 1 };

    fn next(self) -> Self {
        if self.day < length(self.year, self.month) {
            Self { day: self.day + 1, ..self }
        } else if self.month < 12 {
            Self { month: self.month + 1, day: 1, ..self }
        } else {
            Self { year: self.year + 1, month: 1, day: 1 }
        }
    }

    fn previous(self) -> Self {
        if self.day > 1 {
            Self { day: self.day - 1, ..self }
        } else if self.month > 1 {
            Self { month: self.month - 1, day: length(self.year, self.month - 1), ..self }
        } else {
            Self { year: self.year - 1, month: 12, day: 31 }
        }
    }

    /// Days since the epoch: whole years one by one, then whole months, then days.
    fn number(self) -> i64 {
        let years: i64 = (1970..self.year).map(|year| (1..=12).map(|month| length(year, month)).sum::<i64>()).sum();
        let months: i64 = (1..self.month).map(|month| length(self.year, month)).sum();
        years + months + self.day - 1
    }

    fn of_number(number: i64) -> Self {
        let mut day = Self::EPOCH;
        let mut left = number;
        loop {
            let year: i64 = (1..=12).map(|month| length(day.year, month)).sum();
            if left < year {
                break;
            }
            left -= year;
            day.year += 1;
        }
        for _ in 0..left {
            day = day.next();
        }
        day
    }
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn forward(from: Day, every: Period, number: u32) -> Day {
    let count = i64::from(every.count) * i64::from(number);
    match every.unit {
        PeriodUnit::Days => (0..count).fold(from, |day, _| day.next()),
        PeriodUnit::Weeks => (0..count * 7).fold(from, |day, _| day.next()),
        PeriodUnit::Months => (0..count).fold(Month::of(from), |month, _| month.next()).day(from.day),
        PeriodUnit::Years => (0..count * 12).fold(Month::of(from), |month, _| month.next()).day(from.day),
    }
}

fn backward(from: Day, before: Period) -> Day {
    let count = i64::from(before.count);
    match before.unit {
        PeriodUnit::Days => (0..count).fold(from, |day, _| day.previous()),
        PeriodUnit::Weeks => (0..count * 7).fold(from, |day, _| day.previous()),
        PeriodUnit::Months => (0..count).fold(Month::of(from), |month, _| month.previous()).day(from.day),
        PeriodUnit::Years => (0..count * 12).fold(Month::of(from), |month, _| month.previous()).day(from.day),
    }
}

#[derive(Clone, Copy)]
struct Month {
    year: i64,
    month: i64,
}

impl Month {
    const fn of(day: Day) -> Self {
        Self { year: day.year, month: day.month }
    }

    const fn next(self) -> Self {
        if self.month == 12 { Self { year: self.year + 1, month: 1 } } else { Self { month: self.month + 1, ..self } }
    }

    const fn previous(self) -> Self {
        if self.month == 1 { Self { year: self.year - 1, month: 12 } } else { Self { month: self.month - 1, ..self } }
    }

    /// The day of the month, or its last.
    fn day(self, wanted: i64) -> Day {
        Day { year: self.year, month: self.month, day: wanted.min(length(self.year, self.month)) }
    }
}

fn local_date(at: i64, zone: &str) -> Day {
    let clock = Clock::of(zone, Day::of_number(at.div_euclid(DAY)).year);
    Day::of_number((at + clock.offset(at) * MINUTE).div_euclid(DAY))
}

/// Walks through the day until the local clock shows the hour, or has jumped over it.
fn local_hour(date: Day, zone: &str, hour: u8) -> i64 {
    let clock = Clock::of(zone, date.year);
    let wanted = date.number() * DAY + i64::from(hour) * 60 * MINUTE;
    let mut at = wanted - 15 * 60 * MINUTE;
    loop {
        let shown = at + clock.offset(at) * MINUTE;
        if shown == wanted {
            return at;
        }
        if shown > wanted {
            // Jumped over: what the clock would have shown before the jump.
            return wanted - clock.offset(at - QUARTER) * MINUTE;
        }
        at += QUARTER;
    }
}

/// The clock of a zone in one year and the days around it.
struct Clock {
    /// Minutes ahead of UTC outside `other`.
    offset: i64,
    /// From when until when it is another offset.
    other: Option<(i64, i64, i64)>,
}

impl Clock {
    fn of(zone: &str, year: i64) -> Self {
        // The Sunday of that week of a month (0: the last), and a time of that day in minutes of UTC.
        let sunday = |month: i64, week: i64, minutes: i64| nth_sunday(year, month, week) * DAY + minutes * MINUTE;
        let european = |offset: i64| Some((sunday(3, 0, 60), sunday(10, 0, 60), offset + 60));
        // 02:00 of the zone's own clock: standard time in spring, summer time in autumn.
        let american = |offset: i64| Some((sunday(3, 2, 120 - offset), sunday(11, 1, 60 - offset), offset + 60));
        let (offset, other) = match zone {
            "Europe/Vienna" => (60, european(60)),
            "Europe/London" => (0, european(0)),
            "America/New_York" => (-300, american(-300)),
            "America/Los_Angeles" => (-480, american(-480)),
            "Asia/Kolkata" => (330, None),
            // Winter is from the first Sunday of April to the first of October, half an hour back.
            "Australia/Lord_Howe" => (660, Some((sunday(4, 1, 120 - 660), sunday(10, 1, 120 - 630), 630))),
            "Pacific/Kiritimati" => (840, None),
            "Pacific/Pago_Pago" => (-660, None),
            "Etc/GMT+12" => (-720, None),
            _ => (0, None),
        };
        Self { offset, other }
    }

    fn offset(&self, at: i64) -> i64 {
        match self.other {
            Some((from, until, other)) if at >= from && at < until => other,
            _ => self.offset,
        }
    }
}

/// The day number of a Sunday: the first, the second, or with week 0 the last of a month.
fn nth_sunday(year: i64, month: i64, week: i64) -> i64 {
    let first = Day { year, month, day: 1 }.number();
    // 1 January 1970 was a Thursday.
    let sundays: Vec<i64> =
        (first..first + length(year, month)).filter(|number| (number + 4).rem_euclid(7) == 0).collect();
    let at = usize::try_from(week - 1).unwrap_or(sundays.len().saturating_sub(1));
    sundays.get(at).copied().unwrap_or(first)
}

const MINUTE: i64 = 60 * 1000;
const QUARTER: i64 = 15 * MINUTE;
const DAY: i64 = 24 * 60 * MINUTE;
