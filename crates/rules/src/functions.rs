//! The functions.

use std::collections::{HashMap, HashSet};

use dictionary::{Decimal, Text};
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive as _;

use crate::evaluate::{Worth, fault, unique};
use crate::time::{self, When};
use crate::{EvaluationFault, Value};

/// A function; each bears the name that RCP-19 gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Function {
    Iif,
    List,
    Set,
    Union,
    Difference,
    Intersection,
    Length,
    Bool,
    Char,
    Charf,
    Time,
    Date,
    Int,
    Float,
    Substr,
    Strlen,
    Lower,
    Upper,
    Year,
    Month,
    Day,
    Weekday,
    Typeof,
    Match,
}

const MANY: usize = usize::MAX;

impl Function {
    /// Every function: its name, and how many values it takes at least and at most.
    pub(crate) const ALL: [(&str, Self, usize, usize); 24] = [
        ("IIF", Self::Iif, 3, 3),
        ("LIST", Self::List, 0, MANY),
        ("SET", Self::Set, 0, MANY),
        ("UNION", Self::Union, 2, MANY),
        ("DIFFERENCE", Self::Difference, 2, MANY),
        ("INTERSECTION", Self::Intersection, 2, MANY),
        ("LENGTH", Self::Length, 1, 1),
        ("BOOL", Self::Bool, 1, 1),
        ("CHAR", Self::Char, 1, 1),
        ("CHARF", Self::Charf, 2, 2),
        ("TIME", Self::Time, 1, 1),
        ("DATE", Self::Date, 1, 1),
        ("INT", Self::Int, 1, 1),
        ("FLOAT", Self::Float, 1, 1),
        ("SUBSTR", Self::Substr, 3, 3),
        ("STRLEN", Self::Strlen, 1, 1),
        ("LOWER", Self::Lower, 1, 1),
        ("UPPER", Self::Upper, 1, 1),
        ("YEAR", Self::Year, 1, 1),
        ("MONTH", Self::Month, 1, 1),
        ("DAY", Self::Day, 1, 1),
        ("WEEKDAY", Self::Weekday, 1, 1),
        ("TYPEOF", Self::Typeof, 1, 1),
        ("MATCH", Self::Match, 2, 2),
    ];

    /// The function of this name, to the letter.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, ..)| *own == name).map(|(_, function, ..)| *function)
    }

    /// How many values it takes, at least and at most.
    pub(crate) fn takes(self) -> (usize, usize) {
        let own = Self::ALL.iter().find(|(_, function, ..)| *function == self);
        own.map_or((0, MANY), |(_, _, least, most)| (*least, *most))
    }
}

/// Calls a function with as many values as it takes.
pub(crate) fn call(function: Function, given: &[Value]) -> Worth {
    let one = given.first().unwrap_or(&Value::Empty);
    let two = given.get(1).unwrap_or(&Value::Empty);
    Ok(match function {
        // Only what is chosen of it has to have a value: whoever evaluates does that.
        Function::Iif => return fault("IIF takes 3 values."),
        Function::List => Value::from(given.to_vec()),
        Function::Set => Value::from(unique(given)),
        Function::Union => Value::from(unique(lists(given)?.into_iter().flatten())),
        Function::Difference => Value::from(difference(&lists(given)?)),
        Function::Intersection => Value::from(intersection(&lists(given)?)),
        Function::Length => match one {
            Value::List(list) => count(list.len()),
            Value::Empty => count(0),
            other => return fault(format!("LENGTH is of a list, and this is {}.", other.kind())),
        },
        Function::Bool => Value::Boolean(truth(one)?),
        Function::Char => Value::Text(text(one)?),
        Function::Charf => Value::Text(fixed(number(one)?, number(two)?)?),
        Function::Time | Function::Date => when(one)?.value(),
        Function::Int => Value::from(number(one)?.trunc()),
        Function::Float => Value::from(number(one)?),
        Function::Substr => {
            let text = text(one)?;
            let (from, to) = (place(two)?, place(given.get(2).unwrap_or(&Value::Empty))?);
            // The first letter is 1, and the one at `to` is not taken.
            let taken = text.chars().skip(from.saturating_sub(1)).take(to.saturating_sub(from.max(1)));
            Value::Text(taken.collect())
        }
        Function::Strlen => count(text(one)?.chars().count()),
        Function::Lower => Value::Text(Text::from(text(one)?.to_lowercase())),
        Function::Upper => Value::Text(Text::from(text(one)?.to_uppercase())),
        Function::Year => Value::from(i64::from(when(one)?.day().year())),
        Function::Month => Value::from(i64::from(when(one)?.day().month())),
        Function::Day => Value::from(i64::from(when(one)?.day().day())),
        // Sunday is 1.
        Function::Weekday => Value::from(i64::from(when(one)?.day().weekday().to_sunday_one_offset())),
        Function::Typeof => Value::from(one.kind()),
        Function::Match => match one {
            Value::Empty => Value::Boolean(false),
            _ => match query::matches_pattern(&text(one)?, &text(two)?) {
                Some(found) => Value::Boolean(found),
                None => return fault("MATCH is given no pattern."),
            },
        },
    })
}

