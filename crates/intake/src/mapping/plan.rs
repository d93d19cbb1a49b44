//! A mapping that has been held against the dictionary and a file: nothing is looked up by name any more.

use std::collections::HashMap;

use dictionary::{FieldId, FieldSet, ResourceId, Text, Type, Value};

use super::condition::Condition;
use super::raw::{Duplicates, OnFault, Write};
use super::template::Template;
use super::words::Spellings;
use crate::value::Parse;

/// What becomes of each row.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) feed: Text,
    pub(crate) targets: Vec<Target>,
    /// The headings, for messages.
    pub(crate) headings: Vec<String>,
    /// Things worth knowing that are no faults.
    pub(crate) notes: Vec<String>,
}

/// One record that a row yields.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) resource: ResourceId,
    pub(crate) resource_name: Text,
    pub(crate) write: Write,
    pub(crate) duplicates: Duplicates,
    pub(crate) keep_if: Vec<Condition>,
    pub(crate) drop_if: Vec<Condition>,
    pub(crate) fields: Vec<FieldPlan>,
    /// The fields that the mapping names.
    pub(crate) mapped: FieldSet,
}

/// Where one field's value comes from, and how it is read.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    pub(crate) id: FieldId,
    pub(crate) name: Text,
    pub(crate) ty: Type,
    pub(crate) from: From,
    pub(crate) map: Option<ValueMap>,
    pub(crate) spellings: Option<Spellings>,
    pub(crate) on_fault: OnFault,
    pub(crate) parse: Parse,
}

/// Where a value comes from.
#[derive(Debug)]
pub(crate) enum From {
    Constant(Value),
    Column(usize),
    /// Several columns, those that hold something with `with` between them; of a list field each is an
    /// element or a list of its own.
    Joined {
        columns: Vec<usize>,
        with: String,
    },
    Template(Template),
    /// A column that no object of the sample had.
    Nowhere,
}

/// What the file's words become.
#[derive(Debug)]
pub(crate) struct ValueMap {
    pub(crate) words: HashMap<String, Option<Value>>,
    /// What every other word becomes (`*`); without it other words stay as they are.
    pub(crate) other: Option<Option<Value>>,
    pub(crate) ignore_case: bool,
}

impl ValueMap {
    /// What `word` becomes: a value, nothing, or (none) itself.
    pub(crate) fn find(&self, word: &str) -> Option<&Option<Value>> {
        let found = match self.ignore_case {
            true => self.words.get(&word.to_lowercase()),
            false => self.words.get(word),
        };
        found.or(self.other.as_ref())
    }
}
