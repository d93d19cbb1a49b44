//! Onboarding: from the first mail to the instant at which changes are offered.
//!
//! What follows what is a table ([`step`]); what each step needs is a table of rules ([`rule`]), which is the
//! checklist as well; whether a rule is met is decided by facts ([`facts`]) that were gathered before, so that
//! every guard can be tried without a store. When a go-live may be is said in [`go_live`].

mod facts;
pub(crate) mod gather;
pub(crate) mod go_live;
mod rule;
mod standing;
mod step;

#[cfg(test)]
mod tests;

pub(crate) use facts::Facts;
pub(crate) use rule::Rule;
pub(crate) use standing::{Item, Standing};
pub(crate) use step::{Event, after};
