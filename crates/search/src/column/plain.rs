//! Text of which nearly every row has its own: one run of bytes a chunk.

use super::chunk::{CHUNK_ROWS, Frame};
use super::ints::Ints;

/// Text for each row, where it lies in its chunk, and how much of the chunk nobody uses any more.
#[derive(Clone, Debug)]
pub(crate) struct Plain {
    starts: Ints,
    chunks: Vec<Run>,
}

/// Text after text; before each its length, six bits a byte, 64 more in all but the last, so that the run
/// is valid text itself and a piece of it needs no check.
#[derive(Clone, Debug, Default)]
struct Run {
    text: String,
    unused: usize,
}

/// A run is written anew once this much of it, and half, is unused.
const WORTH_COMPACTING: usize = 1 << 16;

impl Plain {
    pub(crate) fn new() -> Self {
        Self { starts: Ints::new(Frame::FromZero), chunks: Vec::new() }
    }

    #[inline]
    pub(crate) fn get(&self, row: u32) -> Option<&str> {
        let start = usize::try_from(self.starts.get(row)?).ok()?;
        Some(self.chunks[(row >> 16) as usize].get(start))
    }

    /// The byte at which the text of a row begins: its length, or a part of it.
    #[inline]
    pub(super) fn first_byte(&self, row: u32, start: i64) -> u8 {
        let run = self.chunks.get((row >> 16) as usize);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        run.and_then(|run| run.text.as_bytes().get(start)).copied().unwrap_or(0)
    }

    pub(crate) fn set(&mut self, row: u32, text: &str) {
        self.clear(row);
        let chunk = (row >> 16) as usize;
        if chunk >= self.chunks.len() {
            self.chunks.resize_with(chunk + 1, Run::default);
        }
        let start = self.chunks[chunk].push(text);
        self.starts.set(row, i64::try_from(start).expect("a run is shorter than memory"));
    }

    /// Gives rows that have no text theirs.
    pub(crate) fn fill_new<'a>(&mut self, rows: &[u32], texts: impl Iterator<Item = &'a str>) {
        let mut starts = Vec::with_capacity(rows.len());
        for (row, text) in rows.iter().zip(texts) {
            let chunk = (row >> 16) as usize;
            if chunk >= self.chunks.len() {
                self.chunks.resize_with(chunk + 1, Run::default);
            }
            let start = self.chunks[chunk].push(text);
            starts.push(i64::try_from(start).expect("a run is shorter than memory"));
        }
        self.starts.fill_new(rows, &starts);
    }

    pub(crate) fn clear(&mut self, row: u32) {
        let Some(start) = self.starts.get(row).and_then(|s| usize::try_from(s).ok()) else { return };
        let chunk = (row >> 16) as usize;
        let run = &mut self.chunks[chunk];
        run.unused += run.get(start).len() + 1;
        self.starts.clear(row);
        if run.unused >= WORTH_COMPACTING && run.unused * 2 > run.text.len() {
            self.compact(chunk);
        }
    }

    fn compact(&mut self, chunk: usize) {
        let old = std::mem::take(&mut self.chunks[chunk]);
        let mut new = Run { text: String::with_capacity(old.text.len() - old.unused), unused: 0 };
        let first = u32::try_from(chunk * CHUNK_ROWS).expect("rows are 32 bits");
        for row in first..=first + 0xFFFF {
            if let Some(start) = self.starts.get(row).and_then(|s| usize::try_from(s).ok()) {
                let start = new.push(old.get(start));
                self.starts.set(row, i64::try_from(start).expect("a run is shorter than memory"));
            }
        }
        self.chunks[chunk] = new;
    }

    /// Where each row's text begins; null where it has none.
    pub(crate) fn presence(&self) -> &Ints {
        &self.starts
    }

    /// Calls `visit` with every row that has a text, in the order of the rows.
    pub(crate) fn each<'a>(&'a self, mut visit: impl FnMut(u32, &'a str)) {
        self.starts.each(|row, start| {
            if let Ok(start) = usize::try_from(start) {
                visit(row, self.chunks[(row >> 16) as usize].get(start));
            }
        });
    }

    /// The same of one chunk, with the rows counted from its first.
    pub(crate) fn each_in<'a>(&'a self, chunk: usize, mut visit: impl FnMut(u32, &'a str)) {
        let Some(run) = self.chunks.get(chunk) else { return };
        self.starts.each_in(chunk, |row, start| {
            if let Ok(start) = usize::try_from(start) {
                visit(row, run.get(start));
            }
        });
    }

    /// Bytes of all texts.
    pub(crate) fn length(&self) -> usize {
        self.chunks.iter().map(|run| run.text.len() - run.unused).sum()
    }

    /// How many chunks there are.
    pub(crate) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.starts.bytes()
            + self.chunks.iter().map(|run| run.text.capacity() + size_of::<Run>()).sum::<usize>()
    }

    pub(crate) fn shrink(&mut self) {
        self.starts.shrink();
        self.chunks.iter_mut().for_each(|run| run.text.shrink_to_fit());
    }
}

impl Run {
    #[inline]
    fn get(&self, start: usize) -> &str {
        let bytes = self.text.as_bytes();
        let (mut at, mut len) = (start, 0);
        loop {
            let byte = usize::from(bytes[at]);
            at += 1;
            len = len << 6 | (byte & 63);
            if byte & 64 == 0 {
                return &self.text[at..at + len];
            }
        }
    }

    fn push(&mut self, text: &str) -> usize {
        let start = self.text.len();
        let mut shift = 0;
        while text.len() >> shift >= 64 {
            shift += 6;
        }
        while shift > 0 {
            self.text.push(sixbit(text.len() >> shift, 64));
            shift -= 6;
        }
        self.text.push(sixbit(text.len(), 0));
        self.text.push_str(text);
        start
    }
}

fn sixbit(number: usize, more: u8) -> char {
    #[expect(clippy::cast_possible_truncation, reason = "six bits are left")]
    char::from((number & 63) as u8 | more)
}
