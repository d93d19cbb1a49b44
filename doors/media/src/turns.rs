//! One after the other: nobody makes what another is making, and what failed rests for a while.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::Timestamp;
use parking_lot::Mutex;
use tokio::sync::OwnedMutexGuard;

use crate::rendition::Name;

/// Failures that are remembered at most; beyond them the ones that are over are forgotten, then all.
const MOST_FAILURES: usize = 10_000;

/// Who is making what.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    making: Mutex<HashMap<Name, Arc<tokio::sync::Mutex<()>>>>,
    failed: Mutex<HashMap<Name, Timestamp>>,
}

impl Turns {
    /// Waits until nobody else makes this.
    pub(crate) async fn wait(&self, name: Name) -> OwnedMutexGuard<()> {
        let turn = Arc::clone(self.making.lock().entry(name).or_default());
        turn.lock_owned().await
    }

    /// The turn is over.
    pub(crate) fn done(&self, name: Name, turn: OwnedMutexGuard<()>) {
        let mut making = self.making.lock();
        drop(turn);
        // Whoever waits holds it, too.
        if making.get(&name).is_some_and(|turn| Arc::strong_count(turn) == 1) {
            making.remove(&name);
        }
    }

    /// Whether it failed so lately that it is not tried again.
    pub(crate) fn rests(&self, name: Name, now: Timestamp) -> bool {
        self.failed.lock().get(&name).is_some_and(|until| *until > now)
    }

    pub(crate) fn fail(&self, name: Name, now: Timestamp, until: Timestamp) {
        let mut failed = self.failed.lock();
        if failed.len() >= MOST_FAILURES {
            failed.retain(|_, until| *until > now);
        }
        if failed.len() >= MOST_FAILURES {
            failed.clear();
        }
        failed.insert(name, until);
    }
}
