//! A record: the fields of one resource that have a value.

use crate::{FieldId, ResourceId, Value};

/// A record of one resource. It holds only fields that have a value, in the order of their ids.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    resource: ResourceId,
    values: Vec<(FieldId, Value)>,
}

impl Record {
    /// An empty record.
    #[must_use]
    pub fn new(resource: ResourceId) -> Self {
        Self { resource, values: Vec::new() }
    }

    /// A record of these values; of a field named twice the last counts.
    #[must_use]
    pub fn from_values(resource: ResourceId, mut values: Vec<(FieldId, Value)>) -> Self {
        if !values.is_sorted_by(|a, b| a.0 < b.0) {
            values.sort_by_key(|(field, _)| *field);
            values.reverse();
            values.dedup_by_key(|(field, _)| *field);
            values.reverse();
        }
        Self { resource, values }
    }

    /// The resource it belongs to.
    #[must_use]
    pub fn resource(&self) -> ResourceId {
        self.resource
    }

    /// The value of `field`, or none where it has none.
    #[must_use]
    pub fn get(&self, field: FieldId) -> Option<&Value> {
        let at = self.values.binary_search_by_key(&field, |(id, _)| *id).ok()?;
        Some(&self.values[at].1)
    }

    /// Gives `field` this value and returns the one it had.
    pub fn set(&mut self, field: FieldId, value: impl Into<Value>) -> Option<Value> {
        let value = value.into();
        match self.values.binary_search_by_key(&field, |(id, _)| *id) {
            Ok(at) => Some(std::mem::replace(&mut self.values[at].1, value)),
            Err(at) => {
                self.values.insert(at, (field, value));
                None
            }
        }
    }

    /// Takes the value of `field` away.
    pub fn clear(&mut self, field: FieldId) -> Option<Value> {
        let at = self.values.binary_search_by_key(&field, |(id, _)| *id).ok()?;
        Some(self.values.remove(at).1)
    }

    /// Every field that has a value, in the order of the ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FieldId, &Value)> {
        self.values.iter().map(|(id, value)| (*id, value))
    }

    /// How many fields have a value.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no field has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The fields whose value differs between the two, in the order of the ids.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<FieldId> {
        let mut found: Vec<FieldId> = self
            .iter()
            .filter(|(id, value)| other.get(*id) != Some(*value))
            .map(|(id, _)| id)
            .chain(other.iter().filter(|(id, _)| self.get(*id).is_none()).map(|(id, _)| id))
            .collect();
        found.sort_unstable();
        found
    }
}
