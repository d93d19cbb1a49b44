//! What records come to, group by group: `$apply` (RESO-027), by codes and not by values.
//!
//! Rows are numbered by group, one term of the grouping after the other: two rows have the same number where
//! all terms so far are the same. Then each aggregate takes one look at its column. What is meant is said by
//! [`query::aggregate`].

mod groups;
mod measures;

use dictionary::{FieldId, Record, ResourceId, Timestamp, Value};
use query::{Aggregation, Context, Expr, NoLinks, Scope, column, transform};

use crate::plan::{Ask, own};
use crate::table::Table;
use crate::{Reader, Row, SearchError};

/// Groups of one answer: what is told of more is no summary.
const MOST_GROUPS: usize = 100_000;

impl Reader<'_> {
    /// What the records that match come to, of those that `scope` lets be seen: the rows after all
    /// transformations.
    ///
    /// # Errors
    /// The records fall into more than 100,000 groups.
    pub fn aggregate(
        &self,
        asked: &Aggregation,
        scope: &Scope,
        now: Timestamp,
    ) -> Result<Vec<Record>, SearchError> {
        let grouping = &asked.grouping;
        self.with_rows(asked.resource, asked.filter.as_ref(), scope, now, |ask, rows| {
            let table = ask.table(asked.resource);
            let mut groups = groups::Groups::one(rows.len());
            for by in &grouping.by {
                groups.split(&Source::of(ask, table, by), rows);
                if groups.len() > MOST_GROUPS {
                    return Err(SearchError::TooManyGroups { most: MOST_GROUPS });
                }
            }
            let firsts = groups.firsts(rows);
            let mut columns: Vec<Vec<Option<Value>>> = Vec::new();
            for by in &grouping.by {
                let source = Source::of(ask, table, by);
                columns.push(firsts.iter().map(|row| source.value(*row).map(query::plain)).collect());
            }
            for aggregate in &grouping.of {
                let source = Source::of(ask, table, &aggregate.of);
                columns.push(measures::measure(aggregate.method, &source, &groups, rows));
            }
            let rows = made(asked, columns, groups.len());
            Ok(transform(rows, asked, Context { dictionary: ask.dictionary, links: &NoLinks, now }))
        })
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

/// The rows of these columns, in the order of what they are grouped by.
fn made(asked: &Aggregation, columns: Vec<Vec<Option<Value>>>, rows: usize) -> Vec<Record> {
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let mut made: Vec<Record> = (0..rows)
        .map(|_| {
            let values = columns.iter_mut().enumerate();
            let values = values.filter_map(|(number, values)| Some((column(number), values.next()??)));
            Record::from_values(asked.resource, values.collect())
        })
        .collect();
    query::sort_rows(&mut made, asked.grouping.by.len());
    made
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
