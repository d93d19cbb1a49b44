//! The clock, and waiting: both come from outside, so that a test may script an hour.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use intake::Clock;

/// Waits for so long.
pub type Sleep = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What time it is, and waiting.
#[derive(Clone)]
pub struct Time {
    /// Now.
    pub now: Clock,
    /// Waits.
    pub sleep: Sleep,
}

impl Time {
    /// The clock given, and real waits.
    #[must_use]
    pub fn real(now: Clock) -> Self {
        Self { now, sleep: Arc::new(|time| Box::pin(tokio::time::sleep(time))) }
    }
}

impl std::fmt::Debug for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Time")
    }
}
