//! Records as JSON values, by the names of their fields.

use dictionary::{Record, Resource, Value};
use odata::json::{Numbers, write_value};
use serde_json::{Map, Value as Json, json};
use store::Stored;

/// The fields of a record.
pub(crate) fn fields(own: &Resource, record: &Record) -> Map<String, Json> {
    record.iter().map(|(id, value)| (own.field(id).name.to_string(), one(value))).collect()
}

/// A kept record, with its version.
pub(crate) fn kept(own: &Resource, stored: &Stored) -> Json {
    let mut object = fields(own, &stored.record);
    object.insert("@version".into(), json!(stored.sequence));
    Json::Object(object)
}

/// `{"value": […]}` of these records.
pub(crate) fn list(own: &Resource, stored: &[Stored]) -> Json {
    json!({ "value": stored.iter().map(|one| kept(own, one)).collect::<Vec<_>>() })
}

fn one(value: &Value) -> Json {
    let mut bytes = Vec::new();
    write_value(&mut bytes, value.view(), Numbers::Plain);
    serde_json::from_slice(&bytes).unwrap_or(Json::Null)
}
