//! How two values lie to each other.

use std::cmp::Ordering;

use dictionary::{Decimal, Value};

/// How two values are ordered, across the kinds of number too; none where they cannot be compared: values
/// of different kinds, lists, points, and the double that is no number.
///
/// Numbers are compared by what they are, not by what one type makes of the other: 0.1 as a double is a
/// little more than 0.1 as a decimal. Text is ordered by its characters' Unicode numbers, in every language
/// alike; false is less than true.
#[must_use]
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Decimal(a), Value::Decimal(b)) => Some(a.cmp(b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Integer(a), Value::Decimal(b)) => Some(Decimal::from(*a).cmp(b)),
        (Value::Decimal(a), Value::Integer(b)) => Some(a.cmp(&Decimal::from(*b))),
        (Value::Double(a), Value::Integer(b)) => double_with(*a, Decimal::from(*b)),
        (Value::Double(a), Value::Decimal(b)) => double_with(*a, *b),
        (Value::Integer(a), Value::Double(b)) => double_with(*b, Decimal::from(*a)).map(Ordering::reverse),
        (Value::Decimal(a), Value::Double(b)) => double_with(*b, *a).map(Ordering::reverse),
        _ => None,
    }
}

/// `eq`: null equals null; lists are equal element by element, points to the last bit.
pub(crate) fn equal(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(Value::TextList(a)), Some(Value::TextList(b))) => a == b,
        (Some(Value::Point(a)), Some(Value::Point(b))) => a == b,
        (Some(a), Some(b)) => compare(a, b) == Some(Ordering::Equal),
        _ => false,
    }
}

/// A double against a decimal, exactly.
fn double_with(double: f64, decimal: Decimal) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    let sign = |positive: bool, zero: bool| match (zero, positive) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => -1,
    };
    let ours = sign(double > 0.0, double == 0.0);
    let theirs = sign(decimal.is_sign_positive(), decimal.is_zero());
    if ours != theirs || ours == 0 {
        return Some(ours.cmp(&theirs));
    }
    let size = if double.is_infinite() {
        Ordering::Greater
    } else {
        let (whole, exponent) = parts(double);
        sizes(whole, exponent, decimal.mantissa().unsigned_abs(), decimal.scale())
    };
    Some(if ours > 0 { size } else { size.reverse() })
}

/// A finite double is `whole` × 2^`exponent`, sign aside.
fn parts(double: f64) -> (u64, i32) {
    let bits = double.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0) {
        0 => (fraction, -1_074),
        exponent => (fraction | 1 << 52, exponent - 1_075),
    }
}

/// `whole` × 2^`exponent` against `mantissa` / 10^`scale`, none of which is 0. Both sides are multiplied by
/// 10^`scale` = 5^`scale` × 2^`scale`, and whichever side is short of twos is shifted: where that leaves
/// 128 bits, it is the larger one, as the other has at most 119 (53 + 66) and 96.
fn sizes(whole: u64, exponent: i32, mantissa: u128, scale: u32) -> Ordering {
    let left = u128::from(whole) * 5_u128.pow(scale);
    let shift = exponent + i32::try_from(scale).unwrap_or(0);
    let by = shift.unsigned_abs();
    if shift >= 0 {
        if by > left.leading_zeros() { Ordering::Greater } else { (left << by).cmp(&mantissa) }
    } else if by > mantissa.leading_zeros() {
        Ordering::Less
    } else {
        left.cmp(&(mantissa << by))
    }
}
