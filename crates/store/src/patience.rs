//! Waiting for a store that does not answer.

use std::time::Duration;

use crate::{ErrorKind, StoreError};

/// How long to wait before the store is asked again, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long a store that does not answer is waited for: ever longer at a time, and so long in all.
#[derive(Clone, Debug)]
pub struct Patience {
    pause: Duration,
    left: Duration,
}

impl Patience {
    /// For one who has nothing else to do: it never ends.
    #[must_use]
    pub fn endless() -> Self {
        Self::of(Duration::MAX)
    }

    /// Pauses of this length in all.
    #[must_use]
    pub fn of(all: Duration) -> Self {
        Self { pause: FIRST_PAUSE, left: all }
    }

    /// Waits a while after an error that may pass; `who` is told of in the log.
    ///
    /// # Errors
    /// The error itself, where it does not pass by waiting or the patience is at its end.
    pub async fn after(&mut self, error: StoreError, who: &str) -> Result<(), StoreError> {
        if !error.may_pass() || self.left.is_zero() {
            return Err(error);
        }
        let pause = self.pause.min(self.left);
        tracing::warn!(
            who,
            code = error.code(),
            pause_ms = pause.as_millis(),
            "the store does not answer: {error}"
        );
        tokio::time::sleep(pause).await;
        self.left -= pause;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Ok(())
    }

    /// Asks until the store answers, whatever it answers, or the patience is at its end.
    ///
    /// # Errors
    /// The last answer.
    pub async fn ask<T, F>(mut self, who: &str, ask: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        loop {
            match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.after(error, who).await?,
            }
        }
    }
}

impl StoreError {
    /// Whether it may pass while this process goes on: the engine comes back, room is made on its disk, or
    /// the database lets its user in again.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self.kind, ErrorKind::Unavailable | ErrorKind::Full | ErrorKind::Settings)
    }
}
