//! One row through the plan: the records that it yields, and what is wrong with them.

use std::borrow::Cow;

use dictionary::{Dictionary, Key, Record, Text, Type, Value};

use super::plan::{FieldPlan, From, Plan, Target};
use super::raw::OnFault;
use super::template::{Piece, Template};
use crate::source::{Cell, Row};
use crate::value::{Bad, elements, read};

/// A record that a row yields.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Mapped {
    /// Which part of the plan it came from.
    pub(crate) target: usize,
    /// Its key, where it could be read; a record that is refused has one, too.
    pub(crate) key: Option<Key>,
    /// What could be read of it.
    pub(crate) record: Record,
    /// What is wrong with it.
    pub(crate) faults: Vec<RowFault>,
    /// Whether it may not be kept.
    pub(crate) refused: bool,
}

/// One thing wrong with a row or a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RowFault {
    pub(crate) code: &'static str,
    pub(crate) field: Option<Text>,
    /// Place of the column among the headings.
    pub(crate) column: Option<usize>,
    /// What the file holds, as it stands there.
    pub(crate) value: String,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Plan {
    /// The records of a row, none where its conditions leave it out.
    pub(crate) fn apply(&self, dictionary: &Dictionary, row: &Row<'_>) -> Vec<Mapped> {
        let wanted = |target: &Target| {
            target.keep_if.iter().all(|c| c.holds(row)) && !target.drop_if.iter().any(|c| c.holds(row))
        };
        let targets = self.targets.iter().enumerate().filter(|(_, target)| wanted(target));
        targets.map(|(at, target)| apply(at, target, dictionary, row)).collect()
    }
}

fn apply(at: usize, target: &Target, dictionary: &Dictionary, row: &Row<'_>) -> Mapped {
    let mut values = Vec::with_capacity(target.fields.len());
    let mut faults = Vec::new();
    let mut refused = false;
    for field in &target.fields {
        match value(field, row) {
            Ok(Some(value)) => values.push((field.id, value)),
            Ok(None) => {}
            Err(bad) => {
                refused |= field.on_fault == OnFault::Refuse;
                faults.push(fault(field, row, bad.code, bad.message, bad.hint));
            }
        }
    }
    let mut record = Record::from_values(target.resource, values);
    let resource = dictionary.resource(target.resource);
    for found in dictionary::check(dictionary, &record) {
        let Some(field) = target.fields.iter().find(|field| field.name == found.field) else { continue };
        // A key that could not be read is named once, by what was wrong with it.
        if faults.iter().any(|fault| fault.field.as_ref() == Some(&found.field)) {
            refused |= resource.field(field.id).key;
            continue;
        }
        let keeps = field.on_fault == OnFault::LeaveOut && !resource.field(field.id).key;
        if keeps {
            record.clear(field.id);
        }
        refused |= !keeps;
        faults.push(fault(field, row, found.code.name(), found.message, found.hint));
    }
    Mapped {
        target: at,
        key: resource.key_of(&record).filter(|key| !key.is_empty()),
        record,
        faults,
        refused,
    }
}

fn fault(field: &FieldPlan, row: &Row<'_>, code: &'static str, message: String, hint: String) -> RowFault {
    let column = match &field.from {
        From::Column(at) => Some(*at),
        From::Joined { columns, .. } => columns.first().copied(),
        From::Template(template) => template.pieces.iter().find_map(|piece| match piece {
            Piece::Column(at) => Some(*at),
            _ => None,
        }),
        From::Constant(_) | From::Nowhere => None,
    };
    let cell = column.and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Empty);
    let value = match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Exact(text) => cut(text),
        Cell::List(list) => cut(&list.join(",")),
    };
    RowFault { code, field: Some(field.name.clone()), column, value, message, hint }
}

/// Longest piece of a value that a report shows, in characters.
const LONGEST_SHOWN: usize = 60;

