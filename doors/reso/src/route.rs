//! The routes of the door.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use axum::routing::{any, post};
use axum::{Extension, Router};
use http::{HeaderMap, Method, Uri};
use odata::Fault;

use crate::headers::Wishes;
use crate::reply::{self, Refused};
use crate::url::Url;
use crate::write::{LARGEST_BODY, Sent, write};
use crate::{Door, ask, batch, token};

/// Every method and path of the door, for tests that try each without a credential. `{root}` stands for
/// the service root.
#[must_use]
pub fn every_route() -> Vec<(&'static str, &'static str)> {
    vec![
        ("GET", "{root}"),
        ("GET", "{root}/"),
        ("GET", "{root}/$metadata"),
        ("GET", "{root}/Property"),
        ("GET", "{root}/Property/$count"),
        ("GET", "{root}/Property/replication"),
        ("GET", "{root}/Property('K')"),
        ("GET", "{root}/Property('K')/Media"),
        ("GET", "{root}/Property('K')/ListPrice"),
        ("GET", "{root}/Property('K')/ListPrice/$value"),
        ("GET", "{root}/EntityEvent"),
        ("GET", "{root}/Lookup"),
        ("GET", "{root}/Field"),
        ("POST", "{root}/Property"),
        ("PATCH", "{root}/Property('K')"),
        ("PUT", "{root}/Property('K')"),
        ("DELETE", "{root}/Property('K')"),
        ("POST", "{root}/$batch"),
    ]
}

/// The routes, at the service root and at `/oauth2/token`.
pub fn router(door: Door) -> Router {
    let root = door.settings.root.clone();
    Router::new()
        .route(&root, any(answer))
        .route(&format!("{root}/"), any(answer))
        .route(&format!("{root}/{{*path}}"), any(answer))
        .route("/oauth2/token", post(token::token))
        .with_state(Arc::new(door))
}

async fn answer(
    State(door): State<Arc<Door>>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let mut wishes = match Wishes::read(&headers) {
        Ok(wishes) => wishes,
        Err(fault) => return reply::response(Err(fault.into()), &Wishes::plain(), None),
    };
    let now = (door.clock)();
    let authorization = headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let from = peer.map(|Extension(peer)| peer.0.ip());
    let caller = match door.authenticate(authorization, uri.query(), from, now) {
        Ok(caller) => caller,
        Err(refused) => return reply::response(Err(refused), &wishes, None),
    };
    let quota = match door.gate.spend(&caller, gate::Cost::REQUEST, now) {
        Ok(quota) => quota,
        Err(refusal) => return reply::response(Err(refusal.into()), &wishes, None),
    };
    let found = match method {
        Method::POST if batch::is_batch(&door, uri.path()) => match whole(body).await {
            Ok(body) => batch::answer(&door, &caller, &headers, &body, now).await,
            Err(fault) => Err(fault.into()),
        },
        _ if batch::is_batch(&door, uri.path()) => {
            Err(Fault::new(405, "method_of_batch", "A batch is sent with POST.", "POST it to $batch.").into())
        }
        Method::GET | Method::HEAD => ask::ask(&door, &caller, &uri, &mut wishes, now).await,
        Method::POST | Method::PATCH | Method::PUT | Method::DELETE => match whole(body).await {
            Ok(body) => {
                let url = Url { path: uri.path(), query: uri.query().unwrap_or_default() };
                let sent = Sent { method: &method, url, headers: &headers, body: &body, pending: &[] };
                write(&door, &caller, sent, &wishes, now).await
            }
            Err(fault) => Err(fault.into()),
        },
        _ => Err(Refused::Fault(Fault::new(
            405,
            "method_unknown",
            format!("{method} does nothing here."),
            "Read with GET; write with POST, PATCH, PUT and DELETE.",
        ))),
    };
    let found = found.map(|reply| reply.sent(&wishes));
    if let Ok(reply) = &found {
        // The answer has been made: what it takes too much is missing from the next.
        drop(door.gate.spend(&caller, gate::Cost::answer(reply.body.len() as u64), now));
    }
    reply::response(found, &wishes, Some(&quota))
}

/// The whole of a body. It is read only once its sender is known and has quota left.
async fn whole(body: Body) -> Result<bytes::Bytes, Fault> {
    to_bytes(body, LARGEST_BODY).await.map_err(|_| {
        let message = format!("The body has more than {LARGEST_BODY} bytes, or was cut off.");
        Fault::new(413, "too_large", message, "Send it in several requests.")
    })
}

impl Door {
    /// The caller of a credential in the header, or in `access_token=` of the URL, which some vendors' clients
    /// use.
    fn authenticate(
        &self,
        authorization: Option<&str>,
        query: Option<&str>,
        from: Option<IpAddr>,
        now: dictionary::Timestamp,
    ) -> Result<gate::Caller, Refused> {
        let in_url = query
            .filter(|_| authorization.is_none())
            .and_then(odata::url::access_token)
            .map(|token| format!("Bearer {token}"));
        let credential = gate::Credential::read(authorization.or(in_url.as_deref()))?;
        Ok(self.gate.authenticate_from(&credential, from, now)?)
    }
}
