//! What the door knows by heart: the current report of every transaction, and what became of every batch.
//! It is read from the store when it is first asked for, and kept current by following the log.

mod batches;
mod reports;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dictionary::{Dictionary, Record, ResourceId};
use parking_lot::RwLock;
use store::{Scan, Sequence, Store, StoreError};

pub(crate) use batches::{Batches, Received, Rejected};
pub(crate) use reports::{Current, Reports};

use crate::record::Read;

/// Entries read of the store at once.
const AT_ONCE: usize = 1_000;

/// Everything that is known by heart.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) reports: Reports,
    pub(crate) batches: Batches,
}

/// The resources that the book holds.
const READ: [&str; 2] = ["ReportRejection", "TransactionReport"];

impl Book {
    fn take(&mut self, dictionary: &Dictionary, resource: ResourceId, record: Option<&Record>) {
        let own = dictionary.resource(resource);
        let read = record.map(|record| Read { own, record });
        match own.name.as_str() {
            "ReportRejection" => self.batches.take_rejection(read),
            "TransactionReport" => {
                self.batches.take_report(read);
                self.reports.take(read);
            }
            _ => {}
        }
    }
}

/// The book, and how far the log has been read into it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Ledger {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    dictionary: Arc<Dictionary>,
    book: RwLock<Book>,
    applied: AtomicU64,
    /// Held while the log is read; whether all reports have been read once.
    reading: tokio::sync::Mutex<bool>,
}

impl Ledger {
    /// An empty book; it is filled by the first [`refresh`](Self::refresh).
    pub(crate) async fn open(store: Store, dictionary: Arc<Dictionary>) -> Result<Self, StoreError> {
        // Whatever is written while this reads is read again from the log, from here on.
        let head = store.head().await?;
        let shared = Shared {
            store,
            dictionary,
            book: RwLock::default(),
            applied: AtomicU64::new(head),
            reading: tokio::sync::Mutex::new(false),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    async fn load(&self, name: &str) -> Result<(), StoreError> {
        let own = self.shared.dictionary.known(name);
        let mut after = None;
        loop {
            let part = Scan { resource: own.id, feed: None, after, limit: AT_ONCE };
            let found = self.shared.store.scan(part).await?;
            let Some(last) = found.last() else { return Ok(()) };
            after = Some((own.timestamp_of(&last.record), last.key.clone()));
            let mut book = self.shared.book.write();
            for stored in &found {
                book.take(&self.shared.dictionary, own.id, Some(&stored.record));
            }
        }
    }

    /// Reads the log up to its head: when this returns, whatever was acknowledged before it was called
    /// counts.
    pub(crate) async fn refresh(&self) -> Result<Sequence, StoreError> {
        let shared = &*self.shared;
        let mut loaded = shared.reading.lock().await;
        if !*loaded {
            for name in READ {
                self.load(name).await?;
            }
            *loaded = true;
        }
        let ours = READ.map(|name| shared.dictionary.known(name).id);
        loop {
            let from = shared.applied.load(Ordering::Acquire);
            let changes = shared.store.follow(from, AT_ONCE).await?;
            let Some(last) = changes.last().map(|change| change.sequence) else { return Ok(from) };
            // Nearly every change is a listing's; the lock is taken for ours alone.
            let mut changes = changes.iter().filter(|change| ours.contains(&change.resource)).peekable();
            if changes.peek().is_some() {
                let mut book = shared.book.write();
                for change in changes {
                    book.take(&shared.dictionary, change.resource, change.record.as_deref());
                }
            }
            shared.applied.store(last, Ordering::Release);
        }
    }

    /// Follows the log until `shutdown` is done. A store that does not answer is asked again, ever more
    /// slowly, up to every five seconds.
    pub(crate) async fn follow(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        let mut bell = self.shared.store.bell();
        let work = async {
            let mut wait = Duration::from_millis(50);
            loop {
                match self.refresh().await {
                    Ok(_) => {
                        wait = Duration::from_millis(50);
                        if bell.changed().await.is_err() {
                            return Ok(());
                        }
                    }
                    Err(error) if error.kind == store::ErrorKind::Unavailable => {
                        tracing::warn!(code = error.code(), "the transactions door cannot read the log yet");
                        tokio::time::sleep(wait).await;
                        wait = (wait * 2).min(Duration::from_secs(5));
                    }
                    Err(error) => return Err(error),
                }
            }
        };
        tokio::select! {
            said = work => said,
            () = shutdown => Ok(()),
        }
    }

    /// Looks into the book.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        look(&self.shared.book.read())
    }
}
