//! Both ways over a real broker.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

mod incoming;
mod outgoing;
mod town;
