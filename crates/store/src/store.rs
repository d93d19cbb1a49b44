//! The store as everyone else sees it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Feed, Key, ResourceId, Timestamp};
use tokio::sync::watch;

use crate::{Batch, Change, ErrorKind, Lease, Receipt, Sequence, Settings, StoreError, Stored};

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
    bell: watch::Receiver<Sequence>,
}

type Said<T> = Result<T, StoreError>;

fn pending<T>() -> Said<T> {
    Err(StoreError::new(ErrorKind::Unavailable, "This part of the store is being built.", "Wait for it."))
}

impl Store {
    /// Opens a store for reading and writing, makes it where there is none, and brings an older schema
    /// up to date.
    ///
    /// # Errors
    /// A schema that this version does not know, a store that another process writes, an engine that
    /// does not answer.
    pub async fn open(settings: Settings, dictionary: Arc<Dictionary>) -> Said<Self> {
        let _ = (settings, dictionary);
        pending()
    }

    /// The record of this key.
    ///
    /// # Errors
    /// The engine does not answer, or what it gives is damaged; so with everything that reads.
    pub async fn get(&self, resource: ResourceId, key: &str) -> Said<Option<Stored>> {
        let _ = (resource, key);
        pending()
    }

    /// The records of these keys, in their order.
    ///
    /// # Errors
    /// As [`get`](Self::get); more than 10,000 keys.
    pub async fn get_many(&self, resource: ResourceId, keys: &[Key]) -> Said<Vec<Option<Stored>>> {
        let _ = (resource, keys);
        pending()
    }

    /// The next part of one resource's records in the standing order.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn scan(&self, scan: Scan) -> Said<Vec<Stored>> {
        let _ = scan;
        pending()
    }

    /// Every record that is there, in the order of their versions, after this one: how an index starts.
    /// Take [`head`](Self::head) first, read here until nothing comes, then follow the log from there.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn current(&self, after: Sequence, limit: usize) -> Said<Vec<Stored>> {
        let _ = (after, limit);
        pending()
    }

    /// The record as it was once the log had reached `sequence`; none where it did not exist then.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn as_of(&self, resource: ResourceId, key: &str, sequence: Sequence) -> Said<Option<Stored>> {
        let _ = (resource, key, sequence);
        pending()
    }

    /// What happened to a record, the newest first, through removals and what was created after them.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn history(&self, resource: ResourceId, key: &str, limit: usize) -> Said<Vec<Change>> {
        let _ = (resource, key, limit);
        pending()
    }

    /// The entry of the log of this number.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn version(&self, sequence: Sequence) -> Said<Option<Change>> {
        let _ = sequence;
        pending()
    }

    /// Keeps a batch, all or nothing. When this returns, it is on disk (RESO-064). Batches that are
    /// written at the same time share one commit.
    ///
    /// # Errors
    /// A bound that is passed, a key that is missing or another feed's, an expectation that is not met:
    /// then nothing is written. A full disk, an engine that does not answer: then nothing is
    /// acknowledged, and writing the same batch again is safe.
    pub async fn write(&self, batch: Batch) -> Said<Receipt> {
        let _ = batch;
        pending()
    }

    /// The next entries of the log after `after`, in their order.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn follow(&self, after: Sequence, limit: usize) -> Said<Vec<Change>> {
        let _ = (after, limit);
        pending()
    }

    /// The newest sequence.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn head(&self) -> Said<Sequence> {
        pending()
    }

    /// Rings when the log has grown, with its newest sequence; other processes' commits are heard too.
    #[must_use]
    pub fn bell(&self) -> watch::Receiver<Sequence> {
        self.bell.clone()
    }

    /// Where a named reader has got to, as last set in a [`Batch`].
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn cursor(&self, name: &str) -> Said<Option<String>> {
        let _ = name;
        pending()
    }

    /// Takes a lease that nobody holds at `now`, or that `holder` holds already, for `ttl` from `now`.
    /// None where another holds it.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        ttl: Duration,
        now: Timestamp,
    ) -> Said<Option<Lease>> {
        let _ = (name, holder, ttl, now);
        pending()
    }

    /// Holds a lease for `ttl` more from `now`; none where it was lost meanwhile.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn renew_lease(&self, lease: &Lease, ttl: Duration, now: Timestamp) -> Said<Option<Lease>> {
        let _ = (lease, ttl, now);
        pending()
    }

    /// Gives a lease back. One that was lost meanwhile is left to its new holder.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn release_lease(&self, lease: &Lease) -> Said<()> {
        let _ = lease;
        pending()
    }

    /// Writes the whole log into one new file, with a checksum, while the store is used. The file can be
    /// restored into either engine (HUB-007).
    ///
    /// # Errors
    /// A file that exists already or cannot be written.
    pub async fn backup(&self, file: &Path) -> Said<()> {
        let _ = file;
        pending()
    }

    /// Restores a backup into an empty store and opens it.
    ///
    /// # Errors
    /// A file that is damaged or cannot be read, a store that holds something already: it is left as it
    /// was.
    pub async fn restore(file: &Path, settings: Settings, dictionary: Arc<Dictionary>) -> Said<Self> {
        let _ = (file, settings, dictionary);
        pending()
    }
}
