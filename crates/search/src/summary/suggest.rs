//! What somebody may be about to type (SRCH-004).

use std::cmp::Reverse;

use dictionary::{FieldId, ResourceId, Text, Timestamp};
use hashbrown::HashMap;
use query::Scope;

use crate::Reader;
use crate::column::Body;
use crate::column::lists::codes_of;
use crate::column::plain::Plain;
use crate::column::texts::Texts;
use crate::plan::{Ask, Node};
use crate::run;
use crate::table::Table;
use crate::words::{Fit, each_word};

/// Of texts that hardly any two records share no more than so many are ranked that fit: who has typed so
/// little has not said yet which is meant.
const RANKED: usize = 1_000;

/// A value that somebody may mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// Whose value it is.
    pub field: FieldId,
    /// The value as records have it.
    pub value: Text,
    /// How many records have it.
    pub count: u64,
}

/// What has been typed so far: words, the last of which may be unfinished.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typed {
    words: Vec<String>,
}

impl Typed {
    /// Reads words as `query::words` has them: runs of letters and digits, in small letters.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word.to_owned()));
        Self { words }
    }

    /// Whether these words stand in `text` together, in this order, the last perhaps as the beginning of
    /// one; and whether the text begins with them.
    #[must_use]
    pub fn fits(&self, text: &str) -> Option<bool> {
        let (last, whole) = self.words.split_last()?;
        if let ([], true, true) = (whole, last.is_ascii(), text.is_ascii()) {
            return begins(text.as_bytes(), last.as_bytes());
        }
        let mut there = Vec::new();
        each_word(text, |word| there.push(word.to_owned()));
        let at = there.windows(self.words.len()).position(|window| {
            window.iter().zip(whole).all(|(there, word)| there == word)
                && window[whole.len()].starts_with(last.as_str())
        });
        at.map(|at| at == 0)
    }
}

/// Whether a word of `text` begins with `word`, in small letters, and whether it is the first.
fn begins(text: &[u8], word: &[u8]) -> Option<bool> {
    let mut first = true;
    let mut at = 0;
    while at < text.len() {
        if !text[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        if text[at..].len() >= word.len() && text[at..at + word.len()].eq_ignore_ascii_case(word) {
            return Some(first);
        }
        first = false;
        while at < text.len() && text[at].is_ascii_alphanumeric() {
            at += 1;
        }
    }
    None
}

impl Reader<'_> {
    /// Values of text and list fields that fit what was typed, each with how many records have it of those
    /// that `scope` lets be seen: first values that begin with it, then values of more records, then in
    /// their order. A value that none of these records has is not told.
    ///
    /// Of a field whose texts are hardly ever shared (addresses, listing ids) the first 1,000 records that
    /// fit are ranked.
    #[must_use]
    pub fn suggest(
        &self,
        resource: ResourceId,
        fields: &[FieldId],
        typed: &Typed,
        scope: &Scope,
        top: usize,
        now: Timestamp,
    ) -> Vec<Suggestion> {
        let ask = self.ask(scope, now);
        let table = ask.table(resource);
        let asking = Asking { ask: &ask, table, seen: run::root(&ask, table, None), typed };
        if matches!(asking.seen, Node::Nothing) {
            return Vec::new();
        }
        let mut found: Vec<(bool, Suggestion)> = Vec::new();
        for field in fields {
            let each = asking.values(*field).into_iter().filter(|(_, _, count)| *count > 0);
            found.extend(
                each.map(|(begins, value, count)| (begins, Suggestion { field: *field, value, count })),
            );
        }
        let place = |field: FieldId| fields.iter().position(|other| *other == field);
        found.sort_by(|(a_begins, a), (b_begins, b)| {
            let rank = |begins: &bool, one: &Suggestion| (Reverse(*begins), Reverse(one.count));
            let order = rank(a_begins, a).cmp(&rank(b_begins, b));
            order.then_with(|| a.value.cmp(&b.value)).then_with(|| place(a.field).cmp(&place(b.field)))
        });
        found.truncate(top);
        found.into_iter().map(|(_, suggestion)| suggestion).collect()
    }
}

/// Something typed, asked of a table.
struct Asking<'a, 'i> {
    ask: &'a Ask<'i>,
    table: &'i Table,
    seen: Node<'a>,
    typed: &'a Typed,
}

/// A value that fits, whether it begins so, and of how many rows it is.
type Fitting = (bool, Text, u64);

