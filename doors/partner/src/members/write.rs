//! Values as JSON of the class's types: never null where the type has no null, never a number in a string.

use dictionary::{Decimal, Timestamp, ValueRef};
use odata::text::write_value;

use super::class::ClassType;
use super::condition::number;
use super::measure::half_up;

/// Writes a value as the member's type has it; tells whether it could: what does not fit the type is as
/// though it were not known.
pub(super) fn value(out: &mut Vec<u8>, ty: ClassType, value: ValueRef<'_>) -> bool {
    match ty {
        ClassType::String => string(out, value),
        ClassType::Bool => match value {
            ValueRef::Boolean(truth) => {
                out.extend_from_slice(if truth { b"true" } else { b"false" });
                true
            }
            _ => false,
        },
        ClassType::DateTime | ClassType::DateTimeOrNull => match value {
            ValueRef::Timestamp(at) => {
                instant(out, at);
                true
            }
            // A day is no instant: without a zone nobody shifts it to the day before.
            ValueRef::Date(date) => {
                out.push(b'"');
                write_value(out, ValueRef::Date(date));
                out.extend_from_slice(b"T00:00:00\"");
                true
            }
            _ => false,
        },
        _ => number(value).is_some_and(|number| figure(out, ty, number)),
    }
}

/// A number as the member's type has it.
pub(super) fn figure(out: &mut Vec<u8>, ty: ClassType, number: Decimal) -> bool {
    if ty == ClassType::String {
        out.push(b'"');
        digits(out, number);
        out.push(b'"');
        return true;
    }
    let Some((least, most)) = ty.range() else {
        digits(out, number);
        return true;
    };
    let whole = if number.scale() == 0 { number } else { half_up(number, 0) };
    match i64::try_from(whole) {
        Ok(whole) if (least..=most).contains(&whole) => {
            write_value(out, ValueRef::Integer(whole));
            true
        }
        _ => false,
    }
}

/// Text; empty text is as though it were not known.
pub(super) fn text(out: &mut Vec<u8>, text: &str) -> bool {
    if !text.is_empty() {
        odata::json::write_string(out, text);
    }
    !text.is_empty()
}

fn string(out: &mut Vec<u8>, value: ValueRef<'_>) -> bool {
    match value {
        ValueRef::Text(one) => text(out, one),
        ValueRef::TextList(list) => {
            let mut joined = String::new();
            list.iter().for_each(|one| piece(&mut joined, one));
            text(out, &joined)
        }
        ValueRef::Boolean(truth) => text(out, if truth { "Y" } else { "N" }),
        ValueRef::Timestamp(at) => {
            instant(out, at);
            true
        }
        ValueRef::Date(date) => {
            quoted(out, ValueRef::Date(date));
            true
        }
        other => number(other).is_some_and(|number| figure(out, ClassType::String, number)),
    }
}

/// An instant in UTC, and said to be.
pub(super) fn instant(out: &mut Vec<u8>, at: Timestamp) {
    quoted(out, ValueRef::Timestamp(at));
}

/// Adds a piece to what is joined.
pub(super) fn piece(joined: &mut String, piece: &str) {
    if piece.is_empty() {
        return;
    }
    if !joined.is_empty() {
        joined.push_str(", ");
    }
    joined.push_str(piece);
}

/// What has no character that is escaped.
fn quoted(out: &mut Vec<u8>, value: ValueRef<'_>) {
    out.push(b'"');
    write_value(out, value);
    out.push(b'"');
}

/// A number without zeros at the end of its fraction.
fn digits(out: &mut Vec<u8>, number: Decimal) {
    let short = match i64::try_from(number.mantissa()) {
        Ok(mut mantissa) => {
            let mut scale = number.scale();
            while scale > 0 && mantissa % 10 == 0 {
                (mantissa, scale) = (mantissa / 10, scale - 1);
            }
            Decimal::new(mantissa, scale)
        }
        Err(_) => number.normalize(),
    };
    write_value(out, ValueRef::Decimal(short));
}
