//! Random records that tie.

use dictionary::{Dictionary, Feed, FieldId, Key, LookupStatus, Record, Resource, Type, Value};
use fastrand::Rng;

use crate::Shape;
use crate::shape::incoming;

/// How many records of a resource the links of others lead to: keys 0 to 11.
const LINKED_TO: u64 = 12;

/// The key of the `number`th record of `resource`: `Property-7`, or `7` where the key is a whole number. A
/// key of several fields has this in each.
#[must_use]
pub fn key(dictionary: &Dictionary, resource: &Resource, number: u64) -> Key {
    let part = |id: &FieldId| text_of(&part(dictionary, resource, *id, number));
    let parts: Vec<String> = resource.key.iter().map(part).collect();
    parts.join("|").into()
}

/// The `number`th record of a resource. Its links lead to records of keys 0 to 11, in both directions, so
/// that they tie with others made by this function. About a quarter of its fields is null.
#[must_use]
pub fn record(rng: &mut Rng, dictionary: &Dictionary, shape: &Shape, number: u64) -> Record {
    let resource = dictionary.resource(shape.resource);
    let mut record = Record::new(shape.resource);
    for id in &shape.fields {
        let field = resource.field(*id);
        // Some fields are nearly always filled, some nearly never.
        if rng.u8(..16) < [15, 13, 13, 8, 2][id.index() % 5] {
            record.set(*id, crate::value(rng, dictionary, field));
        }
    }
    for link in &resource.links {
        let target = dictionary.resource(link.target);
        if target.key.contains(&link.join.target) && fits(resource, link.join.source) && rng.u8(..8) > 0 {
            record.set(link.join.source, part(dictionary, target, link.join.target, rng.u64(..LINKED_TO)));
        }
    }
    // Of the links that lead here from others' keys (Media of a Property, of a Member …) one is chosen.
    let owners: Vec<_> = incoming(dictionary, resource.id)
        .filter(|(from, link)| from.key.contains(&link.join.source) && fits(resource, link.join.target))
        .collect();
    if !owners.is_empty() && rng.u8(..8) > 0 {
        let (from, link) = owners[rng.usize(..owners.len())];
        record.set(link.join.target, part(dictionary, from, link.join.source, rng.u64(..LINKED_TO)));
        if let Some((field, constant)) = &link.join.constant {
            record.set(*field, constant.clone());
        }
    }
    for id in &resource.key {
        record.set(*id, part(dictionary, resource, *id, number));
    }
    record
}

/// `count` records, numbered from 0, of the feeds `A`, `B` and `C`.
#[must_use]
pub fn records(rng: &mut Rng, dictionary: &Dictionary, shape: &Shape, count: u64) -> Vec<(Feed, Record)> {
    (0..count)
        .map(|number| (["A", "B", "C"][rng.usize(..3)].into(), record(rng, dictionary, shape, number)))
        .collect()
}

/// Whether the field can hold a key of this module.
fn fits(resource: &Resource, id: FieldId) -> bool {
    let field = resource.field(id);
    let locked = field.lookup_status == Some(LookupStatus::Locked);
    !locked && !matches!(field.ty, Type::Text { max_chars: Some(max) } if max < 40)
}

fn part(dictionary: &Dictionary, resource: &Resource, id: FieldId, number: u64) -> Value {
    let field = resource.field(id);
    // A part of a key may be one of a few words; what tells two records apart are the other parts.
    if let Some(lookup) = field.lookup.filter(|_| field.lookup_status == Some(LookupStatus::Locked)) {
        let values = &dictionary.lookup(lookup).values;
        return Value::Text(values[number as usize % values.len()].value.clone());
    }
    if matches!(field.ty, Type::Int16 | Type::Int32 | Type::Int64) {
        return Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    }
    Value::from(format!("{}-{number}", resource.name))
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        other => other.as_text().unwrap_or_default().to_owned(),
    }
}
