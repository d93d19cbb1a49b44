//! Answers as caches and browsers expect them.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::kept::Shot;

/// A picture that never changes at its address: whoever has it need not ask for a year.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A picture that may be replaced under its key: a day, and a week more where nobody answers.
const A_DAY: HeaderValue =
    HeaderValue::from_static("public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800");

/// The picture, or that the asker has it already.
pub(crate) fn answer(shot: &Shot, unchanging: bool, asked: &HeaderMap) -> Response {
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(header::ETAG, shot.tag.clone());
    headers.insert(header::CACHE_CONTROL, if unchanging { FOR_EVER } else { A_DAY });
    if knows(asked, &shot.tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    (StatusCode::OK, headers, Bytes::clone(&shot.bytes)).into_response()
}

/// Whether the asker holds this version already (RFC 9110, 13.1.2).
fn knows(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let lists = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|one| {
        // Weakly the same is the same here.
        one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == tag.as_bytes()
    })
}

/// Why there is no picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refusal {
    /// There is none of this key, or none that the public may see.
    NotFound,
    /// There is none of this size.
    NoSuchSize,
    /// Its original cannot be had, or is no picture that is read here.
    NoOriginal,
    /// Too many are waited for.
    Busy,
    /// Something broke here.
    Failed,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                r#"{"error":{"code":"picture_not_found","message":"There is no picture of this key.","hint":"Take the address from MediaURL of a Media record."}}"#,
            ),
            Self::NoSuchSize => (
                StatusCode::NOT_FOUND,
                r#"{"error":{"code":"picture_size_unknown","message":"Pictures are not kept in this size or format.","hint":"Ask for /media/{MediaKey}/normal.jpg or /media/{MediaKey}/large.jpg."}}"#,
            ),
            Self::NoOriginal => (
                StatusCode::BAD_GATEWAY,
                r#"{"error":{"code":"picture_unreachable","message":"The original of this picture cannot be fetched or read.","hint":"Ask again later; where it stays so, tell the operator of this server."}}"#,
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                r#"{"error":{"code":"pictures_busy","message":"Too many pictures are waited for.","hint":"Ask again in a second."}}"#,
            ),
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                r#"{"error":{"code":"picture_failed","message":"The picture could not be made.","hint":"Tell the operator of this server."}}"#,
            ),
        };
        let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
