//! Events on their way: a real store, real sockets, receivers kind and unkind.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod endpoints;
mod entity;
mod faults;
mod inbox;
mod node;
mod order;
mod own;
mod pushing;
mod receiver;
mod replays;
mod town;

/// Where the stores of this suite are; `flow_on_postgres.rs` is the same suite on the other engine.
const HOME: fn() -> testkit::Home = testkit::Home::sqlite;
