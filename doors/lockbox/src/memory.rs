//! The book, kept current from the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dictionary::{Dictionary, Text};
use parking_lot::{RwLock, RwLockReadGuard};
use store::{Change, Follower, Scan, Sequence, Store, StoreError};
use tokio::sync::Mutex;

use crate::book::{Book, READ, WATCHED};

/// Records that are read of the store at once.
const AT_ONCE: usize = 10_000;

/// What the door knows by heart. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Memory {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    log: Follower,
    book: RwLock<Book>,
    /// How far the log has been read with everything that it refers to.
    settled: AtomicU64,
    /// Held while that is read.
    reading: Mutex<()>,
}

impl Memory {
    /// Reads what the store holds.
    pub(crate) async fn open(store: Store, dictionary: Arc<Dictionary>) -> Result<Self, StoreError> {
        let mut book = Book::new(Arc::clone(&dictionary));
        // Whatever is written while this reads is read again from the log, from here on.
        let head = store.head().await?;
        for name in READ {
            let own = dictionary.known(name);
            let mut after = None;
            loop {
                let found = store.scan(Scan { resource: own.id, feed: None, after, limit: AT_ONCE }).await?;
                let Some(last) = found.last() else { break };
                after = Some((own.timestamp_of(&last.record), last.key.clone()));
                for stored in &found {
                    book.take(own.id, &stored.feed, &stored.key, stored.sequence, Some(&stored.record));
                }
            }
        }
        let followed = READ.into_iter().chain(WATCHED).map(|name| dictionary.known(name).id).collect();
        let log = Follower::new(store.clone(), followed, head);
        let memory = Self {
            shared: Arc::new(Shared {
                store,
                log,
                book: RwLock::new(book),
                settled: AtomicU64::new(0),
                reading: Mutex::default(),
            }),
        };
        memory.refresh().await?;
        Ok(memory)
    }

    /// The book as it is.
    pub(crate) fn book(&self) -> RwLockReadGuard<'_, Book> {
        self.shared.book.read()
    }

    /// Reads the log up to its head: when this returns, whatever was acknowledged before it was called counts.
    pub(crate) async fn refresh(&self) -> Result<Sequence, StoreError> {
        self.catch_up(Sequence::MAX).await
    }

    /// Reads the log as far as this process has heard of: what it acknowledged itself counts, whichever door took it.
    /// Costs nothing where that is known already.
    pub(crate) async fn heard(&self) -> Result<Sequence, StoreError> {
        let heard = *self.shared.store.bell().borrow();
        if self.settled() >= heard { Ok(heard) } else { self.catch_up(heard).await }
    }

    /// Passes over entries that this process has just written and that are none of the book's: where all before them
    /// was read, they need not be. Who asks a thousand times a second is not made to read their own questions.
    pub(crate) fn pass(&self, first: Sequence, last: Sequence) {
        // Where something lies between, the log is read as ever.
        let _ = self.shared.settled.compare_exchange(
            first.saturating_sub(1),
            last,
            Ordering::AcqRel,
            Ordering::Acquire,
        );
    }

    fn settled(&self) -> Sequence {
        self.shared.settled.load(Ordering::Acquire)
    }

    /// Of many who wait for the same entry one reads.
    async fn catch_up(&self, least: Sequence) -> Result<Sequence, StoreError> {
        let shared = &self.shared;
        let _alone = shared.reading.lock().await;
        if self.settled() >= least {
            return Ok(self.settled());
        }
        let wants = |trace: &store::Trace| shared.book.read().wants(trace.resource, &trace.key);
        let take = |changes: &[Change]| {
            let mut book = shared.book.write();
            for change in changes {
                book.take(
                    change.resource,
                    &change.feed,
                    &change.key,
                    change.sequence,
                    change.record.as_deref(),
                );
            }
        };
        let applied = shared.log.catch_up_on(least, wants, take).await?;
        self.look_up().await?;
        shared.settled.fetch_max(applied, Ordering::AcqRel);
        Ok(applied)
    }

    /// Reads what is referred to and was not looked at yet; what that refers to, too.
    async fn look_up(&self) -> Result<(), StoreError> {
        loop {
            let missing = self.shared.book.write().missing();
            if missing.is_empty() {
                return Ok(());
            }
            let looked = self.read(&missing).await;
            if let Err(error) = looked {
                // It stays missing.
                self.shared.book.write().miss(missing);
                return Err(error);
            }
        }
    }

    async fn read(&self, missing: &[(dictionary::ResourceId, Text)]) -> Result<(), StoreError> {
        for part in missing.chunk_by(|a, b| a.0 == b.0) {
            for part in part.chunks(AT_ONCE) {
                let resource = part[0].0;
                let keys: Vec<Text> = part.iter().map(|(_, key)| key.clone()).collect();
                // What the log tells up to here is in what is read.
                let head = self.shared.store.head().await?;
                let kept = self.shared.store.get_many(resource, &keys).await?;
                let mut book = self.shared.book.write();
                for (key, kept) in keys.iter().zip(&kept) {
                    book.found(resource, key, head, kept.as_ref());
                }
            }
        }
        Ok(())
    }

    /// Follows the log until `shutdown` is done.
    pub(crate) async fn follow(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        self.shared.log.follow("the lockbox door", || self.refresh(), shutdown).await
    }
}
