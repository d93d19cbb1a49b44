//! Whether an expression makes sense: which kind of value it has.

mod calls;
mod faults;
mod operators;

use dictionary::{Dictionary, ResourceId, Type, Value};

use crate::{Expr, FieldRef, LinkRef, Over};

#[cfg(test)]
mod tests;

/// The kind of value that an expression has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// `null`, which fits everywhere.
    Null,
    /// True or false: a filter.
    Boolean,
    /// A number of any type.
    Number,
    /// A date.
    Date,
    /// An instant.
    Timestamp,
    /// A time of day.
    Time,
    /// Text.
    Text,
    /// A list of text.
    TextList,
    /// A point.
    Point,
    /// A polygon.
    Polygon,
    /// A line.
    LineString,
}

impl Kind {
    /// The kind of a field's values.
    #[must_use]
    pub fn of(ty: Type) -> Self {
        match ty {
            Type::Boolean => Self::Boolean,
            Type::Int16 | Type::Int32 | Type::Int64 | Type::Decimal { .. } | Type::Double => Self::Number,
            Type::Date => Self::Date,
            Type::Timestamp => Self::Timestamp,
            Type::Time => Self::Time,
            Type::Text { .. } => Self::Text,
            Type::TextList { .. } => Self::TextList,
            Type::Point => Self::Point,
        }
    }

    /// Whether values of this kind have an order (4.01 part 2, 5.1.1.1: geography has none).
    #[must_use]
    pub fn is_ordered(self) -> bool {
        !matches!(self, Self::TextList | Self::Point | Self::Polygon | Self::LineString)
    }
}

/// Why an expression makes no sense.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeFault {
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl std::fmt::Display for TypeFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.message, self.hint)
    }
}

impl std::error::Error for TypeFault {}

/// The kind of `expr`, asked of a record of `resource`.
///
/// # Errors
/// The first operand that does not fit its operator or function.
pub fn kind_of(expr: &Expr, dictionary: &Dictionary, resource: ResourceId) -> Result<Kind, TypeFault> {
    Typing { dictionary, scopes: vec![Variable::Record(resource)] }.kind(expr)
}

/// Whether `expr` is a filter on records of `resource`: true, false or null.
///
/// # Errors
/// As [`kind_of`], and where it is something else.
pub fn check_filter(expr: &Expr, dictionary: &Dictionary, resource: ResourceId) -> Result<(), TypeFault> {
    let typing = Typing { dictionary, scopes: vec![Variable::Record(resource)] };
    let kind = kind_of(expr, dictionary, resource)?;
    typing.must_be_boolean(kind, expr, "A filter")
}

/// Whether records of `resource` can be ordered by `expr`.
///
/// # Errors
/// As [`kind_of`], and where its values have no order.
pub fn check_order(expr: &Expr, dictionary: &Dictionary, resource: ResourceId) -> Result<(), TypeFault> {
    let typing = Typing { dictionary, scopes: vec![Variable::Record(resource)] };
    let kind = kind_of(expr, dictionary, resource)?;
    if kind.is_ordered() {
        return Ok(());
    }
    Err(TypeFault {
        message: format!("{} is {} and has no order.", typing.shown(expr), kind.shown()),
        hint: match kind {
            Kind::Point => "Order by geo.distance to a place.".into(),
            _ => "Order by a field with one value, or by a list's $count.".into(),
        },
    })
}

/// What a variable stands for.
#[derive(Clone, Copy)]
enum Variable {
    Record(ResourceId),
    Element,
}

/// The words, and what the variable of each scope stands for, the record asked about first.
struct Typing<'a> {
    dictionary: &'a Dictionary,
    scopes: Vec<Variable>,
}

type Typed = Result<Kind, TypeFault>;

impl Typing<'_> {
    fn kind(&mut self, expr: &Expr) -> Typed {
        match expr {
            Expr::Null => Ok(Kind::Null),
            Expr::Value(value) => Ok(kind_of_value(value)),
            Expr::Polygon(_) => Ok(Kind::Polygon),
            Expr::LineString(_) => Ok(Kind::LineString),
            Expr::Field(field) => self.field(field),
            Expr::Element(scope) => match self.scopes.get(usize::from(*scope)) {
                Some(Variable::Element) => Ok(Kind::Text),
                _ => Err(faults::variable()),
            },
            Expr::Count(over) => self.over(over).map(|_| Kind::Number),
            Expr::Compare(comparison, a, b) => self.compare(*comparison, a, b),
            Expr::In(a, list) => self.is_in(a, list),
            Expr::Has(a, b) => self.has(a, b),
            Expr::And(list) => self.all_boolean(list, "and"),
            Expr::Or(list) => self.all_boolean(list, "or"),
            Expr::Not(a) => {
                let kind = self.kind(a)?;
                self.must_be_boolean(kind, a, "What follows not")?;
                Ok(Kind::Boolean)
            }
            Expr::Arithmetic(operator, a, b) => self.arithmetic(*operator, a, b),
            Expr::Negate(a) => self.number(a, "-"),
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Quantified(quantifier) => self.quantified(quantifier),
        }
    }

    fn field(&self, field: &FieldRef) -> Typed {
        let resource = self.path(field.scope, &field.via)?;
        Ok(Kind::of(self.dictionary.resource(resource).field(field.field).ty))
    }

    /// The resource that a path leads to; each step of it leads to one record.
    fn path(&self, scope: u8, via: &[dictionary::LinkId]) -> Result<ResourceId, TypeFault> {
        let Some(Variable::Record(mut resource)) = self.scopes.get(usize::from(scope)).copied() else {
            return Err(faults::variable());
        };
        for link in via {
            let link = self.dictionary.resource(resource).link(*link);
            if link.many {
                return Err(faults::many(&link.name));
            }
            resource = link.target;
        }
        Ok(resource)
    }

    /// What one of a list or of a link is.
    fn over(&self, over: &Over) -> Result<Variable, TypeFault> {
        match over {
            Over::List(list) => match self.field(list)? {
                Kind::TextList => Ok(Variable::Element),
                kind => Err(faults::no_list(&self.shown(&Expr::Field(list.clone())), kind)),
            },
            Over::Link(LinkRef { scope, via, link }) => {
                let resource = self.path(*scope, via)?;
                let link = self.dictionary.resource(resource).link(*link);
                if link.many { Ok(Variable::Record(link.target)) } else { Err(faults::one(&link.name)) }
            }
        }
    }
}

fn kind_of_value(value: &Value) -> Kind {
    match value {
        Value::Boolean(_) => Kind::Boolean,
        Value::Integer(_) | Value::Decimal(_) | Value::Double(_) => Kind::Number,
        Value::Date(_) => Kind::Date,
        Value::Timestamp(_) => Kind::Timestamp,
        Value::Time(_) => Kind::Time,
        Value::Text(_) => Kind::Text,
        Value::TextList(_) => Kind::TextList,
        Value::Point(_) => Kind::Point,
    }
}
