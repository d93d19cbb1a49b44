//! The store as everyone else sees it.

use std::path::Path;
use std::sync::Arc;

use dictionary::{Dictionary, Feed, Key, ResourceId, Timestamp};
use tokio::sync::watch;

use crate::backup::Beside;
use crate::codec::{Names, ResourceNumber};
use crate::engine::{self, Engine, Opening};
use crate::pending::Pending;
use crate::prepare::prepare;
use crate::sql::{self, Cell, Param};
use crate::{Batch, ErrorKind, Receipt, Sequence, Settings, StoreError};

/// Operations from which on a batch is encoded on a thread that may take its time.
const MANY: usize = 64;

/// A part of one resource's records in the standing order: by the resource's timestamp (none comes
/// first), then by key.
#[derive(Clone, PartialEq, Debug)]
pub struct Scan {
    /// Whose records.
    pub resource: ResourceId,
    /// Of which feed; of all where there is none.
    pub feed: Option<Feed>,
    /// Where the part before ended: the timestamp and the key of its last record (RESO-042).
    pub after: Option<(Option<Timestamp>, Key)>,
    /// How many at most, up to 10,000.
    pub limit: usize,
}

/// A store that is open. Cheap to clone; the last clone closes it.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) engine: Engine,
    pub(crate) names: Arc<Names>,
    pub(crate) dictionary: Arc<Dictionary>,
    bell: watch::Receiver<Sequence>,
    pending: Pending,
}

pub(crate) type Said<T> = Result<T, StoreError>;

impl Store {
    /// Opens a store for reading and writing, makes it where there is none, and brings an older schema
    /// up to date.
    ///
    /// # Errors
    /// A schema that this version does not know, a store that another process writes, an engine that
    /// does not answer.
    pub async fn open(settings: Settings, dictionary: Arc<Dictionary>) -> Said<Self> {
        Self::open_as(settings, dictionary, Opening::Writing).await
    }

    /// Opens a store that is there for reading alone, whoever writes it: for a backup beside a server.
    ///
    /// # Errors
    /// As [`open`](Self::open); a store that is not there or whose schema is older.
    pub async fn open_reading(settings: Settings, dictionary: Arc<Dictionary>) -> Said<Self> {
        Self::open_as(settings, dictionary, Opening::Reading).await
    }

    /// Restores a backup into an empty store and opens it. It is restored whole or not at all; files that lay beside
    /// the store are [`restore_files`](Self::restore_files)'.
    ///
    /// # Errors
    /// A file that is damaged or cannot be read, a store that holds something already: it is left as it
    /// was.
    pub async fn restore(file: &Path, settings: Settings, dictionary: Arc<Dictionary>) -> Said<Self> {
        let file = file.to_owned();
        let checked = tokio::task::spawn_blocking(move || crate::backup::check(&file)).await;
        let contents = checked.map_err(|_| crate::job::stopped())??;
        Self::open_as(settings, dictionary, Opening::Restoring(&contents)).await
    }

    async fn open_as(settings: Settings, dictionary: Arc<Dictionary>, opening: Opening<'_>) -> Said<Self> {
        let (sender, bell) = watch::channel(0);
        let (engine, names) = engine::open(settings, &dictionary, opening, sender.clone()).await?;
        let store = Self { engine, names, dictionary, bell, pending: Pending::default() };
        engine::ring(&sender, store.head().await?);
        Ok(store)
    }

