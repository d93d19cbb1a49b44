//! In which order: along one that is kept, or by comparing.

use std::cmp::Ordering;

use dictionary::{FieldId, Value, ValueRef};
use query::{Expr, Nulls, Order, PageMark};

use super::nearest::Away;
use crate::ordered::{Ordered, rank};
use crate::plan::{Ask, mark_of, own};
use crate::table::Table;

/// How rows are put in order.
pub(crate) enum Sorting<'i> {
    /// By the numbers of this field (of none: by key alone), along an order that is kept, if it is there. Where the key does
    /// not decide at once between rows of one number, all terms are given: what is found is put in order by
    /// them.
    Kept { order: Option<&'i Ordered>, field: Option<FieldId>, way: Way, terms: Vec<Term<'i>> },
    /// By comparing row with row.
    Free(Vec<Term<'i>>),
}

/// Which way a kept order is walked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    /// From null and the lowest number to the highest.
    Up,
    /// From the lowest number to the highest, and then null.
    UpNullsLast,
    /// From the highest number to the lowest and null.
    Down,
}

impl Way {
    fn of(order: &Order) -> Self {
        match (order.descending, order.nulls) {
            (false, Nulls::Lowest) => Self::Up,
            (false, Nulls::Last) => Self::UpNullsLast,
            (true, _) => Self::Down,
        }
    }

    /// A rank as one that only ever grows on the way.
    #[inline]
    pub(crate) fn turn(self, rank: u64) -> u64 {
        match self {
            Self::Up => rank,
            // Null's rank is 0, and only null's.
            Self::UpNullsLast => rank.wrapping_sub(1),
            Self::Down => !rank,
        }
    }
}

/// One term of an order that is not kept.
pub(crate) struct Term<'i> {
    pub(crate) by: By<'i>,
    pub(crate) order: &'i Order,
}

/// What a term compares.
#[derive(Clone, Copy)]
pub(crate) enum By<'i> {
    /// A field of the record itself.
    Field(FieldId),
    /// How far it is from a point.
    Away(Away<'i>),
    /// What an expression says of it.
    Expr(&'i Expr),
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
    pub(crate) fn is_before(&self, rank: u64, key: &str, way: Way) -> bool {
        match way.turn(rank).cmp(&way.turn(self.rank)) {
            Ordering::Equal if self.exact => key > self.key,
            Ordering::Equal => way == Way::Down,
            ordering => ordering.is_gt(),
        }
    }
}

/// How `order` is found, and where `after` lies in it. The key ascending decides last.
pub(crate) fn sorting<'i>(
    ask: &Ask<'_>,
    table: &'i Table,
    order: &'i [Order],
    after: Option<&'i PageMark>,
) -> (Sorting<'i>, Option<Mark<'i>>) {
    let terms = || terms_of(ask, table, order);
    let Some((by, field, way)) = kept(table, order) else { return (Sorting::Free(terms()), None) };
    // The key ascending decides last anyway.
    let decides = |term: &Order| is_key(table, term) && !term.descending;
    let ties = !decides(&order[0]) && order.get(1).is_some_and(|next| !decides(next));
    let mark = after.map(|after| {
        let (rank, exact) = mark_rank(table, field, after.values.first())?;
        // Of the rows of the mark's own number any may come after it.
        Some(Mark { rank, exact, key: if ties { "" } else { &after.key } })
    });
    match mark {
        Some(None) => (Sorting::Free(terms()), None),
        _ if ties && field.is_none() => (Sorting::Free(terms()), None),
        mark => {
            let terms = if ties { terms() } else { Vec::new() };
            (Sorting::Kept { order: by, field, way, terms }, mark.flatten())
        }
    }
}

/// The terms of an order, for whoever compares row with row.
pub(crate) fn terms_of<'i>(ask: &Ask<'_>, table: &'i Table, order: &'i [Order]) -> Vec<Term<'i>> {
    let term = |order: &'i Order| {
        let by = match (own(&order.by), Away::of(&order.by, table)) {
            (Some(field), _) => By::Field(field),
            (None, Some(away)) => By::Away(away),
            (None, None) => By::Expr(&order.by),
        };
        if let By::Expr(expr) = by {
            ask.need(expr, table.resource);
        }
        Term { by, order }
    };
    order.iter().map(term).collect()
}

fn is_key(table: &Table, term: &Order) -> bool {
    table.key_field.is_some() && own(&term.by) == table.key_field
}

type Kept<'i> = (Option<&'i Ordered>, Option<FieldId>, Way);

fn kept<'i>(table: &'i Table, order: &[Order]) -> Option<Kept<'i>> {
    let first = order.first()?;
    let way = Way::of(first);
    if first.by == Expr::Null {
        return Some((Some(table.by_key_order()), None, way));
    }
    let field = own(&first.by)?;
    if is_key(table, first) {
        return (!first.descending).then(|| (Some(table.by_key_order()), None, Way::Up));
    }
    match table.column(field) {
        // Every value is null: only the keys differ.
        None => Some((Some(table.by_key_order()), None, way)),
        Some(_) if !table.is_sortable(field) => None,
        Some(_) => Some((table.order_at_hand(field), Some(field), way)),
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

impl Term<'_> {
    /// How two values of this term lie.
    pub(crate) fn compare(&self, a: Option<ValueRef<'_>>, b: Option<ValueRef<'_>>) -> Ordering {
        self.order.compare(a, b, |a, b| match (a, b) {
            (ValueRef::Text(a), ValueRef::Text(b)) => Some(a.cmp(b)),
            (ValueRef::Integer(a), ValueRef::Integer(b)) => Some(a.cmp(&b)),
            (a, b) => query::compare(&a.to_value(), &b.to_value()),
        })
    }
}
