//! A small town at the gate.

mod grants;
mod headers;
mod house;
mod interference;
mod opened;
mod partner;
mod permits;
mod quotas;
mod secrets;
mod tenants;
mod town;

use dictionary::Timestamp;

/// An instant, so many seconds after the town's first day.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}
