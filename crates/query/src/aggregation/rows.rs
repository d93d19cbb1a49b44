//! Rows of groups: made, put in order, transformed, and told a page at a time.

use std::cmp::Ordering;

use dictionary::{Record, ResourceId, Value};

use super::{Aggregation, Transformation, column, grouped};
use crate::{Context, Expr, Order, Page, PageMark, evaluate, matches};

/// A row of these columns.
pub(super) fn row(resource: ResourceId, columns: impl Iterator<Item = Option<Value>>) -> Record {
    let columns = columns.enumerate().filter_map(|(number, value)| Some((column(number), value?)));
    Record::from_values(resource, columns.collect())
}

/// Puts rows in the order of their first columns, null first.
pub fn sort_rows(rows: &mut [Record], columns: usize) {
    rows.sort_by(|a, b| compare(a, b, columns));
}

fn compare(a: &Record, b: &Record, columns: usize) -> Ordering {
    let lies = |number: usize| match (a.get(column(number)), b.get(column(number))) {
        (Some(a), Some(b)) => crate::compare(a, b).unwrap_or(Ordering::Equal),
        (a, b) => a.is_some().cmp(&b.is_some()),
    };
    (0..columns).map(lies).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

/// What the rows of `asked`'s grouping become by the transformations that follow.
#[must_use]
pub fn transform(rows: Vec<Record>, asked: &Aggregation, context: Context<'_>) -> Vec<Record> {
    let mut rows = rows;
    let mut columns = asked.grouping.by.len() + asked.grouping.of.len();
    for step in &asked.then {
        match step {
            Transformation::Filter(filter) => rows.retain(|row| matches(filter, row, context)),
            Transformation::Compute(terms) => {
                for row in &mut rows {
                    // Each looks at the row as it was.
                    let values: Vec<_> = terms.iter().map(|term| evaluate(term, row, context)).collect();
                    for (number, value) in (columns..).zip(values) {
                        value.map(|value| row.set(column(number), value));
                    }
                }
                columns += terms.len();
            }
            Transformation::Group(grouping) => {
                let before: Vec<&Record> = rows.iter().collect();
                rows = grouped(grouping, &before, asked.resource, context);
                columns = grouping.by.len() + grouping.of.len();
            }
            Transformation::Order(order) => put_in_order(&mut rows, order, context),
            Transformation::Skip(skip) => {
                rows.drain(..usize::try_from(*skip).unwrap_or(usize::MAX).min(rows.len()));
            }
            Transformation::Top(top) => rows.truncate(usize::try_from(*top).unwrap_or(usize::MAX)),
        }
    }
    rows
}

fn put_in_order(rows: &mut Vec<Record>, order: &[Order], context: Context<'_>) {
    let mark = |row: &Record| -> Vec<Option<Value>> {
        order.iter().map(|term| evaluate(&term.by, row, context)).collect()
    };
    let mut marked: Vec<(Vec<Option<Value>>, Record)> =
        std::mem::take(rows).into_iter().map(|row| (mark(&row), row)).collect();
    marked.sort_by(|(a, _), (b, _)| {
        let terms = order.iter().zip(a.iter().zip(b));
        let mut lie = terms.map(|(term, (a, b))| term.compare(a.as_ref(), b.as_ref(), crate::compare));
        lie.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    });
    rows.extend(marked.into_iter().map(|(_, row)| row));
}

/// The page of `rows`, which are all there are, in their order: so many after the one that `after` marks. A
/// mark holds what its row held in `columns` columns; where that row is gone the walk goes on after as many rows
/// as came before it.
#[must_use]
pub fn window(rows: Vec<Record>, columns: usize, after: Option<&PageMark>, size: usize) -> Page {
    let mark = |row: &Record, number: usize| PageMark {
        values: (0..columns).map(|at| row.get(column(at)).cloned()).collect(),
        key: number.to_string().into(),
    };
    let start = after.map_or(0, |after| {
        let values = |row: &Record| (0..columns).map(|at| row.get(column(at)).cloned()).collect::<Vec<_>>();
        let found = rows.iter().position(|row| values(row) == after.values);
        found.map_or_else(|| after.key.parse().unwrap_or(0), |at| at + 1)
    });
    let end = start.saturating_add(size).min(rows.len());
    let next = (end < rows.len() && end > start).then(|| mark(&rows[end - 1], end));
    let told = rows.into_iter().skip(start).take(size).map(std::sync::Arc::new).collect();
    Page { records: told, count: None, next }
}

impl Expr {
    /// The column of a row.
    #[must_use]
    pub fn column(number: usize) -> Self {
        Self::field(column(number))
    }
}
