//! The suite `door`, with its stores on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

#[path = "door/alerts.rs"]
mod alerts;
#[path = "door/auditing.rs"]
mod auditing;
#[path = "door/coding.rs"]
mod coding;
#[path = "door/deciding.rs"]
mod deciding;
#[path = "door/described.rs"]
mod described;
#[path = "door/imports.rs"]
mod imports;
#[path = "door/mapping.rs"]
mod mapping;
#[path = "door/people.rs"]
mod people;
#[path = "door/permission.rs"]
mod permission;
#[path = "door/pipeline.rs"]
mod pipeline;
#[path = "door/scoping.rs"]
mod scoping;
#[path = "door/sources.rs"]
mod sources;
#[path = "door/street.rs"]
mod street;
#[path = "door/town.rs"]
mod town;

const HOME: fn() -> testkit::Home = testkit::Home::postgres;
