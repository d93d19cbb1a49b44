//! Which fields an expression looks at, so that a record is made of no more.

use std::collections::BTreeMap;

use dictionary::{Dictionary, FieldId, LinkId, ResourceId};
use query::{Expr, Over};

/// The fields of each resource that some expressions look at, in the order of their ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needed {
    fields: BTreeMap<ResourceId, Vec<FieldId>>,
}

impl Needed {
    /// The fields of a resource.
    pub(crate) fn of(&self, resource: ResourceId) -> &[FieldId] {
        self.fields.get(&resource).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, resource: ResourceId, field: FieldId) {
        let fields = self.fields.entry(resource).or_default();
        if let Err(at) = fields.binary_search(&field) {
            fields.insert(at, field);
        }
    }

    /// Adds what `expr` looks at on a record of `resource`.
    pub(crate) fn add_expr(&mut self, expr: &Expr, resource: ResourceId, dictionary: &Dictionary) {
        self.visit(expr, &mut vec![resource], dictionary);
    }

    fn visit(&mut self, expr: &Expr, around: &mut Vec<ResourceId>, dictionary: &Dictionary) {
        match expr {
            Expr::Null
            | Expr::Value(_)
            | Expr::Polygon(_)
            | Expr::LineString(_)
            // The list that it is an element of was added by the quantifier.
            | Expr::Element(_) => {}
            Expr::Field(field) => {
                if let Some(resource) = self.follow(around, field.scope, &field.via, dictionary) {
                    self.add(resource, field.field);
                }
            }
            Expr::Count(over) => {
                self.over(over, around, dictionary);
            }
            Expr::Compare(_, a, b) | Expr::Has(a, b) | Expr::Arithmetic(_, a, b) => {
                self.visit(a, around, dictionary);
                self.visit(b, around, dictionary);
            }
            Expr::Not(a) | Expr::Negate(a) => self.visit(a, around, dictionary),
            Expr::In(a, list) => {
                self.visit(a, around, dictionary);
                list.iter().for_each(|e| self.visit(e, around, dictionary));
            }
            Expr::And(list) | Expr::Or(list) | Expr::Call(_, list) => {
                list.iter().for_each(|e| self.visit(e, around, dictionary));
            }
            Expr::Quantified(quantifier) => {
                let inner = self.over(&quantifier.over, around, dictionary);
                // A lambda over a list has no resource of its own; its place is kept.
                around.push(inner.unwrap_or(around[0]));
                if let Some(body) = &quantifier.body {
                    self.visit(body, around, dictionary);
                }
                around.pop();
            }
        }
    }

    fn over(&mut self, over: &Over, around: &[ResourceId], dictionary: &Dictionary) -> Option<ResourceId> {
        match over {
            Over::List(field) => {
                let resource = self.follow(around, field.scope, &field.via, dictionary)?;
                self.add(resource, field.field);
                None
            }
            Over::Link(link) => {
                let resource = self.follow(around, link.scope, &link.via, dictionary)?;
                Some(self.step(resource, link.link, dictionary))
            }
        }
    }

    fn follow(
        &mut self,
        around: &[ResourceId],
        scope: u8,
        via: &[LinkId],
        dictionary: &Dictionary,
    ) -> Option<ResourceId> {
        let start = *around.get(usize::from(scope))?;
        Some(via.iter().fold(start, |resource, link| self.step(resource, *link, dictionary)))
    }

    fn step(&mut self, resource: ResourceId, link: LinkId, dictionary: &Dictionary) -> ResourceId {
        let link = dictionary.resource(resource).link(link);
        self.add(resource, link.join.source);
        self.add(link.target, link.join.target);
        link.target
    }
}

/// The one own field that an expression looks at, where it looks at one field and follows no link.
pub(crate) fn only_field(expr: &Expr) -> Option<FieldId> {
    let mut found = None;
    let mut simple = true;
    let mut look = |scope: u8, via: &[LinkId], field: FieldId| {
        let same = *found.get_or_insert(field) == field;
        simple = simple && same && scope == 0 && via.is_empty();
    };
    let mut links = false;
    let mut over = |over: &Over, look: &mut dyn FnMut(u8, &[LinkId], FieldId)| match over {
        Over::List(field) => look(field.scope, &field.via, field.field),
        Over::Link(_) => links = true,
    };
    expr.walk(&mut |e| match e {
        Expr::Field(field) => look(field.scope, &field.via, field.field),
        Expr::Count(it) => over(it, &mut look),
        Expr::Quantified(quantifier) => over(&quantifier.over, &mut look),
        _ => {}
    });
    if simple && !links { found } else { None }
}
