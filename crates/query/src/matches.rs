//! What a filter means on one record. Written once; every executor is tested against it (RESO-023).

use std::sync::Arc;

use dictionary::{Dictionary, LinkId, Record, Timestamp, Value};

use crate::Expr;
use crate::meaning::Frame;

/// True, false or unknown (OData 4.01 part 2, 5.1.1.1): `None` is null.
pub type Answer = Option<bool>;

/// Finds the records that a record links to.
pub trait Linked {
    /// The records that `record` leads to by `link`, of those that may be seen, in the order of their keys.
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>>;
}

/// Links that lead nowhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLinks;

impl Linked for NoLinks {
    fn linked(&self, _record: &Record, _link: LinkId) -> Vec<Arc<Record>> {
        Vec::new()
    }
}

/// What a filter is evaluated in.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The words.
    pub dictionary: &'a Dictionary,
    /// The linked records.
    pub links: &'a dyn Linked,
    /// What `now()` means throughout one question.
    pub now: Timestamp,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("now", &self.now).finish_non_exhaustive()
    }
}

/// Whether `record` matches: whether `filter` is true of it (false and unknown do not match).
///
/// A filter that [`kind_of`](crate::kind_of) refuses has a meaning too, so that nothing can fail here: what
/// does not fit is null.
#[must_use]
pub fn matches(filter: &Expr, record: &Record, context: Context<'_>) -> bool {
    crate::meaning::truth(filter, &Frame::of(record, context)) == Some(true)
}

/// The value of `expr` on `record`; none is null. Polygons and lines have no value outside their functions.
#[must_use]
pub fn evaluate(expr: &Expr, record: &Record, context: Context<'_>) -> Option<Value> {
    crate::meaning::value(expr, &Frame::of(record, context)).map(std::borrow::Cow::into_owned)
}
