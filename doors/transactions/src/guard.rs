//! The credential comes first: an API key in `x-api-key`, or whatever the gate reads in `Authorization`.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gate::Refusal;
use http::header::{CONTENT_TYPE, LINK};
use http::{HeaderValue, StatusCode};

use crate::reply::{self, Refused};
use crate::{Door, profile};

/// Lets callers through whom the gate believes, and puts the [`Caller`](gate::Caller) on the request.
pub(crate) async fn guard(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let (caller, quota) = match door.gate.admit(request.headers(), from, (door.clock)()) {
        Ok(admitted) => admitted,
        Err(refusal) => return reply::refused(&refusal),
    };
    request.extensions_mut().insert(caller);
    let mut answer = next.run(request).await;
    quota.note(answer.headers_mut());
    answer
}

/// The JSON-LD context on every JSON answer (EVT-052), and what the framework refuses by itself said as
/// everything else is said.
pub(crate) async fn dress(State(door): State<Door>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.contains("json") && (answer.status().is_client_error() || answer.status().is_server_error()) {
        answer = in_our_words(answer.status()).into_response();
    }
    let of_json = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let link = format!(
        "<{}{}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"",
        door.settings.public_url,
        profile::CONTEXT
    );
    if of_json && let Ok(link) = HeaderValue::try_from(link) {
        answer.headers_mut().insert(LINK, link);
    }
    answer
}

fn in_our_words(status: StatusCode) -> Refused {
    if status == StatusCode::GATEWAY_TIMEOUT {
        return Refused::new(504, "timeout", "This took too long.", "Ask for less at a time.");
    }
    let bounds = "An event has at most 256 KiB, a request 4 MiB.";
    Refusal::unheard(status.as_u16(), "/asyncapi.json", bounds).into()
}
