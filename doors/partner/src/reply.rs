//! What is answered: bodies with the headers that say how they go on.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use press::Form;

/// The content type of every answer.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// An answer.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(HeaderName, String)>,
    /// What tells whether it is still the same, where clients may ask so (PAR-212).
    pub(crate) tag: Option<String>,
    /// How the body goes over the wire.
    pub(crate) form: Form,
}

impl Reply {
    pub(crate) fn of(body: Vec<u8>) -> Self {
        Self { body, ..Self::default() }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.headers.push((HeaderName::from_static(name), text.into()));
        self
    }

    /// The response to a request with these headers.
    pub(crate) fn response(self, asked: &HeaderMap) -> Response {
        let tag = self.tag;
        let fresh = tag.as_deref().is_some_and(|tag| knows(asked, tag));
        let mut response = Response::new(Body::from(if fresh { Vec::new() } else { self.body }));
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

/// The tag of a body, whatever its form: weak, since it is the same compressed.
pub(crate) fn tag(body: &[u8]) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, body);
    let hash = hash.as_ref().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    format!("W/\"{hash:016x}\"")
}

/// Whether the asker holds this version already (RFC 9110, 13.1.2).
fn knows(asked: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let lists = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|one| one == "*" || bare(one) == bare(tag))
}
