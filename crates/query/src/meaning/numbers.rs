//! Arithmetic (OData 4.01 part 2, 5.1.1.2) and rounding (5.1.1.9).
//!
//! Where OData lets the whole request fail, or answers with an infinity, the result here is null: division
//! by zero, and what is too large for its type. A page of other records must not fail for one of them, and
//! no field can hold an infinity.

use dictionary::{Decimal, Value};
use rust_decimal::RoundingStrategy;

use crate::{Arithmetic, Function};

/// Two numbers of one type, after promotion: a double makes both doubles, else a decimal makes both
/// decimals.
enum Pair {
    Integers(i64, i64),
    Decimals(Decimal, Decimal),
    Doubles(f64, f64),
}

fn promote(a: &Value, b: &Value) -> Option<Pair> {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Some(Pair::Integers(*a, *b)),
        (Value::Double(_), _) | (_, Value::Double(_)) => Some(Pair::Doubles(double(a)?, double(b)?)),
        _ => Some(Pair::Decimals(decimal(a)?, decimal(b)?)),
    }
}

/// `a op b`
pub(super) fn arithmetic(operator: Arithmetic, a: &Value, b: &Value) -> Option<Value> {
    match promote(a, b)? {
        Pair::Integers(a, b) => integers(operator, a, b),
        Pair::Decimals(a, b) => decimals(operator, a, b),
        Pair::Doubles(a, b) => doubles(operator, a, b),
    }
}

fn integers(operator: Arithmetic, a: i64, b: i64) -> Option<Value> {
    let result = match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        // The least integer mod −1 is 0, though the quotient would not fit.
        Arithmetic::Modulo => (b != 0).then(|| a.wrapping_rem(b)),
        Arithmetic::DivideBy => return decimals(operator, a.into(), b.into()),
    };
    result.map(Value::Integer)
}

fn decimals(operator: Arithmetic, a: Decimal, b: Decimal) -> Option<Value> {
    let result = match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide | Arithmetic::DivideBy => a.checked_div(b),
        Arithmetic::Modulo => a.checked_rem(b),
    };
    result.map(Value::Decimal)
}

fn doubles(operator: Arithmetic, a: f64, b: f64) -> Option<Value> {
    let result = match operator {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide | Arithmetic::DivideBy => a / b,
        Arithmetic::Modulo => a % b,
    };
    finite(result)
}

/// `-a`
pub(super) fn negate(a: &Value) -> Option<Value> {
    match a {
        Value::Integer(a) => a.checked_neg().map(Value::Integer),
        Value::Decimal(a) => Some(Value::Decimal(-*a)),
        Value::Double(a) => finite(-*a),
        _ => None,
    }
}

/// `round`, whose midpoint goes away from zero (5.1.1.9.3), `floor`, `ceiling`.
pub(super) fn round(function: Function, a: &Value) -> Option<Value> {
    match a {
        Value::Integer(a) => Some(Value::Integer(*a)),
        Value::Decimal(a) => Some(Value::Decimal(match function {
            Function::Floor => a.floor(),
            Function::Ceiling => a.ceil(),
            _ => half_away(*a, 0),
        })),
        Value::Double(a) => finite(match function {
            Function::Floor => a.floor(),
            Function::Ceiling => a.ceil(),
            _ => a.round(),
        }),
        _ => None,
    }
}

/// Rounded to so many digits after the point, the midpoint away from zero.
pub(super) fn half_away(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// A double that is a number.
pub(super) fn finite(number: f64) -> Option<Value> {
    number.is_finite().then_some(Value::Double(number))
}

/// The nearest double.
#[expect(clippy::cast_precision_loss, reason = "promotion to a double is to the nearest one")]
pub(super) fn double(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        Value::Integer(number) => Some(*number as f64),
        // The way over digits is the one that always rounds to the nearest.
        Value::Decimal(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// The decimal of an integer or a decimal.
fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(number) => Some((*number).into()),
        Value::Decimal(number) => Some(*number),
        _ => None,
    }
}

/// A whole number, of whatever type.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Decimal(number) if number.is_integer() => i64::try_from(*number).ok(),
        Value::Double(number) => crate::meaning::cast::to_integer(*number).filter(|_| number.fract() == 0.0),
        _ => None,
    }
}
