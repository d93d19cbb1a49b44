//! The request of one attempt: body, headers, signatures.

use bytes::Bytes;
use dictionary::{Text, Timestamp};
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use outbound::{Failure, Request};
use serde::{Deserialize, Serialize};

use crate::event::cloud::percent_encoded;
use crate::standing::{Endpoint, Format};
use crate::{Event, MasterKey, legacy};

/// Bytes of an answer that are read and kept (EVT-086).
const LARGEST_ANSWER: usize = 4 << 10;

/// What a receiver confided: kept sealed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Confided {
    /// Headers that are sent along, such as an `Authorization` of the receiver's own.
    pub headers: Vec<(String, String)>,
    /// The salt of the older signature (EVT-083).
    pub salt: Option<String>,
}

/// What an attempt sends, and how it is signed.
pub(super) struct Sending<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) event: &'a Event,
    pub(super) agent: &'a Text,
    /// The payload as the receiver may see it.
    pub(super) data: &'a str,
    pub(super) with_context: bool,
    pub(super) now: Timestamp,
}

impl Sending<'_> {
    /// The whole request.
    pub(super) fn request(&self, master: &MasterKey) -> Result<Request, Failure> {
        let (body, kind) = self.body();
        signed(self.endpoint, &self.event.id, self.now, body, self.headers(kind), master)
    }

    fn body(&self) -> (String, &'static str) {
        match self.endpoint.format {
            // An endpoint that wants the log instead is owed no event.
            Format::Envelope | Format::EntityEvent => {
                (self.event.envelope(self.agent, self.data, self.with_context), "application/json")
            }
            Format::CloudStructured => {
                (self.event.cloud_structured(self.agent, self.data), "application/cloudevents+json")
            }
            Format::CloudBinary => (self.data.to_owned(), "application/json"),
        }
    }

    /// The envelope's values as headers besides, as the seed's table has them; `@id` alone is left out: no
    /// header can be named so.
    fn headers(&self, kind: &'static str) -> HeaderMap {
        let event = self.event;
        let mut headers = match self.endpoint.format {
            Format::CloudBinary => event.cloud_headers(self.agent),
            Format::CloudStructured => HeaderMap::new(),
            Format::Envelope | Format::EntityEvent => {
                let mut headers = HeaderMap::new();
                let list =
                    |all: &[Text]| all.iter().map(|one| percent_encoded(one)).collect::<Vec<_>>().join(", ");
                set(&mut headers, "topic", &event.topic);
                set(&mut headers, "time", &event.time.to_string());
                set(&mut headers, "agent", &percent_encoded(self.agent));
                set(&mut headers, "instrument", &percent_encoded(&event.instrument));
                // A header has a bound of its own at most receivers; the body holds all of them.
                if !event.sources.is_empty() && event.sources.len() <= MOST_IN_A_HEADER {
                    set(&mut headers, "source", &list(&event.sources));
                }
                if event.original_recipients.len() <= MOST_IN_A_HEADER {
                    set(&mut headers, "originalrecipient", &list(&event.original_recipients));
                }
                set(&mut headers, "id", &percent_encoded(&event.uri));
                headers
            }
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers
    }
}

/// A request to an endpoint: these headers and those that it confided, and the signatures over the body.
/// `id` stays the same over attempts.
pub(super) fn signed(
    endpoint: &Endpoint,
    id: &str,
    now: Timestamp,
    body: String,
    mut headers: HeaderMap,
    master: &MasterKey,
) -> Result<Request, Failure> {
    let uri = outbound::target(&endpoint.url)?;
    headers.insert(USER_AGENT, HeaderValue::from_static("Freehold"));
    let confided = endpoint.sealed.as_ref().and_then(|sealed| master.open(&endpoint.id, sealed));
    let confided = confided.and_then(|text| serde_json::from_str::<Confided>(&text).ok()).unwrap_or_default();
    for (name, value) in &confided.headers {
        set(&mut headers, name, value);
    }
    // The signatures last: nothing that was confided stands in their place.
    set(&mut headers, "webhook-id", id);
    set(&mut headers, "webhook-timestamp", &now.as_second().to_string());
    set(&mut headers, "webhook-signature", &signatures(endpoint, id, now, body.as_bytes(), master));
    if let Some(salt) = &confided.salt {
        set(&mut headers, "x-signature", &legacy(salt, body.as_bytes()));
    }
    Ok(Request {
        method: Method::POST,
        uri,
        headers,
        body: Bytes::from(body),
        largest_answer: LARGEST_ANSWER,
    })
}

/// The signature of the secret and, while it is being changed, that of the former one (EVT-082).
fn signatures(endpoint: &Endpoint, id: &str, now: Timestamp, body: &[u8], master: &MasterKey) -> String {
    let Endpoint { nonce, previous, scheme, .. } = endpoint;
    let sign = |nonce: &Text| master.secret(&endpoint.id, nonce, *scheme).sign(id, now.as_second(), body);
    let former = previous.as_ref().filter(|(_, until)| *until > now);
    std::iter::once(nonce).chain(former.map(|(nonce, _)| nonce)).map(sign).collect::<Vec<_>>().join(" ")
}

/// URIs that one header holds.
const MOST_IN_A_HEADER: usize = 10;

pub(super) fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}
