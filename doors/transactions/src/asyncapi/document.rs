//! The events as an AsyncAPI 3.0 document, from the table of topics and the schema.

use serde_json::{Map, Value, json};

use crate::Settings;
use crate::schema::{Wanted, data_schema, definitions, mock};
use crate::topic::{Topic, every_topic};

/// The seed of the examples: the document is the same at every start.
const SEED: u64 = 1;

/// The document.
pub(super) fn document(settings: &Settings) -> Value {
    let topics = every_topic();
    let (scheme, host) = settings.public_url.split_once("://").unwrap_or(("http", &settings.public_url));
    let address = |topic: &Topic| reference("channels", &name(topic));
    let message = |topic: &Topic| json!({ "$ref": format!("#/channels/{}/messages/event", name(topic)) });
    let mut channels = Map::new();
    let mut operations = Map::new();
    let mut messages = Map::new();
    for topic in topics {
        let name = name(topic);
        channels.insert(name.clone(), channel(topic));
        operations.insert(
            format!("publish.{name}"),
            json!({
                "action": "receive", "channel": address(topic), "messages": [message(topic)],
                "summary": format!("POST /publish/ with the topic {}.", topic.name),
            }),
        );
        operations.insert(
            format!("deliver.{name}"),
            json!({
                "action": "send", "channel": address(topic), "messages": [message(topic)],
                "summary": "Pulled from the inbox, streamed, or pushed to an endpoint.",
            }),
        );
        messages.insert(name, of_topic(topic));
    }
    let mut schemas: Map<String, Value> =
        definitions().iter().map(|(name, schema)| (name.clone(), elsewhere(schema.clone()))).collect();
    schemas.insert("Envelope".into(), envelope());
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Freehold events",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Franchise transaction reports and the events of their family: published with \
                POST /publish/, delivered to the subscribers of their agents.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "servers": { "freehold": {
            "host": host, "protocol": scheme,
            "security": [{ "$ref": "#/components/securitySchemes/apiKey" }],
        } },
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "schemas": schemas,
            "securitySchemes": { "apiKey": { "type": "httpApiKey", "name": "x-api-key", "in": "header" } },
        },
    })
}

/// The name of a topic where a name may hold letters, digits and `. - _` alone.
pub(super) fn name(topic: &Topic) -> String {
    topic.name.trim_start_matches("realestate/").replace('#', "_")
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/{kind}/{name}") })
}

fn channel(topic: &Topic) -> Value {
    json!({
        "address": topic.name,
        "description": topic.summary,
        "messages": { "event": { "$ref": format!("#/components/messages/{}", name(topic)) } },
    })
}

/// A message: what is in the envelope, beside the headers that say the same as the envelope.
fn of_topic(topic: &Topic) -> Value {
    let payload = json!({ "allOf": [
        { "$ref": "#/components/schemas/Envelope" },
        {
            "type": "object",
            "required": ["topic", "data"],
            "properties": { "topic": { "const": topic.name }, "data": elsewhere(data_schema(topic)) },
        },
    ] });
    json!({
        "name": topic.name,
        "title": topic.name,
        "summary": topic.summary,
        "contentType": "application/json",
        "headers": { "$ref": "#/components/schemas/Envelope" },
        "payload": payload,
        "examples": [{ "name": "made", "summary": "Made from the schema.", "payload": example(topic) }],
    })
}

/// An event as a subscriber gets it.
fn example(topic: &Topic) -> Value {
    let made = mock(topic.name, Wanted::default(), SEED).and_then(|made| serde_json::to_value(made).ok());
    let data = made.map(|made| made["data"].clone()).unwrap_or_default();
    json!({
        "topic": topic.name,
        "time": "2019-08-24T14:15:22Z",
        "agent": "https://agent-1657897.example.com/profile/card#me",
        "instrument": "https://app-guru.example.com/profile/card#me",
        "originalRecipient": "https://agent-1657897.example.com/profile/card#me",
        "id": "https://example.com/publish/01ARYZ6S41TSV4RRFFQ69G5FAV",
        "@id": "https://agent-1657897.example.com/inbox/01ARYZ6S41TSV4RRFFQ69G5FAV",
        "data": data,
    })
}

/// What Freehold says of every event, in the body and as headers.
fn envelope() -> Value {
    let uri = |what: &str| json!({ "type": "string", "format": "uri", "description": what });
    json!({
        "type": "object",
        "description": "What Freehold says of an event. The headers of a push say the same.",
        "properties": {
            "time": { "type": "string", "format": "date-time", "description": "When it happened." },
            "agent": uri("Whom this copy is for."),
            "instrument": uri("The app that published it."),
            "source": {
                "description": "Who got a copy besides.",
                "oneOf": [
                    { "type": "string", "format": "uri" },
                    { "type": "array", "items": { "type": "string", "format": "uri" } },
                ],
            },
            "originalRecipient": {
                "description": "Whom it was published to: the agent, or somebody that the agent is a source of.",
                "oneOf": [
                    { "type": "string", "format": "uri" },
                    { "type": "array", "items": { "type": "string", "format": "uri" } },
                ],
            },
            "id": uri("Its address, the same for every subscriber, for ever."),
            "@id": uri("The address of this subscriber's copy."),
        },
    })
}

/// References to the definitions as they stand in this document.
fn elsewhere(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member {
                    Value::String(to) if name == "$ref" => {
                        *to = to.replace("#/$defs/", "#/components/schemas/");
                    }
                    other => *other = elsewhere(std::mem::take(other)),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = elsewhere(std::mem::take(item))),
        _ => {}
    }
    schema
}
