//! Endpoints, their deliveries, and sending again.

use dictionary::{Text, Timestamp};
use odata::Fault;
use outflow::{Confided, NewEndpoint, Outflow, Registered, ReplayRequest, Replayed};
use serde::Deserialize;
use store::{Attempt, Delivery, Sequence, Stored};

use super::reading::get;
use super::{Act, Desk};

/// What an operator says of a new endpoint, named as the fields of its record.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
#[expect(missing_docs, reason = "each is the field of Endpoint that is named so")]
pub struct Shape {
    pub endpoint_id: String,
    pub client_id: String,
    pub endpoint_url: String,
    #[serde(default)]
    pub endpoint_name: Option<String>,
    #[serde(default)]
    pub signature_scheme: Option<String>,
    #[serde(default)]
    pub delivery_format: Option<String>,
    #[serde(default, rename = "OrderedYN")]
    pub ordered: bool,
    #[serde(default)]
    pub requests_per_second: Option<u32>,
    #[serde(default)]
    pub concurrent_requests: Option<u32>,
    /// Headers that are sent along; they are kept sealed and not shown again.
    #[serde(default, rename = "headers")]
    pub headers: Vec<(String, String)>,
    /// The salt of the older signature.
    #[serde(default, rename = "salt")]
    pub salt: Option<String>,
}

/// Which events are sent again.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Order {
    /// These, by id or address.
    pub events: Vec<String>,
    /// Accepted at this instant or later.
    pub from: Option<String>,
    /// Accepted before this one.
    pub until: Option<String>,
    /// Of these topics.
    pub topic: Option<String>,
    /// With such payloads.
    pub filter: Option<serde_json::Value>,
}

fn of(desk: &Desk) -> Result<&Outflow, Fault> {
    desk.outflow.as_ref().ok_or_else(|| {
        Fault::new(503, "no_outflow", "This node sends nothing.", "Ask the server that runs outflow.")
    })
}

fn told(fault: outflow::Fault) -> Fault {
    Fault::new(fault.status, fault.code, fault.message, fault.hint)
}

/// Registers an endpoint; its secret is shown this once.
///
/// # Errors
/// 422 for an address that must not be sent to and other faults, 409 where the id is taken.
pub async fn register(desk: &Desk, act: &Act, shape: Shape) -> Result<Registered, Fault> {
    get(desk, "Client", &shape.client_id).await?;
    let new = NewEndpoint {
        id: shape.endpoint_id.into(),
        client: shape.client_id.into(),
        name: shape.endpoint_name.map(Text::from),
        url: shape.endpoint_url.into(),
        scheme: shape.signature_scheme.map(Text::from),
        format: shape.delivery_format.map(Text::from),
        ordered: shape.ordered,
        rate: shape.requests_per_second,
        concurrency: shape.concurrent_requests,
        confided: Confided { headers: shape.headers, salt: shape.salt },
    };
    of(desk)?.register(new, &act.actor, act.now).await.map_err(told)
}

/// Gives an endpoint a new secret; the former one signs as well for a day.
///
/// # Errors
/// 404 where there is no such endpoint.
pub async fn rotate(desk: &Desk, act: &Act, endpoint: &str) -> Result<Registered, Fault> {
    of(desk)?.rotate(endpoint, &act.actor, act.now).await.map_err(told)
}

/// Puts an endpoint's challenge to it once more; whether it is verified now.
///
/// # Errors
/// 404 where there is no such endpoint.
pub async fn verify(desk: &Desk, act: &Act, endpoint: &str) -> Result<bool, Fault> {
    of(desk)?.endpoint(endpoint).map_err(told)?;
    of(desk)?.challenge(endpoint, &act.actor, act.now).await.map_err(super::of_store)
}

/// Stops sending to an endpoint.
///
/// # Errors
/// 404 where there is no such endpoint.
pub async fn stop(desk: &Desk, act: &Act, endpoint: &str) -> Result<Stored, Fault> {
    of(desk)?.disable_by(endpoint, &act.actor, act.now).await.map_err(told)
}

/// Sends to an endpoint again; with `missed`, what was published while it was disabled, too.
///
/// # Errors
/// 404 where there is no such endpoint, 409 where it was never verified.
pub async fn enable(
    desk: &Desk,
    act: &Act,
    endpoint: &str,
    missed: bool,
) -> Result<(Stored, Option<Replayed>), Fault> {
    of(desk)?.enable(endpoint, missed, &act.actor, act.now).await.map_err(told)
}

/// Deliveries of an endpoint with their attempts, a hundred at most: the newest before a place, or dead
/// letters after one.
///
/// # Errors
/// 404 where there is no such endpoint.
pub async fn deliveries(
    desk: &Desk,
    endpoint: &str,
    dead: bool,
    place: Option<Sequence>,
) -> Result<Vec<(Delivery, Vec<Attempt>)>, Fault> {
    let found = if dead {
        of(desk)?.dead_letters(endpoint, place.unwrap_or(0)).await
    } else {
        of(desk)?.deliveries(endpoint, place).await
    };
    found.map_err(told)
}

/// Sends events again, or tries dead letters again.
///
/// # Errors
/// 404 where there is no such endpoint, 422 for an order that cannot be read.
pub async fn replay(
    desk: &Desk,
    act: &Act,
    endpoint: &str,
    order: Order,
    dead_alone: bool,
) -> Result<Replayed, Fault> {
    let instant = |name: &str, text: Option<String>| -> Result<Option<Timestamp>, Fault> {
        let Some(text) = text else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            let message = format!("{text:?} is no instant.");
            Fault::new(422, "field_wrong", message, "Write it as 2026-03-01T10:00:00Z.").about(name)
        })
    };
    let request = ReplayRequest {
        endpoint: endpoint.into(),
        events: order.events.into_iter().map(Text::from).collect(),
        from: instant("from", order.from)?,
        until: instant("until", order.until)?,
        topic: order.topic.map(Text::from),
        filter: order.filter.map(|filter| Text::from(filter.to_string())),
    };
    let outflow = of(desk)?;
    let done = if dead_alone {
        outflow.retry_dead(&request, &act.actor, act.now).await
    } else {
        outflow.replay(&request, &act.actor, act.now).await
    };
    done.map_err(told)
}
