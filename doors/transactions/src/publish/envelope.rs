//! What Freehold says of an event: who published it, when, and what it is about (EVT-035 to EVT-039).

use dictionary::{Text, Timestamp};
use gate::Caller;
use outflow::{Event, EventId};
use serde_json::{Value, json};

use super::posted::Posted;
use crate::{Door, profile};

/// Characters of a subject that are kept; with the client's id before it, it is an ordering key.
const LONGEST: usize = 180;

/// The event. Its instrument comes from the credential, whatever the body says (EVT-036).
pub(super) fn event(door: &Door, caller: &Caller, posted: &Posted, id: EventId, now: Timestamp) -> Event {
    let subject = subject(posted);
    let client = caller.client();
    Event {
        id: id.text(),
        uri: Text::from(format!("{}/publish/{id}", door.settings.public_url)),
        topic: posted.topic.clone(),
        time: posted.time.unwrap_or(now),
        instrument: profile::of_app(&door.settings, client),
        original_recipients: posted.recipients.clone(),
        sources: posted.sources.clone(),
        ordering_key: subject.as_ref().map(|subject| Text::from(format!("{client}|{subject}"))),
        subject,
        context: Some(json!({ "client": client.as_str() }).to_string().into()),
        data: posted.data.as_str().into(),
    }
}

/// The transaction, listing or contact that an event is about: events about one thing keep their order.
fn subject(posted: &Posted) -> Option<Text> {
    if let Some(report) = &posted.judged.report {
        return Some(report.transaction.clone());
    }
    let object = &posted.judged.payload["data"]["object"];
    let identifier = &object["identifier"];
    let first = identifier.as_object().and_then(|ids| ids.values().find_map(Value::as_str));
    let said = object["id"].as_str().or(identifier.as_str()).or(first).or(object.as_str())?;
    let cut: String = said.chars().take(LONGEST).collect();
    (!cut.is_empty()).then(|| cut.into())
}
