//! The one place that reads the clock.

use dictionary::Timestamp;

/// Now, cut to microseconds: what a record's timestamp holds.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}
