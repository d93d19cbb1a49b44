//! What a way of answering costs, in about nanoseconds: measured on a server's core, rounded, and only ever
//! compared with each other.

use super::source::Source;
use crate::plan::Node;

/// A row of an order that is walked along: rows of an order lie anywhere.
const WALKED: f64 = 6.0;
/// A row of a source that is listed.
const LISTED: f64 = 1.5;
/// A row that passed and has to be put in order.
const SORTED: f64 = 15.0;

/// Walking by one row.
pub(super) fn of_walking(root: &Node<'_>, rows: usize) -> f64 {
    WALKED + root.cost_of_row(rows)
}

/// Putting so many rows in order that passed.
pub(super) fn of_sorting(passing: f64) -> f64 {
    passing * SORTED
}

/// Listing a source and testing its rows.
pub(super) fn of_listing(root: &Node<'_>, rows: usize, source: &Source<'_, '_>) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    let count = source.count as f64;
    count * (LISTED + root.cost_of_row(rows)) + of_sorting(source.passing_guess(rows))
}

/// Testing every row, a block at a time.
#[expect(clippy::cast_precision_loss, reason = "a guess")]
pub(super) fn of_scanning(root: &Node<'_>, rows: usize) -> f64 {
    rows as f64 * (root.cost_in_block(rows) + of_sorting(root.share(rows)))
}
