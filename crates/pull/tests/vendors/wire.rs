//! A vendor's answers as HTTP, compressed for who asks for that.

use std::io::Write as _;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{Request, StatusCode};

use crate::vendor::{Mishap, Shared};

/// Answers one request.
pub(crate) async fn answer(
    State((vendor, wrong)): State<(Shared, bool)>,
    request: Request<Body>,
) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 16).await.unwrap();
    let (path, query) = (head.uri.path().to_owned(), head.uri.query().unwrap_or_default().to_owned());
    let mut vendor = vendor.lock();
    let cut = vendor.mishaps.front() == Some(&Mishap::CutShort);
    let reply = vendor.reply(&path, &query, &head.headers, &body, wrong);
    let date = vendor.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    drop(vendor);
    let mut response =
        Response::builder().status(StatusCode::from_u16(reply.status).unwrap()).header("date", date);
    response = response.header("content-type", if reply.html { "text/html" } else { "application/json" });
    if let Some(link) = reply.link {
        response = response.header("link", link);
    }
    if let Some(seconds) = reply.after {
        response = response.header("retry-after", seconds);
    }
    let mut bytes = reply.body;
    if head.headers.get("accept-encoding").is_some_and(|value| value.to_str().unwrap().contains("gzip")) {
        let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        zipped.write_all(&bytes).unwrap();
        bytes = zipped.finish().unwrap();
        if cut {
            bytes.truncate(bytes.len() / 2);
        }
        response = response.header("content-encoding", "gzip");
    }
    response.body(Body::from(bytes)).unwrap()
}
