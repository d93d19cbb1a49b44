//! The question: what is asked of records, in resolved ids.
//!
//! OData URLs, the partner API's parameters, subscription filters, saved searches, grants and console
//! lists all become a [`Query`]. What a filter means is said once, by [`matches`]; whoever answers
//! faster (`search`) is tested against it.
//!
//! This crate is pure. It does not know names to parse, SQL or HTTP.

mod aggregation;
mod answer;
mod bind;
mod expr;
mod matches;
mod meaning;
mod query;
mod scope;
mod sorting;
mod typing;

pub use aggregation::{
    Aggregate, Aggregation, Branch, Each, From, Group, Grouping, Identity, Instances, Join, MOST_ITEMS,
    Method, Most, Part, Rank, Side, Tally, TooMany, Transformation, aggregate, apply, average, column, held,
    identity, is_absent, leave, plain, side_by_side, sort_rows, window,
};
pub use answer::answer;
pub use expr::{Arithmetic, Comparison, Expr, FieldRef, Function, LinkRef, Over, Quantifier, Quantity};
pub use matches::{Answer, Context, Linked, NoLinks, evaluate, matches};
pub use meaning::geo::{EARTH_RADIUS_M, covers, distance, length};
pub use meaning::pattern::matches as matches_pattern;
pub use meaning::{compare, words};
pub use query::{Computed, Expand, Nulls, Order, Page, PageMark, Query, Selection};
pub use scope::{FeedRows, Rows, Scope, Sight};
pub use sorting::{mark_of, order_of};
pub use typing::{Kind, TypeFault, check_filter, check_order, kind_of};
