//! The answer found the slow and plain way: what every executor is tested against.

use std::sync::Arc;

use dictionary::{Dictionary, Feed, Key, Record, ResourceId, Timestamp, Value};

use super::groups::{Group, grouped, split};
use super::rows::side_by_side;
use super::run::{Instances, Part, TooMany, apply, leave};
use super::{Aggregation, Grouping, Join, Side};
use crate::{Context, Expr, Order, PageMark, Query, Scope, evaluate, mark_of, matches, order_of};

/// Answers from `records`, of which `scope` says what may be seen; records of the answer are told by their keys.
///
/// # Errors
/// As [`apply`].
pub fn aggregate(
    asked: &Aggregation,
    scope: &Scope,
    records: &[(Feed, Record)],
    dictionary: &Dictionary,
    now: Timestamp,
) -> Result<Vec<Part<Key>>, TooMany> {
    crate::answer::with_records(asked.resource, scope, records, dictionary, now, |seen, context| {
        let (filter, steps) = asked.filtered();
        let plain = Plain { seen, resource: asked.resource, context };
        let all: Vec<usize> = (0..seen.len()).collect();
        let all = filter.map_or(all.clone(), |filter| plain.filter(all, filter));
        let parts = apply(asked, steps, &plain, all, context)?;
        let key = |at: usize| dictionary.resource(asked.resource).key_of(&seen[at]).unwrap_or_default();
        let told = |part| match part {
            Part::Records(all) => Part::Records(all.into_iter().map(key).collect()),
            Part::Rows(rows) => Part::Rows(rows),
        };
        Ok(parts.into_iter().map(told).collect())
    })
}

/// Records in a list.
struct Plain<'a> {
    seen: &'a [Arc<Record>],
    resource: ResourceId,
    context: Context<'a>,
}

impl Instances for Plain<'_> {
    type Id = usize;

    fn value(&self, of: usize, expr: &Expr) -> Option<Value> {
        evaluate(expr, &self.seen[of], self.context)
    }

    fn filter(&self, mut all: Vec<usize>, filter: &Expr) -> Vec<usize> {
        all.retain(|at| matches(filter, &self.seen[*at], self.context));
        all
    }

    fn first(&self, all: &[usize], order: &[Order], need: usize) -> Vec<usize> {
        let asked = Query { order: order.to_vec(), ..Query::all(self.resource) };
        let order = order_of(&asked, self.context.dictionary.resource(self.resource));
        let mark = |at: &usize| Some((mark_of(&order, &self.seen[*at], self.context)?, *at));
        let mut marked: Vec<(PageMark, usize)> = all.iter().filter_map(mark).collect();
        marked.sort_by(|(a, _), (b, _)| a.compare(b, &order));
        marked.into_iter().take(need).map(|(_, at)| at).collect()
    }

    fn group(&self, all: &[usize], grouping: &Grouping) -> Result<Vec<Record>, TooMany> {
        Ok(grouped(grouping, all, self.resource, &|at, expr| self.value(at, expr)))
    }

    fn join(&self, all: &[usize], join: &Join) -> Result<Vec<Record>, TooMany> {
        let mut rows = Vec::new();
        for at in all {
            let record = &*self.seen[*at];
            let linked = self.context.links.linked(record, join.link);
            let plain = Plain { seen: &linked, resource: join.target, context: self.context };
            let ids = (0..linked.len()).collect();
            let left = leave(join.target, &join.steps, &plain, ids, self.context)?;
            let own: Vec<_> = join
                .columns
                .iter()
                .filter_map(|side| match side {
                    Side::Own(expr) => Some(evaluate(expr, record, self.context)),
                    Side::Linked(_) => None,
                })
                .collect();
            let of = |at: &usize| {
                let value = |side: &Side| match side {
                    Side::Own(_) => None,
                    Side::Linked(expr) => Some(plain.value(*at, expr)),
                };
                join.columns.iter().filter_map(value).collect()
            };
            rows.extend(left.iter().map(|at| side_by_side(self.resource, join, &own, Some(of(at)))));
            if left.is_empty() && join.outer {
                rows.push(side_by_side(self.resource, join, &own, None));
            }
        }
        Ok(rows)
    }

    fn split(&self, all: &[usize], by: &[Expr]) -> Result<Vec<Group<usize>>, TooMany> {
        Ok(split(all, by, &|at, expr| self.value(at, expr)))
    }
}
