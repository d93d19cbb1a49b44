//! What numbers come to (SRCH-003).

use std::collections::BTreeMap;

use dictionary::{FieldId, ResourceId, Timestamp, Value, ValueRef};
use jiff::tz::Offset;
use query::{Expr, Scope};
use rust_decimal::prelude::ToPrimitive;

use crate::Reader;
use crate::column::Body;
use crate::column::numbers::{Meaning, Numbers};
use crate::plan::{Ask, own};
use crate::table::Table;

/// A month of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// From 1 to 12.
    pub month: i8,
}

/// What the values of one measure come to. Whole and decimal numbers are added exactly; all figures are then
/// the nearest doubles.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Statistics {
    /// How many records have a value. Where none has, the figures are 0.
    pub count: u64,
    /// Of all values.
    pub sum: f64,
    /// The sum, divided.
    pub average: f64,
    /// The middle value; of an even number of values the mean of the two in the middle.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

/// The records of one month, or all.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// The month; none where nothing is grouped, and of records without a date.
    pub month: Option<Month>,
    /// How many records there are.
    pub count: u64,
    /// For each measure, in their order.
    pub of: Vec<Statistics>,
}

impl Reader<'_> {
    /// What each measure comes to over the records that match, of those that `scope` lets be seen; by the
    /// month of `by`, in order, where that is given: the field of a date, or of an instant, whose month is
    /// taken in UTC. A measure is a number of each record: a field, or `ListPrice divby LivingArea`, which
    /// takes some ten times as long. What has no value, or none that is a number, does not count.
    ///
    /// Where nothing is grouped there is one group. A month without a record is not there.
    #[must_use]
    pub fn statistics(
        &self,
        resource: ResourceId,
        filter: Option<&Expr>,
        scope: &Scope,
        measures: &[Expr],
        by: Option<FieldId>,
        now: Timestamp,
    ) -> Vec<Group> {
        self.with_rows(resource, filter, scope, now, |ask, rows| {
            let table = ask.table(resource);
            let group = |(month, rows): (Option<Month>, &[u32])| Group {
                month,
                count: rows.len() as u64,
                of: measures.iter().map(|measure| of(ask, table, measure, rows)).collect(),
            };
            match by {
                None => vec![group((None, rows))],
                Some(field) => {
                    by_month(table, field, rows).iter().map(|(month, rows)| group((*month, rows))).collect()
                }
            }
        })
    }
}

fn by_month(table: &Table, field: FieldId, rows: &[u32]) -> BTreeMap<Option<Month>, Vec<u32>> {
    let mut months: BTreeMap<Option<Month>, Vec<u32>> = BTreeMap::new();
    for row in rows {
        let month = match table.look(*row, field) {
            Some(ValueRef::Date(date)) => Some(Month { year: date.year(), month: date.month() }),
            Some(ValueRef::Timestamp(at)) => {
                let date = Offset::UTC.to_datetime(at);
                Some(Month { year: date.year(), month: date.month() })
            }
            _ => None,
        };
        months.entry(month).or_default().push(*row);
    }
    months
}

fn of(ask: &Ask<'_>, table: &Table, measure: &Expr, rows: &[u32]) -> Statistics {
    let column = own(measure).and_then(|field| table.column(field));
    match column.map(|column| (&column.body, column.strays.is_empty())) {
        Some((Body::Numbers(numbers), true))
            if matches!(numbers.meaning, Meaning::Integer | Meaning::Decimal) =>
        {
            exact(numbers, rows)
        }
        _ => {
            ask.need(measure, table.resource);
            let number = |row: &u32| match ask.value(measure, table.resource, *row, false)? {
                Value::Integer(number) => number.to_f64(),
                Value::Decimal(number) => number.to_f64(),
                Value::Double(number) => Some(number).filter(|number| number.is_finite()),
                _ => None,
            };
            rounded(rows.iter().filter_map(number).collect())
        }
    }
}

/// Of a column's whole numbers.
#[expect(clippy::cast_precision_loss, reason = "figures are doubles")]
fn exact(numbers: &Numbers, rows: &[u32]) -> Statistics {
    let mut all: Vec<i64> = rows.iter().filter_map(|row| numbers.ints.get(*row)).collect();
    let unit = 10f64.powi(i32::try_from(numbers.scale()).unwrap_or(0));
    let (Some(min), Some(max)) = (all.iter().min().copied(), all.iter().max().copied()) else {
        return Statistics::default();
    };
    let count = all.len();
    let sum: i128 = all.iter().map(|number| i128::from(*number)).sum();
    let (low, high) = middle(&mut all, i64::cmp);
    Statistics {
        count: count as u64,
        sum: sum as f64 / unit,
        average: sum as f64 / count as f64 / unit,
        median: (i128::from(low) + i128::from(high)) as f64 / 2.0 / unit,
        min: min as f64 / unit,
        max: max as f64 / unit,
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures are doubles")]
fn rounded(mut all: Vec<f64>) -> Statistics {
    if all.is_empty() {
        return Statistics::default();
    }
    let (count, sum) = (all.len(), all.iter().sum::<f64>());
    let min = all.iter().copied().fold(f64::INFINITY, f64::min);
    let max = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = middle(&mut all, f64::total_cmp);
    let average = sum / count as f64;
    Statistics { count: count as u64, sum, average, median: low.midpoint(high), min, max }
}

/// The value in the middle, twice, or the two there. There is one at least.
fn middle<T: Copy>(all: &mut [T], order: impl Fn(&T, &T) -> std::cmp::Ordering) -> (T, T) {
    let half = all.len() / 2;
    let even = all.len().is_multiple_of(2);
    let (below, high, _) = all.select_nth_unstable_by(half, &order);
    let high = *high;
    let low = below.iter().copied().max_by(|a, b| order(a, b)).filter(|_| even);
    (low.unwrap_or(high), high)
}
