//! `GET /events/stream`: the inbox as server-sent events (EVT-063).

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::Response;
use bytes::Bytes;
use dictionary::Text;
use gate::Caller;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use http_body_util::channel::{Channel, Sender};
use outflow::{LARGEST_PAGE, Reader};

use super::{agent, place};
use crate::Door;
use crate::reply::{Answer, typed};
use parameters::Parameters;

/// Pieces that wait for a slow reader; then the reading waits with it.
const WAITING: usize = 4;
/// How long nothing may be said: proxies close what is silent for a minute.
const QUIET: Duration = Duration::from_secs(15);
/// How long a stream lasts: the reader comes back with its place, and its credential is looked at anew.
const LASTING: Duration = Duration::from_secs(900);

/// Everything after `Last-Event-ID` (or `from=`), then whatever comes.
pub(crate) async fn stream(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let mut given = Parameters::read(uri.query())?;
    let agent = agent(&door, &caller, &uri, &headers, &mut given);
    let from = given.take("from");
    given.done()?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let after = last.or(from.as_deref()).map(place).transpose()?.unwrap_or(0);
    let (sender, body) = Channel::<Bytes, Infallible>::new(WAITING);
    let client = caller.client().clone();
    tokio::spawn(async move {
        let mut stopping = door.stopping.subscribe();
        tokio::select! {
            _ = tokio::time::timeout(LASTING, tell(&door, &client, &agent, after, sender)) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    });
    let mut response: Response = typed(StatusCode::OK, "text/event-stream", Body::new(body));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Tells until the reader has gone or the store does not answer.
async fn tell(door: &Door, client: &Text, agent: &Text, mut after: u64, mut to: Sender<Bytes, Infallible>) {
    let mut bell = door.outflow.inbox_bell();
    loop {
        bell.mark_unchanged();
        let reader = Reader { client, agent };
        let page = match door.outflow.inbox(reader, after, LARGEST_PAGE, (door.clock)()).await {
            Ok(page) => page,
            Err(error) => {
                tracing::warn!(code = error.code(), "a stream ends: {error}");
                return;
            }
        };
        let mut text = String::new();
        for item in &page.items {
            let envelope = item.event.envelope(agent, &item.data, false);
            // JSON has no bare line breaks but between its parts, where a space does as well.
            let envelope = envelope.replace(['\n', '\r'], " ");
            text.push_str(&format!("id: {}\nevent: {}\ndata: {envelope}\n\n", item.at, item.event.topic));
        }
        after = page.next;
        if !text.is_empty() && to.send_data(text.into()).await.is_err() {
            return;
        }
        if page.more {
            continue;
        }
        let rung = tokio::time::timeout(QUIET, bell.changed()).await;
        let quiet = rung.is_err();
        if quiet && to.send_data(Bytes::from_static(b":\n\n")).await.is_err() || matches!(rung, Ok(Err(_))) {
            return;
        }
    }
}
