//! The whole numbers of 65,536 rows, as steps from a base, in the narrowest width that holds them.

mod fill;

use super::codes::Codes;

/// Rows of one chunk.
pub(crate) const CHUNK_ROWS: usize = 65_536;

/// How a chunk numbers its values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Frame {
    /// From the least value, in the largest step that reaches them all: prices in hundreds, instants in
    /// seconds where they are whole ones.
    Fitted,
    /// From 0 by 1: codes of a list that grows at its end.
    FromZero,
}

/// One chunk. Code 0 is null, code 1 the base, code 2 a step above it.
///
/// Few values lie beside a sorted list of their rows; many lie one a row. A chunk without a value holds
/// nothing. `i64::MIN` cannot be kept.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    base: i64,
    /// 0 as long as the base is the only value.
    unit: u64,
    /// Between these lies every value that is or was here.
    low: i64,
    high: i64,
    codes: Codes,
    /// The rows of the codes, where there are few.
    rows: Option<Vec<u16>>,
    /// How many are not null.
    count: usize,
}

impl Default for Chunk {
    fn default() -> Self {
        Self {
            base: 0,
            unit: 0,
            low: i64::MAX,
            high: i64::MIN,
            codes: Codes::One(Vec::new()),
            rows: None,
            count: 0,
        }
    }
}

impl Chunk {
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Between these lies every value: for tests that can pass a chunk over.
    pub(crate) fn bounds(&self) -> (i64, i64) {
        (self.low, self.high)
    }

    pub(crate) fn width(&self) -> f64 {
        self.codes.width()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.codes.bytes() + self.rows.as_ref().map_or(0, |rows| rows.capacity() * 2)
    }

    pub(crate) fn shrink(&mut self) {
        self.codes.shrink();
        if let Some(rows) = &mut self.rows {
            rows.shrink_to_fit();
        }
    }

    #[inline(always)]
    pub(crate) fn get(&self, row: u16) -> Option<i64> {
        let code = self.code_at(row);
        if code == 0 { None } else { Some(self.value(code)) }
    }

    /// The codes, one a row; none where few values lie beside their rows.
    pub(super) fn codes_by_row(&self) -> Option<&Codes> {
        self.rows.is_none().then_some(&self.codes)
    }

    /// Whether the value of a row lies in `low..=high`; null does not.
    #[inline(always)]
    pub(crate) fn lies(&self, row: u16, low: i64, high: i64) -> bool {
        let code = self.code_at(row);
        let value = self.value(code);
        (code != 0) & (low <= value) & (value <= high)
    }

    /// The code of a row; 0 is null.
    #[inline(always)]
    pub(crate) fn code_at(&self, row: u16) -> u64 {
        match &self.rows {
            None => self.codes.get(usize::from(row)),
            Some(rows) => rows.binary_search(&row).map_or(0, |at| self.codes.get(at)),
        }
    }

    /// Calls `visit` with every row that has a value, in the order of the rows.
    pub(crate) fn each(&self, mut visit: impl FnMut(u16, i64)) {
        let mut one = |row, code| {
            if code != 0 {
                visit(row, self.value(code));
            }
        };
        match &self.rows {
            None => {
                (0..=u16::MAX).zip(0..self.codes.len()).for_each(|(row, at)| one(row, self.codes.get(at)))
            }
            Some(rows) => rows.iter().enumerate().for_each(|(at, row)| one(*row, self.codes.get(at))),
        }
    }

    #[inline]
    fn value(&self, code: u64) -> i64 {
        self.base.wrapping_add(code.wrapping_sub(1).wrapping_mul(self.unit).cast_signed())
    }

    /// The code of `value` in the frame as it is.
    #[inline]
    fn code(&self, value: i64) -> Option<u64> {
        if value < self.base {
            return None;
        }
        let distance = value.wrapping_sub(self.base).cast_unsigned();
        let steps = match self.unit {
            1 => distance,
            0 if distance == 0 => 0,
            0 => return None,
            unit => {
                // Dividing is the dearest of it, and is done once.
                let steps = distance / unit;
                if steps * unit != distance {
                    return None;
                }
                steps
            }
        };
        let code = steps.checked_add(1)?;
        (code <= self.codes.largest()).then_some(code)
    }

    /// Gives `row` this value.
    pub(crate) fn set(&mut self, row: u16, value: i64, frame: Frame) {
        debug_assert!(value != i64::MIN, "kept among the strays");
        let code = match self.code(value) {
            Some(code) if self.count > 0 => code,
            _ => self.reframe(value, frame),
        };
        self.low = self.low.min(value);
        self.high = self.high.max(value);
        self.put(row, code);
    }

    pub(crate) fn clear(&mut self, row: u16) {
        match &mut self.rows {
            None => {
                let at = usize::from(row);
                if self.codes.get(at) != 0 {
                    self.codes.set(at, 0);
                    self.count -= 1;
                }
            }
            Some(rows) => {
                if let Ok(at) = rows.binary_search(&row) {
                    rows.remove(at);
                    self.codes.remove(at);
                    self.count -= 1;
                }
            }
        }
        if self.count == 0 {
            *self = Self::default();
        }
    }

    fn put(&mut self, row: u16, code: u64) {
        let at = usize::from(row);
        if self.rows.is_none() && at >= self.codes.len() {
            // One in eight or fewer: a list of rows is smaller than a code a row.
            if at >= 256 && (self.count + 1) * 8 < at {
                self.thin();
            } else {
                self.codes.resize(at + 1);
            }
        }
        match &mut self.rows {
            None => {
                self.count += usize::from(self.codes.get(at) == 0);
                self.codes.set(at, code);
            }
            Some(rows) => {
                let place = match rows.last() {
                    Some(last) if *last >= row => rows.binary_search(&row),
                    _ => Err(rows.len()),
                };
                match place {
                    Ok(place) => self.codes.set(place, code),
                    Err(place) => {
                        rows.insert(place, row);
                        self.codes.insert(place, code);
                        self.count += 1;
                        let last = rows.last().map_or(0, |last| usize::from(*last));
                        if self.count * 4 > last {
                            self.thicken(last + 1);
                        }
                    }
                }
            }
        }
    }

