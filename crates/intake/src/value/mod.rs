//! What people type, as values: `$1,250,000`, `Y`, `10/13/2014`.
//!
//! What is typed is bent to the strict forms, which `odata::text` reads.

mod moment;
mod number;
mod parse;

pub(crate) use parse::{Parse, ParseSettings};

use dictionary::{Text, Type, Value};
use odata::text::{TextFault, read_value};

use crate::source::Cell;

#[cfg(test)]
mod tests;

/// Why a cell is not a value of its field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Bad {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Bad {
    pub(crate) fn new(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into() }
    }

    fn from_text(fault: TextFault) -> Self {
        Self::new("wrong_value", fault.message, fault.hint)
    }
}

/// Text for a message: between quotes, and cut where it is long.
pub(crate) fn shown(text: &str) -> String {
    /// Characters of a value that a report shows.
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}

/// The value of one text, which is not a null word; lists are [`read_list`]'s.
pub(crate) fn read(ty: Type, text: &str, exact: bool, parse: &Parse) -> Result<Value, Bad> {
    match ty {
        Type::Text { .. } => Ok(Value::Text(Text::new(text))),
        Type::Boolean => parse.truth(text),
        Type::Int16 | Type::Int32 | Type::Int64 | Type::Decimal { .. } | Type::Double => {
            let plain = number::plain(text, exact, parse)?;
            number::read(ty, &plain, parse)
        }
        Type::Date => moment::date(text, parse).map(Value::Date),
        Type::Time => moment::time(text, parse).map(Value::Time),
        Type::Timestamp => moment::timestamp(text, parse).map(Value::Timestamp),
        Type::Point => read_value(ty, text).map_err(Bad::from_text),
        Type::TextList { .. } => Ok(Value::TextList([Text::new(text)].into())),
    }
}

/// The elements that a cell holds, in their order; what comes twice is taken once.
pub(crate) fn elements<'c>(cell: &'c Cell<'_>, parse: &Parse) -> Vec<&'c str> {
    let mut found: Vec<&str> = match cell {
        Cell::Empty => Vec::new(),
        Cell::List(list) => list.iter().map(|item| parse.trimmed(item)).collect(),
        Cell::Exact(text) => vec![text],
        Cell::Text(text) => text.split(&*parse.list_separator).map(|item| parse.trimmed(item)).collect(),
    };
    found.retain(|item| !parse.is_null(item));
    let mut at = 0;
    while at < found.len() {
        match found[..at].contains(&found[at]) {
            true => drop(found.remove(at)),
            false => at += 1,
        }
    }
    found
}
