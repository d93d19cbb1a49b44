//! Taking in many records at once, field by field on as many threads as are given.

use std::collections::HashSet;

use dictionary::{FieldId, Timestamp};
use store::{Head, RowGroup};

use super::Table;
use crate::RowView;
use crate::column::Column;
use crate::finders::Finders;
use crate::share::share;

/// Fewer records than this are not worth a second thread.
const WORTH_A_THREAD: usize = 256;

/// Stands for the row of a record that is not taken in.
const PASSED_OVER: u32 = u32::MAX;

/// Where the records of a group go.
pub(crate) struct Places {
    /// The row of each record.
    rows: Vec<u32>,
    /// Whether every record has a row that held none before.
    all_new: bool,
}

impl Places {
    /// The row of a record; none where it is passed over.
    pub(crate) fn row(&self, record: u32) -> Option<u32> {
        self.rows.get(record as usize).copied().filter(|row| *row != PASSED_OVER)
    }

    /// The rows of these records, where none is passed over and no row held a record before.
    pub(crate) fn new_rows(&self, records: impl Iterator<Item = u32>) -> Option<Vec<u32>> {
        self.all_new.then(|| records.map(|record| self.rows[record as usize]).collect())
    }
}

impl Table {
    /// Takes in records as they are, in the order of their versions; what finds rows is forgotten and built
    /// again when it is asked for, so this is for a beginning.
    pub(crate) fn load(&mut self, group: &RowGroup, threads: usize) {
        self.forget_finders();
        let places = self.place(group.heads());
        self.fill(group, &places, threads);
        self.derive(&places);
        self.tell(group.heads(), &places);
        for (at, column) in (0u16..).zip(&self.columns) {
            let field = FieldId(at);
            if column.is_some()
                && let Err(place) = self.present.binary_search(&field)
            {
                self.present.insert(place, field);
            }
        }
    }

    /// Gives each record its row. One that the table has in a newer version is passed over, and so is one
    /// that comes again in the same group.
    fn place(&mut self, heads: &[Head]) -> Places {
        let mut places = Places { rows: Vec::with_capacity(heads.len()), all_new: true };
        for head in heads {
            let row = match self.find(&head.key) {
                None => self.new_row(&head.key),
                Some(row) => {
                    places.all_new = false;
                    if self.sequence(row) >= head.sequence {
                        places.rows.push(PASSED_OVER);
                        continue;
                    }
                    self.columns.iter_mut().flatten().for_each(|column| column.clear(row));
                    row
                }
            };
            self.keep_feed(row, &head.feed, head.sequence);
            places.rows.push(row);
        }
        if !places.all_new {
            let mut taken = HashSet::new();
            for row in places.rows.iter_mut().rev().filter(|row| **row != PASSED_OVER) {
                if !taken.insert(*row) {
                    *row = PASSED_OVER;
                }
            }
        }
        places
    }

    /// Sets the columns, each thread the next that nobody has begun.
    fn fill(&mut self, group: &RowGroup, places: &Places, threads: usize) {
        let (types, key, hub) = (&self.types, self.key_field, self.hub);
        let fields = (0u16..).map(FieldId).zip(&mut self.columns);
        let given = fields.filter(|(field, _)| Some(*field) != key && !hub.contains(*field));
        let runs = given.filter_map(|(field, column)| Some((field, column, group.field(field)?)));
        let threads = if group.heads().len() < WORTH_A_THREAD { 1 } else { threads };
        share(threads, runs, |(field, column, run)| {
            column.get_or_insert_with(|| Box::new(Column::new(types[field.index()]))).fill(run, places);
        });
    }

    /// Computes the points of the rows.
    fn derive(&mut self, places: &Places) {
        let Some(derived) = self.derived else { return };
        for row in places.rows.iter().copied().filter(|row| *row != PASSED_OVER) {
            if let Some(point) = derived.value(&RowView { table: self, row }) {
                self.column_mut(derived.field).set(row, point.view());
            }
        }
    }

    /// Sets the fields that the log knows and no record.
    fn tell(&mut self, heads: &[Head], places: &Places) {
        let hub = self.hub;
        let mut set = |field: Option<FieldId>, at: &dyn Fn(&Head) -> Timestamp| {
            let Some(field) = field else { return };
            let column = self.column_mut(field);
            for (row, head) in places.rows.iter().zip(heads).filter(|(row, _)| **row != PASSED_OVER) {
                column.set(*row, dictionary::ValueRef::Timestamp(at(head)));
            }
        };
        set(hub.modification, &|head| head.at);
        set(hub.entry, &|head| head.created.unwrap_or(head.at));
    }

    fn forget_finders(&mut self) {
        self.standing.take();
        self.by_key_order.take();
        self.finders.iter_mut().for_each(|finders| *finders = Finders::default());
    }

    /// Gives back memory that only a growing table needs.
    pub(crate) fn shrink(&mut self, threads: usize) {
        self.keys.shrink();
        share(threads, self.columns.iter_mut().flatten(), |column| column.shrink());
    }
}
