//! Following the log.

use std::sync::atomic::{AtomicU64, Ordering};

use dictionary::ResourceId;
use tokio::sync::Mutex;

use crate::{Change, Patience, Sequence, Store, StoreError, Trace};

/// Entries that are looked at at once.
const AT_ONCE: Sequence = 1_000;
/// Entries of a part that are read one by one; where more are wanted, the whole part is read.
const FEW: usize = 16;

/// One who knows the records of some resources by heart, and how far the log has been read into that.
#[derive(Debug)]
pub struct Follower {
    store: Store,
    resources: Vec<ResourceId>,
    applied: AtomicU64,
    /// Held while the log is read, so that two readers do not overtake one another.
    alone: Mutex<()>,
}

impl Follower {
    /// One who knows all that the log tells of these resources up to `applied`.
    #[must_use]
    pub fn new(store: Store, resources: Vec<ResourceId>, applied: Sequence) -> Self {
        Self { store, resources, applied: AtomicU64::new(applied), alone: Mutex::default() }
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

    /// Reads the log up to its head and hands over what it tells of the resources, part by part: when this
    /// returns, whatever was acknowledged before it was called has been taken. What others wrote, which is
    /// nearly everything where listings come in, is passed over without being read.
    ///
    /// # Errors
    /// The store does not answer; what was taken by then counts.
    pub async fn catch_up(&self, take: impl FnMut(&[Change])) -> Result<Sequence, StoreError> {
        self.catch_up_on(Sequence::MAX, |_| true, take).await
    }

    /// As [`catch_up`](Self::catch_up), of those entries of its resources that `wanted` picks, part by part: what was
    /// taken of one part may say what is wanted of the next. Who finds the log read up to `least` once it is their
    /// turn has nothing to do: of many who wait for the same entry one reads.
    ///
    /// # Errors
    /// As [`catch_up`](Self::catch_up).
    pub async fn catch_up_on(
        &self,
        least: Sequence,
        wanted: impl Fn(&Trace) -> bool,
        mut take: impl FnMut(&[Change]),
    ) -> Result<Sequence, StoreError> {
        let _alone = self.alone.lock().await;
        if self.applied() >= least {
            return Ok(self.applied());
        }
        let head = self.store.head().await?;
        while self.applied() < head {
            let upto = head.min(self.applied() + AT_ONCE);
            let changes = self.part(self.applied(), upto, &wanted).await?;
            if !changes.is_empty() {
                take(&changes);
            }
            self.applied.store(upto, Ordering::Release);
        }
        Ok(self.applied())
    }

    /// What the log tells after the first number and up to the second, of what is wanted.
    async fn part(
        &self,
        after: Sequence,
        upto: Sequence,
        wanted: impl Fn(&Trace) -> bool,
    ) -> Result<Vec<Change>, StoreError> {
        let traces = self.store.traces(after, upto).await?;
        let ours = traces.iter().filter(|trace| self.resources.contains(&trace.resource) && wanted(trace));
        let wanted: Vec<Sequence> = ours.map(|trace| trace.sequence).collect();
        let mut changes = Vec::with_capacity(wanted.len());
        if wanted.len() <= FEW {
            for sequence in wanted {
                changes.extend(self.store.version(sequence).await?);
            }
            return Ok(changes);
        }
        let mut at = after;
        while at < upto {
            let limit = usize::try_from(upto - at).unwrap_or(usize::MAX);
            let part = self.store.follow(at, limit).await?;
            let Some(last) = part.last() else { break };
            at = last.sequence;
            // The entries come in the order of their numbers, as the traces did.
            changes.extend(part.into_iter().filter(|change| wanted.binary_search(&change.sequence).is_ok()));
        }
        Ok(changes)
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
