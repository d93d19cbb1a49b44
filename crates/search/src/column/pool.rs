//! The distinct words of a column, each with a code and how many rows use it.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use dictionary::Text;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::folded::Folded;

/// Distinct words. A word that no row uses any more gives its code to the next new one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    words: Vec<Text>,
    uses: Vec<u32>,
    index: HashTable<u32>,
    free: Vec<u32>,
    hasher: DefaultHashBuilder,
    folded: OnceLock<Folded>,
}

impl Pool {
    /// How many codes there are, those without a use among them.
    pub(crate) fn codes(&self) -> usize {
        self.words.len()
    }

    /// How many words are in use.
    pub(crate) fn in_use(&self) -> usize {
        self.words.len() - self.free.len()
    }

    pub(crate) fn words(&self) -> &[Text] {
        &self.words
    }

    #[inline]
    pub(crate) fn word(&self, code: u32) -> &Text {
        &self.words[code as usize]
    }

    /// How many rows use a code.
    pub(crate) fn uses(&self, code: u32) -> u32 {
        self.uses[code as usize]
    }

    /// The code of a word that is in use.
    pub(crate) fn find(&self, word: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(word);
        self.index.find(hash, |code| self.words[*code as usize] == word).copied()
    }

    /// The words in use that are this one but for case and space around, and maybe others.
    pub(crate) fn alike(&self, word: &str) -> impl Iterator<Item = (u32, &Text)> {
        let codes = self.folded.get_or_init(|| Folded::of(self.each())).find(word).iter();
        codes.filter(|code| self.uses(**code) > 0).map(|code| (*code, self.word(*code)))
    }

    /// The code of a word, for one use more.
    pub(crate) fn take(&mut self, word: &str) -> u32 {
        let hash = self.hasher.hash_one(word);
        if let Some(code) = self.index.find(hash, |code| self.words[*code as usize] == word) {
            self.uses[*code as usize] += 1;
            return *code;
        }
        let code = match self.free.pop() {
            Some(code) => {
                self.words[code as usize] = Text::new(word);
                self.uses[code as usize] = 1;
                code
            }
            None => {
                self.words.push(Text::new(word));
                self.uses.push(1);
                u32::try_from(self.words.len() - 1).expect("no more words than rows, which are 32 bits")
            }
        };
        if let Some(folded) = self.folded.get_mut() {
            folded.add(code, word);
        }
        let (words, hasher) = (&self.words, &self.hasher);
        self.index.insert_unique(hash, code, |code| hasher.hash_one(words[*code as usize].as_str()));
        code
    }

    /// One use of a code less.
    pub(crate) fn release(&mut self, code: u32) {
        let at = code as usize;
        self.uses[at] -= 1;
        if self.uses[at] > 0 {
            return;
        }
        let hash = self.hasher.hash_one(self.words[at].as_str());
        if let Ok(entry) = self.index.find_entry(hash, |other| *other == code) {
            entry.remove();
        }
        self.words[at] = Text::default();
        self.free.push(code);
    }

    /// Every word in use with its code.
    pub(crate) fn each(&self) -> impl Iterator<Item = (u32, &Text)> {
        (0u32..).zip(&self.words).filter(|(code, _)| self.uses[*code as usize] > 0)
    }

    pub(crate) fn bytes(&self) -> usize {
        let long: usize = self.words.iter().filter(|w| w.is_heap_allocated()).map(|w| w.len() + 16).sum();
        self.words.capacity() * size_of::<Text>()
            + (self.uses.capacity() + self.free.capacity()) * 4
            + self.index.allocation_size()
            + self.folded.get().map_or(0, Folded::bytes)
            + long
    }

    pub(crate) fn shrink(&mut self) {
        self.words.shrink_to_fit();
        self.uses.shrink_to_fit();
    }
}
