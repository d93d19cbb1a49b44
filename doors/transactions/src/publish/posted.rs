//! The body of a publish, read and judged event by event.

use dictionary::{Text, Timestamp};
use gate::Caller;
use http::StatusCode;
use outflow::LARGEST_DATA;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::keys;
use crate::Door;
use crate::judge::{Judged, judge};
use crate::reply::Refused;
use crate::report::normal;
use crate::validate::unreadable;

/// Events of one request at most.
const MOST_EVENTS: usize = 1_000;

/// A body.
pub(super) struct Sent {
    pub(super) events: Vec<Posted>,
    /// Whether they stood in an array, of one event too.
    pub(super) several: bool,
}

/// An event as a producer sends it.
pub(super) struct Posted {
    pub(super) topic: Text,
    pub(super) recipients: Vec<Text>,
    pub(super) sources: Vec<Text>,
    /// `time`, where the producer gives one.
    pub(super) time: Option<Timestamp>,
    /// What the event is known by where the producer gives it an id of its own.
    pub(super) key: Option<keys::Key>,
    /// `data` as it is kept.
    pub(super) data: String,
    pub(super) judged: Judged,
}

/// Reads one event or an array of them.
///
/// # Errors
/// 400 where it is no JSON or an event names no recipient or no registered topic, 413 past a bound.
pub(super) fn read(body: &[u8], caller: &Caller, door: &Door) -> Result<Sent, Refused> {
    let several = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let texts: Vec<&RawValue> = if several {
        serde_json::from_slice(body).map_err(|error| unreadable(&error))?
    } else {
        vec![serde_json::from_slice(body).map_err(|error| unreadable(&error))?]
    };
    if texts.is_empty() || texts.len() > MOST_EVENTS {
        let message = format!("The array holds {} events.", texts.len());
        let status = if texts.is_empty() { 400 } else { 413 };
        return Err(Refused::new(status, "events_wrong", message, "Send 1 to 1,000 at a time."));
    }
    let events = texts.iter().map(|text| event(text.get(), caller, door)).collect::<Result<_, _>>()?;
    Ok(Sent { events, several })
}

#[derive(Deserialize)]
struct WithData<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

fn event(text: &str, caller: &Caller, door: &Door) -> Result<Posted, Refused> {
    if text.len() > LARGEST_DATA {
        let message = format!("An event has {} bytes.", text.len());
        let hint = "An event has at most 256 KiB; send the address of what is larger.";
        return Err(Refused::new(413, "too_large", message, hint));
    }
    let judged = judge(text).map_err(|error| unreadable(&error))?;
    let payload = &judged.payload;
    let recipients = uris(&payload["recipient"]);
    if recipients.is_empty() {
        return Err(Refused::Sentence(StatusCode::BAD_REQUEST, "No recipient found".into()));
    }
    // Whoever names a topic that there is not learns so before anyone is asked whether they may.
    let topic = payload["topic"].as_str().unwrap_or_default();
    if crate::topic::find(topic).is_none() {
        return Err(Refused::Invalid(judged.items));
    }
    let data = match serde_json::from_str::<WithData<'_>>(text) {
        Ok(WithData { data: Some(data) }) if judged.report.is_some() => normal(data.get()),
        Ok(WithData { data: Some(data) }) => data.get().to_owned(),
        _ => String::new(),
    };
    Ok(Posted {
        topic: topic.into(),
        sources: uris(&payload["source"]),
        time: payload["time"].as_str().and_then(|time| time.parse().ok()),
        key: payload["id"].as_str().and_then(|id| keys::of_event(id, caller, door, text)),
        data,
        recipients,
        judged,
    })
}

/// One text or several.
fn uris(value: &Value) -> Vec<Text> {
    match value {
        Value::String(one) if !one.is_empty() => vec![one.into()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).map(Text::from).collect(),
        _ => Vec::new(),
    }
}
