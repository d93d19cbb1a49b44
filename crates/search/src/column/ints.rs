//! A column of whole numbers: one chunk after another.

use std::sync::OnceLock;

use super::chunk::{CHUNK_ROWS, Chunk, Frame};
use super::sieve::Sieve;

/// A number or null for each row.
#[derive(Clone, Debug)]
pub(crate) struct Ints {
    frame: Frame,
    chunks: Vec<Chunk>,
    sample: OnceLock<Sample>,
    /// Changes since the sample may have been taken.
    worn: usize,
}

/// Rows for each chunk from which on a test is made ready.
const WORTH_A_SIEVE: usize = 8;
/// Rows looked at to guess how many pass.
const SAMPLE: u32 = 128;
/// A sample is taken anew after so many changes, and so many more for each chunk.
const LASTS: usize = 4_096;

/// The numbers of a few rows, sorted; `i64::MIN` of one without a number. To look them up for each question would
/// take as long as a short answer does.
type Sample = Box<[i64]>;

/// The chunk of a row and its place in it.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
pub(super) fn place(row: u32) -> (usize, u16) {
    ((row >> 16) as usize, row as u16)
}

impl Ints {
    pub(crate) fn new(frame: Frame) -> Self {
        Self { frame, chunks: Vec::new(), sample: OnceLock::new(), worn: 0 }
    }

    #[inline(always)]
    pub(crate) fn get(&self, row: u32) -> Option<i64> {
        let (chunk, at) = place(row);
        self.chunks.get(chunk)?.get(at)
    }

    /// Gives `row` a value, which is not `i64::MIN`.
    #[inline]
    pub(crate) fn set(&mut self, row: u32, value: i64) {
        let (chunk, at) = place(row);
        if chunk >= self.chunks.len() {
            self.chunks.resize_with(chunk + 1, Chunk::default);
        }
        self.chunks[chunk].set(at, value, self.frame);
        self.wear();
    }

    #[inline]
    fn wear(&mut self) {
        self.worn += 1;
        if self.worn > LASTS * (1 + self.chunks.len()) {
            self.sample.take();
            self.worn = 0;
        }
    }

    /// The part of `rows` rows, of which these are the numbers, whose number lies in the ranges, guessed from a few
    /// of them; where none of these does, as if the numbers were spread evenly.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a guess")]
    pub(crate) fn share(&self, ranges: &[(i64, i64)], rows: u32) -> f64 {
        let sample = self.sample.get_or_init(|| {
            let row = |at: u32| (u64::from(at) * u64::from(rows) / u64::from(SAMPLE)) as u32;
            let mut sample: Sample = (0..SAMPLE).map(|at| self.get(row(at)).unwrap_or(i64::MIN)).collect();
            sample.sort_unstable();
            sample
        });
        let below = |edge: i64| sample.partition_point(|number| *number < edge);
        let through = |edge: i64| sample.partition_point(|number| *number <= edge);
        // No number is `i64::MIN`, which a range may begin with.
        let inside =
            |(low, high): &(i64, i64)| through(*high).saturating_sub(below((*low).max(i64::MIN + 1)));
        let seen: usize = ranges.iter().map(inside).sum();
        if seen > 0 {
            return seen as f64 / f64::from(SAMPLE);
        }
        let Some((low, high)) = self.bounds() else { return 0.0 };
        let width = high as f64 - low as f64 + 1.0;
        let inside =
            |range: &(i64, i64)| (range.1.min(high) as f64 - range.0.max(low) as f64 + 1.0).max(0.0) / width;
        ranges.iter().map(inside).sum::<f64>().min(0.5 / f64::from(SAMPLE))
    }

    /// Gives rows that have no value theirs.
    pub(crate) fn fill_new(&mut self, mut rows: &[u32], mut values: &[i64]) {
        let mut places = Vec::new();
        while let Some((chunk, _)) = rows.first().map(|row| place(*row)) {
            let end = rows.iter().position(|row| place(*row).0 != chunk).unwrap_or(rows.len());
            places.clear();
            places.extend(rows[..end].iter().map(|row| place(*row).1));
            if chunk >= self.chunks.len() {
                self.chunks.resize_with(chunk + 1, Chunk::default);
            }
            let (these, later) = values.split_at(end);
            self.chunks[chunk].fill_new(&places, these, self.frame);
            (rows, values) = (&rows[end..], later);
        }
    }

