//! Keeping what finds rows current, one row at a time.

use dictionary::FieldId;

use super::Table;
use crate::column::Column;
use crate::column::plain::Plain;
use crate::finders::{Finders, spot};
use crate::ordered::Ordered;

impl Table {
    /// Changes one field of a row and what finds it by that field.
    pub(super) fn move_field(&mut self, row: u32, field: FieldId, change: impl FnOnce(&mut Column)) {
        self.leave_spot(row, field);
        let old = self.column(field).map_or(0, |column| column.rank_of(row));
        self.alter(row, field, change);
        self.enter_spot(row, field);
        let new = self.column(field).map_or(0, |column| column.rank_of(row));
        if old == new {
            return;
        }
        let keys = &self.keys;
        let standing = if self.timestamp == Some(field) { self.standing.get_mut() } else { None };
        for order in [standing, self.finders[field.index()].order.get_mut()].into_iter().flatten() {
            order.remove(old, row, keys);
            order.insert(new, row, keys);
        }
    }

    /// Changes a column at a row. Where its codes or numbers get another meaning by it, what finds rows by them
    /// is forgotten and will be built again.
    pub(super) fn alter(&mut self, row: u32, field: FieldId, change: impl FnOnce(&mut Column)) {
        let column = self.column_mut(field);
        let before = column.shape();
        change(column);
        if column.shape() != before {
            self.finders[field.index()] = Finders::default();
        }
        self.finders[field.index()].words.change(row);
    }

    /// Takes a row out of the spots of a field, where they are built.
    pub(super) fn leave_spot(&mut self, row: u32, field: FieldId) {
        let Some(column) = self.columns[field.index()].as_deref() else { return };
        let Some(spots) = self.finders[field.index()].spots.get_mut() else { return };
        if let Some(high) = column.spot_of(row, &self.hasher) {
            spots.remove(|other| other.cmp(&spot(high, row)));
        }
    }

    /// Puts a row into the spots of a field, where they are built.
    pub(super) fn enter_spot(&mut self, row: u32, field: FieldId) {
        let Some(column) = self.columns[field.index()].as_deref() else { return };
        let finders = &mut self.finders[field.index()];
        let Some(spots) = finders.spots.get_mut() else { return };
        if let Some(high) = column.spot_of(row, &self.hasher) {
            spots.insert(spot(high, row), |other| other.cmp(&spot(high, row)));
        }
    }

    pub(super) fn enter_orders(&mut self, row: u32) {
        self.each_order(|order, rank, keys| order.insert(rank, row, keys), row);
    }

    pub(super) fn leave_orders(&mut self, row: u32) {
        self.each_order(|order, rank, keys| order.remove(rank, row, keys), row);
    }

    fn each_order(&mut self, mut change: impl FnMut(&mut Ordered, u64, &Plain), row: u32) {
        let (columns, keys) = (&self.columns, &self.keys);
        let rank = |field: FieldId| columns[field.index()].as_deref().map_or(0, |c| c.rank_of(row));
        if let Some(order) = self.standing.get_mut() {
            change(order, self.timestamp.map_or(0, rank), keys);
        }
        if let Some(order) = self.by_key_order.get_mut() {
            change(order, 0, keys);
        }
        for field in &self.present {
            if let Some(order) = self.finders[field.index()].order.get_mut() {
                change(order, rank(*field), keys);
            }
        }
    }
}
