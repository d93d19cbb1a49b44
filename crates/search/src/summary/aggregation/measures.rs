//! What a column's values come to in each group.

use std::cmp::Ordering;

use dictionary::{Decimal, Value};
use query::{Method, Tally};

use super::Source;
use super::groups::Groups;
use crate::column::Body;
use crate::column::numbers::{Meaning, Numbers};
use crate::column::texts::{Coded, Texts};

/// What the values of `source` come to, group by group.
pub(super) fn measure(
    method: Method,
    source: &Source<'_, '_>,
    groups: &Groups,
    rows: &[u32],
) -> Vec<Option<Value>> {
    if method == Method::Count {
        return counts(groups, groups.each(rows).map(|(_, group)| group));
    }
    let column = source.field.and_then(|field| source.table.column(field));
    let body = column.filter(|column| column.strays.is_empty()).map(|column| &column.body);
    let fast = match (body, method) {
        (Some(Body::Numbers(numbers)), Method::Sum | Method::Average) => sums(numbers, method, groups, rows),
        (Some(Body::Numbers(numbers)), Method::Min) => Some(ends(numbers, Ordering::Less, groups, rows)),
        (Some(Body::Numbers(numbers)), Method::Max) => Some(ends(numbers, Ordering::Greater, groups, rows)),
        (Some(Body::Texts(Texts::Coded(coded))), Method::CountDistinct) => {
            Some(different(coded, groups, rows))
        }
        _ => None,
    };
    fast.unwrap_or_else(|| {
        let mut tallies = vec![Tally::new(method); groups.len()];
        groups.each(rows).for_each(|(row, group)| tallies[group].add(source.value(row)));
        tallies.into_iter().map(Tally::done).collect()
    })
}

fn counts(groups: &Groups, found: impl Iterator<Item = usize>) -> Vec<Option<Value>> {
    let mut counts = vec![0i64; groups.len()];
    found.for_each(|group| counts[group] += 1);
    counts.into_iter().map(|count| Some(Value::Integer(count))).collect()
}

/// Sums and averages of whole numbers and decimals, exact; none of other numbers, or where a sum is larger
/// than a decimal.
fn sums(numbers: &Numbers, method: Method, groups: &Groups, rows: &[u32]) -> Option<Vec<Option<Value>>> {
    if !matches!(numbers.meaning, Meaning::Integer | Meaning::Decimal) {
        return None;
    }
    // No 2^32 numbers of 64 bits are more than 128 bits hold.
    let mut sums = vec![(0i128, 0u64); groups.len()];
    for (row, group) in groups.each(rows) {
        if let Some(number) = numbers.ints.get(row) {
            let (sum, count) = &mut sums[group];
            *sum += i128::from(number);
            *count += 1;
        }
    }
    let value = |(sum, count): (i128, u64)| -> Option<Option<Value>> {
        if count == 0 {
            return Some(None);
        }
        let sum = Decimal::try_from_i128_with_scale(sum, numbers.scale()).ok()?;
        Some(match method {
            Method::Average => query::average(sum, count),
            _ => Some(query::plain(Value::Decimal(sum))),
        })
    };
    sums.into_iter().map(value).collect()
}

/// The least or greatest number of each group, by the row that holds it.
fn ends(numbers: &Numbers, wanted: Ordering, groups: &Groups, rows: &[u32]) -> Vec<Option<Value>> {
    let mut ends: Vec<Option<(i64, u32)>> = vec![None; groups.len()];
    for (row, group) in groups.each(rows) {
        let Some(number) = numbers.ints.get(row).map(|number| numbers.sorted(number)) else { continue };
        if ends[group].is_none_or(|(end, _)| number.cmp(&end) == wanted) {
            ends[group] = Some((number, row));
        }
    }
    let value = |(_, row): (i64, u32)| numbers.look(row).map(|value| query::plain(value.to_value()));
    ends.into_iter().map(|end| end.and_then(value)).collect()
}

/// How many different words each group has, by their codes.
fn different(coded: &Coded, groups: &Groups, rows: &[u32]) -> Vec<Option<Value>> {
    let pair = |(row, group): (u32, usize)| Some((group, coded.code(row)?));
    let mut pairs: Vec<(usize, u32)> = groups.each(rows).filter_map(pair).collect();
    pairs.sort_unstable();
    pairs.dedup();
    counts(groups, pairs.into_iter().map(|(group, _)| group))
}
