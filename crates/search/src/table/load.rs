//! Taking in many records at once, half of the fields on each of two threads.

use std::ops::Range;

use dictionary::{Feed, FieldId, Type, ValueRef};
use store::{Packed, Sequence, StoreError, Stored};

use super::{Seen, Table};
use crate::RowView;
use crate::column::Column;
use crate::finders::Finders;

/// Fewer records than this are not worth a second thread.
const WORTH_A_THREAD: usize = 256;

/// A record on its way in, read where it lies.
pub(crate) trait Incoming: Sync {
    fn key(&self) -> &str;
    fn feed(&self) -> &Feed;
    fn sequence(&self) -> Sequence;
    fn seen(&self) -> Seen;

    /// Calls `look` with every field of these that has a value.
    fn each(&self, fields: Range<usize>, look: impl FnMut(FieldId, ValueRef<'_>)) -> Result<(), StoreError>;
}

impl Incoming for Stored {
    fn key(&self) -> &str {
        &self.key
    }

    fn feed(&self) -> &Feed {
        &self.feed
    }

    fn sequence(&self) -> Sequence {
        self.sequence
    }

    fn seen(&self) -> Seen {
        Seen { at: self.at, created: None }
    }

    fn each(
        &self,
        fields: Range<usize>,
        mut look: impl FnMut(FieldId, ValueRef<'_>),
    ) -> Result<(), StoreError> {
        let after = self.record.iter().skip_while(|(field, _)| field.index() < fields.start);
        for (field, value) in after.take_while(|(field, _)| field.index() < fields.end) {
            look(field, value.view());
        }
        Ok(())
    }
}

impl Incoming for Packed {
    fn key(&self) -> &str {
        &self.key
    }

    fn feed(&self) -> &Feed {
        &self.feed
    }

    fn sequence(&self) -> Sequence {
        self.sequence
    }

    fn seen(&self) -> Seen {
        Seen { at: self.at, created: Some(self.created) }
    }

    fn each(&self, fields: Range<usize>, look: impl FnMut(FieldId, ValueRef<'_>)) -> Result<(), StoreError> {
        Packed::each(self, fields, look)
    }
}

/// A row and the record it gets; whether it had another before.
struct Placed<'a, R> {
    row: u32,
    record: &'a R,
    again: bool,
}

impl Table {
    /// Takes in records as they are, in any number; what finds rows is forgotten and built again when it
    /// is asked for, so this is for a beginning.
    ///
    /// # Errors
    /// A record that cannot be read. What this table holds then is not to be used.
    pub(crate) fn load<R: Incoming>(&mut self, records: &[&R], threads: usize) -> Result<(), StoreError> {
        self.forget_finders();
        let mut placed = Vec::with_capacity(records.len());
        for record in records {
            let found = self.find(record.key());
            if found.is_some_and(|row| self.sequence(row) >= record.sequence()) {
                continue;
            }
            let row = found.unwrap_or_else(|| self.new_row(record.key()));
            self.keep_feed(row, record.feed(), record.sequence());
            placed.push(Placed { row, record: *record, again: found.is_some() });
        }
        let cut = self.middle(placed.first().map(|one| one.record))?;
        let (low, high) = self.columns.split_at_mut(cut);
        let filling = Filling { types: &self.types, key: self.key_field, placed: &placed };
        if threads < 2 || placed.len() < WORTH_A_THREAD {
            filling.fill(low, 0)?;
            filling.fill(high, cut)?;
        } else {
            std::thread::scope(|scope| {
                let lower = scope.spawn(|| filling.fill(low, 0));
                let upper = filling.fill(high, cut);
                lower.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).and(upper)
            })?;
        }
        // The fields that a point is computed from may have been set by either thread.
        if let Some(derived) = self.derived {
            for row in placed.iter().map(|one| one.row) {
                if let Some(point) = derived.value(&RowView { table: self, row }) {
                    self.column_mut(derived.field).set(row, point.view());
                }
            }
        }
        for one in &placed {
            let Seen { at, created } = one.record.seen();
            for (field, value) in self.hub.values(at, created.unwrap_or(at)) {
                self.column_mut(field).set(one.row, value.view());
            }
        }
        for (at, column) in (0u16..).zip(&self.columns) {
            let field = FieldId(at);
            if column.is_some()
                && let Err(place) = self.present.binary_search(&field)
            {
                self.present.insert(place, field);
            }
        }
        Ok(())
    }

    /// The field before and after which records have the same number of values, going by one of them.
    fn middle(&self, one: Option<&impl Incoming>) -> Result<usize, StoreError> {
        let mut fields = Vec::new();
        if let Some(one) = one {
            one.each(0..self.columns.len(), |field, _| fields.push(field.index()))?;
        }
        fields.sort_unstable();
        Ok(fields.get(fields.len() / 2).copied().unwrap_or(0))
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

/// What both threads read.
struct Filling<'a, R> {
    types: &'a [Type],
    key: Option<FieldId>,
    placed: &'a [Placed<'a, R>],
}

impl<R: Incoming> Filling<'_, R> {
    /// Sets the fields of these columns, the first of which has the number `first`.
    fn fill(&self, columns: &mut [Option<Box<Column>>], first: usize) -> Result<(), StoreError> {
        let end = first + columns.len();
        for one in self.placed {
            if one.again {
                columns.iter_mut().flatten().for_each(|column| column.clear(one.row));
            }
            one.record.each(first..end, |field, value| {
                if Some(field) != self.key {
                    let column = &mut columns[field.index() - first];
                    let new = || Box::new(Column::new(self.types[field.index()]));
                    column.get_or_insert_with(new).set(one.row, value);
                }
            })?;
        }
        Ok(())
    }
}
