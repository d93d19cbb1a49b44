//! Reconciliation: what the association would tell each other side, held against what that side has (AMS-040).
//!
//! A side is a feed of this installation: a copy that a source of type `RESO Web API` keeps of the MLS, or what an
//! import has read of a file from M1 or the lockbox, its keys beginning with the feed's name. Each contact is held against the form in which it would be told
//! (linked, and converted by the mapping in force), so that what differs is a difference and no spelling.

mod compare;
mod plan;
mod run;

pub(crate) use plan::{Plan, check};
pub(crate) use run::reconcile;

#[cfg(test)]
mod tests;
