//! The tables of all resources, and where in the log they are.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use dictionary::{Dictionary, FieldId, Origin, ResourceId};
use store::{Change, ChangeKind, Sequence, StoreError};

use crate::finders::Hasher;
use crate::table::{Incoming, Seen, Table};

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

    /// Takes in records as they are, on as many threads as are given, up to two.
    ///
    /// # Errors
    /// A record that cannot be read; the index is not to be used then.
    pub(crate) fn load<R: Incoming>(
        &mut self,
        records: &[R],
        resource_of: impl Fn(&R) -> ResourceId,
        threads: usize,
    ) -> Result<(), StoreError> {
        let mut by_resource: BTreeMap<ResourceId, Vec<&R>> = BTreeMap::new();
        for record in records {
            by_resource.entry(resource_of(record)).or_default().push(record);
        }
        for (resource, records) in by_resource {
            if Some(resource) == self.passed_over {
                continue;
            }
            self.tables[resource.index()].load(&records, threads)?;
        }
        Ok(())
    }

    /// Builds what nearly every question needs, and gives back memory that only loading needed.
    pub(crate) fn settle(&mut self, dictionary: &Dictionary) {
        for table in &mut self.tables {
            if table.len() > 0 {
                table.shrink();
                table.standing();
                table.want_finders();
            }
        }
        for resource in dictionary.resources() {
            for link in resource.links.iter().filter(|_| self.table(resource.id).len() > 0) {
                self.table(link.target).spots(link.join.target);
            }
        }
    }
}
