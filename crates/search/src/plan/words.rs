//! Tests on text: on the codes of words where there are words, on the text itself where there are none.

use dictionary::{FieldId, Record, ResourceId, Text, Value};
use query::{Expr, Function, Over, Quantity};

use super::ask::Ask;
use super::limits::join;
use super::node::{Codes, Node, Numbers};
use crate::column::lists::Lists;
use crate::column::plain::Plain;
use crate::column::pool::Pool;
use crate::column::texts::Coded;

/// More ranges of codes than this are looked up in a table.
const FEW_RANGES: usize = 4;

/// `contains`, `startswith` or `endswith`, read in the text of each row.
#[derive(Debug)]
pub(crate) struct Wording<'i> {
    pub(crate) plain: &'i Plain,
    pub(crate) function: Function,
    pub(crate) wanted: &'i str,
    pub(crate) want: bool,
}

impl Wording<'_> {
    pub(crate) fn test(&self, row: u32) -> bool {
        let Some(text) = self.plain.get(row) else { return false };
        let found = match self.function {
            Function::StartsWith => text.starts_with(self.wanted),
            Function::EndsWith => text.ends_with(self.wanted),
            _ => text.contains(self.wanted),
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
        match self.ask.value_of(self.expr, &Record::from_values(self.resource, values), true) {
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
        let passing = pool.each().filter(|(_, word)| self.passes(Some(Value::Text((*word).clone()))));
        passing.map(|(code, _)| code).collect()
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
