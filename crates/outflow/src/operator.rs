//! Operator events: what became of an endpoint, a delivery or a subscription is an event like any other
//! (EVT-093).

use dictionary::{Text, Timestamp};
use serde_json::{Value, json};

use crate::Event;
use crate::settings::{Settings, Who};

/// The group that all of them belong to.
const GROUP: &str = "freehold/operator";

/// Whether a topic is one of these.
pub(crate) fn is_operators(topic: &str) -> bool {
    topic.strip_prefix(GROUP).is_some_and(|rest| rest.starts_with('#'))
}

/// An event that tells `client` of something; `id` is the same whenever the same thing is told.
pub(crate) fn event(
    settings: &Settings,
    id: String,
    what: &str,
    client: &str,
    now: Timestamp,
    object: &Value,
) -> Event {
    Event {
        uri: Text::from(format!("{}/publish/{id}", settings.public_url)),
        id: id.into(),
        topic: Text::from(format!("{GROUP}#{what}")),
        time: now,
        instrument: (settings.profile)(Who::App, "freehold"),
        original_recipients: vec![(settings.profile)(Who::App, client)],
        sources: Vec::new(),
        ordering_key: None,
        subject: None,
        context: None,
        data: Text::from(json!({ "type": "UpdateAction", "object": object }).to_string()),
    }
}
