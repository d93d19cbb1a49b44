//! Originals from elsewhere: fetched once, never from a private network, never without end.

use std::sync::atomic::AtomicI64;

use parking_lot::Mutex;

use super::server::Server;
use super::*;

/// A door whose keys are paths of this server.
fn of_server(server: &Server, settings: Settings) -> Router {
    let base = server.url("");
    let find: Find =
        Arc::new(move |key| Some(Origin::At { url: format!("{base}{key}"), version: "1".into() }));
    open(find, drawing(Arc::default()), settings).0
}

/// PAR-204, SRCH-013: an original is fetched once, whoever asks and for which size, and again only for a
/// new version.
#[tokio::test]
async fn srch_013_an_original_is_fetched_once() {
    let (server, scratch) = (Server::start().await, testkit::Scratch::new());
    let version = Arc::new(Mutex::new("1".to_owned()));
    let find: Find = {
        let (url, version) = (server.url("slow.jpg"), Arc::clone(&version));
        Arc::new(move |key| {
            let version = version.lock().clone();
            (key == "k").then(|| Origin::At { url: url.clone(), version })
        })
    };
    let settings = Settings { directory: Some(scratch.path().to_owned()), ..Settings::default() };
    let (router, photos) = open(Arc::clone(&find), drawing(Arc::default()), settings.clone());
    assert_eq!(photos.retrieved("k"), None);
    let all = ["", "/normal.jpg", "/large.jpg", "/normal.jpg?v=7", "/large.jpg", ""].map(|end| {
        let router = router.clone();
        tokio::spawn(async move { ask(&router, Method::GET, &format!("/media/k{end}"), None).await })
    });
    for one in all {
        assert_eq!(one.await.unwrap().0, StatusCode::OK);
    }
    assert_eq!(server.asked.load(Ordering::SeqCst), 1);
    assert_eq!(photos.retrieved("k"), Some(noon()));
    let (router, _) = open(find, drawing(Arc::default()), settings);
    let (_, headers, body) = ask(&router, Method::GET, "/media/k/normal.jpg", None).await;
    assert_eq!((seen(&body).0, server.asked.load(Ordering::SeqCst)), (300, 1));
    // The picture may be another one under this address tomorrow; with its version in it, it may not.
    assert!(headers[header::CACHE_CONTROL].to_str().unwrap().starts_with("public, max-age=86400,"));
    let (_, headers, _) = ask(&router, Method::GET, "/media/k/normal.jpg?v=7", None).await;
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    "2".clone_into(&mut version.lock());
    ask(&router, Method::GET, "/media/k/normal.jpg", None).await;
    assert_eq!(server.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn originals_of_every_kind() {
    let server = Server::start().await;
    let settings = Settings { largest_original: 1 << 20, ..Settings::default() };
    let router = of_server(&server, settings);
    let check = async |key: &str, expect: u16, wide: u32| {
        let (status, _, body) = ask(&router, Method::GET, &format!("/media/{key}/large.jpg"), None).await;
        assert_eq!(status.as_u16(), expect, "{key}: {}", String::from_utf8_lossy(&body));
        assert!(wide == 0 || seen(&body).0 == wide, "{key}");
    };
    check("house.jpg", 200, 1_024).await;
    check("a%20house.jpg", 200, 200).await;
    check("called-html", 200, 60).await;
    check("moved", 200, 1_024).await;
    check("moved-far", 200, 1_024).await;
    check("gone", 404, 0).await;
    check("nowhere", 404, 0).await;
    for bad in [
        "svg",
        "html-called-jpeg",
        "empty",
        "half",
        "liar",
        "endless",
        "never",
        "reset",
        "garbage",
        "loop",
        "inward",
        "metadata",
        "to-file",
        "broken",
    ] {
        check(bad, 502, 0).await;
    }
}

#[tokio::test]
async fn a_private_address_is_not_asked() {
    let asked = |url: &'static str| {
        let find: Find = Arc::new(move |_| Some(Origin::At { url: url.into(), version: "1".into() }));
        open(find, drawing(Arc::default()), Settings::default()).0
    };
    for url in [
        "http://10.0.0.1/x.jpg",
        "http://[::1]:80/x.jpg",
        "http://[::ffff:10.0.0.1]/x.jpg",
        "http://169.254.169.254/x.jpg",
        "https://localhost.localdomain/x.jpg",
        "ftp://1.1.1.1/x.jpg",
        "file:///etc/passwd",
        "/etc/passwd",
        "",
        "https://user:word@1.1.1.1/x.jpg",
        "javascript:alert(1)",
    ] {
        let (status, _, body) = ask(&asked(url), Method::GET, "/media/k/large.jpg", None).await;
        assert_eq!(status, StatusCode::BAD_GATEWAY, "{url}");
        // The other side's address and what is wrong with it are the operator's business.
        assert!(!String::from_utf8_lossy(&body).contains("1.1"), "{url}");
    }
}

/// What the public may no longer see is no longer served, although it is kept.
#[tokio::test]
async fn what_is_withdrawn_is_not_served_from_what_is_kept() {
    let server = Server::start().await;
    let open_to_all = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let find: Find = {
        let (url, open_to_all) = (server.url("house.jpg"), Arc::clone(&open_to_all));
        Arc::new(move |_| {
            let shown = open_to_all.load(Ordering::SeqCst);
            shown.then(|| Origin::At { url: url.clone(), version: "1".into() })
        })
    };
    let (router, _) = open(find, drawing(Arc::default()), Settings::default());
    let check = async |expect: u16| {
        let (status, ..) = ask(&router, Method::GET, "/media/k/large.jpg", None).await;
        assert_eq!(status.as_u16(), expect);
    };
    check(200).await;
    open_to_all.store(false, Ordering::SeqCst);
    check(404).await;
    open_to_all.store(true, Ordering::SeqCst);
    check(200).await;
    assert_eq!(server.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_failed_rests_for_a_while() {
    static MINUTES: AtomicI64 = AtomicI64::new(0);
    fn clock() -> Timestamp {
        Timestamp::from_second(MINUTES.load(Ordering::SeqCst) * 60).unwrap()
    }
    let server = Server::start().await;
    let url = server.url("broken");
    let find: Find = Arc::new(move |_| Some(Origin::At { url: url.clone(), version: "1".into() }));
    let sources = Sources { find, draw: drawing(Arc::default()), client: client() };
    let router = router(Photos::open(Settings::default(), sources, clock).unwrap());
    let check = async |minutes: i64, asked: usize| {
        MINUTES.store(minutes, Ordering::SeqCst);
        let (status, ..) = ask(&router, Method::GET, "/media/k/large.jpg", None).await;
        assert_eq!((status, server.asked.load(Ordering::SeqCst)), (StatusCode::BAD_GATEWAY, asked));
    };
    check(100, 1).await;
    check(101, 1).await;
    check(109, 1).await;
    check(110, 2).await;
    check(111, 2).await;
}
