//! The tables of all resources, and where in the log they are.

use std::sync::atomic::{AtomicU64, Ordering};

use dictionary::{Dictionary, FieldId, Origin, Resource, ResourceId};
use store::{Change, ChangeKind, RowGroup, Sequence};

use crate::finders::Hasher;
use crate::share::share;
use crate::table::{Seen, Table};

/// One state of every resource.
#[derive(Debug)]
pub(crate) struct Index {
    tables: Vec<Table>,
    /// Events are followed and replayed, never asked for by filter: their payloads are not held in memory.
    passed_over: Option<ResourceId>,
    pub(crate) applied: Sequence,
    /// Which index of this process it is: rows of another are other rows.
    pub(crate) born: u64,
}

/// Indexes made so far.
static BORN: AtomicU64 = AtomicU64::new(0);

impl Index {
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        let hasher = Hasher::default();
        let tables = dictionary.resources().iter().map(|resource| Table::new(resource, hasher.clone()));
        let event = dictionary.find("Event").filter(|resource| resource.origin == Origin::Freehold);
        Self {
            tables: tables.collect(),
            passed_over: event.map(|resource| resource.id),
            applied: 0,
            born: BORN.fetch_add(1, Ordering::Relaxed),
        }
    }

    pub(crate) fn table(&self, resource: ResourceId) -> &Table {
        &self.tables[resource.index()]
    }

    pub(crate) fn table_mut(&mut self, resource: ResourceId) -> &mut Table {
        &mut self.tables[resource.index()]
    }

    /// Builds one order or finder that is wanted; whether there was any.
    pub(crate) fn build_wanted(&self) -> bool {
        self.tables.iter().any(Table::build_wanted)
    }

    /// A resource, a field and a chunk of it whose words are wanted and not found yet.
    pub(crate) fn missing_words(&self) -> Option<(ResourceId, FieldId, usize)> {
        self.tables.iter().find_map(|table| {
            let (field, chunk) = table.missing_words()?;
            Some((table.resource, field, chunk))
        })
    }

    pub(crate) fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Takes in one change; one that is in already is passed over.
    pub(crate) fn apply(&mut self, change: &Change) {
        if change.sequence <= self.applied {
            return;
        }
        self.applied = change.sequence;
        if Some(change.resource) == self.passed_over {
            return;
        }
        let table = &mut self.tables[change.resource.index()];
        if table.find(&change.key).is_some_and(|row| table.sequence(row) >= change.sequence) {
            return;
        }
        match (&change.record, change.kind) {
            (Some(record), ChangeKind::Created | ChangeKind::Changed) => {
                let created = (change.kind == ChangeKind::Created).then_some(change.at);
                table.put(
                    &change.key,
                    &change.feed,
                    change.sequence,
                    record,
                    Seen { at: change.at, created },
                );
            }
            _ => table.remove(&change.key, change.sequence),
        }
    }

    /// Takes in records as they are, on as many threads as are given.
    pub(crate) fn load(&mut self, groups: &[RowGroup], threads: usize) {
        for group in groups.iter().filter(|group| Some(group.resource()) != self.passed_over) {
            self.tables[group.resource().index()].load(group, threads);
        }
    }

    /// Gives back memory that only loading needed, and builds what nearly every question needs.
    pub(crate) fn settle(&mut self, dictionary: &Dictionary, threads: usize) {
        self.tables.iter_mut().filter(|table| table.len() > 0).for_each(|table| table.shrink(threads));
        let full = |resource: &&Resource| self.table(resource.id).len() > 0;
        let standing = dictionary.resources().iter().filter(full).map(|resource| (resource.id, None));
        let links = dictionary.resources().iter().filter(full).flat_map(|resource| &resource.links);
        let mut wanted: Vec<_> =
            standing.chain(links.map(|link| (link.target, Some(link.join.target)))).collect();
        wanted.sort_unstable();
        wanted.dedup();
        share(threads, wanted.into_iter(), |(resource, field)| {
            let table = self.table(resource);
            match field {
                Some(field) => drop(table.spots(field)),
                None => drop(table.standing()),
            }
        });
        self.tables.iter().filter(|table| table.len() > 0).for_each(Table::want_finders);
    }
}
