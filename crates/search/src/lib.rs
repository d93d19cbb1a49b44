//! Answers a permitted query from columns in memory, kept current by following the store's log.
//!
//! Every field of every record is in a column, so a filter, an order, a page, a count, a radius, a
//! polygon or a linked record needs no disk. What a filter means is said by `query::matches`; this
//! crate only finds the same records faster, and random tests hold it to that.
//!
//! It does not know SQL, HTTP, names to parse, or what time it is.

mod blocks;
mod column;
mod error;
mod finders;
mod follow;
mod geo;
mod grid;
mod index;
mod ordered;
mod plan;
mod reader;
mod run;
mod search;
mod share;
mod summary;
mod table;
mod words;

pub use error::SearchError;
pub use reader::{Hits, LinkedVersion, Moment, Reader, Row, RowView};
pub use search::{Loading, Search};
pub use summary::{
    Bounds, Bucket, Cluster, Facet, FacetCounts, Grid, Group, Month, Statistics, Suggestion, Typed,
};

#[cfg(test)]
mod tests;
