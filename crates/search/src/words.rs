//! Which rows of a chunk hold which words: for `Mentions` and `contains` on long text.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};

use hashbrown::{DefaultHashBuilder, HashTable};
use memchr::memmem;

use crate::column::chunk::CHUNK_ROWS;
use crate::column::plain::Plain;

/// A bit for each row of a chunk.
pub(crate) type RowBits = Vec<u64>;

const WORDS: usize = CHUNK_ROWS / 64;
/// Between the words of a vocabulary; no word holds it.
const BETWEEN: char = '\n';

/// Calls `visit` with the words of `text` as `query::words` has them: runs of letters and digits, in
/// small letters.
pub(crate) fn each_word(text: &str, mut visit: impl FnMut(&str)) {
    let mut word = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            visit(&word);
            word.clear();
        }
    }
    if !word.is_empty() {
        visit(&word);
    }
}

/// How a piece of text must lie in a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fit {
    /// It is the word.
    Whole,
    /// The word begins with it.
    Start,
    /// The word ends with it.
    End,
    /// It is somewhere in it.
    Within,
}

/// The words of one chunk's texts and the rows that hold them, as they were when this was made.
#[derive(Debug)]
pub(crate) struct ChunkWords {
    /// Every word once, each between two line ends.
    vocabulary: String,
    /// Where each word begins in it.
    starts: Vec<u32>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Rows of each word, one after another: the step from the row before, seven bits a byte.
    rows: Vec<u8>,
    /// Where the rows of each word end.
    ends: Vec<u32>,
    /// The rows of words that are in so many texts that a bit a row is less, in the order of the words.
    common: Vec<(u32, RowBits)>,
    /// Rows whose text is another by now.
    changed: RowBits,
    changes: usize,
}

/// After so many changes a chunk's words are found anew.
const MANY_CHANGES: usize = CHUNK_ROWS / 16;

impl ChunkWords {
    /// Of the texts of a chunk.
    pub(crate) fn of(plain: &Plain, chunk: usize) -> Self {
        let mut building = Building::default();
        plain.each_in(chunk, |row, text| {
            each_word(text, |word| building.add(word, row));
        });
        building.done()
    }

    /// Notes that a row's text changed; false once so many have that this should be made anew.
    pub(crate) fn change(&mut self, row: u32) -> bool {
        let (word, bit) = ((row & 0xFFFF) as usize / 64, row % 64);
        self.changes += usize::from(self.changed[word] >> bit & 1 == 0);
        self.changed[word] |= 1 << bit;
        self.changes < MANY_CHANGES
    }

    /// The rows whose text changed since.
    pub(crate) fn changed(&self) -> &RowBits {
        &self.changed
    }

    /// The rows that held a word into which `piece`, in small letters, fits so.
    pub(crate) fn rows(&self, piece: &str, fit: Fit) -> RowBits {
        let mut bits = vec![0; WORDS];
        if fit == Fit::Whole {
            if let Some(word) = self.find(piece) {
                self.set_rows(word, &mut bits);
            }
            return bits;
        }
        let between = |before: bool, after: bool| {
            let edge = |there: bool| if there { "\n" } else { "" };
            [edge(before), piece, edge(after)].concat()
        };
        let wanted = between(fit == Fit::Start, fit == Fit::End);
        let mut last = None;
        for at in memmem::find_iter(self.vocabulary.as_bytes(), wanted.as_bytes()) {
            // The end of one word is the beginning of the next: a match may start on it.
            let at = at + usize::from(fit == Fit::Start);
            let word = self.starts.partition_point(|start| *start as usize <= at) - 1;
            if last.replace(word) != Some(word) {
                self.set_rows(word, &mut bits);
            }
        }
        bits
    }

    fn find(&self, word: &str) -> Option<usize> {
        let hash = self.hasher.hash_one(word);
        self.index.find(hash, |at| self.word(*at as usize) == word).map(|at| *at as usize)
    }

    fn word(&self, at: usize) -> &str {
        word_at(&self.vocabulary, &self.starts, at)
    }

    fn set_rows(&self, word: usize, bits: &mut RowBits) {
        let start = if word == 0 { 0 } else { self.ends[word - 1] as usize };
        let rows = &self.rows[start..self.ends[word] as usize];
        if rows.is_empty()
            && let Ok(at) = self.common.binary_search_by_key(&word, |(word, _)| *word as usize)
        {
            bits.iter_mut().zip(&self.common[at].1).for_each(|(all, one)| *all |= one);
            return;
        }
        set_steps(rows, bits);
    }

    pub(crate) fn bytes(&self) -> usize {
        let lists = self.starts.capacity() + self.ends.capacity();
        self.vocabulary.capacity()
            + self.rows.capacity()
            + self.common.len() * WORDS * 8
            + lists * 4
            + self.index.allocation_size()
            + WORDS * 8
    }
}

