//! The words: every resource, field, lookup and link that Freehold knows, and a record whose values
//! have those types.
//!
//! The tables under `dictionary/` at the root of the project are the only declaration. The RESO Data
//! Dictionary (2.0 and 2.1), Freehold's own resources and an installation's local fields are written
//! in the same form and read by the same code ([`Tables`]).
//!
//! This crate is pure. It does not know how values are spelled in JSON or in a file (`odata`), how
//! they are kept (`store`), or what time it is.

mod check;
mod declare;
mod derived;
mod field;
mod field_set;
mod ids;
mod lookup;
mod named;
mod parts;
mod record;
mod resource;
mod tables;
mod value;
mod view;
mod words;

pub use check::{Fault, FaultCode, check};
pub use declare::DeclarationFault;
pub use derived::{Derived, HubFields};
pub use field::{Field, LookupStatus, Origin, Type};
pub use field_set::FieldSet;
pub use ids::{FieldId, LinkId, LookupId, ResourceId};
pub use lookup::{Lookup, LookupValue};
pub use named::{Named, named, set_named};
pub use parts::{PartChange, Whole};
pub use record::Record;
pub use resource::{Join, Link, Resource};
pub use tables::{Tables, Version};
pub use value::{Date, Decimal, Feed, Key, Point, Text, Time, Timestamp, Value};
pub use view::{Fields, TextListRef, ValueRef};
pub use words::Dictionary;

#[cfg(test)]
mod tests;
