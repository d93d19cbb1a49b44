//! The meaning of each expression, family by family.

mod call;
mod cast;
pub(crate) mod geo;
mod links;
mod logic;
mod numbers;
mod order;
pub(crate) mod pattern;
mod read;
mod text;
mod time;
pub mod words;
mod write;

use std::borrow::Cow;

use dictionary::{Record, Text, Value};

use crate::{Answer, Context, Expr};

pub(crate) use numbers::whole;
pub use order::compare;
pub(crate) use order::equal;
pub(crate) use pattern::fault as pattern_fault;

#[cfg(test)]
mod tests;

/// A value, where it lies if that is possible; none is null.
pub(crate) type Found<'v> = Option<Cow<'v, Value>>;

/// What the variable of one scope stands for, and the scopes around it.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    subject: Subject<'a>,
    outer: Option<&'a Frame<'a>>,
    scope: u8,
    context: Context<'a>,
}

#[derive(Clone, Copy)]
enum Subject<'a> {
    Record(&'a Record),
    Element(&'a Text),
}

impl<'a> Frame<'a> {
    /// The outermost: the record asked about.
    pub(crate) fn of(record: &'a Record, context: Context<'a>) -> Self {
        Self { subject: Subject::Record(record), outer: None, scope: 0, context }
    }

    /// One lambda further in.
    fn within(outer: &'a Frame<'a>, subject: Subject<'a>) -> Self {
        Self { subject, outer: Some(outer), scope: outer.scope.saturating_add(1), context: outer.context }
    }

    /// What the variable of this scope stands for.
    fn at(&self, scope: u8) -> Option<Subject<'a>> {
        let mut frame = self;
        while frame.scope > scope {
            frame = frame.outer?;
        }
        (frame.scope == scope).then_some(frame.subject)
    }
}

/// What a boolean expression says; none is unknown, and so is what is not boolean.
pub(crate) fn truth(expr: &Expr, frame: &Frame<'_>) -> Answer {
    match expr {
        Expr::And(list) => logic::and(list, frame),
        Expr::Or(list) => logic::or(list, frame),
        Expr::Not(a) => truth(a, frame).map(|truth| !truth),
        Expr::Compare(comparison, a, b) => Some(logic::compare(*comparison, a, b, frame)),
        Expr::In(a, list) => Some(logic::is_in(a, list, frame)),
        Expr::Has(a, b) => logic::has(a, b, frame),
        Expr::Quantified(quantifier) => Some(links::quantified(quantifier, frame)),
        _ => value(expr, frame)?.as_boolean(),
    }
}

/// The value of an expression.
pub(crate) fn value<'v>(expr: &'v Expr, frame: &'v Frame<'_>) -> Found<'v> {
    match expr {
        Expr::Null | Expr::Polygon(_) | Expr::LineString(_) => None,
        Expr::Value(value) => Some(Cow::Borrowed(value)),
        Expr::Field(field) => links::field(field, frame),
        Expr::Element(scope) => match frame.at(*scope)? {
            Subject::Element(text) => Some(Cow::Owned(Value::Text(text.clone()))),
            Subject::Record(_) => None,
        },
        Expr::Count(over) => Some(Cow::Owned(Value::Integer(links::count(over, frame)))),
        Expr::Arithmetic(operator, a, b) => {
            let (a, b) = (value(a, frame)?, value(b, frame)?);
            numbers::arithmetic(*operator, &a, &b).map(Cow::Owned)
        }
        Expr::Negate(a) => numbers::negate(&*value(a, frame)?).map(Cow::Owned),
        Expr::Call(function, arguments) => call::call(*function, arguments, frame).map(Cow::Owned),
        Expr::Compare(..)
        | Expr::In(..)
        | Expr::Has(..)
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Not(_)
        | Expr::Quantified(_) => truth(expr, frame).map(|truth| Cow::Owned(Value::Boolean(truth))),
    }
}
