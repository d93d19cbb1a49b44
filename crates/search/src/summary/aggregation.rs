//! What records come to, group by group: `$apply` (RESO-027), by codes and not by values.
//!
//! Rows are numbered by group, one term of the grouping after the other: two rows have the same number where
//! all terms so far are the same. Then each aggregate takes one look at its column. What is meant is said by
//! [`query::aggregate`].

mod groups;
mod measures;

use dictionary::{FieldId, Record, ResourceId, Timestamp, Value};
use query::{
    Aggregation, Context, Expr, Group, Grouping, Instances, Join, MOST_ITEMS, NoLinks, Order, Part, Query,
    Scope, Side, TooMany, column, order_of, side_by_side,
};

use crate::plan::{Ask, MOST_PARTS, compile, own};
use crate::run::{self, by_terms, terms_of};
use crate::table::Table;
use crate::{Reader, Row, SearchError};

impl Reader<'_> {
    /// What the records that match come to, of those that `scope` lets be seen: records and rows after all
    /// transformations.
    ///
    /// # Errors
    /// There are more than 100,000 groups, or so many records or rows on the way or at the end; it would take too long.
    pub fn aggregate(
        &self,
        asked: &Aggregation,
        scope: &Scope,
        now: Timestamp,
    ) -> Result<Vec<Part<Row>>, SearchError> {
        let (filter, steps) = asked.filtered();
        let ask = self.ask(scope, now).bounded(MOST_PARTS);
        let table = ask.table(asked.resource);
        let all = run::collect(&ask, table, &run::root(&ask, table, filter));
        let found = Found { now, ask: &ask, table };
        let context = Context { dictionary: ask.dictionary, links: &NoLinks, now };
        let parts = query::apply(asked, steps, &found, all, context)?;
        ask.within()?;
        let row = |part| match part {
            Part::Records(all) => Part::Records(all.into_iter().map(Row).collect()),
            Part::Rows(rows) => Part::Rows(rows),
        };
        Ok(parts.into_iter().map(row).collect())
    }
}

/// Rows for which a filter is planned: the few of a group are looked at one by one, as there may be many groups.
const WORTH_PLANNING: usize = 16;

/// The rows of a table, as an aggregation looks at them.
struct Found<'a, 'i> {
    now: Timestamp,
    ask: &'a Ask<'i>,
    table: &'a Table,
}

impl Instances for Found<'_, '_> {
    type Id = u32;

    fn value(&self, of: u32, expr: &Expr) -> Option<Value> {
        Source::of(self.ask, self.table, expr).value(of)
    }

    fn filter(&self, mut all: Vec<u32>, filter: &Expr) -> Vec<u32> {
        if all.len() < WORTH_PLANNING {
            let source = Source::of(self.ask, self.table, filter);
            all.retain(|row| source.value(*row) == Some(Value::Boolean(true)));
            return all;
        }
        let ask = self.ask.beside();
        let node = compile(&ask, self.table.resource, filter, true, false);
        all.retain(|row| node.test(&ask, *row));
        all
    }

    fn first(&self, all: &[u32], order: &[Order], need: usize) -> Vec<u32> {
        let asked = Query { order: order.to_vec(), ..Query::all(self.table.resource) };
        let order = order_of(&asked, self.ask.dictionary.resource(self.table.resource));
        by_terms(self.ask, self.table, all, &terms_of(self.ask, self.table, &order), None, need)
    }

    fn group(&self, all: &[u32], grouping: &Grouping) -> Result<Vec<Record>, TooMany> {
        let groups = self.divided(all, groups::Groups::one(all.len()), &grouping.by)?;
        let mut columns = self.firsts(all, &groups, &grouping.by);
        for aggregate in &grouping.of {
            let source = Source::of(self.ask, self.table, &aggregate.of);
            columns.push(self.measured(aggregate.method, &source, &aggregate.from, &groups, all)?);
        }
        let mut rows = made(self.table.resource, columns, groups.len());
        query::sort_rows(&mut rows, grouping.by.len());
        Ok(rows)
    }

    fn join(&self, all: &[u32], join: &Join) -> Result<Vec<Record>, TooMany> {
        let linked = Found { table: self.ask.table(join.target), ..*self };
        let context = Context { dictionary: self.ask.dictionary, links: &NoLinks, now: self.now };
        let own = self.sources(join, |side| if let Side::Own(expr) = side { Some(expr) } else { None });
        let theirs =
            linked.sources(join, |side| if let Side::Linked(expr) = side { Some(expr) } else { None });
        let values =
            |sources: &[Source<'_, '_>], row| sources.iter().map(|source| source.value(row)).collect();
        let resource = self.table.resource;
        let mut rows = Vec::new();
        for row in all {
            let found = self.ask.linked_to(resource, *row, join.link);
            let left = query::leave(join.target, &join.steps, &linked, found, context)?;
            let own: Vec<Option<Value>> = values(&own, *row);
            rows.extend(
                left.iter().map(|row| side_by_side(resource, join, &own, Some(values(&theirs, *row)))),
            );
            if left.is_empty() && join.outer {
                rows.push(side_by_side(resource, join, &own, None));
            }
            if rows.len() > MOST_ITEMS {
                return Err(TooMany::Items);
            }
        }
        Ok(rows)
    }

