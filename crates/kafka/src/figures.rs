//! What an operator watches.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the process began. Shared between the roles and whoever shows them.
#[derive(Debug, Default)]
pub struct Figures {
    sent: AtomicU64,
    sent_up_to: AtomicU64,
    taken: AtomicU64,
    refused: AtomicU64,
    failures: AtomicU64,
}

impl Figures {
    /// Messages that the broker has acknowledged.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The newest sequence of the log that has been sent: the log's head less this is the lag.
    #[must_use]
    pub fn sent_up_to(&self) -> u64 {
        self.sent_up_to.load(Ordering::Relaxed)
    }

    /// Messages that were taken in.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Messages that were refused and put aside.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Times that the broker did not do what it was asked; it was asked again.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    pub(crate) fn count_sent(&self, messages: usize, up_to: u64) {
        self.sent.fetch_add(messages as u64, Ordering::Relaxed);
        self.sent_up_to.store(up_to, Ordering::Relaxed);
    }

    pub(crate) fn count_taken(&self) {
        self.taken.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_failure(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }
}
