//! The one JSON Schema that says what an event looks like, and every payload held against it.
//!
//! `schema/events.json` holds the definitions; a topic's payload is `{topic, recipient, source?, data}`
//! around one of them. What a validator finds, it finds all at once.

mod fault;
mod linked;
mod mock;
#[cfg(test)]
mod tests;

use std::sync::{LazyLock, OnceLock};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

pub use fault::Item;
pub(crate) use linked::alias;
pub(crate) use mock::{Wanted, mock};

use crate::topic::{self, Topic, every_topic};

/// Items that one answer lists at most: whoever sends nonsense is not sent a megabyte of it back.
const MOST_ITEMS: usize = 200;

static EVENTS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../schema/events.json")).expect("schema/events.json is JSON")
});

/// The definitions by name.
pub(crate) fn definitions() -> &'static Map<String, Value> {
    EVENTS["$defs"].as_object().expect("schema/events.json has definitions")
}

/// The schema of `data` of a topic: its definition, and the action that `type` must be.
pub(crate) fn data_schema(topic: &Topic) -> Value {
    let definition = json!({ "$ref": format!("#/$defs/{}", topic.schema) });
    match topic.action {
        None => definition,
        Some(action) => json!({ "allOf": [definition], "properties": { "type": { "const": action } } }),
    }
}

/// The schema of what is published to a topic, without the definitions that it refers to.
pub(crate) fn payload_schema(topic: &Topic) -> Value {
    json!({
        "type": "object",
        "description": topic.summary,
        "required": ["topic", "recipient", "data"],
        "properties": {
            "topic": { "const": topic.name },
            "recipient": { "$ref": "#/$defs/Recipients" },
            "source": { "$ref": "#/$defs/Recipients" },
            "time": { "type": "string", "format": "date-time", "examples": ["2019-08-24T14:15:22Z"] },
            "data": data_schema(topic),
        },
    })
}

/// A schema with the definitions beside it.
fn whole(mut schema: Value) -> Value {
    schema["$schema"] = EVENTS["$schema"].clone();
    schema["$defs"] = EVENTS["$defs"].clone();
    schema
}

fn compiled(schema: Value) -> Validator {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&whole(schema))
        .expect("the project's own schema is sound, as its tests show")
}

/// The validator of a topic, made when it is first needed.
fn of_topic(at: usize) -> &'static Validator {
    static MADE: LazyLock<Vec<OnceLock<Validator>>> =
        LazyLock::new(|| every_topic().iter().map(|_| OnceLock::new()).collect());
    MADE[at].get_or_init(|| compiled(payload_schema(&every_topic()[at])))
}

/// The validator of a definition, by its place among them.
fn of_definition(name: &str) -> Option<&'static Validator> {
    static MADE: LazyLock<Vec<OnceLock<Validator>>> =
        LazyLock::new(|| definitions().iter().map(|_| OnceLock::new()).collect());
    let at = definitions().keys().position(|known| known == name)?;
    Some(MADE[at].get_or_init(|| compiled(json!({ "$ref": format!("#/$defs/{name}") }))))
}

/// Everything that is wrong with a payload whose JSON-LD spellings are [`alias`]ed.
pub(crate) fn faults(payload: &Value) -> Vec<Item> {
    let Some(name) = payload.get("topic") else {
        return vec![Item {
            data_path: String::new(),
            ..Item::own(
                "required",
                "/topic",
                json!({ "missingProperty": "topic" }),
                "topic is missing. Send one of those that /asyncapi.json lists.",
            )
        }];
    };
    match name.as_str().and_then(topic::find) {
        Some((at, _)) => items(of_topic(at), payload),
        None => vec![unknown_topic(name)],
    }
}

/// Everything that is wrong with a thing: a payload where it has a topic, else what its type says.
pub(crate) fn faults_of_object(object: &Value) -> Vec<Item> {
    let named = object.get("type").and_then(Value::as_str).and_then(of_definition);
    match named.filter(|_| object.get("topic").is_none()) {
        Some(validator) => items(validator, object),
        None => faults(object),
    }
}

fn items(validator: &Validator, value: &Value) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    for item in validator.iter_errors(value).take(MOST_ITEMS).map(|error| Item::of(&error)) {
        // A definition and its topic may ask for the same: once is enough.
        let again = |known: &Item| {
            known.path == item.path && known.keyword == item.keyword && known.params == item.params
        };
        if !found.iter().any(again) {
            found.push(item);
        }
    }
    found
}

fn unknown_topic(given: &Value) -> Item {
    let near = given.as_str().and_then(topic::nearest);
    let hint = match near {
        Some(near) => format!("Did you mean {near}?"),
        None => "/asyncapi.json lists those that may be published.".to_owned(),
    };
    let params = json!({ "allowedValues": near.into_iter().collect::<Vec<_>>() });
    Item::own("enum", "/topic", params, format!("The topic {given} is not registered. {hint}"))
}
