//! Instants: days and moments, and texts that read as one.

use dictionary::{Date, Decimal, Timestamp};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive as _;

use crate::Value;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// A day or a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum When {
    Day(Date),
    Moment(Timestamp),
}

/// Reads `2023-04-21` and `2023-04-21T01:02:03Z`, with any offset and fraction.
pub(crate) fn read(text: &str) -> Option<When> {
    // The shortest and the longest that may be one: no other text is looked at further.
    if !(10..=40).contains(&text.len()) || !text.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    if text.len() == 10 {
        return text.parse().ok().map(When::Day);
    }
    let at: Timestamp = text.parse().ok()?;
    Timestamp::from_microsecond(at.as_microsecond()).ok().map(When::Moment)
}

/// The instant that a value is, or reads as.
pub(crate) fn of(value: &Value) -> Option<When> {
    match value {
        Value::Date(date) => Some(When::Day(*date)),
        Value::Time(at) => Some(When::Moment(*at)),
        Value::Text(text) => read(text),
        _ => None,
    }
}

impl When {
    /// The moment; a day begins at midnight UTC.
    pub(crate) fn instant(self) -> Option<Timestamp> {
        match self {
            Self::Day(date) => date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp()),
            Self::Moment(at) => Some(at),
        }
    }

    /// The day, in UTC.
    pub(crate) fn day(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Moment(at) => at.to_zoned(TimeZone::UTC).date(),
        }
    }

    /// So many days later, to the millisecond; a day stays one where the number is whole.
    pub(crate) fn plus(self, days: Decimal) -> Option<Value> {
        let whole = days.trunc() == days;
        let milliseconds = days.checked_mul(DAY.into())?.round().to_i64()?;
        let later = self.instant()?.checked_add(SignedDuration::from_millis(milliseconds)).ok()?;
        Some(match self {
            Self::Day(_) if whole => Value::Date(Self::Moment(later).day()),
            _ => Value::Time(later),
        })
    }

    /// How many days lie between.
    pub(crate) fn since(self, other: Self) -> Option<Decimal> {
        let milliseconds = self.instant()?.duration_since(other.instant()?).as_millis();
        Decimal::from(i64::try_from(milliseconds).ok()?).checked_div(DAY.into())
    }

    pub(crate) fn value(self) -> Value {
        match self {
            Self::Day(date) => Value::Date(date),
            Self::Moment(at) => Value::Time(at),
        }
    }
}
