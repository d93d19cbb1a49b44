//! Text read as values, for `cast`: OData's literal forms and no others. None where it is not one.
//!
//! `odata` reads the same forms with a fault for each mistake; here a mistake is null.

use dictionary::{Date, Decimal, Point, Time, Timestamp, Value};
use jiff::civil::DateTime;
use jiff::tz::Offset;

pub(super) fn boolean(text: &str) -> Option<Value> {
    let truth = text.eq_ignore_ascii_case("true");
    (truth || text.eq_ignore_ascii_case("false")).then_some(Value::Boolean(truth))
}

pub(super) fn integer(text: &str) -> Option<i64> {
    is_whole(text).then(|| text.parse().ok())?
}

pub(super) fn decimal(text: &str) -> Option<Decimal> {
    if !is_number(text) {
        return None;
    }
    match text.contains(['e', 'E']) {
        true => Decimal::from_scientific(text).ok(),
        false => Decimal::from_str_exact(text).ok(),
    }
}

pub(super) fn double(text: &str) -> Option<f64> {
    is_number(text).then(|| text.parse().ok())?.filter(|number: &f64| number.is_finite())
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    let (number, exponent) = text.split_once(['e', 'E']).map_or((text, "0"), |(n, e)| (n, e));
    let (whole, fraction) = number.split_once('.').map_or((number, "0"), |(w, f)| (w, f));
    is_whole(whole) && is_whole(exponent) && is_whole(fraction) && !fraction.starts_with(['-', '+'])
}

/// Exactly `count` digits.
fn digits<T: std::str::FromStr>(text: &str, count: usize) -> Option<T> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

pub(super) fn date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let mut part = || parts.next();
    Date::new(digits(part()?, 4)?, digits(part()?, 2)?, digits(part()?, 2)?).ok()
}

/// Hours, minutes, and seconds with up to twelve digits after the point, cut to microseconds.
pub(super) fn time(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once('.').map_or((text, None), |(c, f)| (c, Some(f)));
    let mut parts = clock.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = parts.next().map(|s| digits(s, 2));
    if parts.next().is_some() || (fraction.is_some() && second.is_none()) {
        return None;
    }
    let micros = match fraction {
        None => 0,
        Some(digits) if (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{:0<6.6}", digits).parse::<i32>().ok()?
        }
        Some(_) => return None,
    };
    Time::new(hour, minute, second.unwrap_or(Some(0))?, micros * 1_000).ok()
}

/// With any distance from UTC; without one it is UTC (5.1.1.10.1, rule 11).
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_once(['T', 't'])?;
    let (clock, seconds) = match rest.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => match rest.split_at_checked(rest.len().checked_sub(6)?) {
            Some((clock, offset)) if offset.starts_with(['+', '-']) => (clock, distance(offset)?),
            _ => (rest, 0),
        },
    };
    let local = DateTime::from_parts(date(day)?, time(clock)?);
    Offset::from_seconds(seconds).ok()?.to_timestamp(local).ok()
}

/// Seconds of `+05:30`.
fn distance(text: &str) -> Option<i32> {
    let (hours, minutes) = text[1..].split_once(':')?;
    let (hours, minutes): (i32, i32) = (digits(hours, 2)?, digits(minutes, 2)?);
    let seconds = hours * 3_600 + minutes * 60;
    (hours < 24 && minutes < 60).then_some(if text.starts_with('-') { -seconds } else { seconds })
}

/// `Point(longitude latitude)`, with or without `SRID=4326;` before it.
pub(super) fn point(text: &str) -> Option<Value> {
    let after = |text: &str, head: &str| {
        let start = text.get(..head.len())?;
        start.eq_ignore_ascii_case(head).then(|| text[head.len()..].to_owned())
    };
    let inner = after(text, "SRID=4326;").unwrap_or_else(|| text.to_owned());
    let inner = after(&inner, "POINT(")?;
    let (longitude, latitude) = inner.strip_suffix(')')?.split_once(' ')?;
    let (longitude, latitude) = (double(longitude)?, double(latitude)?);
    let on_globe = longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
    on_globe.then_some(Value::Point(Point { longitude, latitude }))
}
