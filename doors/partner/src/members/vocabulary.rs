//! Words of the API's own vocabularies, `data/words.tsv`: each is written for the records whose test holds,
//! and found by the same test.

use dictionary::{Dictionary, Fields, Text};
use query::Expr;

use super::condition::{Condition, Holds, Test, Want, any_of};
use super::read::Names;
use super::table::rows;

const WORDS: &str = include_str!("../../data/words.tsv");

/// One vocabulary: of its lines the first whose test holds gives a record's word.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Vocabulary {
    lines: Vec<Line>,
}

#[derive(Clone, PartialEq, Debug)]
struct Line {
    word: &'static str,
    also: Vec<&'static str>,
    /// None where it takes whatever the lines before it leave.
    tests: Option<Vec<Test>>,
}

impl Vocabulary {
    /// The vocabulary of this name, whose tests look at Property; the strange names go to `strange`.
    pub(super) fn read(dictionary: &Dictionary, name: &str, strange: &mut Vec<String>) -> Self {
        let mut names = Names::of(dictionary, dictionary.known("Property"));
        let lines = rows(WORDS).filter_map(|line| {
            let cells: Vec<&'static str> = line.split('\t').collect();
            let [vocabulary, word, also, test] = cells[..] else { panic!("words.tsv: {line:?}") };
            let also = also.split('|').filter(|one| !one.is_empty()).collect();
            let tests = (test != "*").then_some(test);
            (vocabulary == name).then_some((word, also, tests))
        });
        let mut read = Vec::new();
        for (word, also, tests) in lines {
            read.push(Line { word, also, tests: tests.map(|tests| names.tests(tests)) });
        }
        strange.append(&mut names.strange);
        Self { lines: read }
    }

    /// The word of a record.
    pub(super) fn word(&self, record: &impl Fields) -> Option<&'static str> {
        let holds = |line: &&Line| match &line.tests {
            None => true,
            Some(tests) => tests.iter().any(|test| test.holds_of(record) == Some(true)),
        };
        self.lines.iter().find(holds).map(|line| line.word)
    }

    /// Every word once, in the order of the table.
    pub(super) fn words(&self) -> Vec<&'static str> {
        let mut words: Vec<&str> = Vec::new();
        for line in &self.lines {
            if !words.contains(&line.word) {
                words.push(line.word);
            }
        }
        words
    }

    /// The filter that finds the records of a word or of another word for it; none where it is not one of
    /// the vocabulary's.
    pub(super) fn find(&self, word: &str) -> Option<Expr> {
        let is = |one: &str| one.eq_ignore_ascii_case(word);
        let meant = |line: &Line| is(line.word) || line.also.iter().any(|also| is(also));
        // A word for several lines of one word, as well as one for several words, finds all of them.
        let words: Vec<&str> = self.lines.iter().filter(|line| meant(line)).map(|line| line.word).collect();
        let found = (0..self.lines.len()).filter(|at| words.contains(&self.lines[*at].word));
        let mut found: Vec<Expr> = found.map(|at| self.line(at)).collect();
        match found.len() {
            0 => None,
            1 => found.pop(),
            _ => Some(Expr::Or(found)),
        }
    }

    /// The filter of one line: its test, and none of those before it.
    fn line(&self, at: usize) -> Expr {
        let Line { tests, word, .. } = &self.lines[at];
        let mut all: Vec<Expr> = tests.iter().map(|tests| any_of(tests, true)).collect();
        for before in &self.lines[..at] {
            let Some(earlier) = &before.tests else { return Expr::Value(false.into()) };
            // What gives the same word need not be told apart, and what cannot hold of one record is.
            if before.word != *word && !tests.as_ref().is_some_and(|tests| disjoint(tests, earlier)) {
                all.push(Expr::Not(Box::new(any_of(earlier, true))));
            }
        }
        match all.len() {
            0 => Expr::Value(true.into()),
            1 => all.remove(0),
            _ => Expr::And(all),
        }
    }
}

/// Whether no record passes a test of both: each pair asks one field of one value for different words.
fn disjoint(one: &[Test], other: &[Test]) -> bool {
    let apart = |a: &Condition, b: &Condition| match (&a.want, &b.want) {
        (Want::OneOf(a_words), Want::OneOf(b_words)) => {
            a.field == b.field
                && a.is == Holds::Text
                && !a_words.iter().any(|word: &Text| b_words.contains(word))
        }
        _ => false,
    };
    one.iter()
        .all(|one| other.iter().all(|other| one.all.iter().any(|a| other.all.iter().any(|b| apart(a, b)))))
}
