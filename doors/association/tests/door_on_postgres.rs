//! The suite `door`, with its stores on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

#[path = "door/contacts.rs"]
mod contacts;
#[path = "door/described.rs"]
mod described;
#[path = "door/files.rs"]
mod files;
#[path = "door/grants.rs"]
mod grants;
#[path = "door/integrations.rs"]
mod integrations;
#[path = "door/keys.rs"]
mod keys;
#[path = "door/mappings.rs"]
mod mappings;
#[path = "door/onboarding.rs"]
mod onboarding;
#[path = "door/people.rs"]
mod people;
#[path = "door/permission.rs"]
mod permission;
#[path = "door/pulls.rs"]
mod pulls;
#[path = "door/sides.rs"]
mod sides;
#[path = "door/tenants.rs"]
mod tenants;
#[path = "door/town.rs"]
mod town;

const HOME: fn() -> testkit::Home = testkit::Home::postgres;
