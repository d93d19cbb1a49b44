//! A record being filled in, by the names of its fields.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use dictionary::{Decimal, Dictionary, FieldId, Record, ResourceId, Text, Value, Version};

/// The fields of one resource by name, found fast.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    resource: ResourceId,
    fields: HashMap<Text, FieldId, BuildHasherDefault<NameHasher>>,
    /// Whether every name the code uses must be there: the newest dictionary holds them all.
    complete: bool,
}

impl Shape {
    pub(crate) fn new(dictionary: &Dictionary, resource: &str) -> Self {
        let resource = dictionary.known(resource);
        Self {
            resource: resource.id,
            fields: resource.each().map(|(id, field)| (field.name.clone(), id)).collect(),
            complete: dictionary.version() == Version::V2_1,
        }
    }

    pub(crate) fn resource(&self) -> ResourceId {
        self.resource
    }

    /// The field of this name; none where an older dictionary does not have it yet.
    pub(crate) fn field(&self, name: &str) -> Option<FieldId> {
        let found = self.fields.get(name).copied();
        assert!(found.is_some() || !self.complete, "no field {name} in the dictionary: misspelt in the code");
        found
    }

    /// Every field by name.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, FieldId)> {
        self.fields.iter().map(|(name, id)| (name.as_str(), *id))
    }

    pub(crate) fn draft(&self, room: usize) -> Draft<'_> {
        Draft { shape: self, values: Vec::with_capacity(room) }
    }

    /// The text that `record` holds under this name; empty where it holds none.
    pub(crate) fn text<'r>(&self, record: &'r Record, name: &str) -> &'r str {
        self.field(name).and_then(|id| record.get(id)).and_then(Value::as_text).unwrap_or("")
    }
}

/// A record being filled in. A field that this version of the dictionary lacks is left out.
#[derive(Debug)]
pub(crate) struct Draft<'s> {
    shape: &'s Shape,
    values: Vec<(FieldId, Value)>,
}

impl Draft<'_> {
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        if let Some(id) = self.shape.field(name) {
            self.values.push((id, value.into()));
        }
        self
    }

    pub(crate) fn put_some(&mut self, name: &str, value: Option<impl Into<Value>>) -> &mut Self {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    /// A word that lives as long as the program: kept without a copy.
    pub(crate) fn word(&mut self, name: &str, word: &'static str) -> &mut Self {
        self.put(name, Text::new_static(word))
    }

    /// A list of words; an empty one is left out.
    pub(crate) fn words(&mut self, name: &str, words: &[&'static str]) -> &mut Self {
        if words.is_empty() {
            return self;
        }
        let list = words.iter().map(|word| Text::new_static(word)).collect();
        self.put(name, Value::TextList(list))
    }

    /// A sum of whole dollars.
    pub(crate) fn dollars(&mut self, name: &str, dollars: i64) -> &mut Self {
        self.put(name, Decimal::from(dollars))
    }

    /// A number of `units` of which `10^digits` make one: 1234 with 2 digits is 12.34.
    pub(crate) fn decimal(&mut self, name: &str, units: i64, digits: u32) -> &mut Self {
        self.put(name, Decimal::new(units, digits).normalize())
    }

    pub(crate) fn done(self) -> Record {
        Record::from_values(self.shape.resource, self.values)
    }
}

/// A hash of a name's length and its first and last eight bytes: field names differ there, nearly all.
#[derive(Default)]
pub(crate) struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let word = |part: &[u8]| {
            let mut eight = [0; 8];
            let len = part.len().min(8);
            eight[..len].copy_from_slice(&part[..len]);
            u64::from_le_bytes(eight)
        };
        let mix = |state: u64, word: u64| (state.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        self.0 = mix(self.0, bytes.len() as u64);
        self.0 = mix(self.0, word(bytes));
        self.0 = mix(self.0, word(&bytes[bytes.len().saturating_sub(8)..]));
    }

    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        // The map takes its buckets from the low bits and its tags from the high ones.
        self.0 ^ (self.0 >> 32)
    }
}
