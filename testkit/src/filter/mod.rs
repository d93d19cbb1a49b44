//! Random filters that make sense: every operator, every function, lambdas and paths.

mod lists;
mod numbers;
mod places;
mod texts;
mod times;

use dictionary::{Dictionary, Field, FieldId, ResourceId, Type};
use fastrand::Rng;
use query::{Comparison, Expr, FieldRef, Kind};

use crate::Shape;

/// The deepest filter that [`filter`] makes, in steps of its argument.
pub const MOST_DEPTH: u8 = 6;

/// A filter on records of `shape`, of nested operators up to `depth`. It has the kind
/// [`Boolean`](query::Kind::Boolean).
#[must_use]
pub fn filter(rng: &mut Rng, dictionary: &Dictionary, shape: &Shape, depth: u8) -> Expr {
    Writer::new(rng, dictionary, shape).boolean(depth.min(MOST_DEPTH))
}

/// A number computed from records of `shape`.
pub(crate) fn number(rng: &mut Rng, dictionary: &Dictionary, shape: &Shape, depth: u8) -> Expr {
    Writer::new(rng, dictionary, shape).number(depth)
}

/// What a variable stands for.
enum Variable {
    Record(Shape),
    Element,
}

struct Writer<'a> {
    rng: &'a mut Rng,
    dictionary: &'a Dictionary,
    /// The record asked about, then the variables of the lambdas around.
    scopes: Vec<Variable>,
}

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
];

const COMPARABLE: [Kind; 6] =
    [Kind::Number, Kind::Number, Kind::Text, Kind::Date, Kind::Timestamp, Kind::Time];

impl<'a> Writer<'a> {
    fn new(rng: &'a mut Rng, dictionary: &'a Dictionary, shape: &Shape) -> Self {
        Self { rng, dictionary, scopes: vec![Variable::Record(shape.clone())] }
    }

    fn boolean(&mut self, depth: u8) -> Expr {
        if depth == 0 {
            return self.plain();
        }
        match self.rng.u8(..14) {
            0 | 1 => Expr::And(self.some(depth)),
            2 | 3 => Expr::Or(self.some(depth)),
            4 | 5 => Expr::Not(Box::new(self.boolean(depth - 1))),
            6 => self.quantified(depth),
            7 => self.has(depth),
            8 => self.about_text(depth),
            9 => self.inside(),
            10 => self.member(depth),
            11 => self.is_of(depth),
            _ => self.comparison(depth),
        }
    }

    fn some(&mut self, depth: u8) -> Vec<Expr> {
        (0..self.rng.usize(2..4)).map(|_| self.boolean(depth - 1)).collect()
    }

    /// A field held against a value of its own, a test for null, or a field that is a filter by itself.
    fn plain(&mut self) -> Expr {
        if self.rng.u8(..8) == 0
            && let Some(field) = self.field(Kind::Boolean)
        {
            return field;
        }
        let Some((field, value)) = self.field_and_value() else { return true_() };
        let comparison = self.pick(&COMPARISONS);
        let value = if self.rng.u8(..10) == 0 { Expr::Null } else { value };
        let swapped = self.rng.u8(..6) == 0;
        let (a, b) = if swapped { (value, field) } else { (field, value) };
        Expr::Compare(comparison, Box::new(a), Box::new(b))
    }

    fn comparison(&mut self, depth: u8) -> Expr {
        let kind = self.pick(&COMPARABLE);
        let comparison = self.pick(&COMPARISONS);
        let a = self.expr(kind, depth - 1);
        let b = if self.rng.u8(..12) == 0 { Expr::Null } else { self.expr(kind, depth - 1) };
        Expr::Compare(comparison, Box::new(a), Box::new(b))
    }

    fn member(&mut self, depth: u8) -> Expr {
        let kind = self.pick(&COMPARABLE);
        let one = self.expr(kind, depth - 1);
        let mut list: Vec<Expr> = (0..self.rng.usize(1..6)).map(|_| self.expr(kind, 0)).collect();
        if self.rng.u8(..4) == 0 {
            list.push(Expr::Null);
        }
        Expr::In(Box::new(one), list)
    }

