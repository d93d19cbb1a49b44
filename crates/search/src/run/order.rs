//! In which order: along one that is kept, or by comparing.

use std::cmp::Ordering;

use dictionary::{FieldId, Value, ValueRef};
use query::{Order, Query};

use crate::ordered::{Ordered, rank};
use crate::plan::{Ask, mark_of, own};
use crate::table::Table;

/// How rows are put in order.
pub(crate) enum Sorting<'i> {
    /// Along an order that is kept, by the numbers of this field (of none: by key alone).
    Kept { order: &'i Ordered, field: Option<FieldId>, descending: bool },
    /// By comparing row with row.
    Free(Vec<Term<'i>>),
}

/// One term of an order that is not kept.
pub(crate) struct Term<'i> {
    pub(crate) by: By<'i>,
    pub(crate) descending: bool,
}

/// What a term compares.
#[derive(Clone, Copy)]
pub(crate) enum By<'i> {
    /// A field of the record itself.
    Field(FieldId),
    /// What an expression says of it.
    Expr(&'i query::Expr),
}

/// Where the page before ended, in the numbers of a kept order.
#[derive(Clone, Copy)]
pub(crate) struct Mark<'q> {
    pub(crate) rank: u64,
    /// Whether the rank is the mark's value itself, and not the next one below it.
    pub(crate) exact: bool,
    pub(crate) key: &'q str,
}

impl Mark<'_> {
    /// Whether a row lies after it.
    pub(crate) fn is_before(&self, rank: u64, key: &str, descending: bool) -> bool {
        match (rank.cmp(&self.rank), descending) {
            (Ordering::Equal, _) if self.exact => key > self.key,
            (Ordering::Equal, descending) => descending,
            (ordering, false) => ordering == Ordering::Greater,
            (ordering, true) => ordering == Ordering::Less,
        }
    }
}

/// How many terms the effective order has: the timestamp's alone where none is asked.
pub(crate) fn terms(query: &Query) -> usize {
    query.order.len().max(1)
}

/// The order of a query, and the mark in it.
pub(crate) fn sorting<'i>(
    ask: &Ask<'i>,
    table: &'i Table,
    query: &'i Query,
) -> (Sorting<'i>, Option<Mark<'i>>) {
    if let Some((order, field, descending)) = kept(table, &query.order) {
        let kept = Sorting::Kept { order, field, descending };
        match &query.after {
            None => return (kept, None),
            Some(after) => {
                if let Some((rank, exact)) = mark_rank(table, field, after.values.first()) {
                    return (kept, Some(Mark { rank, exact, key: &after.key }));
                }
            }
        }
    }
    let free = |order: &'i Order| {
        let by = own(&order.by).map_or(By::Expr(&order.by), By::Field);
        if let By::Expr(expr) = by {
            ask.need(expr, table.resource);
        }
        Term { by, descending: order.descending }
    };
    let mut terms: Vec<Term<'i>> = query.order.iter().map(free).collect();
    if query.order.is_empty() {
        terms.extend(table.timestamp.map(|field| Term { by: By::Field(field), descending: false }));
    }
    (Sorting::Free(terms), None)
}

fn kept<'i>(table: &'i Table, order: &[Order]) -> Option<(&'i Ordered, Option<FieldId>, bool)> {
    let key = |term: &Order| own(&term.by).is_some() && own(&term.by) == table.key_field;
    let (first, descending) = match order {
        [] => (table.timestamp, false),
        // The key ascending decides last anyway.
        [only, rest @ ..] if rest.first().is_none_or(|next| key(next) && !next.descending) => {
            (Some(own(&only.by)?), only.descending)
        }
        _ => return None,
    };
    let Some(field) = first else { return Some((table.by_key_order(), None, descending)) };
    if Some(field) == table.key_field {
        return (!descending).then(|| (table.by_key_order(), None, false));
    }
    match table.column(field) {
        // Every value is null: only the keys differ.
        None => Some((table.by_key_order(), None, descending)),
        Some(_) => Some((table.order(field)?, Some(field), descending)),
    }
}

fn mark_rank(table: &Table, field: Option<FieldId>, value: Option<&Option<Value>>) -> Option<(u64, bool)> {
    let (Some(field), Some(Some(value))) = (field, value) else {
        // By key alone whatever the value was; null before all where there is a field.
        return match value {
            Some(Some(_)) if field.is_none() => None,
            _ => Some((0, true)),
        };
    };
    let crate::column::Body::Numbers(numbers) = &table.column(field)?.body else { return None };
    let (number, exact) = mark_of(value, numbers)?;
    Some((rank(Some(number)), exact))
}

/// How two values of a term lie: null first.
pub(crate) fn compare(a: Option<ValueRef<'_>>, b: Option<ValueRef<'_>>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(ValueRef::Text(a)), Some(ValueRef::Text(b))) => a.cmp(b),
        (Some(ValueRef::Integer(a)), Some(ValueRef::Integer(b))) => a.cmp(&b),
        (Some(a), Some(b)) => query::compare(&a.to_value(), &b.to_value()).unwrap_or(Ordering::Equal),
    }
}
