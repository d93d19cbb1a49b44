//! What an expression is worth.

use std::collections::HashSet;

use dictionary::{Date, Timestamp};

use crate::expression::{Node, Operator};
use crate::functions::Function;
use crate::{Limits, Value, arithmetic, functions};

/// What an expression may look at.
pub trait Facts {
    /// A field of the record as it is to be; empty where it has no value, or does not exist.
    fn now(&self, field: &str) -> Value;
    /// The field as it was; empty for a new record.
    fn last(&self, field: &str) -> Value;
    /// A special value by its name without points: `USERID`, `ENTRY`; empty where it is not known.
    fn named(&self, name: &str) -> Value;
}

/// What an expression is evaluated in.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The record and who writes it.
    pub facts: &'a dyn Facts,
    /// `.NOW.`
    pub now: Timestamp,
    /// `.TODAY.`: the day that it is where the rules are made.
    pub today: Date,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("now", &self.now).field("today", &self.today).finish_non_exhaustive()
    }
}

/// Why an expression has no value: RCP-19's `ERROR`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvaluationFault(pub String);

impl std::fmt::Display for EvaluationFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EvaluationFault {}

/// A value, or why there is none.
pub(crate) type Worth = Result<Value, EvaluationFault>;

pub(crate) fn fault<T>(message: impl Into<String>) -> Result<T, EvaluationFault> {
    Err(EvaluationFault(message.into()))
}

pub(crate) fn evaluate(node: &Node, context: &Context<'_>) -> Worth {
    Evaluation { context, left: Limits::WORK }.node(node)
}

/// One evaluation and what is left of its work.
struct Evaluation<'a> {
    context: &'a Context<'a>,
    left: usize,
}

impl Evaluation<'_> {
    /// Pays for looking at these values as a whole.
    fn pay(&mut self, values: &[Value]) -> Result<(), EvaluationFault> {
        let price = values.iter().map(Value::size).sum::<usize>() + 1;
        match self.left.checked_sub(price) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => fault("The expression is too much work."),
        }
    }

    fn node(&mut self, node: &Node) -> Worth {
        match node {
            Node::Value(value) => Ok(value.clone()),
            Node::Field(name) => Ok(self.context.facts.now(name)),
            Node::Last(name) => Ok(self.context.facts.last(name)),
            Node::Named(name) => Ok(match name.as_str() {
                "NOW" => Value::Time(self.context.now),
                "TODAY" => Value::Date(self.context.today),
                other => self.context.facts.named(other),
            }),
            Node::Not(inner) => Ok(Value::Boolean(!self.truth(inner)?)),
            // What decides ends it: the rest may have no value.
            Node::And(parts) => self.until(parts, false),
            Node::Or(parts) => self.until(parts, true),
            Node::Binary(operator, sides) => {
                let sides = [self.node(&sides.0)?, self.node(&sides.1)?];
                self.pay(&sides)?;
                let [left, right] = sides;
                binary(*operator, &left, &right)
            }
            Node::List(parts) => Ok(Value::from(self.all(parts)?)),
            Node::Call(Function::Iif, parts) => match &**parts {
                [test, yes, no] => {
                    let chosen = if self.truth(test)? { yes } else { no };
                    self.node(chosen)
                }
                _ => fault("IIF takes 3 values."),
            },
            Node::Call(function, parts) => {
                let given = self.all(parts)?;
                self.pay(&given)?;
                // Members of lists are looked at, too.
                for value in &given {
                    if let Value::List(list) = value {
                        self.pay(list)?;
                    }
                }
                functions::call(*function, &given)
            }
        }
    }

    fn all(&mut self, parts: &[Node]) -> Result<Vec<Value>, EvaluationFault> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn until(&mut self, parts: &[Node], decisive: bool) -> Worth {
        for part in parts {
            if self.truth(part)? == decisive {
                return Ok(Value::Boolean(decisive));
            }
        }
        Ok(Value::Boolean(!decisive))
    }

    /// A truth; nothing is false.
    fn truth(&mut self, node: &Node) -> Result<bool, EvaluationFault> {
        match self.node(node)? {
            Value::Boolean(truth) => Ok(truth),
            Value::Empty => Ok(false),
            other => fault(format!("A value of {} is neither true nor false.", other.kind())),
        }
    }
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Worth {
    let order = || {
        let kinds = || format!("{} and {} cannot be compared.", left.kind(), right.kind());
        left.order(right).ok_or_else(|| EvaluationFault(kinds()))
    };
    Ok(Value::Boolean(match operator {
        Operator::Equal => left.equals(right),
        Operator::NotEqual => !left.equals(right),
        Operator::Less => order()?.is_lt() && *left != Value::Empty,
        Operator::LessOrEqual => order()?.is_le() && (*left != Value::Empty || *right == Value::Empty),
        Operator::Greater => order()?.is_gt(),
        Operator::GreaterOrEqual => order()?.is_ge(),
        Operator::Contains => contains(left, right)?,
        Operator::In => contains(right, left)?,
        _ => return arithmetic::compute(operator, left, right),
    }))
}

/// Whether a list holds a value; nothing holds none.
fn contains(list: &Value, value: &Value) -> Result<bool, EvaluationFault> {
    match list {
        Value::List(list) => Ok(list.iter().any(|one| one.equals(value))),
        Value::Empty => Ok(false),
        other => fault(format!("A value of {} holds no values.", other.kind())),
    }
}

/// The values without repetitions, in the order of their first places.
pub(crate) fn unique<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<Value> {
    let mut seen = HashSet::new();
    values.into_iter().filter(|value| seen.insert(*value)).cloned().collect()
}
