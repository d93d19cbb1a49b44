//! `/asyncapi.json` and the page made from it (EVT-098).

mod document;
mod page;

use std::sync::OnceLock;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};

use crate::Door;
use crate::reply::typed;

/// Made when it is first asked for, and kept: it says the same to everyone.
fn kept(door: &Door) -> &'static (Bytes, Bytes) {
    static KEPT: OnceLock<(Bytes, Bytes)> = OnceLock::new();
    KEPT.get_or_init(|| {
        let document = document::document(&door.settings);
        let page = page::page(&document);
        (Bytes::from(document.to_string()), Bytes::from(page))
    })
}

/// The AsyncAPI document.
pub(crate) async fn document(State(door): State<Door>) -> Response {
    typed(StatusCode::OK, "application/json", kept(&door).0.clone())
}

/// The page. It runs no script and asks nobody for anything.
pub(crate) async fn page(State(door): State<Door>) -> Response {
    let mut page = typed(StatusCode::OK, "text/html; charset=utf-8", kept(&door).1.clone());
    let policy =
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    page
}
