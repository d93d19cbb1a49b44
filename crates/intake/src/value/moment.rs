//! Dates and times as people type them.

use dictionary::{Date, Time, Timestamp};
use jiff::civil::DateTime;
use jiff::fmt::strtime::{BrokenDownTime, parse as read_as};
use odata::text::{read_date, read_time, read_timestamp};

use super::{Bad, Parse, shown};

/// What is tried after the forms of ISO 8601 where the mapping says nothing: as in the United States, the
/// month first.
const DATE_FORMATS: [&str; 2] = ["%m/%d/%Y", "%m-%d-%Y"];
/// Times of day that may follow a date, with a space or a `T` between.
const TIME_FORMATS: [&str; 6] = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p"];
/// Dates that programs write.
const ISO_FORMATS: [&str; 2] = ["%Y-%m-%d", "%Y%m%d"];

/// The parts that `text` names, in the first form that fits it.
fn parts(text: &str, parse: &Parse, formats: &[&str]) -> Option<BrokenDownTime> {
    let fits = |format: &str| {
        let parts = read_as(format, text).ok()?;
        // %Y takes 14 as the year 14: nobody sold a house then.
        parts.year().is_none_or(|year| year >= 1000).then_some(parts)
    };
    match &parse.date_formats {
        Some(given) => given.iter().find_map(|format| fits(format)),
        None => formats.iter().find_map(|format| fits(format)),
    }
}

fn hint(parse: &Parse, else_hint: &str) -> String {
    match &parse.date_formats {
        Some(given) => format!("The mapping's date_formats are {}.", given.join(" and ")),
        None => else_hint.to_owned(),
    }
}

/// A date. Of an instant its own date is taken, as it is written.
pub(super) fn date(text: &str, parse: &Parse) -> Result<Date, Bad> {
    let wrong = || {
        let hint = hint(parse, "Write 2014-10-13 or 10/13/2014, or set date_formats.");
        Bad::new("wrong_value", format!("{} is not a date.", shown(text)), hint)
    };
    if let Ok(date) = read_date(text) {
        return Ok(date);
    }
    if let Some(date) = parts(text, parse, &DATE_FORMATS).and_then(|parts| parts.to_date().ok()) {
        return Ok(date);
    }
    if let Some(at) = local(text, parse) {
        return Ok(at.date());
    }
    // An instant with its distance from UTC: the calendar's date is the first part.
    if read_timestamp(text).is_ok() {
        return text.get(..10).and_then(|date| read_date(date).ok()).ok_or_else(wrong);
    }
    Err(wrong())
}

/// A time of day.
pub(super) fn time(text: &str, parse: &Parse) -> Result<Time, Bad> {
    if let Ok(time) = read_time(text) {
        return Ok(time);
    }
    let upper = text.to_ascii_uppercase();
    parts(&upper, parse, &TIME_FORMATS).and_then(|parts| parts.to_time().ok()).map(micros).ok_or_else(|| {
        let hint = hint(parse, "Write 09:30, 09:30:00 or 9:30 AM, or set date_formats.");
        Bad::new("wrong_value", format!("{} is not a time of day.", shown(text)), hint)
    })
}

/// An instant: with its distance from UTC, or at the local time of the mapping's time zone. A local time
/// that a clock shows twice is the first of the two; one that it leaves out moves forward with it.
pub(super) fn timestamp(text: &str, parse: &Parse) -> Result<Timestamp, Bad> {
    let wrong = || {
        let hint = hint(parse, "Write 2014-10-13T09:30:00Z or 10/13/2014 9:30 AM, or set date_formats.");
        Bad::new("wrong_value", format!("{} is not a date and time.", shown(text)), hint)
    };
    if let Ok(at) = read_timestamp(text) {
        return Ok(at);
    }
    if parse.date_formats.is_some()
        && let Some(parts) = parts(text, parse, &[])
        && parts.offset().is_some()
    {
        return parts.to_timestamp().map_err(|_| wrong());
    }
    let local = local(text, parse)
        .or_else(|| read_date(text).ok().map(Date::into))
        .or_else(|| Some(parts(text, parse, &DATE_FORMATS)?.to_date().ok()?.into()))
        .ok_or_else(wrong)?;
    let Some(zone) = &parse.time_zone else {
        return Err(Bad::new(
            "time_zone_missing",
            format!("{} does not say its distance from UTC.", shown(text)),
            "Set time_zone in the mapping, such as America/Los_Angeles.",
        ));
    };
    zone.to_timestamp(DateTime::from_parts(local.date(), micros(local.time()))).map_err(|_| wrong())
}

/// A date and a time of day without a distance from UTC.
fn local(text: &str, parse: &Parse) -> Option<DateTime> {
    if parse.date_formats.is_some()
        && let Some(found) = parts(text, parse, &[]).and_then(|parts| parts.to_datetime().ok())
    {
        return Some(found);
    }
    let (day, clock) = text.split_once([' ', 'T', 't']).filter(|(day, _)| day.len() >= 8)?;
    let fits = |formats: &[&str], text: &str| formats.iter().find_map(|format| read_as(format, text).ok());
    let date = match &parse.date_formats {
        Some(_) => fits(&ISO_FORMATS, day)?,
        None => fits(&ISO_FORMATS, day).or_else(|| fits(&DATE_FORMATS, day))?,
    };
    let clock = clock.trim().to_ascii_uppercase();
    let time = fits(&TIME_FORMATS, &clock).or_else(|| fits(&["%H%M%S"], &clock))?;
    let date = date.to_date().ok().filter(|date| date.year() >= 1000)?;
    Some(DateTime::from_parts(date, time.to_time().ok()?))
}

/// The time, cut to microseconds.
fn micros(time: Time) -> Time {
    let cut = time.subsec_nanosecond() / 1_000 * 1_000;
    Time::new(time.hour(), time.minute(), time.second(), cut).unwrap_or(time)
}
