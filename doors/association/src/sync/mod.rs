//! What is offered to whoever an integration leads to, pull by pull (AMS-010, AMS-011, AMS-015, AMS-031 to AMS-034).
//!
//! The queue of changes is computed, not copied: it is the log after the entry up to which the last acknowledged pull
//! went. A pull is opened ([`open`]): that fixes its window, decides of each contact in it ([`judge`]) whether it is
//! told, told as gone, held, or not told at all, and counts. Its pages are read ([`page`]), each contact once, at the
//! version it had at the end of the window, with its mark. Acknowledged with the right counts ([`acknowledge`]), the
//! window is done with; else the next pull offers it again. Nothing but the numbers of the window is kept of a pull,
//! so that a crash anywhere loses nothing, and a forced resync ([`force`]) is one record, however many contacts there
//! are.

pub(crate) mod acknowledge;
mod candidates;
mod contact;
pub(crate) mod force;
pub(crate) mod held;
mod judge;
mod mapped;
pub(crate) mod offer;
mod offering;
pub(crate) mod open;
pub(crate) mod page;
mod relink;
mod rules;
pub(crate) mod run;
mod snapshot;
pub(crate) mod state;
pub(crate) mod watch;

pub(crate) use contact::Contact;
pub(crate) use judge::{Judge, Verdict};
pub(crate) use offering::silent;
pub(crate) use rules::rules;
pub(crate) use snapshot::Snapshot;

use dictionary::Value;

/// A count or a sequence as a value.
fn number(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
