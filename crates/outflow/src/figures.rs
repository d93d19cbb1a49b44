//! What an operator watches.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the process began.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) events: AtomicU64,
    pub(crate) owed: AtomicU64,
    pub(crate) delivered: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) dead: AtomicU64,
    pub(crate) fanned_out: AtomicU64,
}

/// A reading of the counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Events that were looked at.
    pub events: u64,
    /// Deliveries that were owed.
    pub owed: u64,
    /// Attempts that were acknowledged.
    pub delivered: u64,
    /// Attempts that were not.
    pub failed: u64,
    /// Deliveries that were given up.
    pub dead: u64,
    /// How far the log has been followed.
    pub fanned_out: u64,
}

impl Counters {
    pub(crate) fn add(&self, counter: &AtomicU64, number: usize) {
        counter.fetch_add(number as u64, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Figures {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Figures {
            events: of(&self.events),
            owed: of(&self.owed),
            delivered: of(&self.delivered),
            failed: of(&self.failed),
            dead: of(&self.dead),
            fanned_out: of(&self.fanned_out),
        }
    }
}
