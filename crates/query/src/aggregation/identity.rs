//! Values as keys of a table: two are equal where `eq` says so.

use std::cmp::Ordering;

use dictionary::{Date, Decimal, Text, Time, Timestamp, Value};

/// What a value is, whatever it is written like: 5, 5.0 and 5.00 are one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Identity {
    /// A number that a decimal holds.
    Number(Decimal),
    /// One that none holds: the bits of the double.
    Double(u64),
    /// Text.
    Text(Text),
    /// True or false.
    Boolean(bool),
    /// A date.
    Date(Date),
    /// An instant.
    Timestamp(Timestamp),
    /// A time of day.
    Time(Time),
    /// A list.
    List(Vec<Text>),
    /// A point: the bits of longitude and latitude.
    Point(u64, u64),
}

/// What `value` is.
#[must_use]
pub fn identity(value: &Value) -> Identity {
    match value {
        Value::Integer(number) => Identity::Number(Decimal::from(*number)),
        Value::Decimal(number) => Identity::Number(number.normalize()),
        Value::Double(number) => double(*number),
        Value::Text(text) => Identity::Text(text.clone()),
        Value::Boolean(truth) => Identity::Boolean(*truth),
        Value::Date(date) => Identity::Date(*date),
        Value::Timestamp(at) => Identity::Timestamp(*at),
        Value::Time(time) => Identity::Time(*time),
        Value::TextList(list) => Identity::List(list.to_vec()),
        Value::Point(point) => Identity::Point(point.longitude.to_bits(), point.latitude.to_bits()),
    }
}

fn double(number: f64) -> Identity {
    // −0 is 0.
    let number = if number == 0.0 { 0.0 } else { number };
    let decimal = Decimal::from_f64_retain(number).filter(|decimal| {
        crate::compare(&Value::Double(number), &Value::Decimal(*decimal)) == Some(Ordering::Equal)
    });
    decimal.map_or(Identity::Double(number.to_bits()), |decimal| Identity::Number(decimal.normalize()))
}
