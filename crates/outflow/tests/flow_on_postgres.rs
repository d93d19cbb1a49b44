//! The suite `flow`, with its stores on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

#[path = "flow/endpoints.rs"]
mod endpoints;
#[path = "flow/entity.rs"]
mod entity;
#[path = "flow/faults.rs"]
mod faults;
#[path = "flow/inbox.rs"]
mod inbox;
#[path = "flow/node.rs"]
mod node;
#[path = "flow/order.rs"]
mod order;
#[path = "flow/own.rs"]
mod own;
#[path = "flow/pushing.rs"]
mod pushing;
#[path = "flow/receiver.rs"]
mod receiver;
#[path = "flow/replays.rs"]
mod replays;
#[path = "flow/town.rs"]
mod town;

const HOME: fn() -> testkit::Home = testkit::Home::postgres;
