//! Values as text.

use std::io::Write as _;

use dictionary::{Date, Decimal, Point, Time, Timestamp, ValueRef};
use jiff::tz::Offset;

/// Writes `value` as [`read_value`](super::read_value) reads it: text as it is, a list as a JSON array,
/// instants in UTC with as many digits of the second (none, 3 or 6) as it has, decimals as they are kept.
pub fn write_value(out: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Boolean(truth) => out.extend_from_slice(if truth { b"true" } else { b"false" }),
        ValueRef::Integer(number) => integer(out, number),
        ValueRef::Decimal(number) => write_decimal(out, number),
        ValueRef::Double(number) => write_double(out, number),
        ValueRef::Date(date) => write_date(out, date),
        ValueRef::Timestamp(at) => write_timestamp(out, at),
        ValueRef::Time(time) => write_time(out, time),
        ValueRef::Text(text) => out.extend_from_slice(text.as_bytes()),
        ValueRef::TextList(_) => crate::json::write_value(out, value, crate::json::Numbers::Plain),
        ValueRef::Point(point) => {
            out.extend_from_slice(b"POINT(");
            write_double(out, point.longitude);
            out.push(b' ');
            write_double(out, point.latitude);
            out.push(b')');
        }
    }
}

/// Digits of a whole number.
pub(crate) fn integer(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

pub(crate) fn write_decimal(out: &mut Vec<u8>, number: Decimal) {
    // Nearly every decimal fits 63 bits; the way over `Display` takes ten times as long.
    let mantissa = number.mantissa();
    let scale = number.scale() as usize;
    let Ok(small) = i64::try_from(mantissa) else {
        write!(out, "{number}").expect("a Vec takes every byte");
        return;
    };
    if small < 0 {
        out.push(b'-');
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(small.unsigned_abs()).as_bytes();
    if scale == 0 {
        out.extend_from_slice(digits);
    } else if let Some(before) = digits.len().checked_sub(scale).filter(|n| *n > 0) {
        out.extend_from_slice(&digits[..before]);
        out.push(b'.');
        out.extend_from_slice(&digits[before..]);
    } else {
        out.extend_from_slice(b"0.");
        out.resize(out.len() + scale - digits.len(), b'0');
        out.extend_from_slice(digits);
    }
}

/// The shortest digits that read back as the same double. What is not finite has no form and is written
/// as 0, which [`dictionary::check`] rules out.
pub(crate) fn write_double(out: &mut Vec<u8>, number: f64) {
    let number = if number.is_finite() { number } else { 0.0 };
    let size = number.abs();
    // Very large and very small numbers would be hundreds of digits without an exponent.
    let written = if size != 0.0 && !(1e-7..1e17).contains(&size) {
        write!(out, "{number:e}")
    } else {
        write!(out, "{number}")
    };
    written.expect("a Vec takes every byte");
}

/// GeoJSON, which is how OData's JSON spells a point (JSON format 4.01, 7.1).
pub(crate) fn write_point_json(out: &mut Vec<u8>, point: Point) {
    out.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":[");
    write_double(out, point.longitude);
    out.push(b',');
    write_double(out, point.latitude);
    out.extend_from_slice(b"]}");
}

pub(crate) fn write_date(out: &mut Vec<u8>, date: Date) {
    let year = date.year();
    if year < 0 {
        out.push(b'-');
    }
    let year = year.unsigned_abs();
    two(out, (year / 100).cast_signed());
    two(out, (year % 100).cast_signed());
    out.push(b'-');
    two(out, date.month().into());
    out.push(b'-');
    two(out, date.day().into());
}

pub(crate) fn write_timestamp(out: &mut Vec<u8>, at: Timestamp) {
    let local = Offset::UTC.to_datetime(at);
    write_date(out, local.date());
    out.push(b'T');
    write_time(out, local.time());
    out.push(b'Z');
}

pub(crate) fn write_time(out: &mut Vec<u8>, time: Time) {
    two(out, time.hour().into());
    out.push(b':');
    two(out, time.minute().into());
    out.push(b':');
    two(out, time.second().into());
    let micros = time.subsec_nanosecond() / 1_000;
    if micros != 0 {
        out.push(b'.');
        let digits = if micros % 1_000 == 0 { 3 } else { 6 };
        let mut unit = 100_000;
        for _ in 0..digits {
            out.push(b'0' + u8::try_from(micros / unit % 10).unwrap_or(0));
            unit /= 10;
        }
    }
}

/// Two digits of a number below 100.
fn two(out: &mut Vec<u8>, number: i16) {
    let digit = |n: i16| b'0' + u8::try_from(n % 10).unwrap_or(0);
    out.extend_from_slice(&[digit(number / 10), digit(number)]);
}
