//! As much of OData's filters as the vendors' own servers are asked, read and held against a row.

use std::cmp::Ordering;

use serde_json::{Map, Value};

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Compare(String, String, Value),
}

impl Filter {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let words = words(text)?;
        let (filter, rest) = either(&words)?;
        if rest.is_empty() { Ok(filter) } else { Err(format!("{rest:?} is left over")) }
    }

    pub(crate) fn holds(&self, row: &Map<String, Value>) -> bool {
        match self {
            Self::And(all) => all.iter().all(|one| one.holds(row)),
            Self::Or(any) => any.iter().any(|one| one.holds(row)),
            Self::Compare(field, operator, value) => {
                let order = row.get(field).map(|found| compare(found, value));
                matches!(
                    (operator.as_str(), order),
                    ("eq" | "ge" | "le", Some(Ordering::Equal))
                        | ("gt" | "ge" | "ne", Some(Ordering::Greater))
                        | ("lt" | "le" | "ne", Some(Ordering::Less))
                )
            }
        }
    }

    /// The fields that are asked about.
    pub(crate) fn fields(&self) -> Vec<&str> {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().flat_map(Self::fields).collect(),
            Self::Compare(field, ..) => vec![field],
        }
    }

    /// How many `or` there are.
    pub(crate) fn ors(&self) -> usize {
        match self {
            Self::And(all) => all.iter().map(Self::ors).sum(),
            Self::Or(any) => any.len() - 1 + any.iter().map(Self::ors).sum::<usize>(),
            Self::Compare(..) => 0,
        }
    }
}

/// Instants by time, everything else by itself.
pub(crate) fn compare(a: &Value, b: &Value) -> Ordering {
    let instant = |value: &Value| value.as_str().and_then(|text| text.parse::<dictionary::Timestamp>().ok());
    match (instant(a), instant(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => match (a, b) {
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()).unwrap(),
            (a, b) => a.to_string().cmp(&b.to_string()),
        },
    }
}

fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut found, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '(' | ')' => 1,
            '\'' => {
                let mut at = 1;
                loop {
                    at += rest[at..].find('\'').ok_or("a text has no end")? + 1;
                    if !rest[at..].starts_with('\'') {
                        break at;
                    }
                    at += 1;
                }
            }
            _ => rest.find([' ', '(', ')']).unwrap_or(rest.len()),
        };
        found.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    Ok(found)
}

type Parsed<'w> = Result<(Filter, &'w [String]), String>;

fn either(words: &[String]) -> Parsed<'_> {
    let (first, mut rest) = both(words)?;
    let mut any = vec![first];
    while let Some(("or", after)) = rest.split_first().map(|(word, after)| (word.as_str(), after)) {
        let (next, after) = both(after)?;
        any.push(next);
        rest = after;
    }
    Ok((if any.len() == 1 { any.remove(0) } else { Filter::Or(any) }, rest))
}

fn both(words: &[String]) -> Parsed<'_> {
    let (first, mut rest) = one(words)?;
    let mut all = vec![first];
    while let Some(("and", after)) = rest.split_first().map(|(word, after)| (word.as_str(), after)) {
        let (next, after) = one(after)?;
        all.push(next);
        rest = after;
    }
    Ok((if all.len() == 1 { all.remove(0) } else { Filter::And(all) }, rest))
}

fn one(words: &[String]) -> Parsed<'_> {
    match words {
        [open, rest @ ..] if open == "(" => {
            let (inner, rest) = either(rest)?;
            match rest {
                [close, rest @ ..] if close == ")" => Ok((inner, rest)),
                _ => Err("a bracket has no end".into()),
            }
        }
        [field, operator, value, rest @ ..]
            if ["eq", "ne", "gt", "ge", "lt", "le"].contains(&operator.as_str()) =>
        {
            let value = match value.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
                Some(text) => Value::from(text.replace("''", "'")),
                None => serde_json::from_str(value).unwrap_or_else(|_| Value::from(value.as_str())),
            };
            Ok((Filter::Compare(field.clone(), operator.clone(), value), rest))
        }
        other => Err(format!("{other:?} is no condition")),
    }
}