fn count(count: usize) -> Value {
    Value::from(i64::try_from(count).unwrap_or(i64::MAX))
}

fn lists(given: &[Value]) -> Result<Vec<&[Value]>, EvaluationFault> {
    let list = |value| match value {
        &Value::Empty => Ok([].as_slice()),
        Value::List(list) => Ok(&**list),
        other => fault(format!("This takes lists, and there is {}.", other.kind())),
    };
    given.iter().map(list).collect()
}

/// What stands in one of the lists and in no other.
fn difference(lists: &[&[Value]]) -> Vec<Value> {
    let mut places: HashMap<&Value, (usize, bool)> = HashMap::new();
    for (at, list) in lists.iter().enumerate() {
        for value in *list {
            let place = places.entry(value).or_insert((at, false));
            place.1 |= place.0 != at;
        }
    }
    let all = unique(lists.iter().copied().flatten());
    all.into_iter().filter(|value| places.get(value).is_some_and(|(_, shared)| !shared)).collect()
}

/// What stands in every list.
fn intersection(lists: &[&[Value]]) -> Vec<Value> {
    let Some((first, others)) = lists.split_first() else { return Vec::new() };
    let others: Vec<HashSet<&Value>> = others.iter().map(|list| list.iter().collect()).collect();
    let all = unique(*first);
    all.into_iter().filter(|value| others.iter().all(|list| list.contains(value))).collect()
}

/// A value as text: a truth is 1 or 0, nothing is an empty text.
pub(crate) fn text(value: &Value) -> Result<Text, EvaluationFault> {
    Ok(match value {
        Value::Empty => Text::default(),
        Value::Boolean(truth) => Text::new_static(if *truth { "1" } else { "0" }),
        Value::Number(number) => Text::from(number.to_string()),
        Value::Text(text) => text.clone(),
        Value::Date(date) => Text::from(date.to_string()),
        Value::Time(at) => Text::from(at.to_string()),
        Value::List(_) => return fault("A list is no text."),
    })
}

fn number(value: &Value) -> Result<Decimal, EvaluationFault> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Boolean(truth) => Ok(i64::from(*truth).into()),
        Value::Text(text) => {
            let read = Decimal::from_str_exact(text.trim());
            read.map_err(|_| EvaluationFault("The text is no number.".into()))
        }
        other => fault(format!("{} is no number.", other.kind())),
    }
}

fn place(value: &Value) -> Result<usize, EvaluationFault> {
    Ok(number(value)?.max(Decimal::ZERO).to_usize().unwrap_or(usize::MAX))
}

/// A number with so many digits after the point.
fn fixed(number: Decimal, digits: Decimal) -> Result<Text, EvaluationFault> {
    let Some(digits) = digits.to_u32().filter(|digits| *digits <= 28) else {
        return fault("A number has 0 to 28 digits after the point.");
    };
    let rounded = number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    Ok(Text::from(format!("{rounded:.*}", digits as usize)))
}

fn truth(value: &Value) -> Result<bool, EvaluationFault> {
    match value {
        Value::Boolean(truth) => Ok(*truth),
        Value::Number(number) => Ok(!number.is_zero()),
        Value::Text(text) => match text.to_ascii_uppercase().as_str() {
            "1" | "YES" | "TRUE" | "Y" | "T" => Ok(true),
            "0" | "NO" | "FALSE" | "N" | "F" => Ok(false),
            _ => fault("The text is neither true nor false."),
        },
        other => fault(format!("{} is neither true nor false.", other.kind())),
    }
}

fn when(value: &Value) -> Result<When, EvaluationFault> {
    time::of(value).ok_or_else(|| EvaluationFault(format!("{} is no instant.", value.kind())))
}
