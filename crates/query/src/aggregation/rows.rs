//! Rows of groups: made, put in order, put among others, and told a page at a time.

use std::cmp::Ordering;
use std::ops::Range;

use dictionary::{FieldId, Record, ResourceId, Value};

use super::{Join, Side};
use crate::{Expr, Order, PageMark};

/// Where a row says which columns it has not: a bit for each.
const ABSENT: FieldId = FieldId(u16::MAX);

/// The column of a row as a field of its record.
#[must_use]
pub fn column(number: usize) -> FieldId {
    FieldId(u16::try_from(number).unwrap_or(u16::MAX - 1))
}

/// Whether a row has no such column, as against one that holds null.
#[must_use]
pub fn is_absent(row: &Record, number: usize) -> bool {
    absent(row).checked_shr(u32::try_from(number).unwrap_or(u32::MAX)).is_some_and(|bits| bits & 1 == 1)
}

fn absent(row: &Record) -> u64 {
    match row.get(ABSENT) {
        Some(Value::Integer(bits)) => bits.cast_unsigned(),
        _ => 0,
    }
}

/// A row of these columns.
pub(super) fn row(resource: ResourceId, columns: impl Iterator<Item = Option<Value>>) -> Record {
    let columns = columns.enumerate().filter_map(|(number, value)| Some((column(number), value?)));
    Record::from_values(resource, columns.collect())
}

/// The row as one of `width` columns, of which its own are these.
pub(super) fn place(row: &Record, columns: &[usize], width: usize) -> Record {
    let missing = (0..width).filter(|number| !columns.contains(number));
    moved(row, columns, missing.fold(0, |bits, number| bits | bit(number)))
}

/// A row of a record's own columns and those of one that it links to, if it does: of one that links to none these
/// are absent.
#[must_use]
pub fn side_by_side(
    resource: ResourceId,
    join: &Join,
    own: &[Option<Value>],
    linked: Option<Vec<Option<Value>>>,
) -> Record {
    let (mut own, alone) = (own.iter(), linked.is_none());
    let mut linked = linked.into_iter().flatten();
    let mut missing = 0;
    let value = |(number, side): (usize, &Side)| match side {
        Side::Own(_) => own.next().cloned().flatten(),
        Side::Linked(_) => {
            missing |= if alone { bit(number) } else { 0 };
            linked.next().flatten()
        }
    };
    let values: Vec<Option<Value>> = join.columns.iter().enumerate().map(value).collect();
    let mut row = row(resource, values.into_iter());
    say_absent(&mut row, missing);
    row
}

/// The row behind the terms of the group that it came of; `columns` says where its own go.
pub(super) fn under(row: &Record, key: &[Option<Value>], columns: &[usize]) -> Record {
    let mut row = moved(row, columns, 0);
    let bits = absent(&row) & key.iter().enumerate().fold(u64::MAX, |bits, (number, _)| bits & !bit(number));
    say_absent(&mut row, bits);
    for (number, value) in key.iter().enumerate() {
        match value {
            Some(value) => drop(row.set(column(number), value.clone())),
            None => drop(row.clear(column(number))),
        }
    }
    row
}

fn bit(number: usize) -> u64 {
    1u64.checked_shl(u32::try_from(number).unwrap_or(u32::MAX)).unwrap_or(0)
}

fn moved(row: &Record, columns: &[usize], missing: u64) -> Record {
    let was = absent(row);
    let mut made = Record::from_values(row.resource(), Vec::new());
    let mut bits = missing;
    for (before, after) in columns.iter().enumerate() {
        if let Some(value) = row.get(column(before)) {
            made.set(column(*after), value.clone());
        }
        if was & bit(before) != 0 {
            bits |= bit(*after);
        }
    }
    say_absent(&mut made, bits);
    made
}

fn say_absent(row: &mut Record, bits: u64) {
    match bits {
        0 => drop(row.clear(ABSENT)),
        bits => drop(row.set(ABSENT, Value::Integer(bits.cast_signed()))),
    }
}

/// Puts rows in the order of their first columns, null first.
pub fn sort_rows(rows: &mut [Record], columns: usize) {
    let lie = |a: &Record, b: &Record, number| compare(a.get(column(number)), b.get(column(number)));
    rows.sort_by(|a, b| first_of((0..columns).map(|number| lie(a, b, number))));
}

/// How what two groups are of lies, null first.
pub(super) fn compare_keys(a: &[Option<Value>], b: &[Option<Value>]) -> Ordering {
    first_of(a.iter().zip(b).map(|(a, b)| compare(a.as_ref(), b.as_ref())))
}

fn first_of(mut lies: impl Iterator<Item = Ordering>) -> Ordering {
    lies.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => crate::compare(a, b).unwrap_or(Ordering::Equal),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Puts `all` in this order; what is equal stays as it was.
pub(super) fn put_in_order<T>(all: &mut Vec<T>, order: &[Order], value: impl Fn(&T, &Expr) -> Option<Value>) {
    let mark = |one: &T| -> Vec<Option<Value>> { order.iter().map(|term| value(one, &term.by)).collect() };
    let mut marked: Vec<(Vec<Option<Value>>, T)> =
        std::mem::take(all).into_iter().map(|one| (mark(&one), one)).collect();
    marked.sort_by(|(a, _), (b, _)| {
        let terms = order.iter().zip(a.iter().zip(b));
        first_of(terms.map(|(term, (a, b))| term.compare(a.as_ref(), b.as_ref(), crate::compare)))
    });
    all.extend(marked.into_iter().map(|(_, one)| one));
}

/// The page of `count` records and rows, which are all there are, in their order: so many after the one that `after`
/// marks. A mark holds what `values` says of its own; where that is gone the walk goes on after as many as came
/// before it.
#[must_use]
pub fn window(
    count: usize,
    values: impl Fn(usize) -> Vec<Option<Value>>,
    after: Option<&PageMark>,
    size: usize,
) -> (Range<usize>, Option<PageMark>) {
    let start = after.map_or(0, |after| {
        let given: usize = after.key.parse().unwrap_or(0);
        let is = |at: &usize| values(*at) == after.values;
        // Most often nothing has changed; what is there twice is told twice then.
        let same = given.checked_sub(1).filter(|at| *at < count).filter(is);
        same.or_else(|| (0..count).find(is)).map_or(given, |at| at + 1)
    });
    let start = start.min(count);
    let end = start.saturating_add(size).min(count);
    let mark = |end: usize| PageMark { values: values(end - 1), key: end.to_string().into() };
    (start..end, (end < count && end > start).then(|| mark(end)))
}

/// What a row holds, for a mark: its columns, and which it has not.
#[must_use]
pub fn held(row: &Record, columns: usize) -> Vec<Option<Value>> {
    let columns = (0..columns).map(column).chain([ABSENT]);
    columns.map(|field| row.get(field).cloned()).collect()
}

impl Expr {
    /// The column of a row.
    #[must_use]
    pub fn column(number: usize) -> Self {
        Self::field(column(number))
    }
}
