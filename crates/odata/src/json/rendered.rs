//! A record rendered once, from which every answer is copied.

use dictionary::{Fields, Resource};

use super::shape::{Chosen, Numbers, Shape};
use super::write::{annotations, brace, write_field};
use super::{close_record, entity_path};
use crate::metadata::EnumNames;

/// All fields of one version of one record as JSON, with a table of where each lies.
///
/// The bytes are its members one after the other, each with its comma: `,"City":"Seattle","ListPrice":1`.
/// A `$select` copies a range a field. A field is found by its bit and the number of bits before it, so
/// that a lookup costs a few cycles however many fields the record has.
#[derive(Clone, Debug)]
pub struct Rendered {
    bytes: Box<[u8]>,
    /// Where the member of each populated field begins, and after them where the last one ends.
    starts: Box<[u32]>,
    /// A bit for each field of the resource that has a value, and how many there were before the word.
    present: Box<[(u64, u32)]>,
    path: Box<str>,
    sequence: Option<u64>,
}

impl Rendered {
    /// Renders every field. Numbers are plain.
    ///
    /// # Panics
    /// Where the record takes more than 4 GiB as JSON, which the bounds on what is read rule out.
    #[must_use]
    pub fn of(fields: &impl Fields, resource: &Resource, sequence: Option<u64>) -> Self {
        Self::with(fields, resource, sequence, None)
    }

    /// As [`Rendered::of`], with lookup values as members of enumerations.
    ///
    /// # Panics
    /// As [`Rendered::of`].
    #[must_use]
    pub fn with(
        fields: &impl Fields,
        resource: &Resource,
        sequence: Option<u64>,
        enums: Option<&EnumNames>,
    ) -> Self {
        let mut bytes = Vec::with_capacity(2_048);
        let mut starts = Vec::new();
        let mut present = vec![(0_u64, 0_u32); resource.fields.len().div_ceil(64)];
        let offset = |bytes: &Vec<u8>| u32::try_from(bytes.len()).expect("a record takes less than 4 GiB");
        fields.each(&mut |id, value| {
            let field = resource.field(id);
            starts.push(offset(&bytes));
            present[id.index() / 64].0 |= 1 << (id.index() % 64);
            bytes.extend_from_slice(b",\"");
            bytes.extend_from_slice(field.name.as_bytes());
            bytes.extend_from_slice(b"\":");
            write_field(&mut bytes, value, (resource, id), Numbers::Plain, enums);
        });
        starts.push(offset(&bytes));
        let mut before = 0;
        for (bits, rank) in &mut present {
            *rank = before;
            before += bits.count_ones();
        }
        Self {
            bytes: bytes.into(),
            starts: starts.into(),
            present: present.into(),
            path: entity_path(resource, fields).into(),
            sequence,
        }
    }

    /// Writes the record in `shape`, which [suits](Shape::suits_rendered): the same bytes as
    /// [`write_record`](super::write_record).
    pub fn write(&self, out: &mut Vec<u8>, resource: &Resource, shape: &Shape) {
        self.open(out, resource, shape);
        close_record(out);
    }

    /// As [`Rendered::write`], without the closing brace.
    pub fn open(&self, out: &mut Vec<u8>, resource: &Resource, shape: &Shape) {
        debug_assert!(shape.suits_rendered(), "the shape asks for what was not rendered");
        let start = out.len();
        annotations(out, || self.path.clone().into(), resource, shape, self.sequence);
        match &shape.fields {
            Chosen::Every => out.extend_from_slice(&self.bytes),
            Chosen::These(chosen) => {
                for (id, null) in chosen {
                    out.extend_from_slice(self.range(id.index()).unwrap_or(null));
                }
            }
        }
        brace(out, start);
    }

    /// The member of a field with its comma; none where the field has no value.
    fn range(&self, field: usize) -> Option<&[u8]> {
        let (bits, before) = *self.present.get(field / 64)?;
        let bit = field % 64;
        if bits >> bit & 1 == 0 {
            return None;
        }
        let at = (before + (bits & ((1 << bit) - 1)).count_ones()) as usize;
        self.bytes.get(*self.starts.get(at)? as usize..*self.starts.get(at + 1)? as usize)
    }

    /// The version's sequence.
    #[must_use]
    pub fn sequence(&self) -> Option<u64> {
        self.sequence
    }

    /// The path of the record below the service root.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How many bytes of memory it takes, about: for whoever bounds what is kept.
    #[must_use]
    pub fn weight(&self) -> usize {
        size_of::<Self>()
            + self.bytes.len()
            + self.starts.len() * 4
            + self.present.len() * 16
            + self.path.len()
    }
}
