//! An event by its address: a subscriber's copy, and what a producer has published.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::response::Response;
use dictionary::Text;
use gate::Caller;
use http::{HeaderMap, StatusCode, Uri};
use outflow::{Event, Found};
use serde_json::value::RawValue;

use super::{agent, agent_of_pod, reader};
use crate::reply::{Answer, Refused, json as answer};
use crate::{Door, profile};
use parameters::Parameters;

fn unknown() -> Refused {
    Refused::new(404, "event_unknown", "There is no such event.", "Look for it in the inbox.")
}

async fn found(door: &Door, id: &str) -> Result<Arc<Event>, Refused> {
    match door.outflow.find(id).await? {
        Found::Event(event) => Ok(event),
        Found::Pruned => Err(Refused::new(
            410,
            "event_pruned",
            "The event is older than events are kept.",
            "Whoever received it has it by its id.",
        )),
        Found::Unknown => Err(unknown()),
    }
}

fn told(door: &Door, event: &Event, agent: &str) -> Response {
    let policies = door.outflow.book(outflow::Book::policies);
    let data = outflow::seen_by(&policies, event, agent, door.outflow.master());
    answer(StatusCode::OK, &RawValue::from_string(event.envelope(agent, &data, false)).ok())
}

async fn copy(door: &Door, caller: &Caller, agent: &Text, id: &str) -> Answer {
    let event = found(door, id).await?;
    let seen = event.recipients().contains(agent)
        && door.outflow.may_read(reader(caller, agent), &event.topic, (door.clock)());
    if seen { Ok(told(door, &event, agent)) } else { Err(unknown()) }
}

/// `GET /inbox/{id}`
pub(crate) async fn copy_at_host(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let mut given = Parameters::read(uri.query())?;
    let agent = agent(&door, &caller, &uri, &headers, &mut given);
    given.done()?;
    copy(&door, &caller, &agent, &id).await
}

/// `GET /pods/{pod}/inbox/{id}`
pub(crate) async fn copy_at_path(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((pod, id)): Path<(String, String)>,
) -> Answer {
    copy(&door, &caller, &agent_of_pod(&door, &pod), &id).await
}

/// `GET /publish/{id}`: for its producer as it was sent to the first recipient, for everyone else as it is
/// to the first agent whose events they may read.
pub(crate) async fn published(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Answer {
    let event = found(&door, &id).await?;
    let recipients = event.recipients();
    let may = |agent: &&Text| door.outflow.may_read(reader(&caller, agent), &event.topic, (door.clock)());
    if event.instrument == profile::of_app(&door.settings, caller.client())
        && let Some(first) = recipients.first()
    {
        let body = event.envelope(first, &event.data, false);
        return Ok(answer(StatusCode::OK, &RawValue::from_string(body).ok()));
    }
    let agent = recipients.iter().find(may).ok_or_else(unknown)?;
    Ok(told(&door, &event, agent))
}
