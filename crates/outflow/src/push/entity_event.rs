//! What is pushed of the log: RESO's EntityEvents in its Common Format (RCP-27, RCP-28, RCP-25).

use dictionary::{Dictionary, Version};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use outbound::{Failure, Request};
use serde_json::{Map, Value, json};
use store::Trace;

use super::request::{set, signed};
use crate::own::record_url;
use crate::settings::Settings;
use crate::standing::Endpoint;

/// The request that tells of these entries, which are one at least.
pub(super) fn request(
    dictionary: &Dictionary,
    settings: &Settings,
    endpoint: &Endpoint,
    entries: &[Trace],
    now: dictionary::Timestamp,
) -> Result<Request, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // How a consumer tells several feeds of one producer apart; a header of its own that it confided counts more.
    if let Some(name) = &endpoint.name {
        set(&mut headers, "entityeventsource", name);
    }
    let number = |entry: Option<&Trace>| entry.map_or(0, |entry| entry.sequence);
    let id = format!("entityevent-{}-{}", number(entries.first()), number(entries.last()));
    signed(endpoint, &id, now, body(dictionary, settings, entries), headers, &settings.master)
}

/// One event as itself, several in `value`.
fn body(dictionary: &Dictionary, settings: &Settings, entries: &[Trace]) -> String {
    let release = match dictionary.version() {
        Version::V2_0 => "2.0",
        Version::V2_1 => "2.1",
    };
    let mut body = Map::new();
    let context = format!("urn:reso:metadata:{release}:resource:entityevent");
    body.insert("@reso.context".into(), context.into());
    let event = |entry: &Trace| {
        let resource = dictionary.resource(entry.resource);
        [
            ("EntityEventSequence", json!(entry.sequence)),
            ("ResourceName", resource.name.as_str().into()),
            ("ResourceRecordKey", entry.key.as_str().into()),
            ("ResourceRecordUrl", record_url(settings, resource, &entry.key).into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    };
    match entries {
        [one] => body.extend(event(one)),
        several => {
            let all = several.iter().map(|entry| Value::Object(event(entry).into_iter().collect()));
            body.insert("value".into(), all.collect());
        }
    }
    Value::Object(body).to_string()
}
