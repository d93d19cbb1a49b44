//! Carries changes out: who is owed what, sign, send, retry, give up.
//!
//! An [`Event`] is a record like any other, written in one transaction with whatever caused it. This
//! crate follows the log with a cursor of its own; nothing is sent from a request. What is owed is a row
//! of the store's work tables, an attempt is a row, and a crash anywhere is a restart of the same work.
//!
//! It does not know who caused a change, HTTP routes, or SQL.

mod event;
mod filter;
mod json;
mod policy;
mod schedule;
mod sign;
mod topic;

pub use event::{Event, EventFault, EventId, LARGEST_DATA};
pub use filter::{FilterFault, PayloadFilter};
pub use policy::{DataPolicy, PolicyAction, seen_by};
pub use schedule::{Schedule, retry_after};
pub use sign::{EndpointSecret, MasterKey, Scheme, legacy};
pub use topic::{TopicPattern, is_topic};
