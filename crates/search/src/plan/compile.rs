//! From an expression to tests on columns.

use dictionary::{FieldId, Record, ResourceId, Value};
use query::{Comparison, Expr, Function};

use super::ask::Ask;
use super::limits::{ALL, Limit, join};
use super::needed::only_field;
use super::node::{Node, Numbers, Rest};
use super::{mentions, places, words};
use crate::column::Body;
use crate::column::numbers::Meaning;
use crate::column::texts::Texts;
use crate::table::Table;

/// The test that is true of the rows of which `expr` is `want`.
pub(crate) fn compile<'i: 'e, 'e>(
    ask: &Ask<'i>,
    resource: ResourceId,
    expr: &'e Expr,
    want: bool,
    sees_all: bool,
) -> Node<'e> {
    let table = ask.table(resource);
    let each = |list: &'e [Expr]| list.iter().map(|e| compile(ask, resource, e, want, sees_all)).collect();
    match (expr, want) {
        // `and` is true where all are, false where one is false; `or` the other way round.
        (Expr::And(list), true) | (Expr::Or(list), false) => Node::all(each(list), table.len()),
        (Expr::And(list), false) | (Expr::Or(list), true) => Node::any(each(list)),
        (Expr::Not(inner), _) => compile(ask, resource, inner, !want, sees_all),
        _ => {
            let leaf = Leaf { ask, resource, table, expr, want, sees_all };
            leaf.by_column()
                .or_else(|| leaf.by_words())
                .or_else(|| leaf.by_join())
                .unwrap_or_else(|| leaf.by_record())
        }
    }
}

/// An expression that is no conjunction.
pub(super) struct Leaf<'a, 'i, 'e> {
    pub(super) ask: &'a Ask<'i>,
    pub(super) resource: ResourceId,
    pub(super) table: &'i Table,
    pub(super) expr: &'e Expr,
    pub(super) want: bool,
    pub(super) sees_all: bool,
}

