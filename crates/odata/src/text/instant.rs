//! Dates, times of day and instants.

use dictionary::{Date, Time, Timestamp};
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::TextFault;

const DATE_HINT: &str = "Write year-month-day, such as 2026-11-23.";
const TIME_HINT: &str = "Write hours, minutes and seconds, such as 09:30:00 or 09:30:00.250.";
const TIMESTAMP_HINT: &str = "Write date, T, time and the distance from UTC, such as 2026-11-23T09:49:52Z or 2026-11-23T01:49:52-08:00.";

/// A date: `2026-11-23`. Years have four digits.
///
/// # Errors
/// Where it has another form, or is not in the calendar.
pub fn read_date(text: &str) -> Result<Date, TextFault> {
    let mut rest = Rest(text.as_bytes());
    let (year, month, day) = rest
        .date()
        .filter(|_| rest.0.is_empty())
        .ok_or_else(|| TextFault::about(text, "is not a date", DATE_HINT))?;
    Date::new(year, month, day).map_err(|_| TextFault::about(text, "is not in the calendar", DATE_HINT))
}

/// A time of day: `09:30`, `09:30:00` or with up to twelve digits of a second, cut to microseconds.
///
/// # Errors
/// Where it has another form; 24:00 and leap seconds are no times of day.
pub fn read_time(text: &str) -> Result<Time, TextFault> {
    let mut rest = Rest(text.as_bytes());
    rest.time()
        .filter(|_| rest.0.is_empty())
        .and_then(clock)
        .ok_or_else(|| TextFault::about(text, "is not a time of day", TIME_HINT))
}

/// An instant with any distance from UTC, kept in UTC and cut to microseconds.
///
/// # Errors
/// Where it has another form, no distance from UTC, or is not in the calendar.
pub fn read_timestamp(text: &str) -> Result<Timestamp, TextFault> {
    let wrong = || TextFault::about(text, "is not a date and time", TIMESTAMP_HINT);
    let mut rest = Rest(text.as_bytes());
    let date = rest.date().ok_or_else(wrong)?;
    rest.one_of(b"Tt").ok_or_else(wrong)?;
    let time = rest.time().ok_or_else(wrong)?;
    if rest.0.is_empty() {
        return Err(TextFault::about(text, "does not say its distance from UTC", TIMESTAMP_HINT));
    }
    let seconds = rest.offset().filter(|_| rest.0.is_empty()).ok_or_else(wrong)?;
    let date = Date::new(date.0, date.1, date.2)
        .map_err(|_| TextFault::about(text, "is not in the calendar", TIMESTAMP_HINT))?;
    let local = DateTime::from_parts(date, clock(time).ok_or_else(wrong)?);
    let offset = Offset::from_seconds(seconds).map_err(|_| wrong())?;
    offset
        .to_timestamp(local)
        .map_err(|_| TextFault::about(text, "is too far away to be kept", "Years go from 0001 to 9999."))
}

/// Hours, minutes, seconds and microseconds.
type Clock = (i8, i8, i8, i32);

fn clock((hour, minute, second, micros): Clock) -> Option<Time> {
    Time::new(hour, minute, second, micros * 1_000).ok()
}

/// What is still to be read. Each reader takes its part or gives none.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<i16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = digits
            .iter()
            .try_fold(0_i16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0')))?;
        self.0 = rest;
        Some(number)
    }

    fn two(&mut self) -> Option<i8> {
        i8::try_from(self.digits(2)?).ok()
    }

    fn date(&mut self) -> Option<(i16, i8, i8)> {
        let year = self.digits(4)?;
        self.one_of(b"-")?;
        let month = self.two()?;
        self.one_of(b"-")?;
        Some((year, month, self.two()?))
    }

    fn time(&mut self) -> Option<Clock> {
        let hour = self.two()?;
        self.one_of(b":")?;
        let minute = self.two()?;
        if self.one_of(b":").is_none() {
            return Some((hour, minute, 0, 0));
        }
        let second = self.two()?;
        if self.one_of(b".").is_none() {
            return Some((hour, minute, second, 0));
        }
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        if !(1..=12).contains(&count) {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let micros = (0..6).fold(0, |sum, at| sum * 10 + digits.get(at).map_or(0, |b| i32::from(b - b'0')));
        Some((hour, minute, second, micros))
    }

    /// Seconds east of UTC: `Z`, `+05:30`, `-08:00`.
    fn offset(&mut self) -> Option<i32> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.two().filter(|h| *h < 24)?;
        self.one_of(b":")?;
        let minutes = self.two().filter(|m| *m < 60)?;
        Some(sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60))
    }
}
