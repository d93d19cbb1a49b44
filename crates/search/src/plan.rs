//! A filter as tests on columns.
//!
//! [`compile`] turns an expression into a [`Node`] that is true of exactly the rows of which the
//! expression is true (or, where that is wanted, false: null is neither). What no column answers is left
//! to `query::evaluate` on the row's record.

mod ask;
mod compile;
mod cover;
mod joins;
mod limits;
mod mentions;
mod needed;
mod node;
mod phrase;
mod places;
mod rebase;
mod words;

pub(crate) use ask::{Ask, MOST_PARTS};
pub(crate) use compile::{compile, own};
pub(crate) use cover::Cover;
pub(crate) use limits::{Limit, mark_of};
pub(crate) use mentions::Found;
pub(crate) use node::Node;
