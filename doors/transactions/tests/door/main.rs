//! The door as its clients meet it: real requests to the real router over a real store.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod batches;
mod documents;
mod identity;
mod keys;
mod mocks;
mod order;
mod permission;
mod production;
mod publishing;
mod receiving;
mod subscribing;
mod town;
mod validation;
mod warnings;
