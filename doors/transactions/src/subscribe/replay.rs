//! `POST /events/replay`: a `ReplayRequestAction` sends events again, with the ids that they have (EVT-095).

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::{Text, Timestamp};
use gate::Caller;
use http::StatusCode;
use outflow::ReplayRequest;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refused;
use crate::Door;
use crate::reply::{Answer, Refused, json as answer};
use crate::validate::unreadable;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    #[serde(rename = "type", alias = "@type")]
    kind: String,
    /// The address of an endpoint of the caller's, or its id.
    target: String,
    start_date: Option<String>,
    end_date: Option<String>,
    #[serde(default)]
    items: Vec<String>,
    filter: Option<Value>,
}

/// Replays to an endpoint of the caller's own.
pub(crate) async fn replay(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    let mut sent: Sent = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
    if sent.kind != "ReplayRequestAction" {
        let message = format!("{:?} is not done here.", sent.kind);
        return Err(Refused::new(400, "action_wrong", message, "Send a ReplayRequestAction."));
    }
    let endpoint = door.outflow.book(|book| {
        let mut own = book.endpoints().filter(|endpoint| endpoint.client == *caller.client());
        own.find(|endpoint| endpoint.id == sent.target || endpoint.url == sent.target).map(|e| e.id.clone())
    });
    let Some(endpoint) = endpoint.filter(|_| !caller.is_read_only()) else {
        let message = format!("You have no endpoint {:?}.", sent.target);
        return Err(Refused::new(
            404,
            "endpoint_unknown",
            message,
            "GET /settings/subscriptions lists targets.",
        ));
    };
    // `topic` names a topic; whatever else the filter holds is a filter on the payload.
    let topic = sent.filter.as_mut().and_then(|filter| filter.as_object_mut()?.remove("topic"));
    let filter = sent.filter.filter(|filter| filter.as_object().is_some_and(|members| !members.is_empty()));
    let request = ReplayRequest {
        endpoint,
        events: sent.items.iter().map(Text::from).collect(),
        from: instant(sent.start_date.as_deref())?,
        until: instant(sent.end_date.as_deref())?,
        topic: topic.and_then(|topic| topic.as_str().map(Text::from)),
        filter: filter.map(|filter| filter.to_string().into()),
    };
    let done = door.outflow.replay(&request, &caller.actor(), (door.clock)()).await.map_err(refused)?;
    let told = json!({ "id": done.id.as_str(), "queued": done.queued, "more": done.more });
    Ok(answer(StatusCode::ACCEPTED, &told))
}

/// An instant as it is sent.
pub(crate) fn instant(text: Option<&str>) -> Result<Option<Timestamp>, Refused> {
    let read = |text: &str| {
        text.parse().map_err(|_| {
            let message = format!("{text:?} is no instant.");
            Refused::new(400, "instant_wrong", message, "Send 2026-01-31T00:00:00Z.")
        })
    };
    text.map(read).transpose()
}
