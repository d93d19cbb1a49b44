//! Payload filters: which events of its topics a subscription wants (EVT-071).
//!
//! A filter is JSON in the shape of the payload, with operators at the leaves:
//!
//! ```json
//! {"object": {"closePrice": {"value": {"$gte": 500000}}}, "$or": [{"status": "Closed"}, {"status": {"$exist": false}}]}
//! ```
//!
//! It has no meaning of its own. A path stands for what the payload holds there, and what is left is a
//! filter of `query` over values, whose meaning is `query::matches`: numbers are compared by what they are,
//! whatever their digits, absent is null. Where a path leads through an array, one of its items is enough.

mod read;
#[cfg(test)]
mod tests;

use dictionary::{Decimal, Dictionary, Record, Text, Timestamp, Value};
use query::{Comparison, Context, Expr, Function, NoLinks};

use crate::json::{items, members};

pub use read::FilterFault;

/// A filter that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct PayloadFilter(Node);

#[derive(Clone, PartialEq, Debug)]
enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Leaf(Vec<Text>, Test),
}

/// What is asked of the values at a path.
#[derive(Clone, PartialEq, Debug)]
enum Test {
    Compare(Comparison, Expr),
    In(Vec<Expr>),
    NotIn(Vec<Expr>),
    StartsWith(Text),
    Exists(bool),
}

impl PayloadFilter {
    /// Reads a filter.
    ///
    /// # Errors
    /// What is no JSON object, an operator that is not known, more than 4,000 characters, 100 leaves or 32
    /// levels.
    pub fn read(text: &str) -> Result<Self, FilterFault> {
        read::read(text).map(Self)
    }

    /// Whether an event with this payload is wanted.
    #[must_use]
    pub fn matches(&self, dictionary: &Dictionary, data: &str, now: Timestamp) -> bool {
        let record = Record::new(dictionary.known("Event").id);
        query::matches(&of_values(&self.0, data), &record, Context { dictionary, links: &NoLinks, now })
    }
}

/// The filter with the payload's values in the place of their paths.
fn of_values(node: &Node, data: &str) -> Expr {
    match node {
        Node::And(all) => Expr::And(all.iter().map(|one| of_values(one, data)).collect()),
        Node::Or(any) => Expr::Or(any.iter().map(|one| of_values(one, data)).collect()),
        Node::Leaf(path, test) => {
            let mut found = Vec::new();
            collect(data, path, &mut found);
            tested(test, &found)
        }
    }
}

fn tested(test: &Test, found: &[&str]) -> Expr {
    let any = |of: &dyn Fn(Expr) -> Expr| -> Expr {
        match found {
            [] => of(Expr::Null),
            found => Expr::Or(found.iter().map(|json| of(value(json))).collect()),
        }
    };
    match test {
        // What differs from everything differs from each: "not equal" of an array is of all its items.
        Test::Compare(Comparison::NotEqual, to) => {
            Expr::Not(Box::new(any(&|value| compared(Comparison::Equal, value, to.clone()))))
        }
        Test::Compare(comparison, to) => any(&|value| compared(*comparison, value, to.clone())),
        Test::In(list) => any(&|value| one_of(&value, list)),
        Test::NotIn(list) => Expr::Not(Box::new(any(&|value| one_of(&value, list)))),
        Test::StartsWith(prefix) => any(&|value| {
            Expr::Call(Function::StartsWith, vec![value, Expr::Value(Value::Text(prefix.clone()))])
        }),
        Test::Exists(wanted) => Expr::Value(Value::Boolean(found.is_empty() != *wanted)),
    }
}

fn one_of(value: &Expr, list: &[Expr]) -> Expr {
    Expr::Or(list.iter().map(|one| compared(Comparison::Equal, value.clone(), one.clone())).collect())
}

/// Two texts that are instants are compared as instants: `…T10:00:00Z` is `…T12:00:00+02:00`.
fn compared(comparison: Comparison, a: Expr, b: Expr) -> Expr {
    let (a, b) = match (instant(&a), instant(&b)) {
        (Some(first), Some(second)) => (Expr::Value(first.into()), Expr::Value(second.into())),
        _ => (a, b),
    };
    Expr::Compare(comparison, Box::new(a), Box::new(b))
}

fn instant(expr: &Expr) -> Option<Timestamp> {
    match expr {
        Expr::Value(Value::Text(text)) if text.len() >= 17 => text.parse().ok(),
        _ => None,
    }
}

/// What lies at a path; an array on the way, and at its end, stands for its items.
fn collect<'a>(json: &'a str, path: &[Text], found: &mut Vec<&'a str>) {
    if json.starts_with('[') {
        for item in items(json).unwrap_or_default() {
            collect(item.get(), path, found);
        }
        return;
    }
    let Some((first, rest)) = path.split_first() else { return found.push(json) };
    for (name, value) in members(json).unwrap_or_default() {
        if name == first.as_str() {
            collect(value.get(), rest, found);
        }
    }
}

/// A JSON scalar as a value; an object has none.
fn value(json: &str) -> Expr {
    match json.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(json) {
            Ok(text) => Expr::Value(text.into()),
            Err(_) => Expr::Null,
        },
        Some(b't') => Expr::Value(true.into()),
        Some(b'f') => Expr::Value(false.into()),
        Some(b'-' | b'0'..=b'9') => number(json),
        _ => Expr::Null,
    }
}

/// A number by its digits; one that no decimal holds is the nearest double.
fn number(json: &str) -> Expr {
    let decimal = json.parse::<Decimal>().or_else(|_| Decimal::from_scientific(json));
    match decimal {
        Ok(decimal) => Expr::Value(decimal.into()),
        Err(_) => json.parse().map_or(Expr::Null, |double| Expr::Value(Value::Double(double))),
    }
}
