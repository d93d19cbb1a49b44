//! How far a run is, and whether it shall end: shared between the thread that reads and the one that keeps
//! the books.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::{Moved, Progress};

/// What one run has got to.
#[derive(Debug, Default)]
pub(super) struct Mark {
    bytes: AtomicU64,
    rows: AtomicU64,
    end: AtomicBool,
}

impl Mark {
    /// Bytes and rows read in this stage.
    pub(super) fn read(&self) -> (u64, u64) {
        (self.bytes.load(Ordering::Relaxed), self.rows.load(Ordering::Relaxed))
    }

    /// Ends the run at its next thousand rows.
    pub(super) fn end(&self) {
        self.end.store(true, Ordering::Relaxed);
    }
}

impl Progress for Mark {
    fn moved(&self, moved: &Moved) {
        self.bytes.store(moved.bytes, Ordering::Relaxed);
        self.rows.store(moved.rows, Ordering::Relaxed);
    }

    fn canceled(&self) -> bool {
        self.end.load(Ordering::Relaxed)
    }
}

/// Tells the books and somebody who watches.
pub(super) struct Both(pub(super) std::sync::Arc<Mark>, pub(super) std::sync::Arc<dyn Progress>);

impl Progress for Both {
    fn moved(&self, moved: &Moved) {
        self.0.moved(moved);
        self.1.moved(moved);
    }

    fn canceled(&self) -> bool {
        self.0.canceled() || self.1.canceled()
    }
}
