//! What a subscriber does with its own endpoints (EVT-094): it looks at them and at what became of their
//! deliveries, has secrets made, has events sent again and one to try; and a page to do all that with.
//!
//! Whoever asks sees the endpoints of their own client alone: another's is not there.

mod actions;
mod deliveries;
mod page;

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::response::Response;
use bytes::Bytes;
use dictionary::Text;
use gate::Caller;
use http::StatusCode;
use outflow::{Confided, Endpoint, EndpointStatus, EventId, Format, NewEndpoint, Registered, Scheme};
use serde::Deserialize;
use serde_json::{Value as Json, json};

pub(crate) use actions::{disable, enable, replay, retry, rotate, test, verify};
pub(crate) use deliveries::{dead, newest};
pub(crate) use page::{page, script, style};

use crate::Door;
use crate::reply::{Answer, Refused, json as answer};
use crate::subscribe::{may_change, refused};
use crate::validate::unreadable;

/// Endpoints that one client has at most: each is a loop of its own.
const MOST_ENDPOINTS: usize = 100;

/// An endpoint as its owner describes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Sent {
    url: String,
    name: Option<String>,
    /// `HMAC` or `Ed25519`.
    signature_scheme: Option<String>,
    /// `Envelope`, `CloudEvents Structured`, `CloudEvents Binary` or `RESO EntityEvent`.
    delivery_format: Option<String>,
    #[serde(default)]
    ordered: bool,
    requests_per_second: Option<u32>,
    concurrent_requests: Option<u32>,
    #[serde(default)]
    headers: std::collections::BTreeMap<String, String>,
    salt: Option<String>,
}

/// The caller's own endpoint of this id.
///
/// # Errors
/// 404, for another client's as for one that there is not.
fn own(door: &Door, caller: &Caller, id: &str) -> Result<Arc<Endpoint>, Refused> {
    let endpoint = door.outflow.endpoint(id).ok().filter(|endpoint| endpoint.client == *caller.client());
    endpoint.ok_or_else(|| {
        let message = format!("You have no endpoint {id:?}.");
        Refused::new(404, "endpoint_unknown", message, "GET /settings/endpoints lists yours.")
    })
}

/// An endpoint as it is told. Nothing that was confided is.
async fn told(door: &Door, endpoint: &Endpoint) -> Result<Json, Refused> {
    let [waiting, held, dead] = door.store.delivery_counts(&endpoint.id).await?;
    let mut told = json!({
        "id": endpoint.id.as_str(),
        "url": endpoint.url.as_str(),
        "status": match endpoint.status {
            EndpointStatus::Unverified => "Unverified",
            EndpointStatus::Active => "Active",
            EndpointStatus::Disabled => "Disabled",
        },
        "signatureScheme": match endpoint.scheme { Scheme::Hmac => "HMAC", Scheme::Ed25519 => "Ed25519" },
        "deliveryFormat": match endpoint.format {
            Format::Envelope => "Envelope",
            Format::CloudStructured => "CloudEvents Structured",
            Format::CloudBinary => "CloudEvents Binary",
            Format::EntityEvent => "RESO EntityEvent",
        },
        "ordered": endpoint.ordered,
        "concurrentRequests": endpoint.concurrency,
        "deliveries": { "waiting": waiting, "held": held, "dead": dead },
    });
    let more = [
        ("name", endpoint.name.as_deref().map(Json::from)),
        ("requestsPerSecond", endpoint.rate.map(Json::from)),
        ("disabled", endpoint.disabled.map(|at| at.to_string().into())),
        ("previousSecretUntil", endpoint.previous.as_ref().map(|(_, until)| until.to_string().into())),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            told[name] = value;
        }
    }
    if endpoint.format == Format::EntityEvent {
        let pushed = door.outflow.pushed(&endpoint.id).await.map_err(refused)?;
        told["pushed"] = json!({ "upTo": pushed.upto, "newest": pushed.head });
    }
    Ok(told)
}

/// `GET /settings/endpoints`
pub(crate) async fn list(State(door): State<Door>, Extension(caller): Extension<Caller>) -> Answer {
    let own: Vec<Arc<Endpoint>> = door.outflow.book(|book| {
        book.endpoints().filter(|endpoint| endpoint.client == *caller.client()).cloned().collect()
    });
    let mut items = Vec::with_capacity(own.len());
    for endpoint in own {
        items.push(told(&door, &endpoint).await?);
    }
    Ok(answer(StatusCode::OK, &json!({ "items": items })))
}

/// `GET /settings/endpoints/{id}`
pub(crate) async fn one(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Answer {
    let endpoint = own(&door, &caller, &id)?;
    Ok(answer(StatusCode::OK, &told(&door, &endpoint).await?))
}

/// An endpoint with its secret: the one answer that holds it.
async fn with_secret(door: &Door, status: StatusCode, registered: &Registered) -> Result<Response, Refused> {
    let endpoint = door.outflow.endpoint(&registered.kept.key).map_err(refused)?;
    let mut told = told(door, &endpoint).await?;
    told["secret"] = registered.secret.for_receiver().into();
    Ok(answer(status, &told))
}

/// `POST /settings/endpoints`: registers one. It is sent nothing before it has answered its challenge.
pub(crate) async fn register(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    may_change(&caller)?;
    let sent: Sent = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
    let count = door
        .outflow
        .book(|book| book.endpoints().filter(|endpoint| endpoint.client == *caller.client()).count());
    if count >= MOST_ENDPOINTS {
        let message = format!("You have {count} endpoints, which is the most there are.");
        return Err(Refused::new(422, "too_many", message, "Remove one that you do not need."));
    }
    let now = (door.clock)();
    let id = EventId::make(now).map_err(|error| {
        tracing::error!("no id can be made: {error}");
        Refused::new(500, "no_randomness", "No id can be made.", "Look at the system's log.")
    })?;
    let new = NewEndpoint {
        id: Text::from(format!("hook-{}", id.text().to_ascii_lowercase())),
        client: caller.client().clone(),
        name: sent.name.map(Text::from),
        url: sent.url.into(),
        scheme: sent.signature_scheme.map(Text::from),
        format: sent.delivery_format.map(Text::from),
        ordered: sent.ordered,
        rate: sent.requests_per_second,
        concurrency: sent.concurrent_requests,
        confided: Confided { headers: sent.headers.into_iter().collect(), salt: sent.salt },
    };
    let registered = door.outflow.register(new, &caller.actor(), now).await.map_err(refused)?;
    with_secret(&door, StatusCode::CREATED, &registered).await
}

/// `DELETE /settings/endpoints/{id}`: what is owed to it is owed no more.
pub(crate) async fn remove(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Answer {
    may_change(&caller)?;
    own(&door, &caller, &id)?;
    door.outflow.unregister(&id, &caller.actor(), (door.clock)()).await.map_err(refused)?;
    let mut gone = Response::default();
    *gone.status_mut() = StatusCode::NO_CONTENT;
    Ok(gone)
}
