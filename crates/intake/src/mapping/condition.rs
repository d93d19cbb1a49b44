//! Which rows count: `{ column = "status", is = ["Closed", "Expired"] }`.

use super::columns::Columns;
use super::raw::RawCondition;
use crate::MappingFault;
use crate::source::{Cell, Row};

/// A condition whose column is known by number.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Condition {
    column: Option<usize>,
    test: Test,
    ignore_case: bool,
}

#[derive(Clone, PartialEq, Debug)]
enum Test {
    Is(Vec<String>),
    IsNot(Vec<String>),
    Empty(bool),
}

impl Condition {
    pub(super) fn read(raw: &RawCondition, columns: &mut Columns<'_>, place: &str) -> Option<Self> {
        let test = match (&raw.is, &raw.is_not, raw.empty) {
            (Some(words), None, None) => Test::Is(words.list()),
            (None, Some(words), None) => Test::IsNot(words.list()),
            (None, None, Some(empty)) => Test::Empty(empty),
            _ => {
                columns.faults.push(MappingFault::new(
                    "condition_wrong",
                    place,
                    format!("The condition on {:?} does not say one thing.", raw.column),
                    "Give one of: is, is_not, empty.",
                ));
                return None;
            }
        };
        let column = columns.place(&raw.column, place);
        Some(Self { column, test, ignore_case: raw.ignore_case })
    }

    /// Whether it holds for this row. A list holds a word where one of its elements is that word.
    pub(crate) fn holds(&self, row: &Row<'_>) -> bool {
        let among = |words: &[String], text: &str| {
            let text = text.trim();
            words.iter().any(|word| match self.ignore_case {
                true => word.to_lowercase() == text.to_lowercase(),
                false => word == text,
            })
        };
        let cell = self.column.and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Empty);
        let is = |words: &[String]| match cell {
            Cell::Empty => among(words, ""),
            Cell::Text(text) | Cell::Exact(text) => among(words, text),
            Cell::List(list) => list.iter().any(|text| among(words, text)),
        };
        match &self.test {
            Test::Is(words) => is(words),
            Test::IsNot(words) => !is(words),
            Test::Empty(empty) => {
                *empty
                    == match cell {
                        Cell::Empty => true,
                        Cell::Text(text) | Cell::Exact(text) => text.trim().is_empty(),
                        Cell::List(list) => list.is_empty(),
                    }
            }
        }
    }
}
