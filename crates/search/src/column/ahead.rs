//! Reading what is about to be read, of many rows at once.
//!
//! Rows of a page lie anywhere. Whoever writes one record after the other waits for the memory of each value; whoever
//! first goes through a column for all rows has many of these waits at the same time, and finds the values near when
//! writing begins. A column whose values lie behind codes is gone through level by level.

use super::ints::Ints;
use super::lists::Lists;
use super::plain::Plain;
use super::texts::{Coded, Texts};
use super::{Body, Column};

impl Column {
    /// Reads what [`look`](Self::look) will read of these rows. The sum is of no use but that the reads are made for it.
    pub(crate) fn look_ahead(&self, rows: &[u32]) -> usize {
        match &self.body {
            Body::Numbers(numbers) => codes(&numbers.ints, rows).fold(0, usize::wrapping_add),
            Body::Points(points) => points.look_ahead(rows),
            Body::Texts(Texts::Coded(coded)) => coded.look_ahead(rows),
            Body::Texts(Texts::Plain(plain)) => plain.look_ahead(rows),
            Body::Lists(lists) => lists.look_ahead(rows),
        }
    }
}

/// The numbers of these rows, null left out.
pub(super) fn codes<'a>(ints: &'a Ints, rows: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
    rows.iter().filter_map(|row| ints.get(*row)).map(|code| usize::try_from(code).unwrap_or(0))
}

impl Coded {
    fn look_ahead(&self, rows: &[u32]) -> usize {
        let codes: Vec<usize> = codes(&self.codes, rows).collect();
        let words = self.pool.words();
        codes.iter().map(|code| words.get(*code).map_or(0, |word| word.len())).sum()
    }
}

impl Plain {
    fn look_ahead(&self, rows: &[u32]) -> usize {
        let starts: Vec<(u32, i64)> =
            rows.iter().filter_map(|row| Some((*row, self.presence().get(*row)?))).collect();
        starts.iter().map(|(row, start)| usize::from(self.first_byte(*row, *start))).sum()
    }
}

impl Lists {
    fn look_ahead(&self, rows: &[u32]) -> usize {
        let lists: Vec<usize> = codes(self.codes(), rows).collect();
        let starts: Vec<u32> = lists.iter().filter_map(|list| self.start(*list)).collect();
        starts.iter().map(|start| self.length_at(*start)).sum()
    }
}
