//! What the door knows by heart: the current report of every transaction, and what became of every batch.
//! It is read from the store when it is first asked for, and kept current by following the log.

mod batches;
mod reports;

use std::sync::Arc;

use dictionary::{Dictionary, Named, Record, ResourceId};
use parking_lot::RwLock;
use store::{Change, Follower, Scan, Sequence, Store, StoreError};
use tokio::sync::OnceCell;

pub(crate) use batches::{Batches, Received, Rejected};
pub(crate) use reports::{Current, Reports};

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
        let read = record.map(|record| Named { own, record });
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
    log: Follower,
    dictionary: Arc<Dictionary>,
    book: RwLock<Book>,
    /// Whether all reports have been read once.
    loaded: OnceCell<()>,
}

impl Ledger {
    /// An empty book; it is filled by the first [`refresh`](Self::refresh).
    pub(crate) async fn open(store: Store, dictionary: Arc<Dictionary>) -> Result<Self, StoreError> {
        // Whatever is written while this reads is read again from the log, from here on.
        let head = store.head().await?;
        let shared = Shared {
            log: Follower::new(store, READ.map(|name| dictionary.known(name).id).into(), head),
            dictionary,
            book: RwLock::default(),
            loaded: OnceCell::new(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    async fn load(&self) -> Result<(), StoreError> {
        for name in READ {
            let own = self.shared.dictionary.known(name);
            let mut after = None;
            loop {
                let part = Scan { resource: own.id, feed: None, after, limit: AT_ONCE };
                let found = self.shared.log.store().scan(part).await?;
                let Some(last) = found.last() else { break };
                after = Some((own.timestamp_of(&last.record), last.key.clone()));
                let mut book = self.shared.book.write();
                for stored in &found {
                    book.take(&self.shared.dictionary, own.id, Some(&stored.record));
                }
            }
        }
        Ok(())
    }

    /// Reads the log up to its head: when this returns, whatever was acknowledged before it was called
    /// counts.
    pub(crate) async fn refresh(&self) -> Result<Sequence, StoreError> {
        self.shared.loaded.get_or_try_init(|| self.load()).await?;
        self.shared.log.catch_up(|changes| self.take(changes)).await
    }

    fn take(&self, changes: &[Change]) {
        let Shared { dictionary, book, .. } = &*self.shared;
        let mut book = book.write();
        for change in changes {
            book.take(dictionary, change.resource, change.record.as_deref());
        }
    }

    /// Follows the log until `shutdown` is done. A store that does not answer is asked again, ever more
    /// slowly, up to every five seconds.
    pub(crate) async fn follow(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        self.shared.log.follow("the transactions door", || self.refresh(), shutdown).await
    }

    /// Looks into the book.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        look(&self.shared.book.read())
    }
}
