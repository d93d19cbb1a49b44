//! Random questions about lists and links.

use dictionary::Field;
use query::{Expr, FieldRef, Kind, LinkRef, Over, Quantifier, Quantity};

use super::{Variable, Writer, number_of};
use crate::Shape;

/// Lambdas in lambdas are of little use, and slow on many records.
const MOST_SCOPES: usize = 3;

impl Writer<'_> {
    pub(super) fn quantified(&mut self, depth: u8) -> Expr {
        if self.scopes.len() > MOST_SCOPES {
            return self.plain();
        }
        let Some((over, variable)) = self.over() else { return self.plain() };
        let quantity = if self.rng.bool() { Quantity::Any } else { Quantity::All };
        let body = if quantity == Quantity::Any && self.rng.u8(..6) == 0 {
            None
        } else {
            self.scopes.push(variable);
            let body = self.body(depth - 1);
            self.scopes.pop();
            Some(body)
        };
        Expr::Quantified(Box::new(Quantifier { quantity, over, body }))
    }

    /// Something about the innermost variable, and now and then about the others.
    fn body(&mut self, depth: u8) -> Expr {
        let scope = self.scopes.len() - 1;
        let about = match &self.scopes[scope] {
            Variable::Element => Some(Expr::Element(number_of(scope))),
            Variable::Record(shape) => {
                let shape = shape.clone();
                let field = self.field_of(&shape, Kind::Text);
                field.map(|field| {
                    Expr::Field(FieldRef { scope: number_of(scope), via: Box::default(), field })
                })
            }
        };
        match about {
            Some(about) if self.rng.u8(..4) < 3 => {
                let comparison = self.pick(&super::COMPARISONS);
                Expr::Compare(comparison, Box::new(about), Box::new(self.text(0)))
            }
            _ => self.boolean(depth),
        }
    }

    pub(super) fn count(&mut self) -> Option<Expr> {
        Some(Expr::Count(self.over()?.0))
    }

    pub(super) fn has(&mut self, depth: u8) -> Expr {
        let left = if self.rng.bool() { self.field(Kind::TextList) } else { None };
        let left = match left {
            Some(list) => list,
            None => self.text(depth - 1),
        };
        let right = match self.declared(Kind::TextList) {
            Some(field) if self.rng.bool() => self.element_of(&field),
            _ => self.text(0),
        };
        Expr::Has(Box::new(left), Box::new(right))
    }

    fn element_of(&mut self, field: &Field) -> Expr {
        match crate::value(self.rng, self.dictionary, field) {
            dictionary::Value::TextList(list) if !list.is_empty() => Expr::Value(list[0].clone().into()),
            _ => some_text(),
        }
    }

    /// A list or a link of some variable, and what one of it is.
    fn over(&mut self) -> Option<(Over, Variable)> {
        let scope = self.rng.usize(..self.scopes.len());
        let Variable::Record(shape) = &self.scopes[scope] else { return None };
        let shape = shape.clone();
        let (via, shape) = self.path(shape);
        let (scope, via) = (number_of(scope), via.into());
        if self.rng.bool()
            && let Some(field) = self.field_of(&shape, Kind::TextList)
        {
            return Some((Over::List(FieldRef { scope, via, field }), Variable::Element));
        }
        let links: Vec<_> =
            self.dictionary.resource(shape.resource).each_link().filter(|(_, link)| link.many).collect();
        if links.is_empty() {
            return None;
        }
        let (id, link) = links[self.rng.usize(..links.len())];
        let target = Shape::of(self.dictionary, link.target);
        Some((Over::Link(LinkRef { scope, via, link: id }), Variable::Record(target)))
    }
}

fn some_text() -> Expr {
    Expr::Value("Dishwasher".into())
}
