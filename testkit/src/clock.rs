//! A clock that is set by hand, and the one that is not.

use std::sync::Arc;

use dictionary::Timestamp;
use jiff::SignedDuration;
use parking_lot::Mutex;

/// A clock that stands still until a test moves it. Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    now: Arc<Mutex<Timestamp>>,
}

impl Clock {
    /// A clock at noon, UTC, of 1 June 2025.
    #[must_use]
    pub fn new() -> Self {
        Self::at(Timestamp::constant(1_748_779_200, 0))
    }

    /// A clock at this time.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { now: Arc::new(Mutex::new(now)) }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        *self.now.lock()
    }

    /// Sets it, backwards too.
    pub fn set(&self, now: Timestamp) {
        *self.now.lock() = now;
    }

    /// Moves it on and says what it shows then.
    ///
    /// # Panics
    /// Past the year 9999.
    pub fn pass(&self, time: SignedDuration) -> Timestamp {
        let mut now = self.now.lock();
        *now = now.checked_add(time).unwrap_or_else(|why| panic!("the clock ends there: {why}"));
        *now
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// The real time, cut to microseconds as records hold it: for tests that talk to what has a clock of its own.
///
/// # Panics
/// Never: every instant of jiff's has microseconds.
#[must_use]
pub fn real_time() -> Timestamp {
    Timestamp::from_microsecond(Timestamp::now().as_microsecond()).expect("an instant of the clock")
}
