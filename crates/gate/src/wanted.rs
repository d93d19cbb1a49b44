//! Every field that a question names, link by link.

use std::collections::HashMap;

use dictionary::{Dictionary, FieldId, FieldSet, LinkId, ResourceId};
use query::{Expr, FieldRef, LinkRef, Over, Query, Selection, Sight};

use crate::Refusal;

/// Fields by resource.
pub(crate) struct Wanted<'a> {
    dictionary: &'a Dictionary,
    sight: &'a Sight,
    pub(crate) fields: HashMap<ResourceId, FieldSet>,
}

type Said<T = ()> = Result<T, Refusal>;

impl<'a> Wanted<'a> {
    pub(crate) fn new(dictionary: &'a Dictionary, sight: &'a Sight) -> Self {
        Self { dictionary, sight, fields: HashMap::new() }
    }

    /// Takes everything that `query` names, its expansions included; refuses what may not be seen in any
    /// feed, as though it did not exist.
    pub(crate) fn query(&mut self, query: &Query) -> Said {
        self.resource(query.resource)?;
        let scopes = &mut vec![query.resource];
        if let Some(filter) = &query.filter {
            self.expr(filter, scopes)?;
        }
        for order in &query.order {
            self.expr(&order.by, scopes)?;
        }
        for computed in &query.compute {
            self.expr(&computed.of, scopes)?;
        }
        if let Selection::Fields(fields) = &query.select {
            fields.iter().try_for_each(|field| self.field(query.resource, *field))?;
        }
        for expand in &query.expand {
            let target = self.follow(query.resource, expand.link)?;
            if target != expand.query.resource {
                return Err(Refusal::query());
            }
            self.query(&expand.query)?;
        }
        Ok(())
    }

    fn resource(&self, resource: ResourceId) -> Said {
        let Some(known) = self.dictionary.resources().get(resource.index()) else {
            return Err(Refusal::query());
        };
        if self.sight.sees_resource(resource) { Ok(()) } else { Err(Refusal::resource(&known.name)) }
    }

    fn field(&mut self, resource: ResourceId, field: FieldId) -> Said {
        self.resource(resource)?;
        let known = self.dictionary.resource(resource);
        let Some(declared) = known.fields.get(field.index()) else { return Err(Refusal::query()) };
        if !self.sight.sees(resource, field) {
            return Err(Refusal::field(&known.name, &declared.name));
        }
        self.fields.entry(resource).or_default().insert(field);
        Ok(())
    }

    /// A link tells what its join fields hold, so following it names them.
    fn follow(&mut self, resource: ResourceId, link: LinkId) -> Said<ResourceId> {
        self.resource(resource)?;
        let known = self.dictionary.resource(resource);
        let Some(link) = known.links.get(link.index()) else { return Err(Refusal::query()) };
        let hidden = || Refusal::field(&known.name, &link.name);
        let both = self.field(resource, link.join.source).and_then(|()| {
            self.field(link.target, link.join.target)?;
            link.join.constant.iter().try_for_each(|(field, _)| self.field(link.target, *field))
        });
        both.map_err(|_| hidden())?;
        Ok(link.target)
    }

    fn reference(&mut self, at: &FieldRef, scopes: &[ResourceId]) -> Said {
        let resource = self.via(at.scope, &at.via, scopes)?;
        self.field(resource, at.field)
    }

    fn via(&mut self, scope: u8, via: &[LinkId], scopes: &[ResourceId]) -> Said<ResourceId> {
        let start = *scopes.get(usize::from(scope)).ok_or_else(Refusal::query)?;
        via.iter().try_fold(start, |at, link| self.follow(at, *link))
    }

    /// The resource that a lambda's variable stands for. The elements of a list have no fields; the
    /// list's own resource stands in their place and is not used.
    fn over(&mut self, over: &Over, scopes: &[ResourceId]) -> Said<ResourceId> {
        match over {
            Over::List(at) => {
                self.reference(at, scopes)?;
                Ok(scopes[usize::from(at.scope)])
            }
            Over::Link(LinkRef { scope, via, link }) => {
                let from = self.via(*scope, via, scopes)?;
                self.follow(from, *link)
            }
        }
    }

    fn expr(&mut self, expr: &Expr, scopes: &mut Vec<ResourceId>) -> Said {
        match expr {
            Expr::Null | Expr::Value(_) | Expr::Polygon(_) | Expr::LineString(_) | Expr::Element(_) => Ok(()),
            Expr::Field(at) => self.reference(at, scopes),
            Expr::Count(over) => self.over(over, scopes).map(|_| ()),
            Expr::Compare(_, a, b) | Expr::Has(a, b) | Expr::Arithmetic(_, a, b) => {
                self.expr(a, scopes)?;
                self.expr(b, scopes)
            }
            Expr::Not(a) | Expr::Negate(a) => self.expr(a, scopes),
            Expr::In(a, list) => {
                self.expr(a, scopes)?;
                list.iter().try_for_each(|e| self.expr(e, scopes))
            }
            Expr::And(list) | Expr::Or(list) | Expr::Call(_, list) => {
                list.iter().try_for_each(|e| self.expr(e, scopes))
            }
            Expr::Quantified(quantifier) => {
                let target = self.over(&quantifier.over, scopes)?;
                scopes.push(target);
                let said = quantifier.body.as_ref().map_or(Ok(()), |body| self.expr(body, scopes));
                scopes.pop();
                said
            }
        }
    }
}
