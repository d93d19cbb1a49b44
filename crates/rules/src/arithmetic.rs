//! Sums, products and texts put together.

use dictionary::{Decimal, Text};

use crate::evaluate::{Worth, fault};
use crate::expression::Operator;
use crate::functions::text;
use crate::{EvaluationFault, Value, time};

/// Computes what `operator` makes of two values.
pub(crate) fn compute(operator: Operator, left: &Value, right: &Value) -> Worth {
    match (operator, left, right) {
        (Operator::Concat, _, _) => {
            let (left, right) = (text(left)?, text(right)?);
            Ok(Value::Text(Text::from(format!("{left}{right}"))))
        }
        (_, Value::Number(a), Value::Number(b)) => number(operator, *a, *b).map(Value::from),
        (Operator::Plus, Value::Number(days), when) | (Operator::Plus, when, Value::Number(days)) => {
            later(when, *days)
        }
        (Operator::Minus, when, Value::Number(days)) => later(when, -*days),
        (Operator::Minus, _, _) => {
            let apart = time::of(left).zip(time::of(right)).and_then(|(a, b)| a.since(b));
            apart.map(Value::from).ok_or_else(|| mismatch(left, right))
        }
        _ => Err(mismatch(left, right)),
    }
}

fn later(when: &Value, days: Decimal) -> Worth {
    let moved = time::of(when).and_then(|when| when.plus(days));
    moved.ok_or_else(|| mismatch(when, &Value::Number(days)))
}

fn mismatch(left: &Value, right: &Value) -> EvaluationFault {
    EvaluationFault(format!("{} and {} make no sum.", left.kind(), right.kind()))
}

fn number(operator: Operator, a: Decimal, b: Decimal) -> Result<Decimal, EvaluationFault> {
    let made = match operator {
        Operator::Plus => a.checked_add(b),
        Operator::Minus => a.checked_sub(b),
        Operator::Times => a.checked_mul(b),
        Operator::Over if b.is_zero() => return fault("Nothing is divided by zero."),
        // A quotient that is whole is an INT again.
        Operator::Over => a.checked_div(b).map(|made| made.normalize()),
        Operator::Modulo if b.is_zero() => return fault("Nothing is divided by zero."),
        Operator::Modulo => a.checked_rem(b),
        _ => None,
    };
    made.ok_or_else(|| EvaluationFault("The number is too large.".into()))
}
