//! The first few of many rows.

use std::cmp::Ordering;

use dictionary::{Value, ValueRef};
use query::PageMark;

use super::order::{By, Mark, Term, Way};
use crate::plan::Ask;
use crate::table::Table;

/// The first `need` of `rows` by a field's numbers and then by key, of those after the mark.
pub(crate) fn by_rank(
    table: &Table,
    rows: &[u32],
    rank: impl Fn(u32) -> u64,
    way: Way,
    mark: Option<Mark<'_>>,
    need: usize,
) -> Vec<u32> {
    let mut all: Vec<(u64, u32)> = rows
        .iter()
        .map(|row| (rank(*row), *row))
        .filter(|(rank, row)| mark.is_none_or(|mark| mark.is_before(*rank, table.key(*row), way)))
        .map(|(rank, row)| (way.turn(rank), row))
        .collect();
    let order =
        |a: &(u64, u32), b: &(u64, u32)| a.0.cmp(&b.0).then_with(|| table.key(a.1).cmp(table.key(b.1)));
    first(&mut all, need, order);
    all.into_iter().map(|(_, row)| row).collect()
}

/// The first `need` of `rows` by terms and then by key, of those after the mark.
pub(crate) fn by_terms(
    ask: &Ask<'_>,
    table: &Table,
    rows: &[u32],
    terms: &[Term<'_>],
    mark: Option<&PageMark>,
    need: usize,
) -> Vec<u32> {
    let computed: Vec<Vec<Option<Value>>> = rows
        .iter()
        .map(|row| {
            let expressions = terms.iter().filter_map(|term| match term.by {
                By::Field(_) => None,
                By::Away(away) => Some(away.metres(*row).map(Value::Double)),
                By::Expr(expr) => Some(ask.value(expr, table.resource, *row, false)),
            });
            expressions.collect()
        })
        .collect();
    let value = |at: usize, term: usize| -> Option<ValueRef<'_>> {
        match terms[term].by {
            By::Field(field) => table.look(rows[at], field),
            By::Away(_) | By::Expr(_) => {
                let place = terms[..term].iter().filter(|term| !matches!(term.by, By::Field(_))).count();
                computed[at][place].as_ref().map(Value::view)
            }
        }
    };
    let order = |a: &usize, b: &usize| {
        let by_term = terms
            .iter()
            .enumerate()
            .map(|(at, term)| term.compare(value(*a, at), value(*b, at)))
            .find(|order| order.is_ne());
        by_term.unwrap_or_else(|| table.key(rows[*a]).cmp(table.key(rows[*b])))
    };
    let after = |row: &usize| {
        let Some(mark) = mark else { return true };
        let by_term = terms
            .iter()
            .zip(&mark.values)
            .enumerate()
            .map(|(at, (term, marked))| term.compare(value(*row, at), marked.as_ref().map(Value::view)))
            .find(|order| order.is_ne());
        by_term.unwrap_or_else(|| table.key(rows[*row]).cmp(mark.key.as_str())).is_gt()
    };
    let mut all: Vec<usize> = (0..rows.len()).filter(after).collect();
    first(&mut all, need, order);
    all.into_iter().map(|at| rows[at]).collect()
}

/// Leaves the first `need`, sorted.
fn first<T>(all: &mut Vec<T>, need: usize, order: impl Fn(&T, &T) -> Ordering) {
    if need < all.len() {
        if need > 0 {
            all.select_nth_unstable_by(need - 1, &order);
        }
        all.truncate(need);
    }
    all.sort_unstable_by(&order);
}
