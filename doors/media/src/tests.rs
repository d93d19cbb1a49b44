//! The door answers as caches and browsers expect, and makes no picture twice that it may keep.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use http::{Method, Request};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;

fn drawing(made: Arc<AtomicUsize>) -> Draw {
    Arc::new(move |key| {
        made.fetch_add(1, Ordering::SeqCst);
        match key {
            "panic" => panic!("as the test wants"),
            key if key.starts_with("house") => Some(format!("picture of {key}").into_bytes()),
            _ => None,
        }
    })
}

async fn ask(
    router: &Router,
    method: Method,
    path: &str,
    known: Option<&str>,
) -> (StatusCode, HeaderMap, Bytes) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(tags) = known {
        request = request.header(header::IF_NONE_MATCH, tags);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn a_picture_is_served_with_headers_that_let_it_be_kept() {
    let router = router(drawing(Arc::default()), Settings::default());
    let (status, headers, body) = ask(&router, Method::GET, "/media/house-1", None).await;
    assert_eq!((status, &body[..]), (StatusCode::OK, &b"picture of house-1"[..]));
    assert_eq!(headers[header::CONTENT_TYPE], "image/jpeg");
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let check = async |method: Method, known: Option<String>, expect: u16, length: usize| {
        let (status, headers, body) = ask(&router, method, "/media/house-1", known.as_deref()).await;
        assert_eq!((status.as_u16(), body.len()), (expect, length), "{known:?}");
        assert_eq!(headers[header::ETAG], tag.as_str());
        assert!(headers.contains_key(header::CACHE_CONTROL));
    };
    check(Method::HEAD, None, 200, 0).await;
    check(Method::GET, Some(tag.clone()), 304, 0).await;
    check(Method::GET, Some(format!("\"other\", W/{tag}")), 304, 0).await;
    check(Method::HEAD, Some("*".to_owned()), 304, 0).await;
    check(Method::GET, Some("\"other\"".to_owned()), 200, 18).await;
    let (_, headers, _) = ask(&router, Method::HEAD, "/media/house-1", None).await;
    assert_eq!(headers[header::CONTENT_LENGTH], "18");
}

#[tokio::test]
async fn what_is_not_there_is_said_in_json() {
    let router = router(drawing(Arc::default()), Settings::default());
    let check = async |method: Method, path: &str, expect: u16, code: &str| {
        let (status, headers, body) = ask(&router, method, path, None).await;
        assert_eq!(status.as_u16(), expect, "{path}");
        assert!(code.is_empty() || headers[header::CACHE_CONTROL] == "no-store", "{path}");
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains(code), "{path}: {text}");
    };
    check(Method::GET, "/media/barn", 404, "picture_not_found").await;
    check(Method::GET, &format!("/media/house{}", "x".repeat(2_000)), 404, "picture_not_found").await;
    check(Method::GET, "/media/..%2Fhouse", 404, "picture_not_found").await;
    check(Method::GET, "/media/panic", 500, "picture_failed").await;
    check(Method::GET, "/media/", 404, "").await;
    check(Method::POST, "/media/house-1", 405, "").await;
}

#[tokio::test]
async fn what_was_made_is_kept_while_there_is_room() {
    let made = Arc::new(AtomicUsize::default());
    // Two pictures of eighteen bytes fit.
    let settings = Settings { kept_bytes: 40, ..Settings::default() };
    let router = router(drawing(Arc::clone(&made)), settings);
    let check = async |key: &str, expect: usize| {
        let (status, ..) = ask(&router, Method::GET, &format!("/media/{key}"), None).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(made.load(Ordering::SeqCst), expect, "{key}");
    };
    check("house-1", 1).await;
    check("house-2", 2).await;
    check("house-1", 2).await;
    check("house-3", 3).await;
    // The second was asked for longest ago.
    check("house-1", 3).await;
    check("house-2", 4).await;
    // One that is too large alone is served and not kept, and drives nothing out.
    let large = format!("house-{}", "9".repeat(50));
    check(&large, 5).await;
    check(&large, 6).await;
    check("house-2", 6).await;
}

#[tokio::test]
async fn too_many_who_wait_are_told_to_come_back() {
    let (free, blocked) = std::sync::mpsc::channel::<()>();
    let blocked = Mutex::new(blocked);
    let started = Arc::new(tokio::sync::Notify::new());
    let draw: Draw = Arc::new({
        let started = Arc::clone(&started);
        move |_| {
            started.notify_one();
            blocked.lock().recv().ok();
            Some(vec![1])
        }
    });
    let router = router(draw, Settings { at_once: 1, waiting: 1, ..Settings::default() });
    let first = tokio::spawn({
        let router = router.clone();
        async move { ask(&router, Method::GET, "/media/a", None).await.0 }
    });
    started.notified().await;
    let (status, headers, _) = ask(&router, Method::GET, "/media/b", None).await;
    assert_eq!(
        (status, &headers[header::RETRY_AFTER]),
        (StatusCode::SERVICE_UNAVAILABLE, &HeaderValue::from_static("1"))
    );
    // Who asked has left, and still the work holds its place.
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let (status, ..) = ask(&router, Method::GET, "/media/b", None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    drop(free);
}
