//! Records of Freehold's own resources, made and read by the names of their fields.

use dictionary::{Record, Resource, Text, Timestamp, Value};
use store::{Expect, Operation};

/// The feed of Freehold's own records.
pub(crate) const OWN_FEED: &str = gate::OWN_FEED;

/// A record of these fields; what has no value is left out.
pub(crate) fn record<const N: usize>(own: &Resource, fields: [(&str, Option<Value>); N]) -> Record {
    let mut record = Record::new(own.id);
    for (name, value) in fields {
        let field = own.find(name).expect("the field stands in dictionary/freehold/fields.tsv");
        if let Some(value) = value {
            record.set(field, value);
        }
    }
    record
}

/// Keeps a record of Freehold's own.
pub(crate) fn put(record: Record, expect: Expect) -> Operation {
    Operation::Put { feed: OWN_FEED.into(), record, expect, stamp: None }
}

/// A record, read by the names of its fields.
#[derive(Clone, Copy)]
pub(crate) struct Read<'a> {
    pub(crate) own: &'a Resource,
    pub(crate) record: &'a Record,
}

impl<'a> Read<'a> {
    fn value(self, name: &str) -> Option<&'a Value> {
        self.record.get(self.own.find(name)?)
    }

    pub(crate) fn text(self, name: &str) -> Option<Text> {
        match self.value(name)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The texts of a list; none of them where it has no value.
    pub(crate) fn texts(self, name: &str) -> Vec<Text> {
        match self.value(name) {
            Some(Value::TextList(list)) => list.to_vec(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn integer(self, name: &str) -> Option<i64> {
        self.value(name)?.as_integer()
    }

    pub(crate) fn truth(self, name: &str) -> bool {
        self.value(name).and_then(Value::as_boolean).unwrap_or(false)
    }

    pub(crate) fn instant(self, name: &str) -> Option<Timestamp> {
        self.value(name)?.as_timestamp()
    }
}
