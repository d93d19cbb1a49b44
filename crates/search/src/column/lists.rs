//! Lists of words: each distinct list is kept once, as codes of its words.

use std::hash::{BuildHasher, Hasher};

use dictionary::{Text, TextListRef};
use hashbrown::{DefaultHashBuilder, HashTable};

use super::chunk::Frame;
use super::ints::Ints;
use super::pool::Pool;

/// A list of words or null for each row.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    /// Each use is by a distinct list, not by a row.
    words: Pool,
    runs: Runs,
    /// Where the run of a list begins: its length, then its words.
    starts: Vec<u32>,
    uses: Vec<u32>,
    free: Vec<u32>,
    /// Elements of `runs` that no list uses.
    unused: usize,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    pub(super) codes: Ints,
}

#[derive(Clone, Debug)]
enum Runs {
    Two(Vec<u16>),
    Four(Vec<u32>),
}

/// More elements than this in one list, or in all runs, are not kept in columns.
const LONGEST_LIST: usize = u16::MAX as usize;
const LONGEST_RUNS: usize = u32::MAX as usize - LONGEST_LIST - 2;

impl Lists {
    pub(crate) fn new() -> Self {
        Self {
            words: Pool::default(),
            runs: Runs::Two(Vec::new()),
            starts: Vec::new(),
            uses: Vec::new(),
            free: Vec::new(),
            unused: 0,
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            codes: Ints::new(Frame::FromZero),
        }
    }

    pub(crate) fn words(&self) -> &Pool {
        &self.words
    }

    /// The code of each row's list.
    pub(crate) fn codes(&self) -> &Ints {
        &self.codes
    }

    /// How many codes of lists there are, those without a use among them.
    pub(crate) fn lists(&self) -> usize {
        self.starts.len()
    }

    /// How many rows have the list of a code.
    pub(crate) fn uses(&self, list: u32) -> u32 {
        self.uses[list as usize]
    }

    #[inline]
    pub(crate) fn get(&self, row: u32) -> Option<TextListRef<'_>> {
        Some(self.list(u32::try_from(self.codes.get(row)?).ok()?))
    }

    /// The list of a code.
    #[inline]
    pub(crate) fn list(&self, list: u32) -> TextListRef<'_> {
        self.runs.at(self.starts[list as usize], self.words.words())
    }

    /// Where the run of a list begins.
    #[inline]
    pub(super) fn start(&self, list: usize) -> Option<u32> {
        self.starts.get(list).copied()
    }

    /// How many words the list has whose run begins there.
    #[inline]
    pub(super) fn length_at(&self, start: u32) -> usize {
        match &self.runs {
            Runs::Two(runs) => runs.get(start as usize).map_or(0, |length| usize::from(*length)),
            Runs::Four(runs) => runs.get(start as usize).map_or(0, |length| *length as usize),
        }
    }

    /// Calls `visit` with every list in use: its code and the codes of its words.
    pub(crate) fn each_list(&self, mut visit: impl FnMut(u32, &mut dyn Iterator<Item = u32>)) {
        for (list, uses) in (0u32..).zip(&self.uses) {
            if *uses > 0 {
                visit(list, &mut codes_of(self.list(list)));
            }
        }
    }

    /// Gives `row` this list; false where it is too long to be kept here.
    pub(crate) fn set(&mut self, row: u32, list: TextListRef<'_>) -> bool {
        self.clear(row);
        if !self.takes(std::iter::once(list.len())) {
            return false;
        }
        let words: Vec<&str> = list.iter().map(Text::as_str).collect();
        let code = self.take(words.iter().copied());
        self.codes.set(row, i64::from(code));
        true
    }

    pub(crate) fn clear(&mut self, row: u32) {
        let Some(list) = self.codes.get(row).and_then(|l| u32::try_from(l).ok()) else { return };
        self.codes.clear(row);
        self.uses[list as usize] -= 1;
        if self.uses[list as usize] == 0 {
            self.drop_list(list);
        }
    }

    /// Whether lists of so many words each are kept here.
    pub(super) fn takes(&self, mut lists: impl Iterator<Item = usize>) -> bool {
        let mut end = self.runs.len();
        lists.all(|words| {
            let begins_in_reach = end <= LONGEST_RUNS;
            end += words + 1;
            words <= LONGEST_LIST && begins_in_reach
        })
    }

    /// The code of a list, for one use more.
    pub(super) fn take<'a>(&mut self, list: impl Iterator<Item = &'a str> + Clone) -> u32 {
        let hash = hash_of(&self.hasher, list.clone());
        let same = |other: &u32| self.list(*other).iter().map(Text::as_str).eq(list.clone());
        if let Some(found) = self.index.find(hash, same).copied() {
            self.uses[found as usize] += 1;
            return found;
        }
        let codes: Vec<u32> = list.map(|word| self.words.take(word)).collect();
        let start = self.runs.push(&codes);
        let code = match self.free.pop() {
            Some(code) => {
                self.starts[code as usize] = start;
                self.uses[code as usize] = 1;
                code
            }
            None => {
                self.starts.push(start);
                self.uses.push(1);
                u32::try_from(self.starts.len() - 1).expect("no more lists than rows, which are 32 bits")
            }
        };
        let (runs, starts, words, hasher) = (&self.runs, &self.starts, &self.words, &self.hasher);
        self.index.insert_unique(hash, code, |other| {
            hash_of(hasher, runs.at(starts[*other as usize], words.words()).iter().map(Text::as_str))
        });
        code
    }

    fn drop_list(&mut self, list: u32) {
        let hash = hash_of(&self.hasher, self.list(list).iter().map(Text::as_str));
        if let Ok(entry) = self.index.find_entry(hash, |other| *other == list) {
            entry.remove();
        }
        let codes: Vec<u32> = codes_of(self.list(list)).collect();
        codes.iter().for_each(|word| self.words.release(*word));
        self.unused += codes.len() + 1;
        self.free.push(list);
        if self.unused > 1 << 16 && self.unused * 2 > self.runs.len() {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut runs = Runs::Two(Vec::new());
        for list in 0..self.starts.len() {
            if self.uses[list] > 0 {
                let codes: Vec<u32> = codes_of(self.runs.at(self.starts[list], self.words.words())).collect();
                self.starts[list] = runs.push(&codes);
            }
        }
        self.runs = runs;
        self.unused = 0;
    }

    pub(crate) fn bytes(&self) -> usize {
        let runs = match &self.runs {
            Runs::Two(runs) => runs.capacity() * 2,
            Runs::Four(runs) => runs.capacity() * 4,
        };
        let lists = (self.starts.capacity() + self.uses.capacity() + self.free.capacity()) * 4;
        self.words.bytes() + runs + lists + self.index.allocation_size() + self.codes.bytes()
    }

    pub(crate) fn shrink(&mut self) {
        self.words.shrink();
        match &mut self.runs {
            Runs::Two(runs) => runs.shrink_to_fit(),
            Runs::Four(runs) => runs.shrink_to_fit(),
        }
        self.starts.shrink_to_fit();
        self.uses.shrink_to_fit();
        self.codes.shrink();
    }
}

