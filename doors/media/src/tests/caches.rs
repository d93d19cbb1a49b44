//! The door answers as caches and browsers expect, and makes no picture twice that it may keep.

use http::HeaderValue;
use parking_lot::Mutex;

use super::*;

/// PAR-212: pictures have entity tags, and whoever holds one is told so.
#[tokio::test]
async fn a_picture_is_served_with_headers_that_let_it_be_kept() {
    let router = all_drawn(drawing(Arc::default()), Settings::default());
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

/// PAR-204, SRCH-013: both sizes of a drawn picture, drawn once for both.
#[tokio::test]
async fn srch_013_size_and_format_stand_in_the_address() {
    let made = Arc::new(AtomicUsize::default());
    let router = all_drawn(drawing(Arc::clone(&made)), Settings::default());
    for (path, sides) in [("normal.jpg", (300, 225)), ("large.jpg", (1_024, 768))] {
        let (status, headers, body) =
            ask(&router, Method::GET, &format!("/media/house-real/{path}"), None).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::CONTENT_TYPE], "image/jpeg");
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        let (width, height, _) = seen(&body);
        assert_eq!((width, height), sides);
    }
    assert_eq!(made.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_not_there_is_said_in_json() {
    let router = all_drawn(drawing(Arc::default()), Settings::default());
    let check = async |method: Method, path: &str, expect: u16, code: &str| {
        let (status, headers, body) = ask(&router, method, path, None).await;
        assert_eq!(status.as_u16(), expect, "{path}");
        assert!(code.is_empty() || headers[header::CACHE_CONTROL] == "no-store", "{path}");
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains(code), "{path}: {text}");
    };
    check(Method::GET, "/media/barn", 404, "picture_not_found").await;
    check(Method::GET, "/media/barn/large.jpg", 404, "picture_not_found").await;
    check(Method::GET, "/media/house-real/huge.jpg", 404, "picture_size_unknown").await;
    check(Method::GET, "/media/house-real/large.webp", 404, "picture_size_unknown").await;
    check(Method::GET, "/media/house-1/large.jpg", 502, "picture_unreachable").await;
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
    let router = all_drawn(drawing(Arc::clone(&made)), settings);
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
    let router = all_drawn(draw, Settings { at_once: 1, waiting: 1, ..Settings::default() });
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

/// PAR-203: a picture is on disk from when it was first asked for; the disk is kept over a restart, and
/// holds no more than it may.
#[tokio::test]
async fn par_203_the_disk_remembers_when_and_holds_what_it_may() {
    let scratch = testkit::Scratch::new();
    let made = Arc::new(AtomicUsize::default());
    let start = |disk_bytes: u64| {
        let directory = Some(scratch.path().join("photos"));
        let settings = Settings { directory, disk_bytes, kept_bytes: 0, ..Settings::default() };
        open(Arc::new(|_| Some(Origin::Drawn)), drawing(Arc::clone(&made)), settings)
    };
    let get = async |router: &Router, path: &str| ask(router, Method::GET, path, None).await;
    let (first, photos) = start(1 << 20);
    assert_eq!(photos.retrieved("house-real"), None);
    let (_, headers, before) = get(&first, "/media/house-real/large.jpg").await;
    assert_eq!(photos.retrieved("house-real"), Some(noon()));
    for key in ["house-1", "house-2", "house-3"] {
        get(&first, &format!("/media/{key}")).await;
    }
    assert_eq!(made.load(Ordering::SeqCst), 4);

    let (second, photos) = start(1 << 20);
    assert_eq!(photos.retrieved("house-real"), Some(noon()));
    let (_, again, after) = get(&second, "/media/house-real/large.jpg").await;
    assert_eq!((before, &headers[header::ETAG]), (after, &again[header::ETAG]));
    assert_eq!(made.load(Ordering::SeqCst), 4);

    // Two small pictures have room, each in a block of the disk's.
    let (third, photos) = start(8_192);
    assert_eq!(photos.retrieved("house-real"), None);
    get(&third, "/media/house-1").await;
    get(&third, "/media/house-2").await;
    let so_far = made.load(Ordering::SeqCst);
    get(&third, "/media/house-1").await;
    get(&third, "/media/house-3").await;
    get(&third, "/media/house-1").await;
    assert_eq!(made.load(Ordering::SeqCst), so_far + 1);
    get(&third, "/media/house-2").await;
    assert_eq!(made.load(Ordering::SeqCst), so_far + 2);
    assert_eq!(files(&scratch.path().join("photos")), 2);
}

#[tokio::test]
async fn a_file_that_was_cut_is_made_again() {
    let scratch = testkit::Scratch::new();
    let made = Arc::new(AtomicUsize::default());
    let directory = Some(scratch.path().to_owned());
    let settings = Settings { directory, kept_bytes: 0, ..Settings::default() };
    let router = all_drawn(drawing(Arc::clone(&made)), settings);
    let (_, _, before) = ask(&router, Method::GET, "/media/house-1", None).await;
    for room in std::fs::read_dir(scratch.path()).unwrap() {
        for file in std::fs::read_dir(room.unwrap().path()).unwrap() {
            std::fs::write(file.unwrap().path(), b"pic").unwrap();
        }
    }
    let (_, _, after) = ask(&router, Method::GET, "/media/house-1", None).await;
    assert_eq!((before, made.load(Ordering::SeqCst)), (after, 2));
}

fn files(directory: &std::path::Path) -> usize {
    let rooms = std::fs::read_dir(directory).unwrap();
    rooms.map(|room| std::fs::read_dir(room.unwrap().path()).unwrap().count()).sum()
}
