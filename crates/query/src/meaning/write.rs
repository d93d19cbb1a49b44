//! Values as the text that `cast` makes of them: the literal form of payloads.

use dictionary::{Date, Time, Value};
use jiff::tz::Offset;

/// The literal form; none for a list, which is no text.
pub(super) fn literal(value: &Value) -> Option<String> {
    Some(match value {
        Value::Boolean(truth) => truth.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Double(number) => double(*number),
        Value::Date(value) => date(*value),
        Value::Time(value) => time(*value),
        Value::Timestamp(at) => {
            let utc = Offset::UTC.to_datetime(*at);
            format!("{}T{}Z", date(utc.date()), time(utc.time()))
        }
        Value::Text(text) => text.to_string(),
        Value::Point(point) => {
            format!("SRID=4326;Point({} {})", double(point.longitude), double(point.latitude))
        }
        Value::TextList(_) => return None,
    })
}

/// The shortest digits that read back as the same double, with an exponent where they would be many.
fn double(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-7..1e17).contains(&size) { format!("{number:e}") } else { number.to_string() }
}

fn date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// With no digits of the second, or three, or six.
fn time(time: Time) -> String {
    let micros = time.subsec_nanosecond() / 1_000;
    let clock = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    match (micros, micros % 1_000) {
        (0, _) => clock,
        (_, 0) => format!("{clock}.{:03}", micros / 1_000),
        _ => format!("{clock}.{micros:06}"),
    }
}
