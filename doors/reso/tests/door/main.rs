//! The door as its clients meet it: real requests to the real router over a real store and index.

mod paging;
mod permission;
mod protocol;
mod query;
mod town;
