//! What a question about events says of their numbers, resources and keys.

use std::ops::RangeInclusive;

use dictionary::{FieldId, Resource, Value};
use query::{Comparison, Expr, FieldRef};
use store::Sequence;

/// Keys that are looked up one by one; a longer list is held against every event.
const MOST_KEYS: usize = 100;

/// A filter taken apart: all of it holds for an event of this range, whose resource the `by_resource` terms
/// take, of one of these keys where there are any, for which the `rest` is true.
pub(super) struct Terms<'q> {
    pub(super) range: RangeInclusive<Sequence>,
    pub(super) keys: Vec<String>,
    pub(super) rest: Vec<&'q Expr>,
    pub(super) by_resource: Vec<&'q Expr>,
}

impl<'q> Terms<'q> {
    pub(super) fn of(filter: Option<&'q Expr>, resource: &Resource) -> Self {
        let (number, name) = (resource.find("EntityEventSequence"), resource.find("ResourceName"));
        let key = resource.find("ResourceRecordKey");
        let mut terms =
            Self { range: 1..=Sequence::MAX, keys: Vec::new(), rest: Vec::new(), by_resource: Vec::new() };
        let all: &[Expr] = match filter {
            Some(Expr::And(all)) => all,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        for term in all {
            if let Some((low, high)) = number.and_then(|number| bounds(term, number)) {
                let (from, to) = terms.range.clone().into_inner();
                terms.range = from.max(low)..=to.min(high);
            } else if name.is_some_and(|name| looks_only_at(term, name)) {
                terms.by_resource.push(term);
            } else if terms.keys.is_empty()
                && let Some(keys) = key.and_then(|key| keys(term, key))
            {
                terms.keys = keys;
            } else {
                terms.rest.push(term);
            }
        }
        terms
    }
}

fn is_own(expr: &Expr, wanted: FieldId) -> bool {
    matches!(expr, Expr::Field(FieldRef { scope: 0, via, field }) if via.is_empty() && *field == wanted)
}

/// The numbers that a comparison with a whole number leaves, the first and the last.
fn bounds(term: &Expr, number: FieldId) -> Option<(Sequence, Sequence)> {
    let Expr::Compare(comparison, left, right) = term else { return None };
    let Expr::Value(Value::Integer(value)) = &**right else { return None };
    if !is_own(left, number) {
        return None;
    }
    let value = *value;
    let from = |low: i64| (Sequence::try_from(low).unwrap_or(0), Sequence::MAX);
    let to = |high: i64| Sequence::try_from(high).map_or((1, 0), |high| (0, high));
    match comparison {
        Comparison::Greater => Some(value.checked_add(1).map_or((1, 0), from)),
        Comparison::GreaterOrEqual => Some(from(value)),
        Comparison::Less => Some(value.checked_sub(1).map_or((1, 0), to)),
        Comparison::LessOrEqual => Some(to(value)),
        Comparison::Equal => {
            let (high, low) = (to(value), from(value));
            Some((low.0.max(high.0), high.1))
        }
        Comparison::NotEqual => None,
    }
}

/// Whether a term can be decided by one field of the event itself.
fn looks_only_at(term: &Expr, wanted: FieldId) -> bool {
    let mut only = true;
    term.walk(&mut |expr| {
        only &= match expr {
            Expr::Field(_) => is_own(expr, wanted),
            Expr::Element(_) | Expr::Count(_) | Expr::Quantified(_) => false,
            _ => true,
        };
    });
    only
}

/// The keys that a term names, where they are the only ones that it lets pass.
fn keys(term: &Expr, key: FieldId) -> Option<Vec<String>> {
    let text = |expr: &Expr| match expr {
        Expr::Value(Value::Text(text)) => Some(text.to_string()),
        _ => None,
    };
    let mut keys: Vec<String> = match term {
        Expr::Compare(Comparison::Equal, left, right) if is_own(left, key) => vec![text(right)?],
        Expr::In(left, list) if is_own(left, key) && list.len() <= MOST_KEYS => {
            list.iter().map(text).collect::<Option<_>>()?
        }
        _ => return None,
    };
    keys.sort_unstable();
    keys.dedup();
    (!keys.is_empty()).then_some(keys)
}
