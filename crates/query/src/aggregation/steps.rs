//! A question as a whole: which expressions it looks at records with.

use dictionary::{ResourceId, Timestamp};

use super::{Aggregation, Grouping, Join, Side, Transformation};
use crate::{Expand, Expr, Order, Query};

impl Aggregation {
    /// The question that asks for all that this one looks at: who may ask it may ask this.
    #[must_use]
    pub fn looks_at(&self) -> Query {
        asked(self.resource, &self.steps)
    }

    /// The same question with `now` in place of `now()`.
    #[must_use]
    pub fn bind(mut self, now: Timestamp) -> Self {
        each_expr(&mut self.steps, &mut |expr| *expr = std::mem::replace(expr, Expr::Null).bind(now));
        self
    }

    /// What is filtered by before anything else is done, and what is done then.
    #[must_use]
    pub fn filtered(&self) -> (Option<&Expr>, &[Transformation]) {
        match self.steps.split_first() {
            Some((Transformation::Filter(filter), rest)) => (Some(filter), rest),
            _ => (None, &self.steps),
        }
    }
}

/// The question of all that steps look at, and of what they look at by links.
fn asked(resource: ResourceId, steps: &[Transformation]) -> Query {
    let (mut order, mut expand) = (Vec::new(), Vec::new());
    look(steps, true, &mut |expr| order.push(Order::ascending(expr.clone())));
    joins(steps, &mut |join| {
        let mut query = asked(join.target, &join.steps);
        let linked = join.columns.iter().filter_map(|side| match side {
            Side::Linked(expr) => Some(Order::ascending(expr.clone())),
            Side::Own(_) => None,
        });
        query.order.extend(linked);
        expand.push(Expand { link: join.link, query });
    });
    Query { order, expand, ..Query::all(resource) }
}

/// Visits every join; there is none of what another has made.
fn joins<'e>(steps: &'e [Transformation], visit: &mut dyn FnMut(&'e Join)) {
    for step in steps {
        match step {
            Transformation::Join(join) => visit(join),
            Transformation::Each(each) => joins(&each.steps, visit),
            Transformation::Concat { branches, .. } => {
                branches.iter().for_each(|branch| joins(&branch.steps, visit));
            }
            _ => {}
        }
    }
}

/// Visits what steps look at records with; whether records are left after them.
fn look<'e>(steps: &'e [Transformation], records: bool, visit: &mut impl FnMut(&'e Expr)) -> bool {
    let mut records = records;
    for step in steps {
        let mut visit_here = |expr| {
            if records {
                visit(expr)
            }
        };
        match step {
            Transformation::Filter(filter) => visit_here(filter),
            Transformation::Compute { terms, .. } => terms.iter().for_each(visit_here),
            Transformation::Order(order) => order.iter().for_each(|term| visit_here(&term.by)),
            Transformation::Rank(rank) => visit_here(&rank.order.by),
            Transformation::Skip(_) | Transformation::Top(_) => {}
            Transformation::Group(grouping) => {
                grouping.each().for_each(visit_here);
                records = false;
            }
            Transformation::Join(join) => {
                let own = join.columns.iter().filter_map(|side| match side {
                    Side::Own(expr) => Some(expr),
                    Side::Linked(_) => None,
                });
                own.for_each(visit_here);
                records = false;
            }
            Transformation::Each(each) => {
                each.by.iter().for_each(visit_here);
                records = look_dyn(&each.steps, records, visit);
            }
            Transformation::Concat { branches, .. } => {
                let mut left = false;
                for branch in branches {
                    left |= look_dyn(&branch.steps, records, visit);
                }
                records = left;
            }
        }
    }
    records
}

/// The same through a reference of one type, however deep it is.
fn look_dyn<'e>(steps: &'e [Transformation], records: bool, visit: &mut dyn FnMut(&'e Expr)) -> bool {
    look(steps, records, &mut |expr| visit(expr))
}

fn each_expr(steps: &mut [Transformation], visit: &mut dyn FnMut(&mut Expr)) {
    for step in steps {
        match step {
            Transformation::Filter(filter) => visit(filter),
            Transformation::Compute { terms, .. } => terms.iter_mut().for_each(&mut *visit),
            Transformation::Order(order) => order.iter_mut().for_each(|term| visit(&mut term.by)),
            Transformation::Rank(rank) => visit(&mut rank.order.by),
            Transformation::Skip(_) | Transformation::Top(_) => {}
            Transformation::Group(grouping) => grouping.each_mut(visit),
            Transformation::Join(join) => {
                for side in &mut join.columns {
                    let (Side::Own(expr) | Side::Linked(expr)) = side;
                    visit(expr);
                }
                each_expr(&mut join.steps, visit);
            }
            Transformation::Each(each) => {
                each.by.iter_mut().for_each(&mut *visit);
                each_expr(&mut each.steps, visit);
            }
            Transformation::Concat { branches, .. } => {
                branches.iter_mut().for_each(|branch| each_expr(&mut branch.steps, visit));
            }
        }
    }
}

impl Grouping {
    /// All that is looked at.
    fn each(&self) -> impl Iterator<Item = &Expr> {
        let of = self.of.iter();
        let inner = of.flat_map(|aggregate| {
            std::iter::once(&aggregate.of).chain(aggregate.from.iter().flat_map(|from| &from.by))
        });
        self.by.iter().chain(inner)
    }

    fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        self.by.iter_mut().for_each(&mut *visit);
        for aggregate in &mut self.of {
            visit(&mut aggregate.of);
            aggregate.from.iter_mut().flat_map(|from| &mut from.by).for_each(&mut *visit);
        }
    }
}
