//! The index as its owner sees it.

use std::sync::Arc;

use dictionary::Dictionary;
use store::{Change, Sequence, Store, StoreError, Stored};
use tokio::sync::watch;

use crate::Reader;

/// The records of every resource as columns in memory. Cheap to clone: all clones are one index.
///
/// One writer applies changes, many readers read. A [`Reader`] sees one state of all resources.
#[derive(Clone, Debug)]
pub struct Search {
    dictionary: Arc<Dictionary>,
    applied: Arc<watch::Sender<Sequence>>,
}

impl Search {
    /// An index that holds nothing.
    #[must_use]
    pub fn new(dictionary: Arc<Dictionary>) -> Self {
        Self { dictionary, applied: Arc::new(watch::Sender::new(0)) }
    }

    /// Takes in changes of the log, in its order. Those that it has already are passed over.
    pub fn apply(&self, changes: &[Change]) {
        let _ = (changes, &self.dictionary);
    }

    /// Takes in records as they are, in the order of their versions: how an index starts.
    pub fn load(&self, records: &[Stored]) {
        let _ = records;
    }

    /// The newest change that readers see.
    #[must_use]
    pub fn applied(&self) -> Sequence {
        *self.applied.borrow()
    }

    /// Follows [`applied`](Self::applied): who waits for a sequence here sees its own write afterwards.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Sequence> {
        self.applied.subscribe()
    }

    /// Whether [`follow`](Self::follow) has loaded all that the store held when it began.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        false
    }

    /// Loads what the store holds, then follows its log until `shutdown` is done. A store that does not
    /// answer is asked again, ever more slowly, up to every five seconds.
    ///
    /// # Errors
    /// A store that answers wrongly: damaged, or of a schema that is not known.
    pub async fn follow(
        &self,
        store: Store,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), StoreError> {
        let _ = store;
        shutdown.await;
        Ok(())
    }

    /// A look at one state of everything. While it lives no change is applied: drop it soon, and never
    /// hold it while waiting.
    #[must_use]
    pub fn read(&self) -> Reader<'_> {
        Reader::new(&self.dictionary)
    }

    /// Bytes in use, column by column: (resource, what, bytes), the largest first.
    #[must_use]
    pub fn bytes_by_column(&self) -> Vec<(String, String, usize)> {
        Vec::new()
    }
}