impl<'i: 'e, 'e> Leaf<'_, 'i, 'e> {
    fn by_record(&self) -> Node<'e> {
        // What no record holds is null of every record, and a list of it is empty.
        let absent = only_field(self.expr).is_some_and(|field| self.is_absent(field));
        let mut looks = false;
        self.expr.walk(&mut |e| {
            looks |= match e {
                Expr::Field(_) => !own(e).is_some_and(|field| self.is_absent(field)),
                Expr::Count(_) | Expr::Quantified(_) | Expr::Element(_) => true,
                _ => false,
            };
        });
        if absent || !looks {
            let value = self.ask.value_of(self.expr, &Record::new(self.resource), self.sees_all);
            return constant(value == Some(Value::Boolean(self.want)));
        }
        self.ask.need(self.expr, self.resource);
        let (resource, expr) = (self.resource, self.expr);
        Node::Rest(Rest { resource, expr, want: self.want, sees_all: self.sees_all })
    }

    fn by_column(&self) -> Option<Node<'e>> {
        match self.expr {
            Expr::Field(_) => {
                let field = own(self.expr)?;
                let numbers = self.numbers(field)?;
                let truth = i64::from(self.want);
                (numbers.meaning == Meaning::Boolean).then(|| self.in_ranges(field, vec![(truth, truth)]))
            }
            Expr::Compare(comparison, a, b) => {
                // A comparison is never null, so what is not true is false.
                let node = match (own(a), own(b)) {
                    (Some(field), None) => self.compared(field, *comparison, b)?,
                    (None, Some(field)) => self.compared(field, flip(*comparison), a)?,
                    _ => places::near(self.ask, self.resource, *comparison, a, b)?,
                };
                Some(if self.want { node } else { node.negate() })
            }
            Expr::In(a, list) => {
                let node = self.among(own(a)?, list)?;
                Some(if self.want { node } else { node.negate() })
            }
            Expr::Call(function, of) if mentions::is_wording(*function) => self.wording(*function, of),
            Expr::Call(Function::GeoIntersects, of) => places::inside(self.ask, self.resource, of, self.want),
            _ => None,
        }
    }

    fn numbers(&self, field: FieldId) -> Option<&'i crate::column::numbers::Numbers> {
        let column = self.table.column(field)?;
        match &column.body {
            Body::Numbers(numbers) if column.strays.is_empty() => Some(numbers),
            _ => None,
        }
    }

    /// `field comparison other`.
    fn compared(&self, field: FieldId, comparison: Comparison, other: &'e Expr) -> Option<Node<'e>> {
        let node = match other {
            Expr::Null => match comparison {
                Comparison::Equal => return self.null(field),
                Comparison::NotEqual => return Some(self.null(field)?.negate()),
                _ => return Some(Node::Nothing),
            },
            Expr::Value(Value::Text(text)) if equality(comparison) => self.with_texts(field, &[text])?,
            Expr::Value(value) => {
                let Some(numbers) = self.numbers(field) else {
                    return self.without_column(field, comparison);
                };
                let limit = Limit::of(value, numbers)?;
                self.in_ranges(field, limit.range(comparison).into_iter().collect())
            }
            _ => return None,
        };
        Some(if comparison == Comparison::NotEqual { node.negate() } else { node })
    }

    /// Where no record has the field every comparison with a value is of null.
    fn without_column(&self, field: FieldId, comparison: Comparison) -> Option<Node<'e>> {
        self.is_absent(field).then(|| constant(comparison == Comparison::NotEqual))
    }

    /// Whether no record has the field.
    fn is_absent(&self, field: FieldId) -> bool {
        self.table.column(field).is_none() && self.table.key_field != Some(field)
    }

    fn among(&self, field: FieldId, list: &'e [Expr]) -> Option<Node<'e>> {
        let mut nodes = Vec::new();
        let mut ranges = Vec::new();
        let mut texts = Vec::new();
        for item in list {
            match item {
                Expr::Null => nodes.push(self.null(field)?),
                Expr::Value(Value::Text(text)) => texts.push(text),
                Expr::Value(value) => {
                    ranges.extend(Limit::of(value, self.numbers(field)?)?.range(Comparison::Equal));
                }
                _ => return None,
            }
        }
        if !ranges.is_empty() {
            nodes.push(self.in_ranges(field, ranges));
        }
        if !texts.is_empty() {
            nodes.push(self.with_texts(field, &texts)?);
        }
        Some(Node::any(nodes))
    }

    /// The rows without a value.
    pub(super) fn null(&self, field: FieldId) -> Option<Node<'e>> {
        if self.table.key_field == Some(field) {
            return Some(Node::Nothing);
        }
        let Some(column) = self.table.column(field) else { return Some(Node::Everything) };
        if !column.strays.is_empty() {
            return None;
        }
        let (there, all) = (column.presence().count(), self.table.len());
        if there == all {
            return Some(Node::Nothing);
        }
        Some(Node::Numbers(present(column.presence(), all)).negate())
    }

    fn in_ranges(&self, field: FieldId, ranges: Vec<(i64, i64)>) -> Node<'e> {
        let Some(numbers) = self.numbers(field) else { return Node::Nothing };
        let ranges = join(ranges);
        let Some((low, high)) = numbers.ints.bounds() else { return Node::Nothing };
        if ranges.iter().all(|range| range.1 < low || high < range.0) {
            return Node::Nothing;
        }
        let is_wide = matches!(ranges[..], [range] if range.0 <= low && high <= range.1);
        if is_wide && numbers.ints.count() == self.table.len() {
            return Node::Everything;
        }
        let share = numbers.ints.share(&ranges, self.table.rows());
        Node::Numbers(Numbers { field: Some(field), ints: &numbers.ints, ranges, share, spots: None })
    }

    /// The rows whose text is one of these.
    pub(super) fn with_texts(&self, field: FieldId, texts: &[&dictionary::Text]) -> Option<Node<'e>> {
        if self.table.key_field != Some(field) {
            let Some(column) = self.table.column(field) else { return Some(Node::Nothing) };
            match &column.body {
                _ if !column.strays.is_empty() => return None,
                Body::Texts(Texts::Coded(coded)) => {
                    let codes = texts.iter().filter_map(|text| coded.pool.find(text)).collect();
                    return Some(words::coded(field, coded, codes, self.table.len()));
                }
                Body::Texts(Texts::Plain(_)) => {}
                _ => return None,
            }
        }
        let mut rows: Vec<u32> = texts.iter().flat_map(|text| self.table.with_text(field, text)).collect();
        rows.sort_unstable();
        rows.dedup();
        Some(if rows.is_empty() { Node::Nothing } else { Node::Rows(rows) })
    }

    /// Where an expression looks at one field of few distinct values, each is asked once.
    fn by_words(&self) -> Option<Node<'e>> {
        let field = only_field(self.expr)?;
        let column = self.table.column(field).filter(|column| column.strays.is_empty())?;
        self.ask.weigh(self.expr);
        let asking =
            words::Asking { ask: self.ask, resource: self.resource, field, expr: self.expr, want: self.want };
        let rows = self.table.len();
        let node = match &column.body {
            Body::Texts(Texts::Coded(coded)) => words::coded(field, coded, asking.of_pool(&coded.pool), rows),
            Body::Lists(lists) => words::listed(lists, asking.of_lists(lists), rows),
            Body::Numbers(numbers) if numbers.meaning == Meaning::Boolean => {
                let truths = [false, true].into_iter().filter(|truth| asking.passes(Some((*truth).into())));
                self.in_ranges(field, truths.map(|truth| (i64::from(truth), i64::from(truth))).collect())
            }
            _ => return None,
        };
        if asking.passes(None) { Some(Node::any(vec![node, self.null(field)?])) } else { Some(node) }
    }
}

fn constant(truth: bool) -> Node<'static> {
    if truth { Node::Everything } else { Node::Nothing }
}

fn equality(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Equal | Comparison::NotEqual)
}

pub(super) fn flip(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        same => same,
    }
}

/// The field of the record asked about that an expression is.
pub(crate) fn own(expr: &Expr) -> Option<FieldId> {
    match expr {
        Expr::Field(field) if field.scope == 0 && field.via.is_empty() => Some(field.field),
        _ => None,
    }
}

/// The rows with a value.
pub(super) fn present(ints: &crate::column::ints::Ints, rows: usize) -> Numbers<'_> {
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    let share = ints.count() as f64 / rows.max(1) as f64;
    Numbers { field: None, ints, ranges: vec![ALL], share, spots: None }
}
