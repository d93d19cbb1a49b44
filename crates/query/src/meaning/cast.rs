//! `cast` (OData 4.01 part 2, 5.1.1.10.1): null where the value cannot be of the type. `isof` asks whether it
//! can.

use dictionary::{Decimal, Type, Value};

use super::{numbers, read, write};

/// The value as one of this type.
pub(super) fn cast(value: &Value, ty: Type) -> Option<Value> {
    match ty {
        Type::Int16 => whole(value)?.try_into().ok().map(|n: i16| Value::Integer(n.into())),
        Type::Int32 => whole(value)?.try_into().ok().map(|n: i32| Value::Integer(n.into())),
        Type::Int64 => whole(value).map(Value::Integer),
        Type::Decimal { precision, scale } => fit(decimal(value)?, precision, scale),
        Type::Double => match value {
            Value::Text(text) => read::double(text).map(Value::Double),
            number => numbers::finite(numbers::double(number)?),
        },
        Type::Text { max_chars } => {
            let text = write::literal(value)?;
            within(&text, max_chars).then(|| Value::from(text))
        }
        Type::TextList { max_chars } => match value {
            Value::TextList(list) if list.iter().all(|text| within(text, max_chars)) => Some(value.clone()),
            _ => None,
        },
        Type::Boolean => from_text(value, |v| matches!(v, Value::Boolean(_)), read::boolean),
        Type::Date => from_text(value, |v| matches!(v, Value::Date(_)), |t| read::date(t).map(Value::Date)),
        Type::Time => from_text(value, |v| matches!(v, Value::Time(_)), |t| read::time(t).map(Value::Time)),
        Type::Timestamp => from_text(
            value,
            |v| matches!(v, Value::Timestamp(_)),
            |text| read::timestamp(text).map(Value::Timestamp),
        ),
        Type::Point => from_text(value, |v| matches!(v, Value::Point(_)), read::point),
    }
}

fn from_text(value: &Value, same: fn(&Value) -> bool, read: fn(&str) -> Option<Value>) -> Option<Value> {
    match value {
        Value::Text(text) => read(text),
        other => same(other).then(|| other.clone()),
    }
}

fn within(text: &str, max_chars: Option<u32>) -> bool {
    max_chars.is_none_or(|max| text.chars().nth(max as usize).is_none())
}

/// Rounded to a whole number, the midpoint away from zero; text must hold a whole one.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Decimal(number) => numbers::half_away(*number, 0).try_into().ok(),
        Value::Double(number) => to_integer(number.round()),
        Value::Text(text) => read::integer(text),
        _ => None,
    }
}

/// The integer of a double without a fraction, where it fits.
#[expect(clippy::cast_possible_truncation, reason = "the range is looked at first")]
pub(super) fn to_integer(number: f64) -> Option<i64> {
    // −2^63 is a double and an integer; 2^63 is a double and too large.
    const END: f64 = 9_223_372_036_854_775_808.0;
    (-END..END).contains(&number).then_some(number as i64)
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(number) => Some((*number).into()),
        Value::Decimal(number) => Some(*number),
        // By the shortest digits that are the double: 0.1 becomes 0.1.
        Value::Double(number) => read::decimal(&format!("{number}")),
        Value::Text(text) => read::decimal(text),
        _ => None,
    }
}

/// Rounded to the scale; null where the digits before the point are too many.
fn fit(number: Decimal, precision: Option<u8>, scale: Option<u8>) -> Option<Value> {
    let number = scale.map_or(number, |scale| numbers::half_away(number, scale.into()));
    if let Some(precision) = precision {
        let room = u32::from(precision.saturating_sub(scale.unwrap_or(0)));
        // More digits than a decimal has are no bound.
        if let Some(end) = 10_i128.checked_pow(room).filter(|_| room < 29)
            && i128::try_from(number.trunc().abs()).ok()? >= end
        {
            return None;
        }
    }
    Some(Value::Decimal(number))
}