    /// An expression of this kind.
    fn expr(&mut self, kind: Kind, depth: u8) -> Expr {
        match kind {
            Kind::Number => self.number(depth),
            Kind::Date => self.date(depth),
            Kind::Timestamp => self.timestamp(depth),
            Kind::Time => self.time(depth),
            Kind::Text => self.text(depth),
            Kind::Point => self.point(),
            _ => self.boolean(depth),
        }
    }

    /// A field of this kind, or a value that one may hold.
    fn leaf(&mut self, kind: Kind) -> Expr {
        let field = self.field(kind);
        match field {
            Some(field) if self.rng.u8(..8) < 5 => field,
            _ => self.literal(kind),
        }
    }

    /// A value of this kind.
    fn literal(&mut self, kind: Kind) -> Expr {
        let field = self.declared(kind);
        match field {
            Some(field) => Expr::Value(crate::value(self.rng, self.dictionary, &field)),
            None => Expr::Null,
        }
    }

    /// A field of this kind, of the record asked about, of a variable, or of a record that either links to.
    fn field(&mut self, kind: Kind) -> Option<Expr> {
        let scope = self.rng.usize(..self.scopes.len());
        let shape = match &self.scopes[scope] {
            Variable::Element => {
                return (kind == Kind::Text).then(|| Expr::Element(number_of(scope)));
            }
            Variable::Record(shape) => shape.clone(),
        };
        let (via, shape) = self.path(shape);
        let field = self.field_of(&shape, kind)?;
        Some(Expr::Field(FieldRef { scope: number_of(scope), via: via.into(), field }))
    }

    /// Now and then a step or two over links to one record.
    fn path(&mut self, mut shape: Shape) -> (Vec<dictionary::LinkId>, Shape) {
        let mut via = Vec::new();
        while via.len() < 2 && self.rng.u8(..8) == 0 {
            let links: Vec<_> =
                self.dictionary.resource(shape.resource).each_link().filter(|(_, l)| !l.many).collect();
            if links.is_empty() {
                break;
            }
            let (id, link) = links[self.rng.usize(..links.len())];
            via.push(id);
            shape = Shape::of(self.dictionary, link.target);
        }
        (via, shape)
    }

    fn field_of(&mut self, shape: &Shape, kind: Kind) -> Option<FieldId> {
        let resource = self.dictionary.resource(shape.resource);
        let fields: Vec<FieldId> =
            shape.fields.iter().copied().filter(|id| kind_of_type(resource.field(*id).ty) == kind).collect();
        (!fields.is_empty()).then(|| fields[self.rng.usize(..fields.len())])
    }

    /// A field of the record asked about, for its values.
    fn declared(&mut self, kind: Kind) -> Option<Field> {
        let (resource, shape) = self.root();
        let field = self.field_of(&shape, kind)?;
        Some(self.dictionary.resource(resource).field(field).clone())
    }

    fn field_and_value(&mut self) -> Option<(Expr, Expr)> {
        let (resource, shape) = self.root();
        let field = shape.fields[self.rng.usize(..shape.fields.len())];
        let declared = self.dictionary.resource(resource).field(field);
        if !COMPARABLE.contains(&kind_of_type(declared.ty)) {
            return None;
        }
        let value = Expr::Value(crate::value(self.rng, self.dictionary, declared));
        Some((Expr::field(field), value))
    }

    fn root(&self) -> (ResourceId, Shape) {
        match &self.scopes[0] {
            Variable::Record(shape) => (shape.resource, shape.clone()),
            Variable::Element => unreachable!("the outermost variable is the record asked about"),
        }
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.rng.usize(..from.len())]
    }
}

fn true_() -> Expr {
    Expr::Value(true.into())
}

fn number_of(scope: usize) -> u8 {
    u8::try_from(scope).unwrap_or(u8::MAX)
}

fn kind_of_type(ty: Type) -> Kind {
    match ty {
        Type::Boolean => Kind::Boolean,
        Type::Int16 | Type::Int32 | Type::Int64 | Type::Decimal { .. } | Type::Double => Kind::Number,
        Type::Date => Kind::Date,
        Type::Timestamp => Kind::Timestamp,
        Type::Time => Kind::Time,
        Type::Text { .. } => Kind::Text,
        Type::TextList { .. } => Kind::TextList,
        Type::Point => Kind::Point,
    }
}