    #[inline]
    pub(crate) fn clear(&mut self, row: u32) {
        let (chunk, at) = place(row);
        if let Some(chunk) = self.chunks.get_mut(chunk)
            && chunk.count() > 0
        {
            chunk.clear(at);
            self.wear();
        }
    }

    /// How many rows have a value.
    pub(crate) fn count(&self) -> usize {
        self.chunks.iter().map(Chunk::count).sum()
    }

    pub(crate) fn count_is_zero(&self) -> bool {
        self.chunks.iter().all(|chunk| chunk.count() == 0)
    }

    /// Between these lies every value; none where there is no value.
    pub(crate) fn bounds(&self) -> Option<(i64, i64)> {
        self.chunks
            .iter()
            .filter(|chunk| chunk.count() > 0)
            .map(Chunk::bounds)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Bytes of a code, those of the first chunk.
    pub(crate) fn width(&self) -> f64 {
        self.chunks.first().map_or(1.0, Chunk::width)
    }

    /// Multiplies every value; false, and nothing is changed, where one would leave the numbers.
    pub(crate) fn scale(&mut self, by: i64) -> bool {
        let mut scaled = self.chunks.clone();
        let all = scaled.iter_mut().all(|chunk| chunk.scale(by));
        if all {
            self.chunks = scaled;
            self.sample.take();
        }
        all
    }

    /// Calls `visit` with every row that has a value, in the order of the rows.
    pub(crate) fn each(&self, mut visit: impl FnMut(u32, i64)) {
        for (at, chunk) in (0u32..).zip(&self.chunks) {
            chunk.each(|row, value| visit(at << 16 | u32::from(row), value));
        }
    }

    /// The same of one chunk, with the rows counted from its first.
    pub(crate) fn each_in(&self, chunk: usize, mut visit: impl FnMut(u32, i64)) {
        if let Some(chunk) = self.chunks.get(chunk) {
            chunk.each(|row, value| visit(u32::from(row), value));
        }
    }

    /// Leaves in `mask`, a byte a row from `start`, the rows whose value lies in `low..=high`; where
    /// `outside` is set, the others. The rows of one mask lie in one chunk.
    pub(crate) fn keep(&self, start: u32, mask: &mut [u8], low: i64, high: i64, outside: bool) {
        let (chunk, at) = place(start);
        match self.chunks.get(chunk) {
            Some(chunk) => chunk.keep(usize::from(at), mask, low, high, outside),
            None if outside => {}
            None => mask.fill(0),
        }
    }

    /// The test whether a value lies in `low..=high`, made ready, where so many rows are worth it.
    pub(crate) fn sieve(&self, rows: usize, low: i64, high: i64) -> Option<Sieve<'_>> {
        (rows >= self.chunks.len() * WORTH_A_SIEVE).then(|| Sieve::new(&self.chunks, low, high))
    }

    /// Whether the value of a row lies in `low..=high`; null does not. Without a branch, for tests whose
    /// answers are anybody's guess.
    #[inline(always)]
    pub(crate) fn lies(&self, row: u32, low: i64, high: i64) -> bool {
        let (chunk, at) = place(row);
        self.chunks.get(chunk).is_some_and(|chunk| chunk.lies(at, low, high))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.chunks.capacity() * size_of::<Chunk>() + self.chunks.iter().map(Chunk::bytes).sum::<usize>()
    }

    pub(crate) fn shrink(&mut self) {
        self.chunks.iter_mut().for_each(Chunk::shrink);
    }
}

/// How many rows lie in the chunk of `start` from there on: the most that one mask can cover.
pub(crate) fn left_in_chunk(start: u32) -> usize {
    CHUNK_ROWS - usize::from(place(start).1)
}
