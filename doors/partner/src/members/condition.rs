//! What is tested of a record: once as the answer for a row, once as the filter that finds such rows.

use dictionary::{Decimal, FieldId, Fields, LinkId, ResourceId, Text, Value, ValueRef};
use query::{Comparison, Expr, FieldRef, LinkRef, Over, Quantifier, Quantity};

/// What a field has to hold.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Want {
    /// True; more than zero; a word other than None.
    Some,
    OneOf(Box<[Text]>),
    OtherThan(Box<[Text]>),
    OneOfNumbers(Box<[Decimal]>),
    AtLeast(Decimal),
}

/// A test of one field.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Condition {
    pub(super) field: FieldId,
    pub(super) is: Holds,
    pub(super) want: Want,
}

/// What kind of value a field holds, as far as a test cares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    Truth,
    Number,
    Text,
    List,
}

/// The word that a list says of what is not there.
const NONE: &str = "None";

impl Want {
    /// Whether a word is what is wanted.
    pub(super) fn takes(&self, word: &str) -> bool {
        match self {
            Self::Some => !word.is_empty() && word != NONE,
            Self::OneOf(words) => words.iter().any(|one| one == word),
            Self::OtherThan(words) => !word.is_empty() && words.iter().all(|one| one != word),
            Self::OneOfNumbers(_) | Self::AtLeast(_) => false,
        }
    }

    fn takes_number(&self, number: Decimal) -> bool {
        match self {
            Self::Some => number > Decimal::ZERO,
            Self::OneOfNumbers(numbers) => numbers.contains(&number),
            Self::AtLeast(least) => number >= *least,
            Self::OneOf(_) | Self::OtherThan(_) => false,
        }
    }

    /// The same of an expression that is a word.
    fn word(&self, word: Expr) -> Expr {
        let values = |words: &[Text]| words.iter().map(|w| Expr::Value(Value::Text(w.clone()))).collect();
        let other = |word: Expr, mut words: Vec<Expr>| {
            words.push(Expr::Value("".into()));
            Expr::Not(Box::new(Expr::In(Box::new(word), words)))
        };
        match self {
            Self::Some => other(word, vec![Expr::Value(NONE.into())]),
            Self::OneOf(words) => Expr::In(Box::new(word), values(words)),
            Self::OtherThan(words) => other(word, values(words)),
            Self::OneOfNumbers(_) | Self::AtLeast(_) => Expr::Value(false.into()),
        }
    }
}

/// A number as it is compared.
pub(super) fn number(value: ValueRef<'_>) -> Option<Decimal> {
    match value {
        ValueRef::Integer(number) => Some(number.into()),
        ValueRef::Decimal(number) => Some(number),
        ValueRef::Double(number) => Decimal::try_from(number).ok(),
        _ => None,
    }
}

impl Condition {
    /// Whether it holds; none where the field has no value.
    pub(super) fn holds(&self, record: &impl Fields) -> Option<bool> {
        Some(match record.look(self.field)? {
            ValueRef::Boolean(truth) => truth,
            ValueRef::Text(text) => self.want.takes(text),
            ValueRef::TextList(list) => list.iter().any(|text| self.want.takes(text)),
            other => number(other).is_some_and(|number| self.want.takes_number(number)),
        })
    }

    /// The filter that is true where it holds, and false everywhere else.
    fn expr(&self, scope: u8) -> Expr {
        let field = || FieldRef { scope, via: [].into(), field: self.field };
        let compare = |comparison, value: Value| {
            Expr::Compare(comparison, Box::new(Expr::Field(field())), Box::new(Expr::Value(value)))
        };
        match (self.is, &self.want) {
            (Holds::Truth, _) => compare(Comparison::Equal, true.into()),
            (Holds::Number, Want::AtLeast(least)) => compare(Comparison::GreaterOrEqual, (*least).into()),
            (Holds::Number, Want::OneOfNumbers(numbers)) => Expr::In(
                Box::new(Expr::Field(field())),
                numbers.iter().map(|number| Expr::Value((*number).into())).collect(),
            ),
            (Holds::Number, _) => compare(Comparison::Greater, Decimal::ZERO.into()),
            (Holds::Text, want @ Want::OneOf(_)) => want.word(Expr::Field(field())),
            (Holds::Text, want) => self.known(scope).and(want.word(Expr::Field(field()))),
            (Holds::List, want) => Expr::Quantified(Box::new(Quantifier {
                quantity: Quantity::Any,
                over: Over::List(field()),
                body: Some(want.word(Expr::Element(scope + 1))),
            })),
        }
    }

    /// The filter that is true where the field has a value.
    fn known(&self, scope: u8) -> Expr {
        let field = Expr::Field(FieldRef { scope, via: [].into(), field: self.field });
        Expr::Compare(Comparison::NotEqual, Box::new(field), Box::new(Expr::Null))
    }
}

/// A test of a record, or of those that it links to: all conditions on one of them.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Test {
    /// The link, and the resource that it leads to; none for the record itself.
    pub(super) link: Option<(LinkId, ResourceId)>,
    pub(super) all: Vec<Condition>,
}

impl Test {
    /// Whether all conditions hold of one record; none where that is not known.
    pub(super) fn holds_of(&self, record: &impl Fields) -> Option<bool> {
        let mut answer = Some(true);
        for condition in &self.all {
            match condition.holds(record) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => answer = None,
            }
        }
        answer
    }

    fn both(list: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
        let mut list = list;
        if list.len() == 1 { list.remove(0) } else { join(list) }
    }

    fn true_of(&self, scope: u8) -> Expr {
        Self::both(self.all.iter().map(|c| c.expr(scope)).collect(), Expr::And)
    }

    /// One condition that is known not to hold.
    fn false_of(&self, scope: u8) -> Expr {
        let fails = |c: &Condition| c.known(scope).and(Expr::Not(Box::new(c.expr(scope))));
        Self::both(self.all.iter().map(fails).collect(), Expr::Or)
    }

    /// The filter that is true where the test is known to be `wanted`, and false everywhere else.
    pub(super) fn expr(&self, wanted: bool) -> Expr {
        let Some((link, _)) = self.link else {
            return if wanted { self.true_of(0) } else { self.false_of(0) };
        };
        let any = |body: Option<Expr>| {
            let over = Over::Link(LinkRef { scope: 0, via: [].into(), link });
            Expr::Quantified(Box::new(Quantifier { quantity: Quantity::Any, over, body }))
        };
        if wanted {
            return any(Some(self.true_of(1)));
        }
        // There are some, and there is none of which it does not fail.
        let not_failing = any(Some(Expr::Not(Box::new(self.false_of(1)))));
        any(None).and(Expr::Not(Box::new(not_failing)))
    }
}

/// The filter that is true where one of the tests is true (`wanted`), or where none is true and one is
/// known to be false.
pub(super) fn any_of(tests: &[Test], wanted: bool) -> Expr {
    let each = |wanted: bool| Test::both(tests.iter().map(|test| test.expr(wanted)).collect(), Expr::Or);
    if wanted { each(true) } else { Expr::Not(Box::new(each(true))).and(each(false)) }
}
