//! The admin API, on which the console will stand.
//!
//! What an operator does to feeds, clients, keys, grants, quotas and whatever else is a record of
//! Freehold's own resources is a function of [`operate`]; the routes under `/admin` and the commands of
//! the binary call the same ones. Each write carries its actor into the log, which is the audit
//! (HUB-005).
//!
//! This crate does not know any door. What time it is comes in with [`State`].

pub mod operate;
mod routes;
mod state;

pub use routes::{LocalUser, Route, every_route, local_routes, routes};
pub use state::State;

#[cfg(test)]
mod tests;
