//! Many values at once, of rows past all that a chunk holds.

use super::{Chunk, Frame};

impl Chunk {
    /// Gives rows that have no value theirs.
    pub(crate) fn fill_new(&mut self, rows: &[u16], values: &[i64], frame: Frame) {
        let (mut rows, mut values) = (rows, values);
        // The first value of all decides the frame.
        if self.count == 0
            && let ([row, other_rows @ ..], [value, other_values @ ..]) = (rows, values)
        {
            self.set(*row, *value, frame);
            (rows, values) = (other_rows, other_values);
        }
        if !self.is_past(rows) {
            rows.iter().zip(values).for_each(|(row, value)| self.set(*row, *value, frame));
            return;
        }
        let end = rows.last().map_or(0, |last| usize::from(*last) + 1);
        self.codes.resize(end);
        for (row, value) in rows.iter().zip(values) {
            let code = self.code(*value).unwrap_or_else(|| self.reframe(*value, frame));
            self.low = self.low.min(*value);
            self.high = self.high.max(*value);
            self.codes.set(usize::from(*row), code);
        }
        self.count += rows.len();
    }

    /// Whether these rows ascend, come after all codes, and leave a chunk that is worth a code a row.
    fn is_past(&self, rows: &[u16]) -> bool {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return false };
        let worth = usize::from(*last) < 256 || (self.count + rows.len()) * 8 >= usize::from(*last);
        let past = self.rows.is_none() && usize::from(*first) >= self.codes.len();
        past && worth && rows.is_sorted_by(|a, b| a < b)
    }
}
