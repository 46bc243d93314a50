#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::model::PeriodUnit;
use crate::testing::schedule_oracle::{self, ZONES};

const UNITS: [PeriodUnit; 4] = [PeriodUnit::Days, PeriodUnit::Weeks, PeriodUnit::Months, PeriodUnit::Years];

fn period(count: u16, unit: PeriodUnit) -> Period {
    Period { count, unit }
}

fn months(count: u16) -> Period {
    period(count, PeriodUnit::Months)
}

/// A moment from its local text in a zone.
fn moment(text: &str, zone: &str) -> Timestamp {
    let time: jiff::civil::DateTime = text.parse().unwrap();
    let at = time.to_zoned(jiff::tz::TimeZone::get(zone).unwrap()).unwrap().timestamp();
    Timestamp::from_millis(at.as_millisecond())
}

/// The local times of some occurrences of what changed at `since` in a zone.
fn told(since: &str, every: Period, hour: u8, zone: &str, numbers: &[u32]) -> Vec<String> {
    let recurrence = Recurrence::new(moment(since, zone), every, hour).unwrap();
    let zone = Zone::named(zone).unwrap();
    numbers.iter().map(|number| zone.local(recurrence.occurrence(*number, &zone).unwrap())).collect()
}

#[test]
fn month_ends_count_from_the_original_date() {
    assert_eq!(
        told("2027-01-31T12:00", months(1), 9, "Europe/Vienna", &[1, 2, 3, 13]),
        ["2027-02-28 09:00", "2027-03-31 09:00", "2027-04-30 09:00", "2028-02-29 09:00"]
    );
    assert_eq!(
        told("2028-02-29T12:00", period(1, PeriodUnit::Years), 0, "UTC", &[1, 4]),
        ["2029-02-28 00:00", "2032-02-29 00:00"]
    );
}

#[test]
fn the_date_is_that_of_the_recipient() {
    let since = moment("2026-01-31T23:30", "UTC");
    let monthly = Recurrence::new(since, months(1), 9).unwrap();
    let dates =
        [("UTC", "2026-02-28 09:00"), ("Europe/Vienna", "2026-03-01 09:00"), ("America/New_York", "2026-02-28 09:00")];
    for (zone, local) in dates {
        let zone = Zone::named(zone).unwrap();
        assert_eq!(zone.local(monthly.occurrence(1, &zone).unwrap()), local, "{zone:?}");
    }
}

#[test]
fn gaps_move_the_hour_and_folds_take_the_first() {
    let daily = period(1, PeriodUnit::Days);
    let gap = told("2026-03-28T12:00", daily, 2, "Europe/Vienna", &[1, 2]);
    assert_eq!(gap, ["2026-03-29 03:00", "2026-03-30 02:00"]);
    // A whole day that Samoa left out.
    assert_eq!(told("2011-12-29T12:00", daily, 9, "Pacific/Apia", &[1, 2]), ["2011-12-31 09:00", "2011-12-31 09:00"]);

    let vienna = Zone::named("europe/vienna").unwrap();
    let since = moment("2026-10-24T12:00", "Europe/Vienna");
    let fold = Recurrence::new(since, daily, 2).unwrap().occurrence(1, &vienna).unwrap();
    assert_eq!(fold, moment("2026-10-25T00:00", "UTC"), "02:00 of summer time, not of winter time");
}

#[test]
fn periods_have_bounds() {
    let since = Timestamp::from_millis(0);
    for unit in UNITS {
        assert_eq!(Recurrence::new(since, period(0, unit), 9), Err(ScheduleError::ZeroPeriod));
        assert!(Recurrence::new(since, period(1, unit), 9).is_ok());
    }
    let thousand = Recurrence::new(since, period(1_000, PeriodUnit::Years), 9);
    let refused = ScheduleError::PeriodTooLong { count: 1_000, unit: PeriodUnit::Years, max: 100 };
    assert_eq!(thousand, Err(refused.clone()));
    assert_eq!(refused.to_string(), "a period has at most 100 years; this one has 1000");
    for (most, unit) in [36_525, 5_217, 1_200, 100].into_iter().zip(UNITS) {
        assert_eq!(check_period(period(most, unit)), Ok(()));
        assert!(matches!(check_period(period(most + 1, unit)), Err(ScheduleError::PeriodTooLong { .. })));
    }
    assert_eq!(Recurrence::new(since, months(1), 24), Err(ScheduleError::Hour(24)));
    assert_eq!(Zone::named("Middle/Earth"), Err(ScheduleError::UnknownZone { length: 12 }));
    let end = Recurrence::new(Timestamp::from_millis(i64::MAX), months(1), 9).unwrap();
    assert_eq!(end.occurrence(1, &Zone::utc()), Err(ScheduleError::OutOfRange));
    let centuries = Recurrence::new(since, period(100, PeriodUnit::Years), 9).unwrap();
    assert_eq!(centuries.occurrence(u32::MAX, &Zone::utc()), Err(ScheduleError::OutOfRange));
}

