//! The routes of the door.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::StatusCode;

use crate::Door;
use crate::endpoint::Endpoint;
use crate::envelope::Refused;

/// Every method and path of the door, for tests that try each without a credential. `{root}` stands for
/// the root.
#[must_use]
pub fn every_route() -> Vec<(&'static str, String)> {
    let spelled = |endpoint: Endpoint| {
        let method = if endpoint.method() == http::Method::POST { "POST" } else { "GET" };
        (method, format!("{{root}}/{}", endpoint.name()))
    };
    Endpoint::all().map(spelled).collect()
}

/// The routes, under the root. [`any_case`](crate::any_case) makes the root's letters count in any case.
pub fn router(door: Door) -> Router {
    let endpoints = format!("{}/{{endpoint}}", door.settings.root);
    Router::new().route(&endpoints, any(answer)).with_state(door)
}

async fn answer(State(_door): State<Door>, Path(name): Path<String>) -> Response {
    match Endpoint::find(&name) {
        // Nobody has a credential of this door yet.
        Some(_) => Refused::forbidden().into_response(),
        None => Refused::new(StatusCode::NOT_FOUND, "There is no such endpoint.").into_response(),
    }
}
