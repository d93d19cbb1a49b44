//! Comparisons, and three-valued logic (OData 4.01 part 2, 5.1.1.1).

use std::cmp::Ordering;

use dictionary::Value;

use super::{Frame, equal, order, truth, value};
use crate::{Answer, Comparison, Expr};

/// False as soon as one is false; unknown where one is unknown and none is false.
pub(super) fn and(list: &[Expr], frame: &Frame<'_>) -> Answer {
    let mut answer = Some(true);
    for one in list {
        match truth(one, frame) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => answer = None,
        }
    }
    answer
}

/// True as soon as one is true; unknown where one is unknown and none is true.
pub(super) fn or(list: &[Expr], frame: &Frame<'_>) -> Answer {
    let mut answer = Some(false);
    for one in list {
        match truth(one, frame) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}

/// A comparison is never unknown: null equals null alone and is neither less nor greater than anything,
/// itself included. What cannot be compared is unequal.
pub(super) fn compare(comparison: Comparison, a: &Expr, b: &Expr, frame: &Frame<'_>) -> bool {
    let (a, b) = (value(a, frame), value(b, frame));
    let ordering = || order::compare(a.as_deref()?, b.as_deref()?);
    match comparison {
        Comparison::Equal => equal(a.as_deref(), b.as_deref()),
        Comparison::NotEqual => !equal(a.as_deref(), b.as_deref()),
        Comparison::Greater => ordering() == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => ordering().is_some_and(Ordering::is_ge),
        Comparison::Less => ordering() == Some(Ordering::Less),
        Comparison::LessOrEqual => ordering().is_some_and(Ordering::is_le),
    }
}

/// `in` is an `or` of `eq`: never unknown, and null is in a list that holds null.
pub(super) fn is_in(a: &Expr, list: &[Expr], frame: &Frame<'_>) -> bool {
    let a = value(a, frame);
    list.iter().any(|one| equal(a.as_deref(), value(one, frame).as_deref()))
}

/// Whether the list or text on the left holds the text, or every text, on the right; unknown where either
/// is null (5.1.1.1.10).
pub(super) fn has(a: &Expr, b: &Expr, frame: &Frame<'_>) -> Answer {
    let (a, b) = (value(a, frame)?, value(b, frame)?);
    let holds = |wanted: &str| match &*a {
        Value::TextList(list) => list.iter().any(|text| text == wanted),
        Value::Text(text) => text == wanted,
        _ => false,
    };
    match &*b {
        Value::Text(wanted) => Some(holds(wanted)),
        Value::TextList(all) => Some(all.iter().all(|wanted| holds(wanted))),
        _ => Some(false),
    }
}
