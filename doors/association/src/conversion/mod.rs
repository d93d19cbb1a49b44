//! Conversion: an MLS's codes and an association's words, both ways.
//!
//! A vendor's files come in with its values; the association keeps what people read (the display value);
//! what leaves again is the vendor's code. A [`MappingSet`] says which is which, in versions that never
//! change. What has no mapping stays here and is told with its counts (AMS-003, AMS-034).

mod columns;
mod convert;
mod examine;
mod plan;
mod set;

pub(crate) use columns::{Columns, find};
pub use convert::{Held, Unmapped, convert};
pub(crate) use examine::{Counts, Examined, examine};
pub(crate) use plan::Plan;
pub use set::{Category, Entry, MappingSet};
pub(crate) use set::{judge, standard};
