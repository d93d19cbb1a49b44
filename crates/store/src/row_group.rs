//! Records field by field rather than one by one: what an index starts from.
//!
//! A record of a hundred fields is read once, where the engine has it, and each of its values goes straight
//! to the others of its field. Whoever takes in a million records then works on one field at a time: its
//! kind is asked for once and what it needs stays in the cache.

mod values;

use std::collections::BTreeMap;

use dictionary::{Feed, FieldId, Key, ResourceId, Timestamp, Type, ValueRef};

use crate::codec::{Names, spread};
use crate::line::{Gather, Line, damaged, instant};
use crate::{Sequence, StoreError, Stored};

pub use values::{Lists, Texts, Values};

/// Records of one resource, turned on their side.
#[derive(Clone, Debug)]
pub struct RowGroup {
    resource: ResourceId,
    heads: Vec<Head>,
    fields: Vec<Option<FieldRun>>,
}

/// What the store knows of a record beside its fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The feed it belongs to.
    pub feed: Feed,
    /// Its key.
    pub key: Key,
    /// Its version.
    pub sequence: Sequence,
    /// When that version was written.
    pub at: Timestamp,
    /// When the record came into being: first of all, or again after it had been removed. None where that
    /// was not asked for.
    pub created: Option<Timestamp>,
}

/// The values of one field of a group.
#[derive(Clone, Debug)]
pub struct FieldRun {
    pub(crate) records: Records,
    pub(crate) values: Values,
}

/// Which records of a group have a value, by their places among the heads. Nearly always one after the other
/// has: they are listed only where one between has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records {
    first: u32,
    count: u32,
    listed: Vec<u32>,
}

impl RowGroup {
    fn new(resource: ResourceId, fields: usize) -> Self {
        let fields = std::iter::repeat_with(|| None).take(fields).collect();
        Self { resource, heads: Vec::new(), fields }
    }

    /// Records of memory as groups, each resource's in the order in which they are given. A value of another
    /// kind than those of its field before it is passed over, as one is that lies on disk.
    #[must_use]
    pub fn of(records: &[Stored]) -> Vec<Self> {
        let mut groups: BTreeMap<ResourceId, Self> = BTreeMap::new();
        for stored in records {
            let group = groups.entry(stored.resource).or_insert_with(|| Self::new(stored.resource, 0));
            group.push(stored);
        }
        let mut groups: Vec<Self> = groups.into_values().collect();
        groups.iter_mut().for_each(|group| group.seal().expect("text in memory is text"));
        groups
    }

    /// Whose records.
    #[must_use]
    pub fn resource(&self) -> ResourceId {
        self.resource
    }

    /// What the store knows of each record beside its fields.
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// The values of a field; none where no record has one.
    #[must_use]
    pub fn field(&self, field: FieldId) -> Option<&FieldRun> {
        self.fields.get(field.index())?.as_ref().filter(|run| run.records.count > 0)
    }

    fn push(&mut self, stored: &Stored) {
        let record = self.place();
        let Stored { feed, key, sequence, at, .. } = stored.clone();
        self.heads.push(Head { feed, key, sequence, at, created: None });
        for (field, value) in stored.record.iter() {
            if field.index() >= self.fields.len() {
                self.fields.resize_with(field.index() + 1, || None);
            }
            let run = self.fields[field.index()].get_or_insert_with(|| FieldRun::like(value.view()));
            if run.values.push(value.view()) {
                run.records.push(record);
            }
        }
    }

    /// The place of the next record.
    fn place(&self) -> u32 {
        u32::try_from(self.heads.len()).expect("a group is a small part of what fits in memory")
    }

    /// Checks what was put in unchecked; the place of a record whose text is none.
    fn seal(&mut self) -> Result<(), u32> {
        self.fields.iter_mut().flatten().try_for_each(FieldRun::seal)
    }
}

impl Records {
    /// Adds a record that comes after all of these.
    #[inline]
    pub(crate) fn push(&mut self, record: u32) {
        if self.count == 0 {
            self.first = record;
        } else if !self.listed.is_empty() {
            self.listed.push(record);
        } else if self.first + self.count != record {
            self.listed.extend(self.first..self.first + self.count);
            self.listed.push(record);
        }
        self.count += 1;
    }
}

impl FieldRun {
    /// None yet, of a field of this type, with room for so many.
    pub(crate) fn of(ty: Type, room: usize) -> Self {
        Self { records: Records::default(), values: Values::of(ty, room) }
    }

    fn like(value: ValueRef<'_>) -> Self {
        Self { records: Records::default(), values: Values::like(value) }
    }

    /// Which records have a value, by their places among the heads, in their order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = u32> {
        let Records { first, count, listed } = &self.records;
        (0..*count).map(move |at| listed.get(at as usize).copied().unwrap_or(first + at))
    }

    /// Their values.
    #[must_use]
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// Calls `look` with every record that has a value, and the value.
    pub fn each(&self, mut look: impl FnMut(u32, ValueRef<'_>)) {
        let mut records = self.records();
        self.values.each(|value| {
            if let Some(record) = records.next() {
                look(record, value);
            }
        });
    }

    /// Checks what was put in unchecked; the place of a record whose text is none.
    pub(crate) fn seal(&mut self) -> Result<(), u32> {
        self.values.seal().map_err(|at| self.records().nth(at).unwrap_or(0))
    }
}

/// Entries of the log on their way into groups.
#[derive(Debug)]
pub(crate) struct Gathered {
    groups: Vec<RowGroup>,
    room: usize,
}

impl Gathered {
    /// None yet, with room for so many.
    pub(crate) fn new(room: usize) -> Self {
        Self { groups: Vec::new(), room }
    }

    /// The groups, one a resource.
    ///
    /// # Errors
    /// A text that is none.
    pub(crate) fn sealed(mut self) -> Result<Vec<RowGroup>, StoreError> {
        for group in &mut self.groups {
            group.seal().map_err(|record| {
                let sequence = group.heads.get(record as usize).map_or(0, |head| head.sequence);
                damaged(sequence, crate::codec::NOT_TEXT)
            })?;
        }
        Ok(self.groups)
    }

    fn group(&mut self, resource: ResourceId, names: &Names) -> &mut RowGroup {
        // There are few resources, and what lies side by side in the log is nearly always of one.
        let found = self.groups.iter().position(|group| group.resource == resource);
        let at = found.unwrap_or_else(|| {
            self.groups.push(RowGroup::new(resource, names.field_count(resource)));
            self.groups.len() - 1
        });
        &mut self.groups[at]
    }
}

impl Gather for Gathered {
    fn add(&mut self, line: Line<&[u8]>, names: &Names) -> Result<(), StoreError> {
        let (Some(resource), Some(body)) = (names.resource_id(line.resource), line.body) else {
            return Ok(());
        };
        let damaged = |damage| damaged(line.sequence, damage);
        let room = self.room;
        let group = self.group(resource, names);
        spread(names, body, group.place(), &mut group.fields, room).map_err(damaged)?;
        let at = instant(line.at).map_err(damaged)?;
        let created = line.created.map(instant).transpose().map_err(damaged)?;
        let Line { sequence, feed, key, .. } = line;
        group.heads.push(Head { feed, key, sequence, at, created: Some(created.unwrap_or(at)) });
        Ok(())
    }
}
