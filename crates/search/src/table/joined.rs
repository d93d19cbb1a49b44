//! The rows that hold a value: how records are joined.

use dictionary::{FieldId, ValueRef};

use super::Table;
use crate::column::texts::Texts;
use crate::column::{Body, Column};
use crate::finders::{row_of, spot};
use crate::ordered::rank;

impl Table {
    /// The rows whose text field holds exactly this.
    pub(crate) fn with_text(&self, field: FieldId, text: &str) -> Vec<u32> {
        let mut rows = Vec::new();
        self.each_with_text(field, text, |row| rows.push(row));
        rows
    }

    /// Calls `visit` with each row whose text field holds exactly this.
    pub(crate) fn each_with_text(&self, field: FieldId, text: &str, mut visit: impl FnMut(u32)) {
        if self.key_field == Some(field) {
            self.find(text).into_iter().for_each(visit);
            return;
        }
        let Some(column) = self.column(field) else { return };
        // Codes are exact; a hash may be another text's too.
        let (high, exact) = match &column.body {
            Body::Texts(Texts::Coded(coded)) => match coded.pool.find(text) {
                Some(code) => (code, true),
                None => return,
            },
            Body::Texts(Texts::Plain(_)) => (self.hasher.short(text), false),
            _ => return,
        };
        let Some(spots) = self.spots(field) else { return };
        let from = spots.seek(|other| *other < spot(high, 0));
        for one in spots.slices(from, spots.end()).flatten() {
            if *one > spot(high, u32::MAX) {
                break;
            }
            let row = row_of(*one);
            if exact || column.look(row) == Some(ValueRef::Text(text)) {
                visit(row);
            }
        }
    }

    /// Leaves of these rows those whose text field holds exactly this.
    pub(crate) fn retain_with_text(&self, rows: &mut Vec<u32>, field: FieldId, text: &str) {
        match self.column(field) {
            Some(Column { body: Body::Texts(Texts::Coded(coded)), strays }) if strays.is_empty() => {
                let code = coded.pool.find(text);
                rows.retain(|row| code.is_some() && coded.code(*row) == code);
            }
            _ => rows.retain(|row| self.look(*row, field) == Some(ValueRef::Text(text))),
        }
    }

    /// Calls `visit` with each row whose field holds exactly this value; for values that join records.
    pub(crate) fn each_with(&self, field: FieldId, value: ValueRef<'_>, mut visit: impl FnMut(u32)) {
        match value {
            ValueRef::Text(text) => return self.each_with_text(field, text, visit),
            ValueRef::Integer(number) => {
                if let Some(order) = self.order(field) {
                    let rank = rank(Some(number));
                    let slices = order.blocks().slices(order.at(rank), order.past(rank));
                    return slices.flatten().for_each(|entry| visit(entry.row));
                }
            }
            _ => {}
        }
        self.live_rows().filter(|row| self.look(*row, field) == Some(value)).for_each(visit);
    }
}