/// Sets the bits of rows that are kept as steps.
fn set_steps(rows: &[u8], bits: &mut RowBits) {
    let (mut row, mut step, mut shift) = (0usize, 0usize, 0);
    for byte in rows {
        step |= usize::from(byte & 127) << shift;
        if byte & 128 != 0 {
            shift += 7;
            continue;
        }
        row += step;
        bits[row / 64] |= 1 << (row % 64);
        (step, shift) = (0, 0);
    }
}

fn word_at<'a>(vocabulary: &'a str, starts: &[u32], at: usize) -> &'a str {
    let end = starts.get(at + 1).map_or(vocabulary.len(), |next| *next as usize);
    &vocabulary[starts[at] as usize..end - 1]
}

/// A chunk's words while its texts are read, row by row.
struct Building {
    vocabulary: String,
    starts: Vec<u32>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Of each word its last row and its rows.
    rows: Vec<(u32, Vec<u8>)>,
}

impl Default for Building {
    fn default() -> Self {
        Self {
            vocabulary: BETWEEN.to_string(),
            starts: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            rows: Vec::new(),
        }
    }
}

impl Building {
    fn add(&mut self, word: &str, row: u32) {
        let hash = self.hasher.hash_one(word);
        let known = self.index.find(hash, |at| word_at(&self.vocabulary, &self.starts, *at as usize) == word);
        let at = match known {
            Some(at) => *at as usize,
            None => self.enter(word, hash),
        };
        let (last, rows) = &mut self.rows[at];
        if !rows.is_empty() && *last == row {
            return;
        }
        let mut step = row - *last;
        while step > 127 {
            rows.push((step & 127) as u8 | 128);
            step >>= 7;
        }
        rows.push(step as u8);
        *last = row;
    }

    fn enter(&mut self, word: &str, hash: u64) -> usize {
        let at = self.starts.len();
        self.starts.push(u32::try_from(self.vocabulary.len()).unwrap_or(u32::MAX));
        self.vocabulary.push_str(word);
        self.vocabulary.push(BETWEEN);
        self.rows.push((0, Vec::new()));
        let (vocabulary, starts, hasher) = (&self.vocabulary, &self.starts, &self.hasher);
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        self.index
            .insert_unique(hash, number, |at| hasher.hash_one(word_at(vocabulary, starts, *at as usize)));
        at
    }

    fn done(mut self) -> ChunkWords {
        let mut rows = Vec::new();
        let mut ends = Vec::with_capacity(self.rows.len());
        let mut common = Vec::new();
        for (word, (_, of_word)) in (0u32..).zip(&self.rows) {
            if of_word.len() > WORDS * 8 {
                let mut bits = vec![0; WORDS];
                set_steps(of_word, &mut bits);
                common.push((word, bits));
            } else {
                rows.extend_from_slice(of_word);
            }
            ends.push(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        }
        rows.shrink_to_fit();
        self.vocabulary.shrink_to_fit();
        self.starts.shrink_to_fit();
        ChunkWords {
            vocabulary: self.vocabulary,
            starts: self.starts,
            index: self.index,
            hasher: self.hasher,
            rows,
            ends,
            common,
            changed: vec![0; WORDS],
            changes: 0,
        }
    }
}

/// The words of every chunk of one field, as far as they were asked for and found.
#[derive(Debug, Default)]
pub(crate) struct Words {
    chunks: Vec<Option<ChunkWords>>,
    /// Whether somebody asked: whoever tends the index finds them then.
    wanted: AtomicBool,
}

impl Words {
    pub(crate) fn want(&self) {
        self.wanted.store(true, Ordering::Relaxed);
    }

    /// The first chunk of these whose words are wanted and not found yet.
    pub(crate) fn missing(&self, chunks: usize) -> Option<usize> {
        let wanted = self.wanted.load(Ordering::Relaxed);
        wanted.then(|| (0..chunks).find(|chunk| self.chunk(*chunk).is_none())).flatten()
    }

    pub(crate) fn chunk(&self, chunk: usize) -> Option<&ChunkWords> {
        self.chunks.get(chunk)?.as_ref()
    }

    pub(crate) fn put(&mut self, chunk: usize, words: ChunkWords) {
        if chunk >= self.chunks.len() {
            self.chunks.resize_with(chunk + 1, || None);
        }
        self.chunks[chunk] = Some(words);
    }

    /// Notes that a row's text changed.
    pub(crate) fn change(&mut self, row: u32) {
        if let Some(chunk) = self.chunks.get_mut((row >> 16) as usize)
            && chunk.as_mut().is_some_and(|words| !words.change(row))
        {
            *chunk = None;
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.chunks.iter().flatten().map(ChunkWords::bytes).sum()
    }
}
