//! A small town for tests to live in: random records, filters and orders that come out the same for the
//! same seed, a clock that is set by hand, directories that vanish, a real PostgreSQL and a
//! real Apache Kafka; with the feature `web`, what asks a door and holds its answers to what it says of itself.
//!
//! Only tests may depend on this crate. It does not know the store or any door: it hands out paths and
//! URLs, and values of the dictionary.
#![expect(clippy::disallowed_methods, reason = "the tests' one place for seeds, programs and the real time")]

mod clock;
mod filter;
mod home;
pub mod kafka;
mod order;
pub mod postgres;
mod record;
mod scratch;
mod seed;
mod shape;
mod value;
#[cfg(feature = "web")]
pub mod web;
mod words;

pub use clock::{Clock, real_time};
pub use fastrand::Rng;
pub use filter::{MOST_DEPTH, filter};
pub use home::Home;
pub use order::{order, query};
pub use postgres::Database;
pub use record::{key, record, records};
pub use scratch::Scratch;
pub use seed::{lasting, rng};
pub use shape::Shape;
pub use value::value;

#[cfg(test)]
mod tests;