impl Runs {
    fn len(&self) -> usize {
        match self {
            Self::Two(runs) => runs.len(),
            Self::Four(runs) => runs.len(),
        }
    }

    #[inline]
    fn at<'a>(&'a self, start: u32, words: &'a [Text]) -> TextListRef<'a> {
        let start = start as usize;
        match self {
            Self::Two(runs) => {
                let end = start + 1 + usize::from(runs[start]);
                TextListRef::Coded16 { codes: &runs[start + 1..end], words }
            }
            Self::Four(runs) => {
                let end = start + 1 + runs[start] as usize;
                TextListRef::Coded32 { codes: &runs[start + 1..end], words }
            }
        }
    }

    /// Adds a run, its length first, and returns where it begins.
    fn push(&mut self, codes: &[u32]) -> u32 {
        let start = u32::try_from(self.len()).expect("the caller has looked at the length");
        if let Self::Two(runs) = self {
            if codes.iter().all(|code| u16::try_from(*code).is_ok()) {
                let narrow = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
                runs.push(u16::try_from(codes.len()).unwrap_or(u16::MAX));
                runs.extend(codes.iter().map(|code| narrow(*code)));
                return start;
            }
            *self = Self::Four(runs.iter().map(|n| u32::from(*n)).collect());
        }
        if let Self::Four(runs) = self {
            runs.push(u32::try_from(codes.len()).unwrap_or(u32::MAX));
            runs.extend_from_slice(codes);
        }
        start
    }
}

fn hash_of<'a>(hasher: &DefaultHashBuilder, words: impl Iterator<Item = &'a str>) -> u64 {
    let mut hash = hasher.build_hasher();
    for word in words {
        hash.write(word.as_bytes());
        // Where a word ends counts: no text holds this byte.
        hash.write_u8(0xFF);
    }
    hash.finish()
}

/// The codes of a list's words.
pub(crate) fn codes_of(list: TextListRef<'_>) -> impl Iterator<Item = u32> {
    (0..list.len()).map(move |at| match list {
        TextListRef::Coded16 { codes, .. } => u32::from(codes[at]),
        TextListRef::Coded32 { codes, .. } => codes[at],
        TextListRef::Plain(_) => 0,
    })
}
