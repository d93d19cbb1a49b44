//! A write that is put together part by part, and kept as one.

use dictionary::{Text, Timestamp};

use crate::pending::OnItsWay;
use crate::prepare::{Prepared, bounded, prepare};
use crate::store::Said;
use crate::{Batch, Operation, Receipt, Store};

/// Operations of one: an association's listings with room. One commit of as many holds the writer for some
/// ten seconds, so that this is for what comes once, or for what cannot be seen in halves.
const MOST: usize = 1_000_000;
/// Bytes of the records of one, which wait in memory.
const LARGEST: usize = 1 << 30;

/// A write that is put together part by part and kept as one, all or nothing: for more operations than a
/// [`Batch`] takes. Its parts wait in memory as bytes. One that is dropped was never there.
#[derive(Debug)]
pub struct Assembly {
    store: Store,
    prepared: Prepared,
    /// Held from the beginning: the records bear its instant, and who copies what changed until an instant
    /// must not be told that this one is over (PAR-140).
    on_its_way: OnItsWay,
    actor: Text,
}

impl Store {
    /// Begins a write by this actor at this instant, or at the first that is not over.
    #[must_use]
    pub fn assemble(&self, actor: impl Into<Text>, at: Timestamp) -> Assembly {
        let (actor, on_its_way) = (actor.into(), self.sets_out(at));
        let prepared = Prepared {
            actor: actor.clone(),
            at: on_its_way.at.as_microsecond(),
            steps: Vec::new(),
            cursors: Vec::new(),
            work: Vec::new(),
            bytes: 0,
        };
        Assembly { store: self.clone(), prepared, on_its_way, actor }
    }
}

impl Assembly {
    /// The instant of the write.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.on_its_way.at
    }

    /// How many operations there are.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.prepared.steps.len()
    }

    /// Adds operations after those that are there, at most 10,000 at a time and 1,000,000 in all.
    ///
    /// # Errors
    /// As [`Store::write`] before it writes: then none of them is added.
    pub async fn add(&mut self, operations: Vec<Operation>) -> Said<()> {
        bounded("operations", self.operations() + operations.len(), MOST)?;
        let mut part = Batch::new(self.actor.clone(), self.at());
        part.operations = operations;
        let (dictionary, names) = (self.store.dictionary.clone(), self.store.names.clone());
        let prepared = tokio::task::spawn_blocking(move || prepare(&dictionary, &names, &part)).await;
        let prepared = prepared.map_err(|_| crate::job::stopped())??;
        bounded("bytes in an assembly", self.prepared.bytes + prepared.bytes, LARGEST)?;
        self.prepared.bytes += prepared.bytes;
        self.prepared.steps.extend(prepared.steps);
        Ok(())
    }

    /// Lets a named reader's place move with the write.
    pub fn set_cursor(&mut self, name: impl Into<Text>, place: impl Into<String>) {
        self.prepared.cursors.push((name.into(), place.into()));
    }

    /// Keeps it in one transaction. When this returns, it is on disk.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write(self) -> Said<Receipt> {
        self.store.engine.queue()?.batch(self.prepared, self.on_its_way).await
    }
}
