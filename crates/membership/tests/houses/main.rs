//! Two Freeholds over real HTTP: an association that comes from its kickoff to being live, and the MLS that pulls it.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod association;
mod live;
mod mls;
