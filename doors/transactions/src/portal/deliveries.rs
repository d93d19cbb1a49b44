//! What became of the deliveries to an endpoint.

use axum::extract::{Extension, Path, RawQuery, State};
use gate::Caller;
use http::StatusCode;
use serde_json::{Value as Json, json};
use store::{Attempt, Delivery};

use super::own;
use crate::Door;
use crate::reply::{Answer, Refused, json as answer};
use crate::subscribe::refused;
use parameters::Parameters;

/// A place in a list of deliveries.
fn place(given: &mut Parameters, name: &str) -> Result<Option<u64>, Refused> {
    let wrong = |_| {
        let message = format!("{name} is no place in this list.");
        Refused::new(400, "place_wrong", message, "Send the place of the last one, or leave it out.")
    };
    given.take(name).map(|text| text.parse().map_err(wrong)).transpose()
}

/// `GET /settings/endpoints/{id}/deliveries`: the newest with their attempts, 100 at most, before `before`.
pub(crate) async fn newest(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    own(&door, &caller, &id)?;
    let mut given = Parameters::read(query.as_deref())?;
    let before = place(&mut given, "before")?;
    given.done()?;
    let found = door.outflow.deliveries(&id, before).await.map_err(refused)?;
    Ok(answer(StatusCode::OK, &json!({ "items": found.iter().map(told).collect::<Vec<_>>() })))
}

/// `GET /settings/endpoints/{id}/dead`: its dead letters with their attempts, 100 at most, after `after`.
pub(crate) async fn dead(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    own(&door, &caller, &id)?;
    let mut given = Parameters::read(query.as_deref())?;
    let after = place(&mut given, "after")?;
    given.done()?;
    let found = door.outflow.dead_letters(&id, after.unwrap_or(0)).await.map_err(refused)?;
    Ok(answer(StatusCode::OK, &json!({ "items": found.iter().map(told).collect::<Vec<_>>() })))
}

fn told((delivery, attempts): &(Delivery, Vec<Attempt>)) -> Json {
    let attempt = |attempt: &Attempt| {
        json!({
            "number": attempt.number,
            "at": attempt.at.to_string(),
            "status": attempt.status,
            "fault": attempt.fault.as_deref(),
            "milliseconds": attempt.latency.as_secs_f64() * 1e3,
            "answer": attempt.answer.as_str(),
        })
    };
    json!({
        "place": delivery.owed.sequence,
        "event": delivery.owed.event.as_str(),
        "agent": delivery.owed.agent.as_str(),
        "state": delivery.state.word(),
        "due": delivery.owed.due.to_string(),
        "attempts": attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}
