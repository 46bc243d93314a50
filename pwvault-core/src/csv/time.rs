//! Times in cells: RFC 3339, and milliseconds since the epoch. Owns just enough calendar for that.

use crate::clock::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// Reads `2024-01-31T12:00:00Z`, with an optional fraction, zone offset, or a blank for the `T`,
/// without a zone as UTC, without a time as midnight; or a whole number of milliseconds.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(millis) = text.parse() {
        return Some(Timestamp::from_millis(millis));
    }
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00:00"));
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let (time, offset_ms) = split_zone(time)?;
    Some(Timestamp::from_millis(days_from_civil(year, month, day) * DAY_MS + time_ms(time)? - offset_ms))
}

/// Writes RFC 3339 in UTC with milliseconds, or plain milliseconds outside the years 0 to 9999.
pub(super) fn format(at: Timestamp) -> String {
    let millis = at.as_millis();
    let (days, rest) = (millis.div_euclid(DAY_MS), millis.rem_euclid(DAY_MS));
    let (year, month, day) = civil_from_days(days);
    if !(0..=9999).contains(&year) {
        return millis.to_string();
    }
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some((at, sign)) = time.char_indices().find(|(_, c)| matches!(c, '+' | '-')) else {
        return Some((time, 0));
    };
    let (time, zone) = time.split_at(at);
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let offset = (hours * 60 + minutes) * 60_000;
    (hours < 24 && minutes < 60).then_some((time, if sign == '-' { -offset } else { offset }))
}

fn time_ms(time: &str) -> Option<i64> {
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = digits(parts.next().unwrap_or("00"), 2)?;
    if hour > 23 || minute > 59 || second > 60 || fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let milli: String = fraction.chars().chain("00".chars()).take(3).collect();
    Some(((hour * 60 + minute) * 60 + second) * 1000 + digits(&milli, 3)?)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01, counted in years that begin in March so that the leap day comes last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_exporters_write() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:34:56.789Z", Some(951_827_696_789)),
            ("2024-01-31T12:00:00+02:00", Some(1_706_695_200_000)),
            ("2024-01-31 12:00", Some(1_706_702_400_000)),
            ("2024-01-31", Some(1_706_659_200_000)),
            ("1706695200000", Some(1_706_695_200_000)),
            ("1969-12-31T23:59:59.9Z", Some(-100)),
            ("2023-02-29T00:00:00Z", None),
            ("2024-13-01", None),
            ("2024-01-31T24:00:00Z", None),
            ("31.01.2024", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected.map(Timestamp::from_millis), "{text}");
        }
    }

    proptest! {
        #[test]
        fn written_times_read_back(millis in any::<i64>(), recent in -100_000_000_000_000_i64..300_000_000_000_000) {
            for millis in [millis, recent] {
                let at = Timestamp::from_millis(millis);
                prop_assert_eq!(parse(&format(at)), Some(at));
            }
        }
    }
}
