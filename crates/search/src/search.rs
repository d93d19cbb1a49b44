//! The index as its owner sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dictionary::Dictionary;
use parking_lot::{RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard};
use store::{Change, RowGroup, Sequence, Stored};
use tokio::sync::watch;

use crate::Reader;
use crate::index::Index;

/// The records of every resource as columns in memory. Cheap to clone: all clones are one index.
///
/// One writer applies changes, many readers read. A [`Reader`] sees one state of all resources.
#[derive(Clone)]
pub struct Search {
    shared: Arc<Shared>,
}

struct Shared {
    dictionary: Arc<Dictionary>,
    index: RwLock<Index>,
    applied: watch::Sender<Sequence>,
    ready: AtomicBool,
}

/// Changes taken in under one lock: readers wait for no more than these, well under a millisecond.
const BATCH: usize = 16;
/// How long the writer stands in the readers' way at first, and how long it stands aside between tries.
const FIRST_TRY: Duration = Duration::from_micros(500);
const PAUSE: Duration = Duration::from_millis(2);
/// Tries, each twice as long as the one before, until the writer waits for as long as it takes.
const TRIES: u32 = 10;
/// Threads that a bulk load uses.
const THREADS: usize = 2;

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").field("applied", &self.applied()).finish_non_exhaustive()
    }
}

impl Search {
    /// An index that holds nothing.
    #[must_use]
    pub fn new(dictionary: Arc<Dictionary>) -> Self {
        let index = RwLock::new(Index::new(&dictionary));
        let (applied, ready) = (watch::Sender::new(0), AtomicBool::new(false));
        Self { shared: Arc::new(Shared { dictionary, index, applied, ready }) }
    }

    /// Takes in changes of the log, in its order. Those that it has already are passed over.
    pub fn apply(&self, changes: &[Change]) {
        for batch in changes.chunks(BATCH) {
            let mut index = self.lock();
            batch.iter().for_each(|change| index.apply(change));
            let applied = index.applied;
            drop(index);
            self.shared.applied.send_replace(applied);
        }
    }

    /// The lock, taken so that a reader who is slow does not make all others wait behind the writer:
    /// the writer stands in their way for a moment only, then lets them pass and tries again.
    fn lock(&self) -> RwLockWriteGuard<'_, Index> {
        for attempt in 0..TRIES {
            if let Some(index) = self.shared.index.try_write_for(FIRST_TRY * (1 << attempt)) {
                return index;
            }
            std::thread::sleep(PAUSE);
        }
        self.shared.index.write()
    }

    /// Takes in records as they are, in the order of their versions: how an index starts. Readers wait
    /// until it is done.
    pub fn load(&self, records: &[Stored]) {
        let mut index = self.shared.index.write();
        index.load(&RowGroup::of(records), THREADS);
        index.settle(&self.shared.dictionary, THREADS);
        index.applied = records.iter().map(|r| r.sequence).fold(index.applied, Sequence::max);
        let applied = index.applied;
        drop(index);
        self.shared.applied.send_replace(applied);
    }

    /// An index beside this one, to be loaded part by part without a reader noticing.
    #[must_use]
    pub fn loading(&self) -> Loading {
        Loading { index: Index::new(&self.shared.dictionary) }
    }

    /// Puts a loaded index in the place of this one; `applied` is the change from which on the log is to
    /// be followed.
    pub fn finish(&self, loading: Loading, applied: Sequence) {
        let mut index = loading.index;
        index.settle(&self.shared.dictionary, THREADS);
        index.applied = applied;
        let old = std::mem::replace(&mut *self.lock(), index);
        drop(old);
        self.shared.ready.store(true, Ordering::Release);
        self.shared.applied.send_replace(applied);
    }

    /// The newest change that readers see.
    #[must_use]
    pub fn applied(&self) -> Sequence {
        *self.shared.applied.borrow()
    }

    /// Follows [`applied`](Self::applied): who waits for a sequence here sees its own write afterwards.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Sequence> {
        self.shared.applied.subscribe()
    }

    /// Whether [`follow`](Self::follow) has loaded all that the store held when it began.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.shared.ready.load(Ordering::Acquire)
    }

    /// A look at one state of everything. While it lives no change is applied: drop it soon, and never
    /// hold it while waiting.
    #[must_use]
    pub fn read(&self) -> Reader<'_> {
        Reader::new(&self.shared.dictionary, self.shared.index.read())
    }

    /// Does a piece of work that some question would have been faster for: puts rows in an order that was
    /// asked for, or finds the words of one chunk of a text. Whether there was any;
    /// [`follow`](Self::follow) does this by itself.
    ///
    /// Readers go on meanwhile; changes wait, for some tenths of a second at most.
    pub fn tend(&self) -> bool {
        if self.shared.index.read().build_wanted() {
            return true;
        }
        let index = self.shared.index.upgradable_read();
        let Some((resource, field, chunk)) = index.missing_words() else { return false };
        let Some(words) = index.table(resource).find_words(field, chunk) else { return false };
        let mut waiting = index;
        for attempt in 0..TRIES {
            match RwLockUpgradableReadGuard::try_upgrade_for(waiting, FIRST_TRY * (1 << attempt)) {
                Ok(mut index) => {
                    index.table_mut(resource).keep_words(field, chunk, words);
                    return true;
                }
                Err(index) => waiting = index,
            }
            std::thread::sleep(PAUSE);
        }
        RwLockUpgradableReadGuard::upgrade(waiting).table_mut(resource).keep_words(field, chunk, words);
        true
    }

    /// Bytes in use: the resource, what for (a field, `Field (finders)` for what finds rows by it, or
    /// something in parentheses), how many; the most first.
    #[must_use]
    pub fn bytes_by_column(&self) -> Vec<(String, String, usize)> {
        let index = self.shared.index.read();
        let mut all = Vec::new();
        for (resource, table) in self.shared.dictionary.resources().iter().zip(index.tables()) {
            let mut add = |what: String, bytes: usize| {
                if bytes > 0 {
                    all.push((resource.name.to_string(), what, bytes));
                }
            };
            for (what, bytes) in table.bytes_of_rows() {
                add(what.to_string(), bytes);
            }
            for field in table.present() {
                let name = &resource.field(*field).name;
                let (column, finders) = table.bytes_of(*field);
                add(name.to_string(), column);
                add(format!("{name} (finders)"), finders);
            }
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.2));
        all
    }
}

/// An index being loaded beside the one that answers.
#[derive(Debug)]
pub struct Loading {
    index: Index,
}

impl Loading {
    /// Takes in the next part, in the order of the records' versions.
    pub fn load(&mut self, groups: &[RowGroup]) {
        self.index.load(groups, THREADS);
    }

    /// The same of records that are not on disk.
    pub fn load_stored(&mut self, records: &[Stored]) {
        self.load(&RowGroup::of(records));
    }
}
