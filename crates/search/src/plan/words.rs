//! Tests on text: on the codes of words where there are words, on the text itself where there are none.

use dictionary::{FieldId, Record, ResourceId, Text, Value};
use memchr::memmem;
use query::{Comparison, Expr, Function, Over, Quantity};

use super::ask::Ask;
use super::compile::own;
use super::limits::join;
use super::node::{Codes, Node, Numbers};
use super::phrase::{Phrase, is_plain};
use crate::column::lists::Lists;
use crate::column::plain::Plain;
use crate::column::pool::Pool;
use crate::column::texts::Coded;
use crate::words::each_word;

/// More ranges of codes than this are looked up in a table.
const FEW_RANGES: usize = 4;

/// `contains`, `startswith`, `endswith` or `Mentions`, read in the text of each row.
#[derive(Debug)]
pub(crate) struct Wording<'i> {
    pub(crate) plain: &'i Plain,
    pub(crate) wanted: Wanted<'i>,
    pub(crate) want: bool,
}

/// What a text is read for.
#[derive(Debug)]
pub(crate) enum Wanted<'i> {
    Within(&'i str),
    Start(&'i str),
    End(&'i str),
    Runs(Runs),
}

/// Runs of words that stand together, as numbers in a list of distinct words.
#[derive(Debug)]
pub(crate) struct Runs {
    words: Vec<String>,
    runs: Vec<Vec<usize>>,
    /// The same runs, where all of them are plain.
    phrases: Option<Vec<Phrase>>,
}

impl Runs {
    pub(crate) fn read(text: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut number = |word: String| {
            words.iter().position(|known| *known == word).unwrap_or_else(|| {
                words.push(word);
                words.len() - 1
            })
        };
        let wanted = query::words::Wanted::read(text);
        let runs = wanted.runs.into_iter().map(|run| run.into_iter().map(&mut number).collect());
        let runs: Vec<Vec<usize>> = runs.collect();
        let phrase =
            |run: &Vec<usize>| Phrase::of(&run.iter().map(|word| words[*word].as_str()).collect::<Vec<_>>());
        let phrases = runs.iter().map(phrase).collect();
        Self { words, runs, phrases }
    }

    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether every run is one word: then it is enough that each is there.
    pub(crate) fn are_words(&self) -> bool {
        self.runs.iter().all(|run| run.len() == 1)
    }

    fn stand_in(&self, text: &str) -> bool {
        if let Some(phrases) = self.phrases.as_ref().filter(|_| is_plain(text)) {
            return phrases.iter().all(|phrase| phrase.stands_in(text));
        }
        let mut there = Vec::with_capacity(text.len() / 5);
        each_word(text, |word| there.push(self.words.iter().position(|wanted| wanted == word)));
        self.runs
            .iter()
            .all(|run| there.windows(run.len()).any(|part| part.iter().zip(run).all(|(a, b)| *a == Some(*b))))
    }
}

impl Wording<'_> {
    pub(crate) fn test(&self, row: u32) -> bool {
        let Some(text) = self.plain.get(row) else { return false };
        let found = match &self.wanted {
            Wanted::Start(wanted) => text.starts_with(wanted),
            Wanted::End(wanted) => text.ends_with(wanted),
            Wanted::Within(wanted) => memmem::find(text.as_bytes(), wanted.as_bytes()).is_some(),
            Wanted::Runs(runs) => runs.stand_in(text),
        };
        found == self.want
    }
}

/// The test for these codes of words.
pub(super) fn coded<'i>(field: FieldId, coded: &'i Coded, codes: Vec<u32>, rows: usize) -> Node<'i> {
    if codes.is_empty() {
        return Node::Nothing;
    }
    let found: usize = codes.iter().map(|code| coded.pool.uses(*code) as usize).sum();
    of_codes(Some(field), &coded.codes, coded.pool.codes(), codes, found, rows)
}

/// The test for these codes of lists.
pub(super) fn listed(lists: &Lists, codes: Vec<u32>, rows: usize) -> Node<'_> {
    if codes.is_empty() {
        return Node::Nothing;
    }
    let found: usize = codes.iter().map(|code| lists.uses(*code) as usize).sum();
    of_codes(None, lists.codes(), lists.lists(), codes, found, rows)
}

fn of_codes(
    field: Option<FieldId>,
    ints: &crate::column::ints::Ints,
    all: usize,
    codes: Vec<u32>,
    found: usize,
    rows: usize,
) -> Node<'_> {
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    let share = found as f64 / rows.max(1) as f64;
    let ranges = join(codes.iter().map(|code| (i64::from(*code), i64::from(*code))).collect());
    if ranges.len() <= FEW_RANGES || field.is_some() && codes.len() <= 64 {
        return Node::Numbers(Numbers { field, ints, ranges, share, spots: field.map(|_| found) });
    }
    let mut pass = vec![false; all];
    codes.iter().for_each(|code| pass[*code as usize] = true);
    Node::Codes(Codes { ints, pass, share })
}

