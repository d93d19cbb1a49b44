//! Questions whose answer is not records but what records come to: `$apply` (RESO-027; OData Data
//! Aggregation 4.0).
//!
//! Records that pass a filter are grouped, and each group becomes a row. What follows works on rows, which
//! are few: they are [`Record`]s whose fields are their columns, [`column`] by number. A row's columns are
//! the terms that it was grouped by, then what was aggregated, then what was computed.

mod identity;
mod rows;
mod tally;

use dictionary::{Dictionary, Feed, FieldId, Record, ResourceId, Timestamp, Value};

use crate::meaning::equal;
use crate::{Context, Expr, NoLinks, Order, Query, Scope};

pub use identity::{Identity, identity};
pub use rows::{sort_rows, transform, window};
pub use tally::{Tally, average, plain};

/// A question about what records come to.
#[derive(Clone, PartialEq, Debug)]
pub struct Aggregation {
    /// Whose records.
    pub resource: ResourceId,
    /// Which of them count; every one where there is none.
    pub filter: Option<Expr>,
    /// What they come to.
    pub grouping: Grouping,
    /// What is done with the rows, in turn.
    pub then: Vec<Transformation>,
}

/// Groups, and what each comes to. Without terms there is one group, even of no records.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Grouping {
    /// What is the same throughout a group. Null is a value like others here.
    pub by: Vec<Expr>,
    /// What each group comes to.
    pub of: Vec<Aggregate>,
}

/// What the values of a group come to. Nulls do not count.
#[derive(Clone, PartialEq, Debug)]
pub struct Aggregate {
    /// How.
    pub method: Method,
    /// Of what; for [`Method::Count`] nothing is looked at.
    pub of: Expr,
}

/// A method of aggregation (Data Aggregation 4.0, 3.2.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Method {
    /// The sum: exact for whole and decimal numbers, a decimal; null of no values, and where it is too
    /// large for one.
    Sum,
    /// The least value; null of none.
    Min,
    /// The greatest value; null of none.
    Max,
    /// The sum by the number of values; null of none.
    Average,
    /// How many different values there are.
    CountDistinct,
    /// `$count`: how many records, or rows, there are.
    Count,
}

/// What is done with rows.
#[derive(Clone, PartialEq, Debug)]
pub enum Transformation {
    /// Only rows of which this is true are left.
    Filter(Expr),
    /// Each row gets these columns after its last.
    Compute(Vec<Expr>),
    /// The rows are grouped again.
    Group(Grouping),
    /// The rows are put in this order.
    Order(Vec<Order>),
    /// So many are left away from the first on.
    Skip(u64),
    /// So many are left, from the first on.
    Top(u64),
}

/// The column of a row as a field of its record.
#[must_use]
pub fn column(number: usize) -> FieldId {
    FieldId(u16::try_from(number).unwrap_or(u16::MAX))
}

impl Aggregation {
    /// The question that asks for all that this one looks at: who may ask it may ask this.
    #[must_use]
    pub fn looks_at(&self) -> Query {
        let grouping = &self.grouping;
        let terms = grouping.by.iter().chain(grouping.of.iter().map(|aggregate| &aggregate.of));
        let order = terms.map(|term| Order::ascending(term.clone())).collect();
        Query { filter: self.filter.clone(), order, ..Query::all(self.resource) }
    }

    /// The same question with `now` in place of `now()`.
    #[must_use]
    pub fn bind(mut self, now: Timestamp) -> Self {
        self.filter = self.filter.map(|filter| filter.bind(now));
        self.grouping = self.grouping.bind(now);
        self
    }
}

impl Grouping {
    fn bind(mut self, now: Timestamp) -> Self {
        let bind = |expr: &mut Expr| *expr = std::mem::replace(expr, Expr::Null).bind(now);
        self.by.iter_mut().for_each(bind);
        self.of.iter_mut().for_each(|aggregate| bind(&mut aggregate.of));
        self
    }
}

/// Answers from `records`, of which `scope` says what may be seen, the slow and plain way: what every
/// executor is tested against.
#[must_use]
pub fn aggregate(
    asked: &Aggregation,
    scope: &Scope,
    records: &[(Feed, Record)],
    dictionary: &Dictionary,
    now: Timestamp,
) -> Vec<Record> {
    let rows =
        crate::answer::with_records(asked.resource, scope, records, dictionary, now, |seen, context| {
            let passes = |record: &&Record| {
                asked.filter.as_ref().is_none_or(|filter| crate::matches(filter, record, context))
            };
            let seen: Vec<&Record> = seen.iter().map(|record| &**record).filter(passes).collect();
            grouped(&asked.grouping, &seen, asked.resource, context)
        });
    transform(rows, asked, Context { dictionary, links: &NoLinks, now })
}

/// The rows of groups of `records`, in the order of what they are grouped by.
fn grouped(
    grouping: &Grouping,
    records: &[&Record],
    resource: ResourceId,
    context: Context<'_>,
) -> Vec<Record> {
    let mut groups: Vec<(Vec<Option<Value>>, Vec<&Record>)> = Vec::new();
    if grouping.by.is_empty() {
        groups.push((Vec::new(), records.to_vec()));
    }
    for record in records.iter().filter(|_| !grouping.by.is_empty()) {
        let key: Vec<Option<Value>> =
            grouping.by.iter().map(|by| crate::evaluate(by, record, context).map(plain)).collect();
        let same =
            |other: &[Option<Value>]| other.iter().zip(&key).all(|(a, b)| equal(a.as_ref(), b.as_ref()));
        match groups.iter_mut().find(|(other, _)| same(other)) {
            Some((_, members)) => members.push(record),
            None => groups.push((key, vec![record])),
        }
    }
    let row = |(key, members): (Vec<Option<Value>>, Vec<&Record>)| {
        let aggregates = grouping.of.iter().map(|aggregate| {
            let mut tally = Tally::new(aggregate.method);
            members.iter().for_each(|record| tally.add(crate::evaluate(&aggregate.of, record, context)));
            tally.done()
        });
        rows::row(resource, key.into_iter().chain(aggregates))
    };
    let mut rows: Vec<Record> = groups.into_iter().map(row).collect();
    sort_rows(&mut rows, grouping.by.len());
    rows
}
