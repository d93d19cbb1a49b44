//! Carries changes out: who is owed what, sign, send, retry, give up.
//!
//! An [`Event`] is a record like any other, written in one transaction with whatever caused it. This
//! crate follows the log with a cursor of its own; nothing is sent from a request. What is owed is a row
//! of the store's work tables, an attempt is a row, and a crash anywhere is a restart of the same work.
//!
//! The log itself is pushed, too, as RESO's EntityEvents (RCP-28): then nothing is owed, and each endpoint
//! has a cursor of its own.
//!
//! It does not know who caused a change, HTTP routes, or SQL.

mod endpoints;
mod event;
mod fan_out;
mod fault;
mod figures;
mod filter;
mod inbox;
mod json;
mod operator;
mod outflow;
mod own;
mod policy;
mod push;
mod replay;
mod run;
mod schedule;
mod settings;
mod sign;
mod standing;
mod tend;
mod topic;
mod unregister;

pub use endpoints::{NewEndpoint, Registered};
pub use event::{Event, EventFault, EventId, LARGEST_DATA};
pub use fault::Fault;
pub use figures::Figures;
pub use filter::{FilterFault, PayloadFilter};
pub use inbox::{Found, InboxItem, InboxPage, LARGEST_PAGE, Reader};
pub use outflow::{OpenError, Outflow};
pub use policy::{DataPolicy, PolicyAction, seen_by};
pub use push::{Confided, Pushed, TriedOut};
pub use replay::{MOST_REPLAYED, ReplayRequest, Replayed};
pub use schedule::{Schedule, retry_after};
pub use settings::{Profile, Sees, Settings, Who};
pub use sign::{EndpointSecret, MasterKey, Scheme, legacy};
pub use standing::{
    Book, Direction, Endpoint, EndpointStatus, Format, Match, Subscription, TopicGrant, check_standing,
};
pub use topic::{TopicPattern, is_topic};
