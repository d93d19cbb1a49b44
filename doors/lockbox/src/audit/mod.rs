//! What was decided and opened, in chains that show when somebody has touched them (LBX-096).
//!
//! Each feed of an association has a chain of its own. What many ask at the same time is one *link*: a record of
//! up to a thousand entries, whose hash (SHA-256) covers the hash of the link before it. Who knows one hash
//! can check everything before it without this server. A *seal* (HMAC-SHA-256 under a key of the installation,
//! which no store holds) covers each hash, so that nobody who can write to the store can make links; and how far
//! the chain goes is kept sealed beside it, where no older value stays behind, so that its end cannot be cut.
//!
//! Nothing is answered before the link that tells of it is on disk; those who wait share commits.

mod chain;
mod committer;
mod entry;
mod kept;
#[cfg(test)]
mod tests;
mod told;
mod verify;

pub(crate) use chain::Sealing;
pub(crate) use committer::{Committer, Noted};
pub(crate) use entry::{Entry, Kind};
pub(crate) use told::{links, verification};
pub(crate) use verify::verify;
