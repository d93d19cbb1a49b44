//! Kafka, both ways: events and changes go out to a broker, reports come in from a topic.
//!
//! Going out is a reader of the store's log with a cursor of its own, as everything is that leaves the
//! house: [`produce`] reads a part of the log, hands it to the broker, waits until the broker has it on all
//! its replicas, and only then moves the cursor. A crash, a broker that is gone for an hour, a lost
//! acknowledgement are all the same: the part is sent again, and each message carries what a consumer knows
//! it by (`id`, `EntityEventSequence`). Coming in, [`consume`] hands each message to a function and commits
//! its offset when that says that it is kept.
//!
//! One topic a kind: `{prefix}.events`, keyed by what an event is about, and `{prefix}.{Resource}` for the
//! changes of a resource, keyed by the record, a removal without a value, so that such a topic may be
//! compacted.
//!
//! A record ForcedResync in the log has every contact of its feed sent once more, marked as forced, before the log
//! goes on.
//!
//! This crate does not know who publishes, HTTP, or SQL.

mod consume;
mod figures;
mod link;
mod message;
mod produce;
mod resend;
mod settings;

pub use consume::{Incoming, Intake, Take, Verdict, consume};
pub use figures::Figures;
pub use message::{EVENTS, Message};
pub use produce::{CURSOR, House, produce};
pub use settings::{Login, Mechanism, Security, Settings};