/// The beginning of a text.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The field's value in this row.
fn value(field: &FieldPlan, row: &Row<'_>) -> Result<Option<Value>, Bad> {
    let cell = |at: usize| row.cells.get(at).unwrap_or(&Cell::Empty);
    let list = matches!(field.ty, Type::TextList { .. });
    match &field.from {
        From::Constant(value) => Ok(Some(value.clone())),
        From::Nowhere => Ok(None),
        From::Column(at) if list => Ok(several(field, std::iter::once(cell(*at)))),
        From::Joined { columns, .. } if list => Ok(several(field, columns.iter().map(|at| cell(*at)))),
        From::Column(at) => match cell(*at) {
            // A map may say what an empty cell means.
            Cell::Empty if field.map.is_some() => one(field, "", false),
            Cell::Empty => Ok(None),
            Cell::Text(text) => one(field, text, false),
            Cell::Exact(text) => one(field, text, true),
            // A list for a field that holds one value: its elements, as the cell of a CSV would have them.
            Cell::List(items) => one(field, &items.join(&field.parse.list_separator), false),
        },
        From::Joined { columns, with } => {
            let parts: Vec<Cow<'_, str>> = columns.iter().filter_map(|at| text(field, cell(*at))).collect();
            if parts.is_empty() { Ok(None) } else { one(field, &parts.join(with), false) }
        }
        From::Template(template) => match filled(field, template, row) {
            None => Ok(None),
            Some(text) if list => Ok(several(field, std::iter::once(&Cell::Text(text.into())))),
            Some(text) => one(field, &text, false),
        },
    }
}

/// The text of a cell, none where it stands for no value.
fn text<'c>(field: &FieldPlan, cell: &'c Cell<'_>) -> Option<Cow<'c, str>> {
    let found = match cell {
        Cell::Empty => return None,
        Cell::Text(text) | Cell::Exact(text) => Cow::Borrowed(field.parse.trimmed(text)),
        Cell::List(list) => Cow::Owned(list.join(&field.parse.list_separator)),
    };
    (!field.parse.is_null(&found)).then_some(found)
}

fn filled(field: &FieldPlan, template: &Template, row: &Row<'_>) -> Option<String> {
    let mut out = String::new();
    let (mut some, mut asked) = (false, false);
    for piece in &template.pieces {
        let at = match piece {
            Piece::Said(said) => {
                out.push_str(said);
                continue;
            }
            Piece::Column(at) => Some(*at),
            Piece::Nowhere => None,
        };
        asked = true;
        match at.and_then(|at| text(field, row.cells.get(at).unwrap_or(&Cell::Empty))) {
            Some(text) => {
                some = true;
                out.push_str(&text);
            }
            // Half a key would tie together what is not one.
            None if template.whole => return None,
            None => {}
        }
    }
    (some || !asked).then_some(out)
}

/// One value out of one text.
fn one(field: &FieldPlan, text: &str, exact: bool) -> Result<Option<Value>, Bad> {
    let text = field.parse.trimmed(text);
    // The map comes first: it may give a meaning to a word that otherwise stands for nothing; `*` does not.
    if let Some(map) = &field.map
        && let Some(becomes) = map.find(text)
        && (!field.parse.is_null(text) || map.words.contains_key(text))
    {
        return Ok(becomes.clone());
    }
    if field.parse.is_null(text) {
        return Ok(None);
    }
    if let Some(word) = field.spellings.as_ref().and_then(|known| known.find(text)) {
        return Ok(Some(Value::Text(word.clone())));
    }
    read(field.ty, text, exact, &field.parse).map(Some)
}

/// A list out of the elements of several cells, each of which goes through the map.
fn several<'c, 'd: 'c>(field: &FieldPlan, cells: impl Iterator<Item = &'c Cell<'d>>) -> Option<Value> {
    let mut found: Vec<Text> = Vec::new();
    let mut add = |word: &Text| {
        if !found.contains(word) {
            found.push(word.clone());
        }
    };
    for cell in cells {
        for word in elements(cell, &field.parse) {
            match field.map.as_ref().and_then(|map| map.find(word)) {
                Some(Some(Value::TextList(list))) => list.iter().for_each(&mut add),
                Some(Some(Value::Text(text))) => add(text),
                Some(_) => {}
                None => match field.spellings.as_ref().and_then(|known| known.find(word)) {
                    Some(spelled) => add(spelled),
                    None => add(&Text::new(word)),
                },
            }
        }
    }
    (!found.is_empty()).then(|| Value::TextList(found.into()))
}
