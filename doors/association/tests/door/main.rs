//! The door as its clients meet it: real requests to the real router over a real store.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod contacts;
mod described;
mod files;
mod grants;
mod integrations;
mod keys;
mod mappings;
mod onboarding;
mod people;
mod permission;
mod pulls;
mod sides;
mod tenants;
mod town;

/// Where the stores of this suite are; `door_on_postgres.rs` is the same suite on the other engine.
const HOME: fn() -> testkit::Home = testkit::Home::sqlite;