    /// Keeps a batch, all or nothing. When this returns, it is on disk (RESO-064). Batches that are
    /// written at the same time share one commit. Who stops waiting does not stop the write. Who may have to write it
    /// again hands in a share of it (`Arc`).
    ///
    /// # Errors
    /// A bound that is passed, a key that is missing or another feed's, an expectation that is not met:
    /// then nothing is written. A full disk, an engine that does not answer: then nothing is
    /// acknowledged, and writing the same batch again is safe.
    pub async fn write(&self, batch: impl Into<Arc<Batch>>) -> Said<Receipt> {
        let (queue, batch) = (self.engine.queue()?, batch.into());
        let on_its_way = self.pending.sets_out(batch.at);
        let mut prepared = if batch.operations.len() < MANY {
            prepare(&self.dictionary, &self.names, &batch)?
        } else {
            let (dictionary, names) = (self.dictionary.clone(), self.names.clone());
            let encoded = tokio::task::spawn_blocking(move || prepare(&dictionary, &names, &batch)).await;
            encoded.map_err(|_| crate::job::stopped())??
        };
        prepared.at = on_its_way.at.as_microsecond();
        queue.batch(prepared, on_its_way).await
    }

    /// The latest instant, `until` at most, of which everything before is in the log up to `seen`: who copies what
    /// changed until then, and goes on from there, misses nothing that this process writes (PAR-140). What other
    /// processes write at the same time to one PostgreSQL it does not know: they are behind by what a write takes.
    #[must_use]
    pub fn over(&self, seen: Sequence, until: Timestamp) -> Timestamp {
        self.pending.over(seen, until)
    }

    pub(crate) fn sets_out(&self, at: Timestamp) -> crate::pending::OnItsWay {
        self.pending.sets_out(at)
    }

    /// The newest sequence.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn head(&self) -> Said<Sequence> {
        match self.engine.cells(sql::HEAD, Vec::new()).await?.first().and_then(|row| row.first()) {
            Some(Cell::Integer(head)) => Ok(head.unsigned_abs()),
            _ => Err(crate::schema::stranger()),
        }
    }

    /// Rings when the log has grown, with its newest sequence. Other processes' commits are heard of
    /// within a second where PostgreSQL keeps the store.
    #[must_use]
    pub fn bell(&self) -> watch::Receiver<Sequence> {
        self.bell.clone()
    }

    /// Where a named reader has got to, as last set in a [`Batch`].
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn cursor(&self, name: &str) -> Said<Option<String>> {
        let mut rows = self.engine.cells(sql::CURSOR, vec![name.into()]).await?;
        Ok(rows.pop().and_then(|mut row| row.pop()).and_then(|cell| match cell {
            Cell::Text(value) => Some(value),
            _ => None,
        }))
    }

    /// Writes the whole log into one new file, with a checksum, while the store is used. The file can be
    /// restored into either engine (HUB-007).
    ///
    /// # Errors
    /// A file that exists already or cannot be written.
    pub async fn backup(&self, file: &Path) -> Said<()> {
        self.backup_with(file, Beside::nothing()).await
    }

    /// As [`backup`](Self::backup), with the files that lie beside the store.
    ///
    /// # Errors
    /// As with [`backup`](Self::backup); a file that cannot be read.
    pub async fn backup_with(&self, file: &Path, beside: Beside) -> Said<()> {
        crate::backup::write(&self.engine, file, beside).await
    }

    /// Lays the files of a backup that lay beside its store down below this directory, where they are not there
    /// already, and says how many there are. To be done before [`restore`](Self::restore), whose records name them.
    ///
    /// # Errors
    /// A backup that is damaged: then none is laid down. A directory that cannot be written.
    pub async fn restore_files(file: &Path, directory: &Path) -> Said<u64> {
        let (file, directory) = (file.to_owned(), directory.to_owned());
        let laid = tokio::task::spawn_blocking(move || crate::backup::lay(&file, &directory)).await;
        laid.map_err(|_| crate::job::stopped())?
    }

    /// The number of a resource, for a statement.
    pub(crate) fn number(&self, resource: ResourceId) -> Said<ResourceNumber> {
        self.names.resource(resource).ok_or_else(|| {
            StoreError::new(
                ErrorKind::NotKeepable,
                "The resource is not of the dictionary that the store was opened with.",
                "Use one dictionary throughout a process.",
            )
        })
    }

    pub(crate) fn numbered_param(&self, resource: ResourceId) -> Said<Param> {
        Ok(Param::Integer(self.number(resource)?.into()))
    }
}
