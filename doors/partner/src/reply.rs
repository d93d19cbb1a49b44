//! What is answered: bodies with the headers that say how they go on.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// The content type of every answer.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// An answer.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(HeaderName, String)>,
    /// Whether the client may keep it and ask whether it is still the same (PAR-212).
    pub(crate) tagged: bool,
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
        let tag = self.tagged.then(|| tag(&self.body));
        let fresh = tag.as_deref().is_some_and(|tag| knows(asked, tag));
        let mut response = Response::new(Body::from(if fresh { Vec::new() } else { self.body }));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
        // Answers differ by who asks: what lies between must not keep them.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let own = tag.map(|tag| (header::ETAG, tag));
        for (name, text) in self.headers.into_iter().chain(own) {
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

/// The tag of a body: weak, since it is the same compressed.
fn tag(body: &[u8]) -> String {
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
