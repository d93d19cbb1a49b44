//! The credential comes first: an API key in `x-api-key`, or whatever the gate reads in `Authorization`.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gate::{Caller, Cost, Credential, Quota, Refusal, Secret};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, StatusCode};

use crate::Door;
use crate::reply::{self, Refused};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Longest key in bytes: an access token takes a few hundred.
const LONGEST_KEY: usize = 4_096;

/// Lets callers through whom the gate believes, and puts the [`Caller`] on the request.
pub(crate) async fn guard(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let (caller, quota) = match believed(&door, request.headers()) {
        Ok(believed) => believed,
        Err(refusal) => return Refused::from(refusal).into_response(),
    };
    request.extensions_mut().insert(caller);
    let mut answer = next.run(request).await;
    reply::limits(answer.headers_mut(), Some(&quota));
    answer
}

fn believed(door: &Door, headers: &HeaderMap) -> Result<(Caller, Quota), Refusal> {
    let now = (door.clock)();
    let caller = door.gate.authenticate(&credential(headers)?, now)?;
    let quota = door.gate.spend(&caller, Cost::REQUEST, now)?;
    Ok((caller, quota))
}

/// One header, once: two credentials are none.
fn credential(headers: &HeaderMap) -> Result<Credential, Refusal> {
    let mut keys = headers.get_all(API_KEY).iter();
    let mut others = headers.get_all(AUTHORIZATION).iter();
    match (keys.next(), others.next(), keys.next().or(others.next())) {
        (Some(key), None, None) => match key.to_str() {
            Ok(key) if (1..=LONGEST_KEY).contains(&key.trim().len()) => {
                Ok(Credential::Bearer(Secret::new(key.trim())))
            }
            // What cannot be read is said as the gate says it.
            _ => Credential::read(Some("?")),
        },
        (None, Some(other), None) => Credential::read(Some(other.to_str().unwrap_or("?"))),
        (None, None, _) => Credential::read(None),
        _ => Credential::read(Some("?")),
    }
}

/// What the framework refuses by itself, said as everything else is said.
pub(crate) async fn dress(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let status = answer.status();
    if kind.contains("json") || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let (code, message, hint) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("too_large", "The body is too large.", "/openapi.json says how large each may be.")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ("method_not_allowed", "This is not done here.", "/openapi.json lists what is.")
        }
        StatusCode::NOT_FOUND => ("not_found", "Nothing is found here.", "/openapi.json lists what is."),
        _ => ("request_wrong", "The request cannot be read.", "Look at its address and its body."),
    };
    Refused::new(status.as_u16(), code, message, hint).into_response()
}
