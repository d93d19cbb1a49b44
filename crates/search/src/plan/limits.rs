//! Which numbers of a column a comparison with a literal means.

use dictionary::Value;
use query::Comparison;

use crate::column::numbers::{Meaning, Numbers, number_of};

/// Every number that a column can hold.
pub(crate) const ALL: (i64, i64) = (i64::MIN + 1, i64::MAX);

/// A literal in a column's numbers: the greatest that is not above it, and whether it is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Limit {
    floor: i128,
    exact: bool,
}

impl Limit {
    /// Of `literal` in `column`; none where the two are not compared as numbers of the column.
    pub(crate) fn of(literal: &Value, column: &Numbers) -> Option<Self> {
        match (column.meaning, literal) {
            (Meaning::Integer | Meaning::Decimal, Value::Integer(number)) => {
                Self::scaled(i128::from(*number), 0, column.scale())
            }
            (Meaning::Integer | Meaning::Decimal, Value::Decimal(number)) => {
                Self::scaled(number.mantissa(), number.scale(), column.scale())
            }
            (Meaning::Timestamp, Value::Timestamp(at)) => {
                let (at, exact) = (at.as_nanosecond(), at.as_nanosecond().rem_euclid(1_000) == 0);
                Some(Self { floor: at.div_euclid(1_000), exact })
            }
            // −0 and 0 are equal and have different bits.
            (Meaning::Double, Value::Double(number)) if *number == 0.0 => None,
            (Meaning::Double | Meaning::Date | Meaning::Time | Meaning::Boolean, literal) => {
                Some(Self { floor: i128::from(number_of(column.meaning, literal.view())?), exact: true })
            }
            _ => None,
        }
    }

    fn scaled(mantissa: i128, scale: u32, wanted: u32) -> Option<Self> {
        if wanted >= scale {
            let floor = mantissa.checked_mul(10i128.checked_pow(wanted - scale)?)?;
            return Some(Self { floor, exact: true });
        }
        let cut = 10i128.checked_pow(scale - wanted)?;
        Some(Self { floor: mantissa.div_euclid(cut), exact: mantissa.rem_euclid(cut) == 0 })
    }

    /// The number itself, and whether it is the literal exactly; none outside what a column holds.
    pub(crate) fn number(self) -> Option<(i64, bool)> {
        let number = i64::try_from(self.floor).ok().filter(|number| *number > i64::MIN)?;
        Some((number, self.exact))
    }

    /// The numbers for which `number comparison literal` holds; none where there is none. What `ne` means
    /// is the caller's: all others, null too.
    pub(crate) fn range(self, comparison: Comparison) -> Option<(i64, i64)> {
        let below = if self.exact { self.floor - 1 } else { self.floor };
        let (low, high) = match comparison {
            Comparison::Equal | Comparison::NotEqual if !self.exact => return None,
            Comparison::Equal | Comparison::NotEqual => (self.floor, self.floor),
            Comparison::Greater => (self.floor + 1, i128::MAX),
            Comparison::GreaterOrEqual => (below + 1, i128::MAX),
            Comparison::Less => (i128::MIN, below),
            Comparison::LessOrEqual => (i128::MIN, self.floor),
        };
        let low = i64::try_from(low.max(i128::from(ALL.0))).ok()?;
        let high = i64::try_from(high.min(i128::from(ALL.1))).ok()?;
        (low <= high).then_some((low, high))
    }
}

/// Ranges in ascending order, those that touch made one.
pub(crate) fn join(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (low, high) in ranges {
        match joined.last_mut() {
            Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
            _ => joined.push((low, high)),
        }
    }
    joined
}

/// The number of a page mark's value, as [`Limit`] says.
pub(crate) fn mark_of(value: &Value, column: &Numbers) -> Option<(i64, bool)> {
    match (column.meaning, value) {
        (Meaning::Double, Value::Double(_)) => {
            Some((column.sorted(number_of(Meaning::Double, value.view())?), true))
        }
        _ => Limit::of(value, column)?.number(),
    }
}
