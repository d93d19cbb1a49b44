//! Endpoints: registered, given a new secret, looked at, sent to again.

use axum::extract::{Extension, Path, RawQuery, State as Stand};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use odata::Fault;
use outflow::{Registered, Replayed};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::{Attempt, Delivery, Stored};

use super::answer::{Answer, ok, with_status};
use super::asking::{self, Parameters};
use super::spelling;
use crate::State;
use crate::operate::{self, Act, Order};

/// The body as what is asked for.
fn shaped<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Fault> {
    let object = asking::object(headers, body)?;
    serde_json::from_value(object).map_err(|error| {
        let hint = "docs/reference/webhooks.md says what this takes.";
        Fault::new(422, "field_wrong", format!("The body is not as it must be: {error}."), hint)
    })
}

/// The endpoint's record.
fn spelled(state: &State, stored: &Stored) -> Result<Value, Fault> {
    Ok(spelling::record(state.desk.resource("Endpoint")?, stored))
}

fn shown(state: &State, registered: &Registered) -> Result<Value, Fault> {
    let mut body = spelled(state, &registered.kept)?;
    body["secret"] = json!(registered.secret.for_receiver());
    Ok(body)
}

/// Registers an endpoint; the answer is the only place where its secret is shown.
pub(super) async fn register(state: &State, act: &Act, headers: &HeaderMap, body: &Bytes) -> Answer {
    let registered = operate::register(&state.desk, act, shaped(headers, body)?).await?;
    Ok(with_status(StatusCode::CREATED, &shown(state, &registered)?))
}

/// Gives it a new secret, shown this once.
pub(super) async fn rotate(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    Extension(act): Extension<Act>,
) -> Answer {
    let registered = operate::rotate(&state.desk, &act, &key).await?;
    Ok(ok(&shown(&state, &registered)?))
}

/// Puts its challenge to it once more.
pub(super) async fn verify(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    Extension(act): Extension<Act>,
) -> Answer {
    Ok(ok(&json!({ "verified": operate::verify(&state.desk, &act, &key).await? })))
}

/// Stops sending to it.
pub(super) async fn disable(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    Extension(act): Extension<Act>,
) -> Answer {
    Ok(ok(&spelled(&state, &operate::stop(&state.desk, &act, &key).await?)?))
}

/// Sends to it again; `{"missed": true}` sends what was published meanwhile as well.
pub(super) async fn enable(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let missed = asking::object(&headers, &body)?.get("missed").and_then(Value::as_bool).unwrap_or(false);
    let (stored, replayed) = operate::enable(&state.desk, &act, &key, missed).await?;
    let mut body = spelled(&state, &stored)?;
    if let Some(replayed) = replayed {
        body["replayed"] = told(&replayed);
    }
    Ok(ok(&body))
}

/// Its newest deliveries with their attempts: `before`.
pub(super) async fn deliveries(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    listed(&state, &key, false, "before", query.as_deref()).await
}

/// Its dead letters with their attempts: `after`.
pub(super) async fn dead(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    listed(&state, &key, true, "after", query.as_deref()).await
}

/// A part of its deliveries, or of its dead letters: from the place that this parameter names.
async fn listed(state: &State, key: &str, dead: bool, place: &str, query: Option<&str>) -> Answer {
    let mut given = Parameters::read(query)?;
    let place = given.number(place)?;
    given.done()?;
    let found = operate::deliveries(&state.desk, key, dead, place).await?;
    Ok(ok(&json!({ "value": found.iter().map(delivery).collect::<Vec<_>>() })))
}

/// Sends events again, with the ids they had.
pub(super) async fn replay(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    again(&state, &act, &key, shaped(&headers, &body)?, false).await
}

/// Tries dead letters again.
pub(super) async fn retry(
    Stand(state): Stand<State>,
    Path(key): Path<String>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    again(&state, &act, &key, shaped(&headers, &body)?, true).await
}

/// Orders what is sent again: of all its events, or of its dead letters.
async fn again(state: &State, act: &Act, key: &str, order: Order, dead: bool) -> Answer {
    Ok(ok(&told(&operate::replay(&state.desk, act, key, order, dead).await?)))
}

fn told(replayed: &Replayed) -> Value {
    json!({ "replay": replayed.id.as_str(), "queued": replayed.queued, "more": replayed.more })
}

fn delivery((delivery, attempts): &(Delivery, Vec<Attempt>)) -> Value {
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
        "subscription": delivery.owed.subscription.as_str(),
        "agent": delivery.owed.agent.as_str(),
        "orderingKey": delivery.owed.ordering_key.as_deref(),
        "state": delivery.state.word(),
        "due": delivery.owed.due.to_string(),
        "attempts": attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}
