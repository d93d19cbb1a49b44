//! The credential comes first: an API key in `x-api-key`, or whatever the gate reads in `Authorization`.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gate::Refusal;
use http::header::CONTENT_TYPE;

use crate::Door;
use crate::reply::Refused;

/// Lets callers through whom the gate believes, and puts the [`Caller`](gate::Caller) on the request.
pub(crate) async fn guard(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let (caller, quota) = match door.gate.admit(request.headers(), from, (door.clock)()) {
        Ok(admitted) => admitted,
        Err(refusal) => return Refused::from(refusal).into_response(),
    };
    request.extensions_mut().insert(caller);
    let mut answer = next.run(request).await;
    quota.note(answer.headers_mut());
    answer
}

/// What the framework refuses by itself, said as everything else is said.
pub(crate) async fn dress(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let status = answer.status();
    if kind.contains("json") || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let bounds = "/openapi.json says how large each may be.";
    Refused::from(Refusal::unheard(status.as_u16(), "/openapi.json", bounds)).into_response()
}
