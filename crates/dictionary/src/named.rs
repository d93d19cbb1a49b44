//! Records of Freehold's own resources, made and read by the names of their fields.
//!
//! Code that reasons about such a record knows its fields by name: they stand in
//! `dictionary/freehold/fields.tsv`, and a name that does not is a fault of the code.

use crate::{Date, Record, Resource, Text, Timestamp, Value};

/// A record of these fields; what has no value is left out.
///
/// # Panics
/// Where the resource has no field of such a name.
pub fn named<'f>(own: &Resource, fields: impl IntoIterator<Item = (&'f str, Option<Value>)>) -> Record {
    let mut record = Record::new(own.id);
    for (name, value) in fields {
        set_named(&mut record, own, name, value);
    }
    record
}

/// Gives the field of this name its value, or takes it away.
///
/// # Panics
/// Where the resource has no field of such a name.
pub fn set_named(record: &mut Record, own: &Resource, name: &str, value: Option<Value>) {
    let field = own.find(name).expect("the field stands in dictionary/freehold/fields.tsv");
    match value {
        Some(value) => drop(record.set(field, value)),
        None => drop(record.clear(field)),
    }
}

/// A record, read by the names of its fields.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The record's resource.
    pub own: &'a Resource,
    /// The record.
    pub record: &'a Record,
}

impl<'a> Named<'a> {
    /// The value, of whatever type.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'a Value> {
        self.record.get(self.own.find(name)?)
    }

    /// A text.
    #[must_use]
    pub fn text(self, name: &str) -> Option<Text> {
        match self.value(name)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The texts of a list; none of them where it has no value.
    #[must_use]
    pub fn texts(self, name: &str) -> Vec<Text> {
        match self.value(name) {
            Some(Value::TextList(list)) => list.to_vec(),
            _ => Vec::new(),
        }
    }

    /// A whole number.
    #[must_use]
    pub fn integer(self, name: &str) -> Option<i64> {
        self.value(name)?.as_integer()
    }

    /// Whether it is true; what has no value is not.
    #[must_use]
    pub fn truth(self, name: &str) -> bool {
        self.value(name).and_then(Value::as_boolean).unwrap_or(false)
    }

    /// A day.
    #[must_use]
    pub fn date(self, name: &str) -> Option<Date> {
        match self.value(name)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// An instant.
    #[must_use]
    pub fn instant(self, name: &str) -> Option<Timestamp> {
        self.value(name)?.as_timestamp()
    }
}
