//! What many records have in common: how many have which value, where they stand, what their numbers come to.
//!
//! Whoever asks is told of what they may see and of nothing else: every count is of rows that pass both the
//! filter and the scope.

mod aggregation;
mod clusters;
mod facets;
mod statistics;
mod suggest;

pub use clusters::{Bounds, Cluster, Grid};
pub use facets::{Bucket, Facet, FacetCounts};
pub use statistics::{Group, Month, Statistics};
pub use suggest::{Suggestion, Typed};

use dictionary::{ResourceId, Timestamp};
use query::{Expr, Scope};

use crate::Reader;
use crate::plan::Ask;
use crate::run;

impl Reader<'_> {
    /// Calls `work` with the rows that pass, in no order, and what they are asked of.
    fn with_rows<T>(
        &self,
        resource: ResourceId,
        filter: Option<&Expr>,
        scope: &Scope,
        now: Timestamp,
        work: impl FnOnce(&Ask<'_>, &[u32]) -> T,
    ) -> T {
        let ask = self.ask(scope, now);
        let table = ask.table(resource);
        let rows = run::collect(&ask, table, &run::root(&ask, table, filter));
        work(&ask, &rows)
    }
}
