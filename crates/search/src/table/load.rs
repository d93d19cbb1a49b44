//! Taking in many records at once, half of the fields on each of two threads.

use dictionary::{Derived, FieldId, Record, Type, Value};
use store::Stored;

use super::Table;
use crate::column::Column;
use crate::finders::Finders;

/// Fewer records than this are not worth a second thread.
const WORTH_A_THREAD: usize = 256;

/// A row and the record it gets; whether it had another before.
struct Placed<'a> {
    row: u32,
    record: &'a Record,
    again: bool,
}

impl Table {
    /// Takes in records as they are, in any number; what finds rows is forgotten and built again when it
    /// is asked for, so this is for a beginning.
    pub(crate) fn load(&mut self, records: &[&Stored], threads: usize) {
        self.forget_finders();
        let mut placed = Vec::with_capacity(records.len());
        for stored in records {
            let found = self.find(&stored.key);
            if found.is_some_and(|row| self.sequence(row) >= stored.sequence) {
                continue;
            }
            let row = found.unwrap_or_else(|| self.new_row(&stored.key));
            self.keep_feed(row, &stored.feed, stored.sequence);
            placed.push(Placed { row, record: &stored.record, again: found.is_some() });
        }
        let cut = middle(&placed);
        let (low, high) = self.columns.split_at_mut(cut);
        let filling =
            Filling { types: &self.types, key: self.key_field, derived: self.derived, placed: &placed };
        if threads < 2 || placed.len() < WORTH_A_THREAD {
            filling.fill(low, 0);
            filling.fill(high, cut);
        } else {
            std::thread::scope(|scope| {
                scope.spawn(|| filling.fill(low, 0));
                filling.fill(high, cut);
            });
        }
        for (at, column) in (0u16..).zip(&self.columns) {
            let field = FieldId(at);
            if column.is_some()
                && let Err(place) = self.present.binary_search(&field)
            {
                self.present.insert(place, field);
            }
        }
    }

    fn forget_finders(&mut self) {
        self.standing.take();
        self.by_key_order.take();
        self.finders.iter_mut().for_each(|finders| *finders = Finders::default());
    }

    /// Gives back memory that only a growing table needs.
    pub(crate) fn shrink(&mut self) {
        self.keys.shrink();
        self.columns.iter_mut().flatten().for_each(|column| column.shrink());
    }
}

/// The field before and after which the records have the same number of values, about.
fn middle(placed: &[Placed<'_>]) -> usize {
    let some = placed.len() / 2;
    placed.get(some).and_then(|one| one.record.iter().nth(one.record.len() / 2)).map_or(0, |(f, _)| f.index())
}

/// What both threads read.
struct Filling<'a> {
    types: &'a [Type],
    key: Option<FieldId>,
    derived: Option<Derived>,
    placed: &'a [Placed<'a>],
}

impl Filling<'_> {
    /// Sets the fields of these columns, the first of which has the number `first`.
    fn fill(&self, columns: &mut [Option<Box<Column>>], first: usize) {
        let end = first + columns.len();
        let derived = self.derived.filter(|derived| (first..end).contains(&derived.field.index()));
        for one in self.placed {
            if one.again {
                columns.iter_mut().flatten().for_each(|column| column.clear(one.row));
            }
            let mut set = |field: FieldId, value: &Value| {
                let column = &mut columns[field.index() - first];
                column
                    .get_or_insert_with(|| Box::new(Column::new(self.types[field.index()])))
                    .set(one.row, value);
            };
            for (field, value) in in_range(one.record, first, end) {
                if Some(field) != self.key {
                    set(field, value);
                }
            }
            if let Some((field, value)) = derived.and_then(|d| Some((d.field, d.value(one.record)?))) {
                set(field, &value);
            }
        }
    }
}

fn in_range(record: &Record, first: usize, end: usize) -> impl Iterator<Item = (FieldId, &Value)> {
    record.iter().skip_while(move |(f, _)| f.index() < first).take_while(move |(f, _)| f.index() < end)
}