impl Asking<'_, '_> {
    fn values(&self, field: FieldId) -> Vec<Fitting> {
        if self.table.key_field == Some(field) {
            return self.plain(&self.table.keys, None);
        }
        let Some(column) = self.table.column(field) else { return Vec::new() };
        match &column.body {
            Body::Texts(Texts::Plain(plain)) => self.plain(plain, Some(field)),
            Body::Texts(Texts::Coded(coded)) => {
                let words = coded.pool.each();
                let fitting = words.filter_map(|(code, word)| Some((code, self.typed.fits(word)?)));
                let fitting: Vec<(u32, bool)> = fitting.collect();
                let counts = self.counts(&fitting, coded.pool.codes(), |add| {
                    coded.codes.each(|row, code| add(row, usize::try_from(code).unwrap_or(usize::MAX)));
                });
                let count = |code: u32| match &counts {
                    Some(counts) => counts[code as usize],
                    None => u64::from(coded.pool.uses(code)),
                };
                fitting
                    .into_iter()
                    .map(|(code, begins)| (begins, coded.pool.word(code).clone(), count(code)))
                    .collect()
            }
            Body::Lists(lists) => {
                let words = lists.words().each();
                let fitting = words.filter_map(|(code, word)| Some((code, self.typed.fits(word)?)));
                let fitting: Vec<(u32, bool)> = fitting.collect();
                if fitting.is_empty() {
                    return Vec::new();
                }
                let mut by_list = vec![0u64; lists.lists()];
                lists.codes().each(|row, list| {
                    by_list[usize::try_from(list).unwrap_or(0)] += u64::from(self.seen.test(self.ask, row));
                });
                let mut by_word: HashMap<u32, u64> = HashMap::new();
                for (list, count) in (0u32..).zip(&by_list).filter(|(_, count)| **count > 0) {
                    let mut words: Vec<u32> = codes_of(lists.list(list)).collect();
                    words.sort_unstable();
                    words.dedup();
                    words.iter().for_each(|word| *by_word.entry(*word).or_default() += count);
                }
                let count = |code: u32| by_word.get(&code).copied().unwrap_or(0);
                fitting
                    .into_iter()
                    .map(|(code, begins)| (begins, lists.words().word(code).clone(), count(code)))
                    .collect()
            }
            Body::Numbers(_) | Body::Points(_) => Vec::new(),
        }
    }

    /// How many rows that may be seen have each of these codes; none where all rows may, as the column knows
    /// that itself.
    fn counts(
        &self,
        fitting: &[(u32, bool)],
        codes: usize,
        each: impl FnOnce(&mut dyn FnMut(u32, usize)),
    ) -> Option<Vec<u64>> {
        if matches!(self.seen, Node::Everything) || fitting.is_empty() {
            return None;
        }
        let mut counts = vec![0u64; codes];
        let mut fits = vec![false; codes];
        fitting.iter().for_each(|(code, _)| fits[*code as usize] = true);
        each(&mut |row, code| {
            if fits.get(code).is_some_and(|fits| *fits) && self.seen.test(self.ask, row) {
                counts[code] += 1;
            }
        });
        Some(counts)
    }

    /// Of texts that are kept as they are: found by their words where these are known.
    fn plain(&self, plain: &Plain, field: Option<FieldId>) -> Vec<Fitting> {
        let words = field.map(|field| self.table.words(field));
        if let Some(words) = words {
            words.want();
        }
        let mut found: HashMap<&str, (bool, u64)> = HashMap::new();
        let mut ranked = 0;
        for chunk in 0..plain.chunks() {
            let first = u32::try_from(chunk << 16).unwrap_or(u32::MAX);
            let mut look = |row: u32, text| {
                if ranked < RANKED
                    && let Some(begins) = self.typed.fits(text)
                    && self.seen.test(self.ask, row)
                {
                    found.entry(text).or_insert((begins, 0)).1 += 1;
                    ranked += 1;
                }
            };
            match words.and_then(|words| words.chunk(chunk)) {
                None => plain.each_in(chunk, |row, text| look(first + row, text)),
                Some(known) => {
                    let last = self.typed.words.len().saturating_sub(1);
                    let pieces = self.typed.words.iter().enumerate();
                    let fit = |at| if at == last { Fit::Start } else { Fit::Whole };
                    let mut rows = pieces.map(|(at, word)| known.rows(word, fit(at)));
                    let mut bits = rows.next().unwrap_or_default();
                    rows.for_each(|more| bits.iter_mut().zip(&more).for_each(|(all, one)| *all &= one));
                    for (word, (bits, changed)) in (0u32..).zip(bits.iter().zip(known.changed())) {
                        let mut left = bits | changed;
                        while left != 0 {
                            let row = first + word * 64 + left.trailing_zeros();
                            left &= left - 1;
                            if let Some(text) = plain.get(row) {
                                look(row, text);
                            }
                        }
                    }
                }
            }
            if ranked >= RANKED {
                break;
            }
        }
        found.into_iter().map(|(text, (begins, count))| (begins, Text::new(text), count)).collect()
    }
}
