//! Days and hours where the houses stand.

use dictionary::{Date, Timestamp};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

/// America/Los_Angeles by its rule as it has stood since 2007, so that no time-zone files are needed.
const PACIFIC: &str = "PST8PDT,M3.2.0,M11.1.0";

/// The clock of Washington State, with daylight saving.
pub(crate) fn pacific() -> TimeZone {
    TimeZone::posix(PACIFIC).expect("the rule is a constant and is tried by the tests")
}

/// The day that it is in this zone.
pub(crate) fn day_of(zone: &TimeZone, at: Timestamp) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// The instant of this second of a day; an hour that daylight saving skips is taken after the skip.
pub(crate) fn instant(zone: &TimeZone, day: Date, second: i64) -> Timestamp {
    let second = second.clamp(0, 86_399);
    let part = |n: i64| i8::try_from(n).unwrap_or(0);
    let time = day.at(part(second / 3600), part(second / 60 % 60), part(second % 60), 0);
    zone.to_timestamp(time).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The day this many days later, or earlier where they are negative; the end of time stays.
pub(crate) fn plus_days(day: Date, days: i64) -> Date {
    day.saturating_add(span(days))
}

/// How many days lead from one day to the other.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

fn span(days: i64) -> Span {
    days.clamp(-1_000_000, 1_000_000).days()
}
