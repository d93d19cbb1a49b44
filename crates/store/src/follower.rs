//! Following the log.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::{Change, Patience, Sequence, Store, StoreError};

/// Entries read of the log at once.
const AT_ONCE: usize = 1_000;

/// One who knows something of the store by heart, and how far the log has been read into it.
#[derive(Debug)]
pub struct Follower {
    store: Store,
    applied: AtomicU64,
    /// Held while the log is read, so that two readers do not overtake one another.
    alone: Mutex<()>,
}

impl Follower {
    /// One who knows all that the log tells up to `applied`.
    #[must_use]
    pub fn new(store: Store, applied: Sequence) -> Self {
        Self { store, applied: AtomicU64::new(applied), alone: Mutex::default() }
    }

    /// The store that is followed.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// How far the log has been read.
    #[must_use]
    pub fn applied(&self) -> Sequence {
        self.applied.load(Ordering::Acquire)
    }

    /// Reads the log up to its head and hands it over, part by part: when this returns, whatever was
    /// acknowledged before it was called has been taken.
    ///
    /// # Errors
    /// The store does not answer; what was taken by then counts.
    pub async fn catch_up(&self, mut take: impl FnMut(&[Change])) -> Result<Sequence, StoreError> {
        let _alone = self.alone.lock().await;
        loop {
            let from = self.applied();
            let changes = self.store.follow(from, AT_ONCE).await?;
            let Some(last) = changes.last().map(|change| change.sequence) else { return Ok(from) };
            take(&changes);
            self.applied.store(last, Ordering::Release);
        }
    }

    /// Catches up whenever the log has grown, until `shutdown` is done. A store that does not answer is
    /// asked again, ever more slowly, up to every five seconds; `who` is told of in the log.
    ///
    /// # Errors
    /// A store that answers wrongly: damaged, or of a schema that is not known.
    pub async fn follow<F>(
        &self,
        who: &str,
        catch_up: impl Fn() -> F,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), StoreError>
    where
        F: Future<Output = Result<Sequence, StoreError>>,
    {
        let mut bell = self.store.bell();
        let work = async {
            loop {
                Patience::endless().ask(who, &catch_up).await?;
                if bell.changed().await.is_err() {
                    return Ok(());
                }
            }
        };
        tokio::select! {
            said = work => said,
            () = shutdown => Ok(()),
        }
    }
}
