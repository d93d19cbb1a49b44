//! The suite `door`, with its stores on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

#[path = "door/batches.rs"]
mod batches;
#[path = "door/described.rs"]
mod described;
#[path = "door/documents.rs"]
mod documents;
#[path = "door/handshake.rs"]
mod handshake;
#[path = "door/identity.rs"]
mod identity;
#[path = "door/keys.rs"]
mod keys;
#[path = "door/messages.rs"]
mod messages;
#[path = "door/mocks.rs"]
mod mocks;
#[path = "door/order.rs"]
mod order;
#[path = "door/permission.rs"]
mod permission;
#[path = "door/portal.rs"]
mod portal;
#[path = "door/production.rs"]
mod production;
#[path = "door/publishing.rs"]
mod publishing;
#[path = "door/receiver.rs"]
mod receiver;
#[path = "door/receiving.rs"]
mod receiving;
#[path = "door/subscribing.rs"]
mod subscribing;
#[path = "door/town.rs"]
mod town;
#[path = "door/validation.rs"]
mod validation;
#[path = "door/warnings.rs"]
mod warnings;

const HOME: fn() -> testkit::Home = testkit::Home::postgres;
