//! Words found in any case and with any space around.

use dictionary::Text;
use hashbrown::HashMap;

/// The codes of words by what is left of them without case and space. Made when it is first asked; after that words
/// come and never go: a code may by now be another word's, and whoever asks looks at the word.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    codes: HashMap<String, Vec<u32>>,
}

fn folded(word: &str) -> String {
    word.trim().to_lowercase()
}

impl Folded {
    pub(super) fn of<'w>(words: impl Iterator<Item = (u32, &'w Text)>) -> Self {
        let mut all = Self::default();
        words.for_each(|(code, word)| all.add(code, word));
        all
    }

    pub(super) fn add(&mut self, code: u32, word: &str) {
        let codes = self.codes.entry_ref(folded(word).as_str()).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }

    /// The codes among which all are of words that are this one but for case and space around.
    pub(super) fn find(&self, word: &str) -> &[u32] {
        self.codes.get(folded(word).as_str()).map_or(&[], Vec::as_slice)
    }

    pub(super) fn bytes(&self) -> usize {
        let each = |(word, codes): (&String, &Vec<u32>)| word.len() + codes.capacity() * 4;
        self.codes.allocation_size() + self.codes.iter().map(each).sum::<usize>()
    }
}
