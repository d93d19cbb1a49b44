//! What a subscriber has done with an endpoint of its own.

use axum::extract::{Extension, Path, State};
use bytes::Bytes;
use dictionary::Text;
use gate::Caller;
use http::StatusCode;
use outflow::{ReplayRequest, Replayed};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{own, told, with_secret};
use crate::Door;
use crate::reply::{Answer, Refused, json as answer};
use crate::subscribe::{instant, may_change, refused};
use crate::validate::unreadable;

type Asked = (State<Door>, Extension<Caller>, Path<String>);

/// `POST /settings/endpoints/{id}/secret`: a new secret, shown this once; the former one signs as well for a
/// day.
pub(crate) async fn rotate((State(door), Extension(caller), Path(id)): Asked) -> Answer {
    may_change(&caller)?;
    own(&door, &caller, &id)?;
    let registered = door.outflow.rotate(&id, &caller.actor(), (door.clock)()).await.map_err(refused)?;
    with_secret(&door, StatusCode::OK, &registered).await
}

/// `POST /settings/endpoints/{id}/verify`: puts its challenge to it once more.
pub(crate) async fn verify((State(door), Extension(caller), Path(id)): Asked) -> Answer {
    may_change(&caller)?;
    own(&door, &caller, &id)?;
    let verified = door.outflow.challenge(&id, &caller.actor(), (door.clock)()).await?;
    Ok(answer(StatusCode::OK, &json!({ "verified": verified })))
}

/// `POST /settings/endpoints/{id}/disable`: what is owed to it waits.
pub(crate) async fn disable((State(door), Extension(caller), Path(id)): Asked) -> Answer {
    may_change(&caller)?;
    own(&door, &caller, &id)?;
    door.outflow.disable_by(&id, &caller.actor(), (door.clock)()).await.map_err(refused)?;
    Ok(answer(StatusCode::OK, &told(&door, &*own(&door, &caller, &id)?).await?))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Enable {
    missed: bool,
}

/// `POST /settings/endpoints/{id}/enable`; `{"missed": true}` sends what was published meanwhile as well.
pub(crate) async fn enable(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer {
    may_change(&caller)?;
    own(&door, &caller, &id)?;
    let Enable { missed } = read(&body)?;
    let enabled = door.outflow.enable(&id, missed, &caller.actor(), (door.clock)()).await;
    let (_, replayed) = enabled.map_err(refused)?;
    let mut said = told(&door, &*own(&door, &caller, &id)?).await?;
    if let Some(replayed) = replayed {
        said["replayed"] = queued(&replayed);
    }
    Ok(answer(StatusCode::OK, &said))
}

/// `POST /settings/endpoints/{id}/test`: sends one event to try it, at once, and says what it answered.
pub(crate) async fn test((State(door), Extension(caller), Path(id)): Asked) -> Answer {
    may_change(&caller)?;
    own(&door, &caller, &id)?;
    let tried = door.outflow.try_out(&id, (door.clock)()).await.map_err(refused)?;
    let said = json!({
        "id": tried.id.as_str(),
        "delivered": tried.delivered,
        "status": tried.attempt.status,
        "fault": tried.attempt.fault.as_deref(),
        "milliseconds": tried.attempt.latency.as_secs_f64() * 1e3,
        "answer": tried.attempt.answer.as_str(),
    });
    Ok(answer(StatusCode::OK, &said))
}

/// Which events are sent again; all where nothing is said.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Which {
    /// By id or address.
    events: Vec<String>,
    /// Accepted at this instant or later.
    from: Option<String>,
    /// Accepted before this one.
    until: Option<String>,
    topic: Option<String>,
    /// A filter on the payload (EVT-071).
    filter: Option<Json>,
}

impl Which {
    fn of(self, endpoint: &str) -> Result<ReplayRequest, Refused> {
        Ok(ReplayRequest {
            endpoint: endpoint.into(),
            events: self.events.into_iter().map(Text::from).collect(),
            from: instant(self.from.as_deref())?,
            until: instant(self.until.as_deref())?,
            topic: self.topic.map(Text::from),
            filter: self.filter.map(|filter| filter.to_string().into()),
        })
    }
}

/// `POST /settings/endpoints/{id}/retry`: tries its dead letters again, singly, by filter or by time
/// (EVT-086).
pub(crate) async fn retry(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer {
    may_change(&caller)?;
    own(&door, &caller, &id)?;
    let request = read::<Which>(&body)?.of(&id)?;
    let done = door.outflow.retry_dead(&request, &caller.actor(), (door.clock)()).await.map_err(refused)?;
    Ok(answer(StatusCode::ACCEPTED, &queued(&done)))
}

/// `POST /settings/endpoints/{id}/replay`: sends events again, with the ids that they have.
pub(crate) async fn replay(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer {
    may_change(&caller)?;
    own(&door, &caller, &id)?;
    let request = read::<Which>(&body)?.of(&id)?;
    let done = door.outflow.replay(&request, &caller.actor(), (door.clock)()).await.map_err(refused)?;
    Ok(answer(StatusCode::ACCEPTED, &queued(&done)))
}

fn queued(done: &Replayed) -> Json {
    json!({ "id": done.id.as_str(), "queued": done.queued, "more": done.more })
}

/// A body that may be left out.
fn read<T: for<'a> Deserialize<'a> + Default>(body: &Bytes) -> Result<T, Refused> {
    if body.is_empty() {
        Ok(T::default())
    } else {
        serde_json::from_slice(body).map_err(|error| unreadable(&error))
    }
}
