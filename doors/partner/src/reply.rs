//! What is answered: bodies with the headers that say how they go on.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use press::{Form, Printed};

/// The content type of every answer.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// An answer.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) body: Printed,
    pub(crate) headers: Vec<(HeaderName, String)>,
    /// What tells whether it is still the same, where clients may ask so (PAR-212).
    pub(crate) tag: Option<String>,
    /// How the body goes over the wire.
    pub(crate) form: Form,
}

impl Reply {
    pub(crate) fn of(body: impl Into<Printed>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.headers.push((HeaderName::from_static(name), text.into()));
        self
    }

    /// The response to a request that names these versions as held (`If-None-Match`).
    pub(crate) fn response(self, held: &[HeaderValue]) -> Response {
        let tag = self.tag;
        let fresh = tag.as_deref().is_some_and(|tag| knows(held, tag));
        let mut response = Response::new(Body::new(if fresh { Printed::default() } else { self.body }));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
        // Answers differ by who asks: what lies between must not keep them.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, ml-auth"));
        let own = tag.map(|tag| (header::ETAG, tag));
        let coding = self.form.content_encoding().filter(|_| !fresh);
        let coding = coding.map(|coding| (header::CONTENT_ENCODING, coding.to_owned()));
        for (name, text) in self.headers.into_iter().chain(own).chain(coding) {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.append(name, value);
            }
        }
        if fresh {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }
}

/// The tag of a body, whatever its form: weak, since it is the same compressed. `version` is that of the
/// record that it is of, 0 where there is none; the checksum tells what else has changed.
pub(crate) fn tag(version: u64, body: &[u8], checksum: u32) -> String {
    format!("W/\"{version:x}-{:x}-{checksum:08x}\"", body.len())
}

/// Whether the asker holds this version already (RFC 9110, 13.1.2).
fn knows(held: &[HeaderValue], tag: &str) -> bool {
    let bare = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let lists = held.iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|one| one == "*" || bare(one) == bare(tag))
}
