//! The door as its clients meet it: real requests to the real router over a real store.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod alerts;
mod auditing;
mod coding;
mod deciding;
mod described;
mod imports;
mod mapping;
mod people;
mod permission;
mod pipeline;
mod scoping;
mod sources;
mod street;
mod town;

/// Where the stores of this suite are; `door_on_postgres.rs` is the same suite on the other engine.
const HOME: fn() -> testkit::Home = testkit::Home::sqlite;
