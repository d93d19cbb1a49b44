//! An expression about a linked record, as the same expression about that record itself.

use dictionary::LinkId;
use query::{Expr, FieldRef, LinkRef, Over, Quantifier};

/// How scopes and paths change.
#[derive(Clone, Copy)]
pub(super) enum Rebase {
    /// The variable of the outermost lambda becomes the record asked about.
    Variable,
    /// The record that this link leads to does.
    Through(LinkId),
}

impl Rebase {
    /// The expression; none where it looks at something that is not there any more.
    pub(super) fn expr(self, expr: &Expr) -> Option<Expr> {
        let one = |e: &Expr| self.expr(e);
        let boxed = |e: &Expr| self.expr(e).map(Box::new);
        let all = |list: &[Expr]| list.iter().map(one).collect::<Option<Vec<_>>>();
        Some(match expr {
            Expr::Null | Expr::Value(_) | Expr::Polygon(_) | Expr::LineString(_) => expr.clone(),
            Expr::Field(field) => Expr::Field(self.field(field)?),
            Expr::Element(scope) => Expr::Element(self.place(*scope, None)?.0),
            Expr::Count(over) => Expr::Count(self.over(over)?),
            Expr::Compare(comparison, a, b) => Expr::Compare(*comparison, boxed(a)?, boxed(b)?),
            Expr::In(a, list) => Expr::In(boxed(a)?, all(list)?),
            Expr::Has(a, b) => Expr::Has(boxed(a)?, boxed(b)?),
            Expr::And(list) => Expr::And(all(list)?),
            Expr::Or(list) => Expr::Or(all(list)?),
            Expr::Not(a) => Expr::Not(boxed(a)?),
            Expr::Arithmetic(operator, a, b) => Expr::Arithmetic(*operator, boxed(a)?, boxed(b)?),
            Expr::Negate(a) => Expr::Negate(boxed(a)?),
            Expr::Call(function, of) => Expr::Call(*function, all(of)?),
            Expr::Quantified(quantifier) => {
                let body = match &quantifier.body {
                    None => None,
                    Some(body) => Some(self.expr(body)?),
                };
                let over = self.over(&quantifier.over)?;
                Expr::Quantified(Box::new(Quantifier { quantity: quantifier.quantity, over, body }))
            }
        })
    }

    fn field(self, field: &FieldRef) -> Option<FieldRef> {
        let (scope, via) = self.place(field.scope, Some(&field.via))?;
        Some(FieldRef { scope, via: via.into(), field: field.field })
    }

    fn over(self, over: &Over) -> Option<Over> {
        Some(match over {
            Over::List(field) => Over::List(self.field(field)?),
            Over::Link(link) => {
                let (scope, via) = self.place(link.scope, Some(&link.via))?;
                Over::Link(LinkRef { scope, via: via.into(), link: link.link })
            }
        })
    }

    fn place(self, scope: u8, via: Option<&[LinkId]>) -> Option<(u8, Vec<LinkId>)> {
        let via = via.unwrap_or_default();
        match self {
            Self::Variable => Some((scope.checked_sub(1)?, via.to_vec())),
            Self::Through(link) if scope == 0 => {
                let rest = via.split_first().filter(|(first, _)| **first == link)?.1;
                Some((0, rest.to_vec()))
            }
            Self::Through(_) => Some((scope, via.to_vec())),
        }
    }
}

/// The link that every path from the record asked about begins with, where there is one.
pub(super) fn first_link(expr: &Expr) -> Option<LinkId> {
    let mut found = None;
    expr.walk(&mut |e| {
        let via = match e {
            Expr::Field(field) if field.scope == 0 => &field.via,
            Expr::Count(Over::Link(link)) if link.scope == 0 => &link.via,
            _ => return,
        };
        found = found.or(via.first().copied());
    });
    found
}
