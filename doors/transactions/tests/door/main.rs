//! The door as its clients meet it: real requests to the real router over a real store.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod batches;
mod described;
mod documents;
mod handshake;
mod identity;
mod keys;
mod messages;
mod mocks;
mod order;
mod permission;
mod portal;
mod production;
mod publishing;
mod receiver;
mod receiving;
mod subscribing;
mod town;
mod validation;
mod warnings;

/// Where the stores of this suite are; `door_on_postgres.rs` is the same suite on the other engine.
const HOME: fn() -> testkit::Home = testkit::Home::sqlite;