    fn split(&self, all: &[u32], by: &[Expr]) -> Result<Vec<Group<u32>>, TooMany> {
        let groups = self.divided(all, groups::Groups::one(all.len()), by)?;
        let mut keys: Vec<_> = self.firsts(all, &groups, by).into_iter().map(Vec::into_iter).collect();
        let key = |_| keys.iter_mut().map(|values| values.next().flatten()).collect();
        let mut split: Vec<Group<u32>> = (0..groups.len()).map(key).map(|key| (key, Vec::new())).collect();
        groups.each(all).for_each(|(row, group)| split[group].1.push(row));
        Ok(split)
    }
}

impl<'i> Found<'_, 'i> {
    /// Where what a side's columns hold is found.
    fn sources<'x>(
        &'x self,
        join: &'x Join,
        of: impl Fn(&'x Side) -> Option<&'x Expr>,
    ) -> Vec<Source<'x, 'i>> {
        join.columns.iter().filter_map(of).map(|expr| Source::of(self.ask, self.table, expr)).collect()
    }
}

impl Found<'_, '_> {
    /// The groups, each divided by these terms.
    fn divided(
        &self,
        all: &[u32],
        mut groups: groups::Groups,
        by: &[Expr],
    ) -> Result<groups::Groups, TooMany> {
        for by in by {
            groups.split(&Source::of(self.ask, self.table, by), all);
            if groups.len() > MOST_ITEMS {
                return Err(TooMany::Groups);
            }
        }
        Ok(groups)
    }

    /// What each of these terms is throughout each group.
    fn firsts(&self, all: &[u32], groups: &groups::Groups, by: &[Expr]) -> Vec<Vec<Option<Value>>> {
        let firsts = groups.firsts(all);
        let value = |by| {
            let source = Source::of(self.ask, self.table, by);
            firsts.iter().map(|row| source.value(*row).map(query::plain)).collect()
        };
        by.iter().map(value).collect()
    }

    /// What the values of each group come to, by way of groups inside it where there are such.
    fn measured(
        &self,
        method: query::Method,
        source: &Source<'_, '_>,
        from: &[query::From],
        groups: &groups::Groups,
        all: &[u32],
    ) -> Result<Vec<Option<Value>>, TooMany> {
        let Some((outer, inner)) = from.split_last() else {
            return Ok(measures::measure(method, source, groups, all));
        };
        let divided = self.divided(all, groups.clone(), &outer.by)?;
        let values = self.measured(method, source, inner, &divided, all)?;
        let mut tallies = vec![query::Tally::new(outer.method); groups.len()];
        for (group, value) in divided.within(groups).into_iter().zip(values) {
            tallies[group].add(value);
        }
        Ok(tallies.into_iter().map(query::Tally::done).collect())
    }
}

impl Reader<'_> {
    /// What each of `terms` comes to on each of `rows`; links lead to what `scope` lets be seen.
    #[must_use]
    pub fn values(
        &self,
        resource: ResourceId,
        rows: &[Row],
        terms: &[&Expr],
        scope: &Scope,
        now: Timestamp,
    ) -> Vec<Vec<Option<Value>>> {
        let ask = self.ask(scope, now);
        let table = ask.table(resource);
        let sources: Vec<Source<'_, '_>> = terms.iter().map(|term| Source::of(&ask, table, term)).collect();
        rows.iter().map(|row| sources.iter().map(|source| source.value(row.0)).collect()).collect()
    }
}

/// The rows of these columns.
fn made(resource: ResourceId, columns: Vec<Vec<Option<Value>>>, rows: usize) -> Vec<Record> {
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let row = |_| {
        let values = columns.iter_mut().enumerate();
        let values = values.filter_map(|(number, values)| Some((column(number), values.next()??)));
        Record::from_values(resource, values.collect())
    };
    (0..rows).map(row).collect()
}

/// Where the values of a term are found.
struct Source<'a, 'i> {
    ask: &'a Ask<'i>,
    table: &'a Table,
    term: &'a Expr,
    /// The field that it is, where it is one of the record's own.
    field: Option<FieldId>,
}

impl<'a, 'i> Source<'a, 'i> {
    fn of(ask: &'a Ask<'i>, table: &'a Table, term: &'a Expr) -> Self {
        ask.need(term, table.resource);
        Self { ask, table, term, field: own(term) }
    }

    fn value(&self, row: u32) -> Option<Value> {
        match self.field {
            Some(field) => self.table.look(row, field).map(dictionary::ValueRef::to_value),
            None => self.ask.value(self.term, self.table.resource, row, false),
        }
    }
}
