//! The question: what is asked of records, in resolved ids.
//!
//! OData URLs, the partner API's parameters, subscription filters, saved searches, grants and console
//! lists all become a [`Query`]. What a filter means is said once, by [`matches`]; whoever answers
//! faster (`search`) is tested against it.
//!
//! This crate is pure. It does not know names to parse, SQL or HTTP.

mod expr;
mod matches;
mod query;
mod scope;
mod typing;

pub use expr::{Arithmetic, Comparison, Expr, FieldRef, Function, LinkRef, Over, Quantifier, Quantity};
pub use matches::{Answer, Context, Linked, NoLinks, compare, evaluate, matches};
pub use query::{Expand, Order, Page, PageMark, Query, Selection};
pub use scope::{FeedRows, Rows, Scope, Sight};
pub use typing::{Kind, TypeFault, kind_of};
