//! Records and entries of the log as JSON values.

use dictionary::{Resource, Value as FieldValue};
use odata::json::{Numbers, write_value};
use serde_json::{Map, Value, json};
use store::{ChangeKind, Stored};

use crate::operate::{Desk, Entry, shown_fields};

/// A record with its version.
pub(super) fn record(resource: &Resource, stored: &Stored) -> Value {
    let shown = shown_fields(resource);
    let mut object = Map::new();
    for (id, value) in stored.record.iter().filter(|(id, _)| shown.contains(*id)) {
        object.insert(resource.field(id).name.to_string(), one(value));
    }
    object.insert("@key".into(), json!(stored.key.as_str()));
    object.insert("@version".into(), json!(stored.sequence));
    Value::Object(object)
}

/// An entry of the log: who, when, what, from what, to what.
pub(super) fn entry(desk: &Desk, entry: &Entry) -> Value {
    let change = &entry.change;
    let resource = desk.dictionary.resource(change.resource);
    let kind = match change.kind {
        ChangeKind::Created => "created",
        ChangeKind::Changed => "changed",
        ChangeKind::Removed => "removed",
    };
    let altered = entry.altered.iter().map(|altered| {
        let spelled = |value: &Option<FieldValue>| value.as_ref().map_or(Value::Null, one);
        json!({
            "field": resource.field(altered.field).name.as_str(),
            "before": spelled(&altered.before),
            "after": spelled(&altered.after),
        })
    });
    json!({
        "sequence": change.sequence,
        "at": change.at.to_string(),
        "actor": change.actor.as_str(),
        "resource": resource.name.as_str(),
        "feed": change.feed.as_str(),
        "key": change.key.as_str(),
        "kind": kind,
        "altered": altered.collect::<Vec<_>>(),
    })
}

fn one(value: &FieldValue) -> Value {
    let mut bytes = Vec::new();
    write_value(&mut bytes, value.view(), Numbers::Plain);
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}
