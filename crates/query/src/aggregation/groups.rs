//! Groups, by what is the same throughout each, and what they come to.

use std::collections::HashMap;

use dictionary::{Record, ResourceId, Value};

use super::{Aggregate, From, Grouping, Identity, Tally, identity, plain, rows};
use crate::Expr;

/// What is the same throughout a group, and which are of it.
pub type Group<I> = (Vec<Option<Value>>, Vec<I>);

/// What an expression comes to on one of them.
type Look<'a, I> = &'a dyn Fn(I, &Expr) -> Option<Value>;

/// Divides `all` by the values of `by`, in the order in which groups begin; those of one keep their order.
pub(super) fn split<I: Copy>(all: &[I], by: &[Expr], look: Look<'_, I>) -> Vec<Group<I>> {
    let mut known: HashMap<Vec<Option<Identity>>, usize> = HashMap::new();
    let mut groups: Vec<Group<I>> = Vec::new();
    for one in all {
        let key: Vec<Option<Value>> = by.iter().map(|by| look(*one, by).map(plain)).collect();
        let place = *known
            .entry(key.iter().map(|value| value.as_ref().map(identity)).collect())
            .or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, members)) => members.push(*one),
            None => groups.push((key, vec![*one])),
        }
    }
    groups
}

/// The rows of groups of `all`, in the order of what they are grouped by.
pub(super) fn grouped<I: Copy>(
    grouping: &Grouping,
    all: &[I],
    resource: ResourceId,
    look: &dyn Fn(I, &Expr) -> Option<Value>,
) -> Vec<Record> {
    let groups = match &*grouping.by {
        [] => vec![(Vec::new(), all.to_vec())],
        by => split(all, by, look),
    };
    let row = |(key, members): Group<I>| {
        let aggregates = grouping.of.iter().map(|aggregate| aggregate.of_group(&members, look));
        rows::row(resource, key.into_iter().chain(aggregates))
    };
    let mut rows: Vec<Record> = groups.into_iter().map(row).collect();
    rows::sort_rows(&mut rows, grouping.by.len());
    rows
}

impl Aggregate {
    fn of_group<I: Copy>(&self, members: &[I], look: Look<'_, I>) -> Option<Value> {
        self.by_way_of(&self.from, members, look)
    }

    /// What the group comes to by way of groups inside it: the last of `from` is the outermost.
    fn by_way_of<I: Copy>(&self, from: &[From], members: &[I], look: Look<'_, I>) -> Option<Value> {
        let Some((outer, inner)) = from.split_last() else {
            let mut tally = Tally::new(self.method);
            members.iter().for_each(|member| tally.add(look(*member, &self.of)));
            return tally.done();
        };
        let mut tally = Tally::new(outer.method);
        for (_, some) in split(members, &outer.by, look) {
            tally.add(self.by_way_of(inner, &some, look));
        }
        tally.done()
    }
}
