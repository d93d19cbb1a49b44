//! The door as its clients meet it: real requests to the real router over a real store and index.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod apply;
mod batch;
mod delta;
mod events;
mod paging;
mod permission;
mod protocol;
mod query;
mod sequences;
mod sheets;
mod town;
mod wire;
mod writing;