/// Whether an expression is a field, in lower case or without space around.
fn is_bare(expr: &Expr) -> bool {
    match expr {
        Expr::Call(Function::ToLower | Function::Trim, of) => of.len() == 1 && is_bare(&of[0]),
        expr => own(expr).is_some(),
    }
}

/// An expression asked of the values of one field.
pub(super) struct Asking<'a, 'i, 'e> {
    pub(super) ask: &'a Ask<'i>,
    pub(super) resource: ResourceId,
    pub(super) field: FieldId,
    pub(super) expr: &'e Expr,
    pub(super) want: bool,
}

impl Asking<'_, '_, '_> {
    fn answer(&self, value: Option<Value>) -> Option<bool> {
        let values = value.into_iter().map(|value| (self.field, value)).collect();
        match self.ask.value_of_one(self.expr, &Record::from_values(self.resource, values)) {
            Some(Value::Boolean(truth)) => Some(truth),
            _ => None,
        }
    }

    /// Whether a record passes that has this value and nothing else.
    pub(super) fn passes(&self, value: Option<Value>) -> bool {
        self.answer(value) == Some(self.want)
    }

    /// The codes of the words that pass.
    pub(super) fn of_pool(&self, pool: &Pool) -> Vec<u32> {
        // Of a word in any case few are asked, where a market has ten thousand cities.
        if let Some(texts) = self.folded().filter(|_| self.want) {
            let alike = texts.into_iter().flat_map(|text| pool.alike(text));
            let passing = alike.filter(|(_, word)| self.passes(Some(Value::Text((*word).clone()))));
            let mut codes: Vec<u32> = passing.map(|(code, _)| code).collect();
            codes.sort_unstable();
            codes.dedup();
            return codes;
        }
        let passing = pool.each().filter(|(_, word)| self.passes(Some(Value::Text((*word).clone()))));
        passing.map(|(code, _)| code).collect()
    }

    /// The texts of which one, but for case and space around, a word must be to pass; none where the expression asks
    /// for something else.
    fn folded(&self) -> Option<Vec<&Text>> {
        let text = |expr| match expr {
            &Expr::Value(Value::Text(ref text)) => Some(text),
            _ => None,
        };
        match self.expr {
            Expr::Compare(Comparison::Equal, a, b) if is_bare(a) => Some(vec![text(&**b)?]),
            Expr::Compare(Comparison::Equal, a, b) if is_bare(b) => Some(vec![text(&**a)?]),
            Expr::In(of, list) if is_bare(of) => list.iter().map(text).collect(),
            _ => None,
        }
    }

    /// The codes of the lists that pass.
    pub(super) fn of_lists(&self, lists: &Lists) -> Vec<u32> {
        let mut passing = Vec::new();
        if let Some((quantity, by_word)) = self.element_answers(lists) {
            lists.each_list(|list, words| {
                let mut words = words.map(|word| by_word[word as usize]);
                let truth = match quantity {
                    Quantity::Any => words.any(|truth| truth),
                    Quantity::All => words.all(|truth| truth),
                };
                if truth == self.want {
                    passing.push(list);
                }
            });
            return passing;
        }
        lists.each_list(|list, _| {
            let words: Box<[Text]> = lists.list(list).iter().cloned().collect();
            if self.passes(Some(Value::TextList(words))) {
                passing.push(list);
            }
        });
        passing
    }

    /// Where the expression asks something of each element by itself: what it says of each word, in a
    /// list of its own. None where it is another expression, or null of some word.
    fn element_answers(&self, lists: &Lists) -> Option<(Quantity, Vec<bool>)> {
        let quantity = match self.expr {
            Expr::Quantified(quantifier) => {
                let mut nested = false;
                if let Some(body) = &quantifier.body {
                    body.walk(&mut |e| {
                        nested |= matches!(e, Expr::Field(_) | Expr::Count(_) | Expr::Quantified(_));
                    });
                }
                if nested || !matches!(quantifier.over, Over::List(_)) {
                    return None;
                }
                quantifier.quantity
            }
            Expr::Has(_, word) if matches!(**word, Expr::Value(_)) => Quantity::Any,
            _ => return None,
        };
        let mut by_word = vec![false; lists.words().codes()];
        for (code, word) in lists.words().each() {
            by_word[code as usize] = self.answer(Some(Value::TextList([word.clone()].into())))?;
        }
        Some((quantity, by_word))
    }
}
