//! Parts of dates and times (OData 4.01 part 2, 5.1.1.8). Instants are kept in UTC, and so are their parts.

use dictionary::{Date, Decimal, Time, Timestamp, Value};
use jiff::tz::Offset;

use crate::Function;

/// What `mindatetime()` gives: the first instant of the year 1, the earliest that can be written.
pub(super) const EARLIEST: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// What `maxdatetime()` gives: the latest instant that is kept, a day before the year 10000.
pub(super) const LATEST: Timestamp = Timestamp::constant(253_402_207_200, 999_999_000);

/// A part of a date, an instant or a time of day.
pub(super) fn part(function: Function, of: &Value) -> Option<Value> {
    let integer = |number: i64| Some(Value::Integer(number));
    match function {
        Function::Year => integer(date(of)?.year().into()),
        Function::Month => integer(date(of)?.month().into()),
        Function::Day => integer(date(of)?.day().into()),
        Function::Hour => integer(time(of)?.hour().into()),
        Function::Minute => integer(time(of)?.minute().into()),
        Function::Second => integer(time(of)?.second().into()),
        Function::FractionalSeconds => {
            let micros = time(of)?.subsec_nanosecond() / 1_000;
            Some(Value::Decimal(Decimal::new(micros.into(), 6).normalize()))
        }
        Function::Date => Some(Value::Date(Offset::UTC.to_datetime(of.as_timestamp()?).date())),
        Function::Time => Some(Value::Time(Offset::UTC.to_datetime(of.as_timestamp()?).time())),
        Function::TotalOffsetMinutes => of.as_timestamp().and_then(|_| integer(0)),
        _ => None,
    }
}

fn date(of: &Value) -> Option<Date> {
    match of {
        Value::Date(date) => Some(*date),
        Value::Timestamp(at) => Some(Offset::UTC.to_datetime(*at).date()),
        _ => None,
    }
}

fn time(of: &Value) -> Option<Time> {
    match of {
        Value::Time(time) => Some(*time),
        Value::Timestamp(at) => Some(Offset::UTC.to_datetime(*at).time()),
        _ => None,
    }
}
