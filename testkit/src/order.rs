//! Random orders and whole questions.

use dictionary::{Dictionary, Type};
use fastrand::Rng;
use query::{Expr, Order, Query};

use crate::Shape;

/// Up to three terms, mostly fields, in either direction, null where OData has it.
#[must_use]
pub fn order(rng: &mut Rng, dictionary: &Dictionary, shape: &Shape) -> Vec<Order> {
    let resource = dictionary.resource(shape.resource);
    let sortable: Vec<_> = shape
        .fields
        .iter()
        .filter(|id| !matches!(resource.field(**id).ty, Type::Point | Type::TextList { .. }))
        .collect();
    let mut terms = Vec::new();
    for _ in 0..rng.usize(..4) {
        let by = match rng.u8(..8) {
            0 => crate::filter::number(rng, dictionary, shape, 2),
            _ => Expr::field(*sortable[rng.usize(..sortable.len())]),
        };
        terms.push(Order { descending: rng.bool(), ..Order::ascending(by) });
    }
    terms
}

/// A question with a random filter, order, size, skip, top and count; without a mark.
#[must_use]
pub fn query(rng: &mut Rng, dictionary: &Dictionary, shape: &Shape) -> Query {
    let mut query = Query::all(shape.resource);
    if rng.u8(..8) > 0 {
        query.filter = Some(crate::filter(rng, dictionary, shape, 3));
    }
    query.order = order(rng, dictionary, shape);
    query.page_size = [1, 2, 3, 7, 50, 1_000][rng.usize(..6)];
    query.skip = if rng.u8(..4) == 0 { rng.u64(..10) } else { 0 };
    query.top = (rng.u8(..3) == 0).then(|| rng.u64(..20));
    query.count = rng.bool();
    query
}
