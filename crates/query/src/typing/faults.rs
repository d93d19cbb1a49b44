//! What is said where an expression makes no sense.

use dictionary::Value;

use super::{Kind, TypeFault, Typing, Variable};
use crate::{Comparison, Expr, Over};

/// How many characters of a literal are shown.
const SHOWN: usize = 40;

impl Kind {
    /// As a sentence names it: `a number`.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "true or false",
            Self::Number => "a number",
            Self::Date => "a date",
            Self::Timestamp => "a date with time",
            Self::Time => "a time of day",
            Self::Text => "text",
            Self::TextList => "a list of text",
            Self::Point => "a point",
            Self::Polygon => "a polygon",
            Self::LineString => "a line",
        }
    }
}

impl Typing<'_> {
    /// As a sentence names it: a field by its name, a literal as it is.
    pub(super) fn shown(&self, expr: &Expr) -> String {
        match expr {
            Expr::Field(field) => {
                let mut names = Vec::new();
                let Some(Variable::Record(mut resource)) = self.scopes.get(usize::from(field.scope)).copied()
                else {
                    return "the field".into();
                };
                for link in &field.via {
                    let link = self.dictionary.resource(resource).link(*link);
                    names.push(link.name.as_str());
                    resource = link.target;
                }
                names.push(&self.dictionary.resource(resource).field(field.field).name);
                names.join("/")
            }
            Expr::Value(value) => literal(value),
            Expr::Null => "null".into(),
            Expr::Element(_) => "the list's element".into(),
            Expr::Count(Over::List(list)) => format!("{}/$count", self.shown(&Expr::Field(list.clone()))),
            Expr::Count(Over::Link(_)) => "the $count".into(),
            Expr::Call(function, _) => format!("{}(…)", function.name()),
            Expr::Polygon(_) => "the polygon".into(),
            Expr::LineString(_) => "the line".into(),
            Expr::Arithmetic(..) | Expr::Negate(_) => "the computed number".into(),
            _ => "the condition".into(),
        }
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => match text.char_indices().nth(SHOWN) {
            None => format!("'{text}'"),
            Some((end, _)) => format!("'{}…'", &text[..end]),
        },
        Value::Boolean(truth) => truth.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Timestamp(at) => at.to_string(),
        Value::Time(time) => time.to_string(),
        Value::TextList(_) => "the list".into(),
        Value::Point(_) => "the point".into(),
    }
}

pub(super) fn variable() -> TypeFault {
    TypeFault {
        message: "A variable is used where it stands for nothing, or for something else.".into(),
        hint:
            "Inside any or all, a variable over a list is an element itself, and one over a link has fields."
                .into(),
    }
}

pub(super) fn many(link: &str) -> TypeFault {
    TypeFault {
        message: format!("{link} leads to many records; a path goes over links to one."),
        hint: format!("Ask for one of them: {link}/any(x:x/Field eq value)."),
    }
}

pub(super) fn one(link: &str) -> TypeFault {
    TypeFault {
        message: format!("{link} leads to one record; any, all and $count are for many."),
        hint: format!("Write {link}/Field."),
    }
}

pub(super) fn no_list(field: &str, kind: Kind) -> TypeFault {
    TypeFault {
        message: format!("{field} is {}, not a list; any, all and $count are for lists.", kind.shown()),
        hint: format!("Compare it directly: {field} eq value."),
    }
}

pub(super) fn no_order(shown: &str, kind: Kind, comparison: Comparison) -> TypeFault {
    let operator = match comparison {
        Comparison::Equal => "eq",
        Comparison::NotEqual => "ne",
        Comparison::Greater => "gt",
        Comparison::GreaterOrEqual => "ge",
        Comparison::Less => "lt",
        Comparison::LessOrEqual => "le",
    };
    TypeFault {
        message: format!("{shown} is {} and cannot be compared with {operator}.", kind.shown()),
        hint: match kind {
            Kind::TextList => "Ask for its elements: Field/any(x:x eq 'text'), or Field/$count gt 1.".into(),
            _ => "Places can be compared with null by eq and ne; use geo.distance or geo.intersects.".into(),
        },
    }
}

pub(super) fn different(a: &str, left: Kind, b: &str, right: Kind) -> TypeFault {
    let hint = match (left, right) {
        (Kind::Date, Kind::Timestamp) | (Kind::Timestamp, Kind::Date) => {
            "Give both a time, such as 2026-11-23T00:00:00Z, or take date(…) of the one that has it.".into()
        }
        (Kind::TextList, Kind::Text) => format!("Ask for its elements: {a}/any(x:x eq {b}), or {a} has {b}."),
        (Kind::Text, Kind::TextList) => format!("Ask for its elements: {b}/any(x:x eq {a}), or {b} has {a}."),
        (Kind::Text, _) => format!("Write {b} between single quotes, or {a} without."),
        (_, Kind::Text) => format!("Write {b} without quotes, or {a} between single quotes."),
        _ => "Compare values of the same kind.".into(),
    };
    TypeFault {
        message: format!("{a} is {} and {b} is {}; they cannot be compared.", left.shown(), right.shown()),
        hint,
    }
}
