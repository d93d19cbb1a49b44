//! Expressions: operators by how tightly they bind (4.01 part 2, 5.1.1.18), read from left to right.

use dictionary::{FieldId, ResourceId};
use query::{Arithmetic, Comparison, Expr, Kind};

use super::alias::Alias;
use super::apply::Joining;
use super::cursor::{Cursor, shown};
use super::literal;
use super::term::{Term, called, capital, mismatch, suit};
use super::{Limits, Reading};
use crate::Fault;

/// What a name at the beginning of a path may stand for.
#[derive(Clone, Copy)]
pub(super) struct Ranged<'a> {
    /// The variable; empty for the record asked about.
    pub(super) name: &'a str,
    pub(super) over: Ranges,
}

#[derive(Clone, Copy)]
pub(super) enum Ranges {
    /// Records of a resource.
    Records(ResourceId),
    /// Elements of a list field.
    Elements(ResourceId, FieldId),
}

/// Reads the text of one option.
pub(super) struct Parser<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) cursor: Cursor<'a>,
    /// The record asked about, and the variables of the lambdas around.
    pub(super) ranges: Vec<Ranged<'a>>,
    /// How many parentheses and functions are open.
    pub(super) depth: usize,
    /// Whether this is inside `$expand`.
    pub(super) nested: bool,
    /// How many links were expanded so far.
    pub(super) expanded: usize,
    /// Names that the question gave itself; on rows of an aggregation there are no others.
    pub(super) aliases: Vec<Alias>,
    pub(super) on_rows: bool,
    /// Whether `as`, `with` and `from` may follow an expression.
    pub(super) named: bool,
    /// Parts of expressions that names stood for, so far.
    pub(super) weight: usize,
    /// Words searched for so far.
    pub(super) terms: usize,
    /// Transformations so far, each as often as it is done.
    pub(super) transformations: usize,
    /// Joins so far, whether all that is named of them is known, and the one whose rows are read about.
    pub(super) joins: Vec<Joining>,
    pub(super) joins_known: bool,
    pub(super) open_join: Option<usize>,
    /// Computed names that `$select` named.
    pub(super) selected: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Compare(Comparison),
    Arithmetic(Arithmetic),
}

const OPERATORS: [(&str, Operator); 14] = [
    ("or", Operator::Or),
    ("and", Operator::And),
    ("eq", Operator::Compare(Comparison::Equal)),
    ("ne", Operator::Compare(Comparison::NotEqual)),
    ("gt", Operator::Compare(Comparison::Greater)),
    ("ge", Operator::Compare(Comparison::GreaterOrEqual)),
    ("lt", Operator::Compare(Comparison::Less)),
    ("le", Operator::Compare(Comparison::LessOrEqual)),
    ("add", Operator::Arithmetic(Arithmetic::Add)),
    ("sub", Operator::Arithmetic(Arithmetic::Subtract)),
    ("mul", Operator::Arithmetic(Arithmetic::Multiply)),
    ("div", Operator::Arithmetic(Arithmetic::Divide)),
    ("divby", Operator::Arithmetic(Arithmetic::DivideBy)),
    ("mod", Operator::Arithmetic(Arithmetic::Modulo)),
];

impl Operator {
    fn find(word: &str) -> Option<Self> {
        OPERATORS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, operator)| *operator)
    }

    /// From 1, which binds loosest.
    fn tightness(self) -> u8 {
        use Arithmetic::{Add, Subtract};
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Compare(Comparison::Equal | Comparison::NotEqual) => 3,
            Self::Compare(_) => 4,
            Self::Arithmetic(Add | Subtract) => 5,
            Self::Arithmetic(_) => 6,
        }
    }
}

impl<'a> Parser<'a> {
    pub(super) fn new(reading: &'a Reading<'a>, cursor: Cursor<'a>, resource: ResourceId) -> Self {
        let root = Ranged { name: "", over: Ranges::Records(resource) };
        Self {
            reading,
            cursor,
            ranges: vec![root],
            depth: 0,
            nested: false,
            expanded: 0,
            aliases: Vec::new(),
            on_rows: false,
            named: false,
            weight: 0,
            terms: 0,
            transformations: 0,
            joins: Vec::new(),
            joins_known: false,
            open_join: None,
            selected: Vec::new(),
        }
    }

    /// The resource of the record asked about.
    pub(super) fn resource(&self) -> ResourceId {
        match self.ranges[0].over {
            Ranges::Records(resource) | Ranges::Elements(resource, _) => resource,
        }
    }

    /// A filter: an expression that is true or false.
    pub(super) fn filter(&mut self) -> Result<Expr, Fault> {
        let term = self.expression()?;
        self.condition(&term)?;
        self.sound(&term)?;
        Ok(term.expr)
    }

    /// What `query` says of the types, as a second opinion.
    pub(super) fn sound(&self, term: &Term<'_>) -> Result<(), Fault> {
        if self.on_rows {
            // A column is no field of the dictionary.
            return Ok(());
        }
        query::kind_of(&term.expr, self.reading.dictionary, self.resource())
            .map(|_| ())
            .map_err(|wrong| self.cursor.bad(term.at, "wrong_type", wrong.message, wrong.hint))
    }

