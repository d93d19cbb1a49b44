//! A column: one field of every record of a resource.

mod ahead;
pub(crate) mod chunk;
pub(crate) mod codes;
mod fill;
mod folded;
pub(crate) mod ints;
pub(crate) mod lists;
pub(crate) mod numbers;
pub(crate) mod plain;
pub(crate) mod points;
pub(crate) mod pool;
mod sieve;
pub(crate) mod texts;

use std::collections::BTreeMap;

use dictionary::{Type, Value, ValueRef};

use ints::Ints;
use lists::Lists;
use numbers::Numbers;
use points::Points;
use texts::Texts;

/// One field of every record, by row.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) body: Body,
    /// Values that the body cannot keep: of another kind than the field declares, or too large. Nearly
    /// always empty; a column with strays is not filtered by its numbers.
    pub(crate) strays: BTreeMap<u32, Value>,
}

/// How a column keeps its values.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Numbers(Numbers),
    Texts(Texts),
    Lists(Lists),
    Points(Points),
}

impl Column {
    pub(crate) fn new(ty: Type) -> Self {
        let body = match ty {
            Type::Text { .. } => Body::Texts(Texts::new()),
            Type::TextList { .. } => Body::Lists(Lists::new()),
            _ => Numbers::new(ty).map_or_else(|| Body::Points(Points::new()), Body::Numbers),
        };
        Self { body, strays: BTreeMap::new() }
    }

    pub(crate) fn set(&mut self, row: u32, value: ValueRef<'_>) {
        if !self.strays.is_empty() {
            self.strays.remove(&row);
        }
        let kept = match (&mut self.body, value) {
            (Body::Numbers(numbers), value) => numbers.set(row, value),
            (Body::Texts(texts), ValueRef::Text(text)) => {
                texts.set(row, text);
                true
            }
            (Body::Lists(lists), ValueRef::TextList(list)) => lists.set(row, list),
            (Body::Points(points), ValueRef::Point(point)) => points.set(row, point),
            _ => false,
        };
        if !kept {
            self.clear(row);
            self.strays.insert(row, value.to_value());
        }
    }

    pub(crate) fn clear(&mut self, row: u32) {
        if !self.strays.is_empty() {
            self.strays.remove(&row);
        }
        match &mut self.body {
            Body::Numbers(numbers) => numbers.clear(row),
            Body::Texts(texts) => texts.clear(row),
            Body::Lists(lists) => lists.clear(row),
            Body::Points(points) => points.clear(row),
        }
    }

    #[inline]
    pub(crate) fn look(&self, row: u32) -> Option<ValueRef<'_>> {
        let found = match &self.body {
            Body::Numbers(numbers) => numbers.look(row),
            Body::Texts(texts) => texts.get(row).map(ValueRef::Text),
            Body::Lists(lists) => lists.get(row).map(ValueRef::TextList),
            Body::Points(points) => points.get(row).map(ValueRef::Point),
        };
        match found {
            None if !self.strays.is_empty() => self.strays.get(&row).map(Value::view),
            found => found,
        }
    }

    /// What the codes and numbers mean: another shape is another meaning of the same ones.
    #[inline]
    pub(crate) fn shape(&self) -> u32 {
        match &self.body {
            Body::Numbers(numbers) => numbers.scale(),
            Body::Texts(texts) => u32::from(matches!(texts, Texts::Plain(_))),
            Body::Lists(_) | Body::Points(_) => 0,
        }
    }

    /// What is null where a row has no value, strays aside.
    pub(crate) fn presence(&self) -> &Ints {
        match &self.body {
            Body::Numbers(numbers) => &numbers.ints,
            Body::Texts(texts) => texts.presence(),
            Body::Lists(lists) => lists.codes(),
            Body::Points(points) => points.presence(),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        let body = match &self.body {
            Body::Numbers(numbers) => numbers.bytes(),
            Body::Texts(texts) => texts.bytes(),
            Body::Lists(lists) => lists.bytes(),
            Body::Points(points) => points.bytes(),
        };
        body + self.strays.len() * size_of::<(u32, Value)>()
    }

    pub(crate) fn shrink(&mut self) {
        match &mut self.body {
            Body::Numbers(numbers) => numbers.shrink(),
            Body::Texts(texts) => texts.shrink(),
            Body::Lists(lists) => lists.shrink(),
            Body::Points(points) => points.shrink(),
        }
    }
}
