//! Places: well-known text, with or without what a URL puts around it.

use dictionary::Point;

use super::{TextFault, read_double};

const HINT: &str = "Write POINT(longitude latitude) in degrees, such as POINT(-122.335 47.608).";

/// A point: `POINT(-122.335 47.608)`, longitude first; also `SRID=4326;POINT(…)` and
/// `geography'SRID=4326;POINT(…)'`.
///
/// # Errors
/// Where it has another form, another reference system than WGS 84, or degrees outside the globe.
pub fn read_point(text: &str) -> Result<Point, TextFault> {
    let wrong = || TextFault::about(text, "is not a point", HINT);
    let inner = match strip(text, "geography'") {
        Some(quoted) => quoted.strip_suffix('\'').ok_or_else(wrong)?,
        None => text,
    };
    let inner = match strip(inner, "SRID=") {
        None => inner,
        Some(rest) => match rest.split_once(';').ok_or_else(wrong)? {
            ("4326" | "0", rest) => rest,
            _ => {
                let wrong = "is in another reference system";
                return Err(TextFault::about(text, wrong, "Use SRID=4326 (WGS 84), or leave SRID away."));
            }
        },
    };
    let inside = strip(inner, "POINT")
        .map(str::trim_start)
        .and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'))
        .ok_or_else(wrong)?;
    let mut numbers = inside.split_ascii_whitespace();
    let (Some(longitude), Some(latitude), None) = (numbers.next(), numbers.next(), numbers.next()) else {
        return Err(wrong());
    };
    on_globe(text, read_double(longitude)?, read_double(latitude)?)
}

/// A point whose degrees are on the globe.
pub(crate) fn on_globe(text: &str, longitude: f64, latitude: f64) -> Result<Point, TextFault> {
    if longitude.abs() <= 180.0 && latitude.abs() <= 90.0 {
        return Ok(Point { longitude, latitude });
    }
    let hint = "Longitude comes first and is −180 to 180; latitude is −90 to 90.";
    Err(TextFault::about(text, "is not on the globe", hint))
}

/// What follows `prefix`, in any case of letters.
fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}
