//! The routes of the door, and the way of a request through it.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::Bytes;
use dictionary::Timestamp;
use futures_util::FutureExt as _;
use gate::{Caller, Cost};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::auth::{MlAuth, Proof, Signed, Unread, is_md5};
use crate::endpoint::Endpoint;
use crate::envelope::{Echo, Refused};
use crate::path::AsWritten;
use crate::reply::Reply;
use crate::request::{Asked, Given};
use crate::{Door, answer};

/// Every method and path of the door, for tests that try each without a credential. `{root}` stands for
/// the root.
#[must_use]
pub fn every_route() -> Vec<(&'static str, String)> {
    let spelled = |endpoint: Endpoint| (endpoint.method(), format!("{{root}}/{}", endpoint.name()));
    Endpoint::all().map(spelled).collect()
}

/// The routes, under the root. [`any_case`](crate::any_case) makes the root's letters count in any case.
pub fn router(door: Door) -> Router {
    let endpoints = format!("{}/{{endpoint}}", door.settings.root);
    Router::new().route(&endpoints, any(enter)).with_state(Arc::new(door))
}

async fn enter(State(door): State<Arc<Door>>, Path(name): Path<String>, request: Request) -> Response {
    let mut echo = Echo::default();
    let held: Vec<HeaderValue> = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    let now = (door.clock)();
    let passing = AssertUnwindSafe(pass(&door, &name, request, &mut echo, now)).catch_unwind().await;
    match passing.unwrap_or_else(|_| Err(broken(now))) {
        Ok(Passed::Answered(reply)) => reply.response(&held),
        Ok(Passed::Methods(allowed)) => {
            (StatusCode::NO_CONTENT, [(header::ALLOW, HeaderValue::from_static(allowed))]).into_response()
        }
        Err(refused) => refused.response(&echo),
    }
}

/// How a request came through.
enum Passed {
    Answered(Reply),
    /// `OPTIONS`
    Methods(&'static str),
}

async fn pass(
    door: &Door,
    name: &str,
    request: Request,
    echo: &mut Echo,
    now: Timestamp,
) -> Result<Passed, Refused> {
    let (parts, body) = request.into_parts();
    let auth = MlAuth::read(&parts.headers).map_err(|unread| match unread {
        Unread::Header => Refused::forbidden(),
        Unread::Timestamp => Refused::no_timestamp(),
    })?;
    // A signature over the body needs the body; the plain scheme is told apart before it is read.
    let (caller, body) = match &auth.proof {
        Proof::Md5 { hash, key } => {
            if !is_md5(hash, &auth.client, key.reveal(), &auth.stamp) {
                return Err(Refused::forbidden());
            }
            (admit(door, &auth, &parts, gate::Proof::Key(key), now)?, Payload::Coming(body))
        }
        Proof::Hmac { mac, nonce } => {
            let body = read_body(body, door.settings.largest_body).await?;
            let written =
                parts.extensions.get::<AsWritten>().map_or(parts.uri.path(), |path| path.0.as_str());
            let signed = Signed {
                method: parts.method.as_str(),
                path: written,
                query: parts.uri.query().unwrap_or_default(),
                body: &body,
                stamp: &auth.stamp,
                nonce,
            };
            let signed = signed.text();
            let proof = gate::Proof::Mac { signed: signed.as_bytes(), mac, nonce };
            (admit(door, &auth, &parts, proof, now)?, Payload::Read(body))
        }
    };
    echo.client = Some(caller.client().clone());
    let endpoint = Endpoint::find(name);
    let query = parts.uri.query().unwrap_or_default();
    // What is asked for with GET is read before it is paid for: a refusal repeats it.
    if let Some(endpoint) = endpoint.filter(|endpoint| endpoint.method() == "GET")
        && let Some(given) = Given::from_query(query)
    {
        echo.asked = Some(Asked::read(endpoint, &given));
    }
    door.gate.spend(&caller, Cost::REQUEST, now).map_err(Refused::gate)?;
    let endpoint = endpoint.ok_or_else(|| Refused::not_found("There is no endpoint of this name."))?;
    let allowed = if endpoint.method() == "GET" { "GET, HEAD, OPTIONS" } else { "POST, OPTIONS" };
    let read = match (endpoint.method(), &parts.method) {
        (_, &Method::OPTIONS) => return Ok(Passed::Methods(allowed)),
        ("GET", &Method::GET | &Method::HEAD) => echo.asked.take(),
        ("POST", &Method::POST) => {
            if !is_json(&parts.headers) {
                return Err(Refused::media_type());
            }
            let body = match body {
                Payload::Read(body) => body,
                Payload::Coming(body) => read_body(body, door.settings.largest_body).await?,
            };
            // The links to further pages are posted the same body: their query says which page.
            let given = Given::from_body(&body).zip(Given::from_query(query));
            given.map(|(body, query)| Asked::read(endpoint, &body.or(query)))
        }
        _ => return Err(Refused::method(allowed)),
    };
    let asked = echo.asked.insert(read.ok_or_else(Refused::unreadable)?);
    let codings = parts.headers.get_all(header::ACCEPT_ENCODING).iter();
    asked.form = press::Form::wanted(codings.filter_map(|value| value.to_str().ok()));
    if endpoint == Endpoint::ListingsByAddress && asked.errors.is_empty() {
        asked.located = door.locate(asked).await;
    }
    if endpoint == Endpoint::SyncListings && asked.errors.is_empty() {
        // Before the index is read, which must not be held over a wait.
        door.graves.refresh(door, now).await?;
    }
    let reply = answer::answer(door, &caller, asked, now)?;
    // The answer has been made: what it takes too much is missing from the next.
    drop(door.gate.spend(&caller, Cost::answer(reply.body.len() as u64), now));
    Ok(Passed::Answered(reply))
}

enum Payload {
    Read(Bytes),
    Coming(Body),
}

/// Asks the gate who it is.
fn admit(
    door: &Door,
    auth: &MlAuth,
    parts: &Parts,
    proof: gate::Proof<'_>,
    now: Timestamp,
) -> Result<Caller, Refused> {
    let from = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let knock = gate::Knock { client: &auth.client, proof, sent: auth.at, from };
    door.gate.knock(&knock, now).map_err(Refused::gate)
}

async fn read_body(body: Body, most: usize) -> Result<Bytes, Refused> {
    // A body that breaks off is not told apart from one that is too long: neither is read.
    to_bytes(body, most).await.map_err(|_| Refused::too_large(most))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

/// A fault of the door's own is told by a number and nothing else (PAR-211); the panic itself is in the log.
fn broken(now: Timestamp) -> Refused {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = format!("{:x}-{number:x}", now.as_microsecond());
    tracing::error!(request = id.as_str(), "the partner door broke down over a request");
    Refused::broken(&id)
}
