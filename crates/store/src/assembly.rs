//! A write that is put together part by part, and kept as one.

mod parts;
mod step;
mod waiting;

use std::path::PathBuf;

use dictionary::{Text, Timestamp};

use crate::pending::OnItsWay;
use crate::prepare::{bounded, prepare};
use crate::store::Said;
use crate::{Batch, Operation, Receipt, Store, StoreError};

pub(crate) use parts::Assembled;
use waiting::Waiting;

/// Operations of one: an association's listings with room. One commit of as many holds the writer for some
/// ten seconds, so that this is for what comes once, or for what cannot be seen in halves.
const MOST: usize = 1_000_000;
/// Bytes of the records of one, which wait on disk.
const LARGEST: usize = 1 << 30;

/// A write that is put together part by part and kept as one, all or nothing: for more operations than a
/// [`Batch`] takes. Some megabytes of its parts wait in memory, what is more in a file without a name, which goes
/// with the process however that ends. One that is dropped was never there.
#[derive(Debug)]
pub struct Assembly {
    store: Store,
    actor: Text,
    /// Held from the beginning: the records bear its instant, and who copies what changed until an instant
    /// must not be told that this one is over (PAR-140).
    on_its_way: OnItsWay,
    /// None once a part was lost on its way here: then there is nothing whole to write.
    waiting: Option<Waiting>,
    cursors: Vec<(Text, String)>,
}

impl Store {
    /// Begins a write by this actor at this instant, or at the first that is not over. What does not wait in memory
    /// waits in the directory `room`, which is made where it is needed.
    #[must_use]
    pub fn assemble(&self, actor: impl Into<Text>, at: Timestamp, room: impl Into<PathBuf>) -> Assembly {
        Assembly {
            store: self.clone(),
            actor: actor.into(),
            on_its_way: self.sets_out(at),
            waiting: Some(Waiting::in_directory(room.into())),
            cursors: Vec::new(),
        }
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
        self.waiting.as_ref().map_or(0, |waiting| waiting.operations)
    }

    /// Adds operations after those that are there, at most 10,000 at a time and 1,000,000 in all.
    ///
    /// # Errors
    /// As [`Store::write`] before it writes: then none of them is added. A directory that has no room, or cannot be
    /// written: then there is nothing whole to write any more.
    pub async fn add(&mut self, operations: Vec<Operation>) -> Said<()> {
        let mut part = Batch::new(self.actor.clone(), self.at());
        part.operations = operations;
        let (dictionary, names) = (self.store.dictionary.clone(), self.store.names.clone());
        self.with(move |waiting| {
            let most = waiting.operations + part.operations.len();
            let prepared =
                bounded("operations", most, MOST).and_then(|()| prepare(&dictionary, &names, &part));
            let fits = prepared.and_then(|prepared| {
                bounded("bytes in an assembly", waiting.bytes + prepared.bytes, LARGEST).map(|()| prepared)
            });
            match fits {
                Ok(prepared) => waiting.take(prepared.steps).map(|waiting| (waiting, Ok(()))),
                Err(error) => Ok((waiting, Err(error))),
            }
        })
        .await
    }

    /// Adds the operations of another one after those that are there. They are written by this one's actor, at this
    /// one's instant; the cursors of the other are not set.
    ///
    /// # Errors
    /// As [`add`](Self::add); whatever it is, the other one is gone.
    pub async fn append(&mut self, other: Self) -> Said<()> {
        let other = other.waiting.ok_or_else(crate::job::stopped)?;
        self.with(move |waiting| {
            let fits = bounded("operations", waiting.operations + other.operations, MOST)
                .and_then(|()| bounded("bytes in an assembly", waiting.bytes + other.bytes, LARGEST));
            match fits {
                Ok(()) => waiting.append(other).map(|waiting| (waiting, Ok(()))),
                Err(error) => Ok((waiting, Err(error))),
            }
        })
        .await
    }

    /// Does something to what waits, on a thread that may wait for the disk. An error of the disk leaves nothing
    /// behind; a refusal inside leaves what was there.
    async fn with<R>(&mut self, run: R) -> Said<()>
    where
        R: FnOnce(Waiting) -> Result<(Waiting, Said<()>), StoreError> + Send + 'static,
    {
        let waiting = self.waiting.take().ok_or_else(crate::job::stopped)?;
        let done = tokio::task::spawn_blocking(move || run(waiting)).await;
        let (waiting, said) = done.map_err(|_| crate::job::stopped())??;
        self.waiting = Some(waiting);
        said
    }

    /// Lets a named reader's place move with the write.
    pub fn set_cursor(&mut self, name: impl Into<Text>, place: impl Into<String>) {
        self.cursors.push((name.into(), place.into()));
    }

    /// Keeps it in one transaction. When this returns, it is on disk.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write(self) -> Said<Receipt> {
        let whole = Assembled {
            actor: self.actor,
            at: self.on_its_way.at.as_microsecond(),
            waiting: self.waiting.ok_or_else(crate::job::stopped)?,
            cursors: self.cursors,
        };
        self.store.engine.queue()?.assembly(whole, self.on_its_way).await
    }
}
