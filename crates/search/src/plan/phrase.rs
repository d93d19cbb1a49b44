//! A run of words found in a text without taking the text apart.

use memchr::{memchr2_iter, memmem};

/// Letters from the rarest to the most common in English; what is not among them is rarer still.
const RAREST: &[u8] = b"zqxjkvbpygfwmucldrhsnioate";

/// Words of ASCII letters and digits that stand together, in small letters.
#[derive(Debug)]
pub(super) struct Phrase {
    first: String,
    rest: Vec<String>,
    /// Where the rarest letter of the first word is.
    rarest: usize,
}

/// Whether the small letters of a text's letters are ASCII only where they are: two letters elsewhere have
/// small ones among them.
pub(super) fn is_plain(text: &str) -> bool {
    let has = |letter: &str| memmem::find(text.as_bytes(), letter.as_bytes()).is_some();
    text.is_ascii() || !(has("\u{130}") || has("\u{212A}"))
}

impl Phrase {
    /// Of a run of words; none where one has other letters, or there is none.
    pub(super) fn of(run: &[&str]) -> Option<Self> {
        let (first, rest) = run.split_first().filter(|_| run.iter().all(|word| word.is_ascii()))?;
        let rank = |byte: u8| RAREST.iter().position(|other| *other == byte).map_or(0, |at| at + 1);
        let rarest = (0..first.len()).min_by_key(|at| rank(first.as_bytes()[*at]))?;
        let rest = rest.iter().map(|word| (*word).to_owned()).collect();
        Some(Self { first: (*first).to_owned(), rest, rarest })
    }

    /// Whether it stands in a text that [is plain](is_plain).
    pub(super) fn stands_in(&self, text: &str) -> bool {
        let letter = self.first.as_bytes()[self.rarest];
        memchr2_iter(letter, letter.to_ascii_uppercase(), text.as_bytes()).any(|at| {
            at.checked_sub(self.rarest).is_some_and(|start| {
                let Some(mut left) = word_at(text, start, &self.first) else { return false };
                // What is before it must be no part of the word.
                text[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric())
                    && self.rest.iter().all(|word| {
                        let start = left.find(char::is_alphanumeric).unwrap_or(left.len());
                        word_at(left, start, word).map(|after| left = after).is_some()
                    })
            })
        })
    }
}

/// What is left of `text` after `word`, which begins at `start` and ends where no letter or digit follows;
/// none where it does not.
fn word_at<'t>(text: &'t str, start: usize, word: &str) -> Option<&'t str> {
    let end = start + word.len();
    let same = text.as_bytes().get(start..end)?.eq_ignore_ascii_case(word.as_bytes());
    // ASCII on both ends: these are borders of characters.
    let after = same.then(|| &text[end..])?;
    after.chars().next().is_none_or(|c| !c.is_alphanumeric()).then_some(after)
}
