//! Lookup and Field: the dictionary and the values in use, told as records (RESO-007, RESO-048).

use dictionary::{Origin, Record, Resource, ResourceId, Text, Timestamp, Type, Value};
use gate::Caller;
use search::Reader;
use std::collections::BTreeMap;

use crate::Door;

/// The resources that this room tells.
pub(crate) fn tells(name: &str) -> bool {
    matches!(name, "Lookup" | "Field")
}

/// Every record of Lookup or Field that the caller may see.
pub(crate) fn records(
    door: &Door,
    caller: &Caller,
    resource: ResourceId,
    reader: &Reader<'_>,
) -> Vec<Record> {
    let resource = door.dictionary.resource(resource);
    match resource.name.as_str() {
        "Lookup" => lookups(door, caller, resource, reader),
        _ => fields(door, caller, resource),
    }
}

/// When the words last changed: with the release of the dictionary, as no table says more.
fn stamp() -> Value {
    Value::Timestamp(Timestamp::UNIX_EPOCH)
}

struct Draft<'a>(&'a Resource, Record);

impl<'a> Draft<'a> {
    fn new(resource: &'a Resource) -> Self {
        Self(resource, Record::new(resource.id)).with("ModificationTimestamp", stamp())
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Some(field) = self.0.find(name) {
            self.1.set(field, value);
        }
        self
    }

    fn done(self) -> Record {
        self.1
    }
}

/// The resources whose words are told to this caller.
fn seen<'a>(door: &'a Door, caller: &'a Caller) -> impl Iterator<Item = &'a Resource> {
    let offered = |r: &&Resource| r.origin != Origin::Freehold && caller.sight().sees_resource(r.id);
    door.dictionary.resources().iter().filter(offered)
}

/// The values in use of every lookup, with their standard and legacy names where the dictionary knows them.
fn lookups(door: &Door, caller: &Caller, own: &Resource, reader: &Reader<'_>) -> Vec<Record> {
    let mut in_use: BTreeMap<(Text, Text), Option<(Text, Text)>> = BTreeMap::new();
    for resource in seen(door, caller) {
        for (id, field) in resource.each() {
            let Some(lookup) = field.lookup.filter(|_| caller.sight().sees(resource.id, id)) else {
                continue;
            };
            let lookup = door.dictionary.lookup(lookup);
            for (value, _) in reader.lookups_in_use(resource.id, id) {
                let standard = lookup.find(&value).map(|known| (known.value.clone(), known.legacy.clone()));
                in_use.insert((lookup.name.clone(), value), standard);
            }
        }
    }
    in_use
        .into_iter()
        .map(|((name, value), standard)| {
            let draft = Draft::new(own)
                .with("LookupKey", format!("{name}:{value}"))
                .with("LookupName", name)
                .with("LookupValue", value);
            match standard {
                None => draft,
                Some((standard, legacy)) if legacy.is_empty() => draft.with("StandardLookupValue", standard),
                Some((standard, legacy)) => {
                    draft.with("StandardLookupValue", standard).with("LegacyODataValue", legacy)
                }
            }
            .done()
        })
        .collect()
}

/// The fields that the caller may see.
fn fields(door: &Door, caller: &Caller, own: &Resource) -> Vec<Record> {
    let mut told = Vec::new();
    for resource in seen(door, caller) {
        for (_, field) in resource.each().filter(|(id, _)| caller.sight().sees(resource.id, *id)) {
            let mut draft = Draft::new(own)
                .with("FieldKey", format!("{}.{}", resource.name, field.name))
                .with("ResourceName", resource.name.clone())
                .with("FieldName", field.name.clone())
                .with("CollectionYN", field.ty.is_list())
                .with("NullableYN", !field.key)
                .with("ReadableYN", true)
                .with("SearchableYN", true)
                .with("OrderableYN", !field.ty.is_list());
            if let Some(lookup) = field.lookup {
                draft = draft.with("LookupName", door.dictionary.lookup(lookup).name.clone());
            }
            draft = match field.ty {
                Type::Text { max_chars: Some(n) } | Type::TextList { max_chars: Some(n) } => {
                    draft.with("Length", i64::from(n))
                }
                Type::Decimal { precision: Some(precision), scale } => {
                    draft.with("Precision", i64::from(precision)).with("Scale", i64::from(scale.unwrap_or(0)))
                }
                _ => draft,
            };
            told.push(draft.done());
        }
    }
    told
}
