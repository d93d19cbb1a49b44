//! What values come to, one after another.

use std::cmp::Ordering;
use std::collections::HashSet;

use dictionary::{Decimal, Value};

use super::Method;
use super::identity::{Identity, identity};

/// Values being aggregated.
#[derive(Clone, Debug)]
pub struct Tally {
    method: Method,
    /// How many there were, nulls aside but for [`Method::Count`].
    count: u64,
    /// The exact numbers' sum; none where it was too large.
    exact: Option<Decimal>,
    /// The doubles. They are added from the least on: so the sum is the same in whatever order they came.
    doubles: Vec<f64>,
    /// The least or greatest so far.
    end: Option<Value>,
    different: HashSet<Identity>,
}

impl Tally {
    /// Of no values yet.
    #[must_use]
    pub fn new(method: Method) -> Self {
        let (doubles, different) = (Vec::new(), HashSet::new());
        Self { method, count: 0, exact: Some(Decimal::ZERO), doubles, end: None, different }
    }

    /// One value more; none is null.
    pub fn add(&mut self, value: Option<Value>) {
        if self.method == Method::Count {
            self.count += 1;
            return;
        }
        let Some(value) = value else { return };
        match self.method {
            Method::Sum | Method::Average => {
                match value {
                    Value::Double(number) => self.doubles.push(number),
                    Value::Integer(number) => self.add_exact(number.into()),
                    Value::Decimal(number) => self.add_exact(number),
                    _ => return,
                }
                self.count += 1;
            }
            Method::Min => self.keep(value, Ordering::Less),
            Method::Max => self.keep(value, Ordering::Greater),
            Method::CountDistinct => {
                self.different.insert(identity(&value));
            }
            Method::Count => {}
        }
    }

    fn add_exact(&mut self, number: Decimal) {
        self.exact = self.exact.and_then(|sum| sum.checked_add(number));
    }

    fn keep(&mut self, value: Value, wanted: Ordering) {
        let better = match &self.end {
            None => true,
            Some(end) => crate::compare(&value, end) == Some(wanted),
        };
        if better {
            self.end = Some(value);
        }
    }

    /// What they came to; none is null.
    #[must_use]
    pub fn done(mut self) -> Option<Value> {
        match self.method {
            Method::Count => Some(whole(self.count)),
            Method::CountDistinct => Some(whole(self.different.len() as u64)),
            Method::Min | Method::Max => self.end.map(plain),
            Method::Sum | Method::Average if self.count == 0 => None,
            Method::Sum if self.doubles.is_empty() => self.exact.map(|sum| plain(Value::Decimal(sum))),
            Method::Average if self.doubles.is_empty() => average(self.exact?, self.count),
            Method::Sum => self.in_doubles().and_then(finite),
            Method::Average => {
                let count = self.count;
                #[expect(clippy::cast_precision_loss, reason = "a count of records")]
                self.in_doubles().and_then(|sum| finite(sum / count as f64))
            }
        }
    }

    fn in_doubles(&mut self) -> Option<f64> {
        self.doubles.sort_unstable_by(f64::total_cmp);
        let exact: f64 = self.exact?.to_string().parse().ok()?;
        Some(self.doubles.iter().sum::<f64>() + exact)
    }
}

/// The average of so many exact numbers, by their sum.
#[must_use]
pub fn average(sum: Decimal, count: u64) -> Option<Value> {
    sum.checked_div(count.into()).map(|average| plain(Value::Decimal(average)))
}

/// A double that is a number.
fn finite(number: f64) -> Option<Value> {
    number.is_finite().then_some(Value::Double(number))
}

fn whole(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A value as an aggregation tells it: decimals without zeros at their end, as values that are equal may be
/// written differently, and one of them stands for all.
#[must_use]
pub fn plain(value: Value) -> Value {
    match value {
        Value::Decimal(number) => Value::Decimal(number.normalize()),
        // −0 is 0.
        Value::Double(0.0) => Value::Double(0.0),
        value => value,
    }
}
