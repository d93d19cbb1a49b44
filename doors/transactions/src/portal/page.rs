//! The page, its style and its script: nothing of it comes from elsewhere, and it holds nobody's data.

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::reply::typed;

/// What the page may load and ask: this server alone. Nobody may frame it, as a key is typed into it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

fn served(kind: &'static str, text: &'static str) -> Response {
    let mut answer = typed(StatusCode::OK, kind, text);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answer
}

/// `GET /events/portal`
pub(crate) async fn page() -> Response {
    served("text/html; charset=utf-8", include_str!("page.html"))
}

/// `GET /events/portal.js`
pub(crate) async fn script() -> Response {
    served("text/javascript; charset=utf-8", include_str!("page.js"))
}

/// `GET /events/portal.css`
pub(crate) async fn style() -> Response {
    served("text/css; charset=utf-8", include_str!("page.css"))
}
