//! Pulls from servers of the RESO Web API: MLS Grid, Trestle, Bridge, Spark, and any other (RESO-080 to RESO-087).
//!
//! A source is a record Source of type `RESO Web API`: an address, a feed, a sealed credential, and a **profile**
//! ([`Profile`]), which says as data how that kind of server wants to be asked. One run of it ([`Puller`]):
//!
//! 1. asks for `$metadata` and tells what has changed since the last time ([`drift`]),
//! 2. walks each resource by the profile's strategies ([`walk`]), a page at a time,
//! 3. writes each page with the place that covers it in one transaction ([`write`], [`place`]),
//! 4. finds what is gone, by a flag, by EntityEvent, or by a sweep of all keys ([`sweep`]).
//!
//! A run that was cut off goes on where the last page was kept. What a source sends and the dictionary does not
//! know is kept beside the record ([`local`]). The [`client`] outlasts what passes and keeps to the source's
//! quotas by its own count, which outlives the process.
//!
//! This crate does not know inbound HTTP, SQL, when a source is due, or what time it is.

mod client;
mod drift;
mod events;
mod fetch;
mod hand;
mod local;
mod page;
mod place;
mod profile;
mod puller;
mod run;
mod source;
mod sweep;
mod tally;
mod time;
mod walk;
mod write;

pub use profile::{
    Auth, AuthKind, End, First, MarkBy, Meaning, Next, Operator, Page, Profile, Quota, Removed, RemovedRule,
    Strategy, Sweep,
};
pub use puller::{CopyPictures, OpenCredential, Puller};
pub use time::{Sleep, Time};
