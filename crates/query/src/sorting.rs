//! In which order records come, and which of them lie after a mark (RESO-041, RESO-042).

use std::cmp::Ordering;

use dictionary::{Record, Resource};

use crate::{Context, Expr, Nulls, Order, PageMark, Query, evaluate};

/// The terms by which records of `query` are ordered before the key decides: what was asked, or the
/// resource's timestamp. Where there is neither, the one term is null, so that a mark always has a value
/// for each term and [`PageMark::standing`] fits.
#[must_use]
pub fn order_of(query: &Query, resource: &Resource) -> Vec<Order> {
    if query.order.is_empty() {
        return vec![Order::ascending(resource.timestamp.map_or(Expr::Null, Expr::field))];
    }
    query.order.clone()
}

/// Where `record` lies in `order`; none where it has no key.
#[must_use]
pub fn mark_of(order: &[Order], record: &Record, context: Context<'_>) -> Option<PageMark> {
    let key = context.dictionary.resource(record.resource()).key_of(record)?;
    let values = order.iter().map(|term| evaluate(&term.by, record, context)).collect();
    Some(PageMark { values, key })
}

impl PageMark {
    /// How two marks of one order lie: term by term, then by key, ascending, as text. Null lies where the
    /// term says; what has no order (a list, a point, no number) is equal to its like.
    #[must_use]
    pub fn compare(&self, other: &Self, order: &[Order]) -> Ordering {
        let pairs = order.iter().zip(self.values.iter().zip(&other.values));
        pairs
            .map(|(term, (a, b))| term.compare(a.as_ref(), b.as_ref(), crate::compare))
            .find(|ordering| ordering.is_ne())
            .unwrap_or_else(|| self.key.cmp(&other.key))
    }

    /// Whether this lies after `mark`: whether it belongs on a later page.
    #[must_use]
    pub fn is_after(&self, mark: &Self, order: &[Order]) -> bool {
        self.compare(mark, order).is_gt()
    }
}

impl Order {
    /// How two values of this term lie, none being null; `compare` says it of two that are there, and those
    /// of which it says nothing are equal.
    pub fn compare<T>(
        &self,
        a: Option<T>,
        b: Option<T>,
        compare: impl FnOnce(T, T) -> Option<Ordering>,
    ) -> Ordering {
        let ordering = match (a, b) {
            (Some(a), Some(b)) => compare(a, b).unwrap_or(Ordering::Equal),
            (a, b) if self.nulls == Nulls::Last => return a.is_none().cmp(&b.is_none()),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if self.descending { ordering.reverse() } else { ordering }
    }
}