    /// From a code a row to a list of rows.
    fn thin(&mut self) {
        let mut rows = Vec::with_capacity(self.count + 1);
        let mut codes = Codes::reaching(self.codes.largest());
        for (row, at) in (0..=u16::MAX).zip(0..self.codes.len()) {
            let code = self.codes.get(at);
            if code != 0 {
                codes.insert(rows.len(), code);
                rows.push(row);
            }
        }
        self.codes = codes;
        self.rows = Some(rows);
    }

    /// From a list of rows to a code a row.
    fn thicken(&mut self, len: usize) {
        let Some(rows) = self.rows.take() else { return };
        let mut codes = Codes::reaching(self.codes.largest());
        codes.resize(len);
        for (place, row) in rows.iter().enumerate() {
            codes.set(usize::from(*row), self.codes.get(place));
        }
        self.codes = codes;
    }

    /// Finds the frame that holds `value` too, brings every code into it and returns the value's.
    fn reframe(&mut self, value: i64, frame: Frame) -> u64 {
        if self.count == 0 {
            *self = Self::default();
            self.base = if frame == Frame::FromZero { 0 } else { value };
            self.unit = u64::from(frame == Frame::FromZero);
            (self.low, self.high) = (value, value);
            let code = value.wrapping_sub(self.base).cast_unsigned() + 1;
            self.codes = Codes::reaching(code);
            return code;
        }
        let low = self.low.min(value);
        let high = self.high.max(value);
        let (base, unit, largest) = match frame {
            Frame::FromZero => (0, 1, high.cast_unsigned() + 1),
            Frame::Fitted => {
                let unit = gcd(self.unit, value.abs_diff(self.base));
                // The base may lie below every value: what is low must be reached in whole steps from it.
                let span = high.abs_diff(low) / unit;
                let largest = Codes::reaching(span + 1).largest();
                let room = largest - 1 - span;
                let below = if value < self.base { room / 2 } else { 0 };
                let base = i128::from(low) - i128::from(below) * i128::from(unit);
                // The room below ends where the numbers do.
                (i64::try_from(base).ok().filter(|b| *b > i64::MIN).unwrap_or(low), unit, largest)
            }
        };
        let mut codes = Codes::reaching(largest);
        let len = self.codes.len();
        codes.resize(len);
        let factor = self.unit / unit;
        let ahead = i128::from(self.base) - i128::from(base);
        for at in 0..len {
            let code = self.codes.get(at);
            if code != 0 {
                let steps = i128::from((code - 1).wrapping_mul(factor)) + ahead / i128::from(unit);
                codes.set(at, u64::try_from(steps + 1).unwrap_or(0));
            }
        }
        self.base = base;
        self.unit = unit;
        self.codes = codes;
        value.wrapping_sub(base).cast_unsigned() / unit + 1
    }

    /// Multiplies every value; false, and nothing is changed, where one would leave the numbers.
    pub(crate) fn scale(&mut self, by: i64) -> bool {
        if self.count == 0 {
            return true;
        }
        let lowest = i128::from(self.base).min(i128::from(self.low)) * i128::from(by);
        let highest = i128::from(self.high) * i128::from(by);
        let unit = self.unit.checked_mul(by.unsigned_abs());
        let (Some(unit), true) = (unit, lowest > i128::from(i64::MIN) && highest <= i128::from(i64::MAX))
        else {
            return false;
        };
        self.base *= by;
        self.low *= by;
        self.high *= by;
        self.unit = unit;
        true
    }

    /// Leaves in `mask` (a byte a row from `start`) the rows whose value lies in `low..=high`, or those
    /// whose value does not or is null where `outside` is set.
    pub(crate) fn keep(&self, start: usize, mask: &mut [u8], low: i64, high: i64, outside: bool) {
        let (from, to) = self.code_range(low, high);
        self.keep_codes(start, mask, from, to, outside);
    }

    /// The codes of the values in `low..=high`; an empty range is (1, 0).
    pub(crate) fn code_range(&self, low: i64, high: i64) -> (u64, u64) {
        if self.count == 0 || low > self.high || high < self.low || high < low {
            return (1, 0);
        }
        let (low, high) = (low.max(self.low), high.min(self.high));
        let unit = self.unit.max(1);
        let from = low.wrapping_sub(self.base).cast_unsigned().div_ceil(unit);
        let to = high.wrapping_sub(self.base).cast_unsigned() / unit;
        if to < from { (1, 0) } else { (from + 1, to + 1) }
    }

    fn keep_codes(&self, start: usize, mask: &mut [u8], from: u64, to: u64, outside: bool) {
        let Some(rows) = &self.rows else {
            self.codes.keep(start, mask, from, to, outside);
            return;
        };
        let null = (from == 0) != outside;
        let first = rows.partition_point(|row| usize::from(*row) < start);
        let mut at = 0;
        for (place, row) in rows.iter().enumerate().skip(first) {
            let row = usize::from(*row) - start;
            if row >= mask.len() {
                break;
            }
            if !null {
                mask[at..row].fill(0);
            }
            let code = self.codes.get(place);
            if (from <= code && code <= to) == outside {
                mask[row] = 0;
            }
            at = row + 1;
        }
        if !null {
            mask[at..].fill(0);
        }
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
