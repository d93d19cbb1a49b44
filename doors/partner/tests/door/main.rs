//! The door as its clients meet it: real requests to the real router over a real store and index.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod beyond;
mod credentials;
mod deleted;
mod described;
mod detail;
mod lookups;
mod open_houses;
mod people;
mod permission;
mod places;
mod refusals;
mod searches;
mod sorting;
mod sync;
mod town;
mod wire;