    /// An expression, with spaces around it.
    pub(super) fn expression(&mut self) -> Result<Term<'a>, Fault> {
        self.binary(1)
    }

    fn binary(&mut self, loosest: u8) -> Result<Term<'a>, Fault> {
        let mut left = self.unary()?;
        loop {
            let before = self.cursor.at;
            let spaced = self.cursor.space();
            let at = self.cursor.at;
            let word = self.cursor.peek_name();
            let Some(operator) = Operator::find(word) else {
                return self.not_an_operator(word, before, left);
            };
            if operator.tightness() < loosest {
                self.cursor.at = before;
                return Ok(left);
            }
            self.cursor.at += word.len();
            let hint = format!("Put a space before and after {word}.");
            if !spaced {
                return Err(self.cursor.bad(at, "syntax", format!("{word} stands without a space."), hint));
            }
            if !self.cursor.space() && self.cursor.peek() != Some(b'(') {
                return Err(self.cursor.expected("a space and a value", hint));
            }
            let right = self.binary(operator.tightness() + 1)?;
            left = self.join(operator, left, right)?;
        }
    }

    /// Ends an expression before what is no operator, if that may follow one.
    fn not_an_operator(&mut self, word: &str, before: usize, left: Term<'a>) -> Result<Term<'a>, Fault> {
        let order = word.eq_ignore_ascii_case("asc")
            || word.eq_ignore_ascii_case("desc")
            || self.named && ["as", "with", "from"].iter().any(|end| word.eq_ignore_ascii_case(end));
        let ends = word.is_empty() && matches!(self.cursor.peek(), None | Some(b')' | b',' | b';'));
        if word.is_empty() && !ends {
            let hint = "OData writes eq, ne, gt, ge, lt, le, and, or, not; nothing else may follow a value.";
            return Err(self.cursor.expected("an operator", hint));
        }
        if ends || order {
            self.cursor.at = before;
            return Ok(left);
        }
        let names: Vec<&str> = OPERATORS.iter().map(|(name, _)| *name).collect();
        let message = format!("{} is no operator.", shown(word));
        let hint = format!("The operators are {}, in and has.", names.join(", "));
        Err(self.cursor.bad(self.cursor.at, "unknown_operator", message, hint))
    }

    fn unary(&mut self) -> Result<Term<'a>, Fault> {
        self.cursor.space();
        let at = self.cursor.at;
        let digit = self.cursor.peek_after(1).is_some_and(|b| b.is_ascii_digit());
        if self.cursor.peek() == Some(b'-') && !digit {
            self.cursor.at += 1;
            if self.cursor.peek_name() == "INF" {
                return Err(self.cursor.unsupported(at, "A number that is not finite"));
            }
            let inner = self.deeper(at, Self::unary)?;
            self.number(&inner)?;
            let (height, ty) = (inner.height, inner.ty);
            let mut term =
                self.grown(Term::new(at, Expr::Negate(Box::new(inner.expr)), Kind::Number), height)?;
            term.ty = ty;
            return Ok(term);
        }
        let word = self.cursor.peek_name();
        if word.eq_ignore_ascii_case("not") && matches!(self.cursor.peek_after(3), Some(b' ' | b'\t' | b'('))
        {
            self.cursor.at += 3;
            let inner = self.deeper(at, Self::unary)?;
            self.condition(&inner)?;
            let height = inner.height;
            return self.grown(Term::new(at, Expr::Not(Box::new(inner.expr)), Kind::Boolean), height);
        }
        let first = self.primary()?;
        self.membership(first)
    }

    /// One operand of `in` or `has`.
    pub(super) fn value(&mut self) -> Result<Term<'a>, Fault> {
        self.cursor.space();
        self.primary()
    }

    /// A literal, a path, a function or an expression in parentheses.
    fn primary(&mut self) -> Result<Term<'a>, Fault> {
        let at = self.cursor.at;
        if let Some(found) = literal::read(&mut self.cursor)? {
            return Ok(Term::literal(at, found));
        }
        self.refuse_at_sign()?;
        match self.cursor.peek() {
            Some(b'(') => {
                self.cursor.at += 1;
                let mut inner = self.deeper(at, Self::expression)?;
                self.cursor.expect(b')', "Close the parenthesis.")?;
                inner.open = false;
                return Ok(inner);
            }
            Some(b'[' | b'{') => return Err(self.cursor.unsupported(at, "A JSON literal")),
            Some(b'$') => return self.dollar(),
            _ => {}
        }
        literal::refuse_guid(&self.cursor)?;
        let word = self.cursor.dotted()?;
        if word.is_empty() {
            let hint =
                "Write a field, a literal such as 'text' or 42, a function, or an expression in parentheses.";
            return Err(self.cursor.expected("a value", hint));
        }
        if let Some(found) = literal::worded(&mut self.cursor, at, word)? {
            return Ok(Term::literal(at, found));
        }
        if self.cursor.peek() == Some(b'(') {
            return self.deeper(at, |parser| parser.call(at, word));
        }
        self.path(at, word)
    }

    /// Parameter aliases and annotations begin with it.
    pub(super) fn refuse_at_sign(&self) -> Result<(), Fault> {
        match self.cursor.peek() {
            Some(b'@') => Err(self.cursor.unsupported(self.cursor.at, "A parameter alias or annotation")),
            _ => Ok(()),
        }
    }

    /// Reads something inside parentheses, a function or a lambda.
    pub(super) fn deeper<T>(
        &mut self,
        at: usize,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.depth >= Limits::DEPTH {
            return Err(self.too_deep(at));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn too_deep(&self, at: usize) -> Fault {
        let message = format!("This is nested more than {} deep.", Limits::DEPTH);
        let hint = "Use `in (…)` for many values, and leave away parentheses that are not needed.";
        self.cursor.bad(at, "too_deep", message, hint)
    }

    /// `term` as one level above an operand of this height. A chain such as `1 add 1 add …` nests without a
    /// parenthesis, and whoever evaluates it descends as deep.
    pub(super) fn grown(&self, mut term: Term<'a>, height: usize) -> Result<Term<'a>, Fault> {
        term.height = height + 1;
        if term.height > Limits::DEPTH + 1 { Err(self.too_deep(term.at)) } else { Ok(term) }
    }

    fn join(&mut self, operator: Operator, left: Term<'a>, right: Term<'a>) -> Result<Term<'a>, Fault> {
        match operator {
            Operator::Or | Operator::And => self.logic(operator == Operator::And, left, right),
            Operator::Compare(comparison) => self.compare(comparison, left, right),
            Operator::Arithmetic(arithmetic) => {
                self.number(&left)?;
                self.number(&right)?;
                let height = left.height.max(right.height);
                let expr = Expr::Arithmetic(arithmetic, Box::new(left.expr), Box::new(right.expr));
                self.grown(Term::new(left.at, expr, Kind::Number), height)
            }
        }
    }

    fn logic(&mut self, and: bool, left: Term<'a>, right: Term<'a>) -> Result<Term<'a>, Fault> {
        self.condition(&left)?;
        self.condition(&right)?;
        // The list's own level is counted with its first two.
        let height = if left.open { left.height - 1 } else { left.height }.max(right.height);
        let list = match (left.expr, left.open, and) {
            (Expr::And(mut list), true, true) | (Expr::Or(mut list), true, false) => {
                list.push(right.expr);
                list
            }
            (expr, ..) => vec![expr, right.expr],
        };
        let expr = if and { Expr::And(list) } else { Expr::Or(list) };
        let mut term = self.grown(Term::new(left.at, expr, Kind::Boolean), height)?;
        term.open = true;
        Ok(term)
    }

    fn compare(
        &mut self,
        by: Comparison,
        mut left: Term<'a>,
        mut right: Term<'a>,
    ) -> Result<Term<'a>, Fault> {
        suit(self.reading, &self.cursor, &mut left, &right)?;
        suit(self.reading, &self.cursor, &mut right, &left)?;
        let null = left.kind == Kind::Null || right.kind == Kind::Null;
        if left.kind != right.kind && !null {
            return Err(mismatch(&self.cursor, &left, &right));
        }
        let equality = matches!(by, Comparison::Equal | Comparison::NotEqual);
        let lists = left.kind == Kind::TextList && right.kind == Kind::TextList;
        for side in [&left, &right] {
            if !(side.kind.is_ordered() || (equality && (null || lists))) {
                let message = format!("{} cannot be compared like this.", capital(called(side.kind)));
                let hint = match side.kind {
                    Kind::TextList => "Look at each element: Appliances/any(a:a eq 'Dishwasher').",
                    _ => "Compare geo.distance(…) with a number of metres.",
                };
                return Err(self.cursor.bad(side.at, "wrong_type", message, hint));
            }
        }
        let height = left.height.max(right.height);
        let expr = Expr::Compare(by, Box::new(left.expr), Box::new(right.expr));
        self.grown(Term::new(left.at, expr, Kind::Boolean), height)
    }

    pub(super) fn condition(&self, term: &Term<'_>) -> Result<(), Fault> {
        if matches!(term.kind, Kind::Boolean | Kind::Null) {
            return Ok(());
        }
        let message = format!("A condition is expected here, not {}.", called(term.kind));
        let hint = match term.kind {
            _ if term.is_literal() => "Compare a field with it, such as ListPrice gt 500000.",
            _ => {
                "Compare it with something, such as ListPrice gt 500000; `not` needs parentheses around what it denies."
            }
        };
        Err(self.cursor.bad(term.at, "wrong_type", message, hint))
    }

    fn number(&self, term: &Term<'_>) -> Result<(), Fault> {
        if matches!(term.kind, Kind::Number | Kind::Null) {
            return Ok(());
        }
        if matches!(term.kind, Kind::Date | Kind::Timestamp | Kind::Time) {
            return Err(self.cursor.unsupported(term.at, "Arithmetic with dates and times"));
        }
        let message = format!("A number is expected here, not {}.", called(term.kind));
        Err(self.cursor.bad(term.at, "wrong_type", message, "Arithmetic takes numbers alone."))
    }
}