#[test]
fn warnings_come_after_the_change() {
    let days = |count| period(count, PeriodUnit::Days);
    for (every, before, fits) in [
        (months(1), days(27), true),
        (months(1), days(28), false),
        (months(3), months(2), true),
        (months(12), period(1, PeriodUnit::Years), false),
        (days(14), period(2, PeriodUnit::Weeks), false),
        (days(15), period(2, PeriodUnit::Weeks), true),
    ] {
        assert_eq!(check_warning(every, before).is_ok(), fits, "{before:?} before {every:?}");
    }
    assert_eq!(check_warning(months(1), days(0)), Err(ScheduleError::ZeroPeriod));
    let utc = Zone::utc();
    let since = moment("2026-01-31T12:00", "UTC");
    let monthly = Recurrence::new(since, months(1), 9).unwrap();
    assert_eq!(utc.local(monthly.warning(days(7), &utc).unwrap()), "2026-02-21 09:00");
}

#[test]
fn every_vector_of_the_calendar_gets_its_answer() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/reminders");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let case: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let number = |name: &str| case[name].as_u64().unwrap();
        let answer = || {
            let zone = Zone::named(case["zone"].as_str().unwrap())?;
            let since = Timestamp::from_millis(case["since"].as_i64().unwrap());
            let every = serde_json::from_value(case["every"].clone()).unwrap();
            let at = Recurrence::new(since, every, number("hour") as u8)?.occurrence(number("number") as u32, &zone)?;
            Ok(serde_json::json!({ "at": at.as_millis(), "local": zone.local(at) }))
        };
        let found = answer().unwrap_or_else(|error| serde_json::json!({ "error": class(&error) }));
        assert_eq!(found, case["expected"], "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 20, "{seen} vectors");
}

fn class(error: &ScheduleError) -> &'static str {
    match error {
        ScheduleError::ZeroPeriod => "zero_period",
        ScheduleError::PeriodTooLong { .. } => "period_too_long",
        ScheduleError::WarningTooLong => "warning_too_long",
        ScheduleError::Hour(_) => "hour",
        ScheduleError::UnknownZone { .. } => "unknown_zone",
        ScheduleError::OutOfRange => "out_of_range",
    }
}

/// Numbers that differ from run to run of nothing but the seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn case(&mut self) -> (Timestamp, Period, u32, &'static str, u8) {
        // From 2008 on, when the oracle's rules begin.
        let since = 1_200_000_000_000 + i64::try_from(self.below(1_200_000_000_000)).unwrap();
        let unit = UNITS[self.below(4) as usize];
        let (most, number) = match unit {
            PeriodUnit::Days => (400, 3),
            PeriodUnit::Weeks => (60, 3),
            PeriodUnit::Months => (36, 6),
            PeriodUnit::Years => (5, 6),
        };
        let count = 1 + self.below(most) as u16;
        let number = 1 + self.below(number) as u32;
        let zone = ZONES[self.below(ZONES.len() as u64) as usize];
        // Hours at which clocks are moved come up often.
        let hour = if self.below(2) == 0 { self.below(4) } else { self.below(24) } as u8;
        (Timestamp::from_millis(since), period(count, unit), number, zone, hour)
    }
}

#[test]
fn a_naive_count_day_by_day_agrees() {
    let mut numbers = Numbers(0x5eed);
    let zones: Vec<Zone> = ZONES.iter().map(|name| Zone::named(name).unwrap()).collect();
    for case in 0..100_000 {
        let (since, every, number, name, hour) = numbers.case();
        let zone = &zones[ZONES.iter().position(|known| *known == name).unwrap()];
        let recurrence = Recurrence::new(since, every, hour).unwrap();
        let told = format!("case {case}: {since} {every:?} x {number} at {hour} in {name}");
        let due = recurrence.occurrence(number, zone).unwrap();
        let naive = schedule_oracle::occurrence(since.as_millis(), every, number, name, hour);
        assert_eq!(due.as_millis(), naive, "{told}");
        if let Ok(warning) = recurrence.warning(period(3, PeriodUnit::Days), zone) {
            let before = period(3, PeriodUnit::Days);
            assert_eq!(warning.as_millis(), schedule_oracle::warning(since.as_millis(), every, before, name, hour));
            let early = recurrence.warning_before_any_zone(before).unwrap();
            assert!(early < warning && warning < early.plus_millis(FIVE_DAYS), "warning of {told}");
        }
        let early = recurrence.before_any_zone(number).unwrap();
        assert!(early < due && due < early.plus_millis(FIVE_DAYS), "{told}");
        let next = recurrence.next_in_any_zone(early.plus_millis(-1)).unwrap();
        assert!(next <= number && recurrence.before_any_zone(next).unwrap() == early, "{told}");
        assert!(recurrence.next_in_any_zone(early).unwrap() > number, "{told}");
        assert_eq!(recurrence.next_after(due.plus_millis(-1), zone).unwrap(), number, "{told}");
        assert_eq!(recurrence.next_after(due, zone).unwrap(), number + 1, "{told}");
    }
}

const FIVE_DAYS: i64 = 5 * 24 * 60 * 60 * 1000;
