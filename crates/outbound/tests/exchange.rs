//! Real servers on this machine, kind and unkind.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use outbound::{Client, Failure, FailureKind, Request, Resolve, Rules, Settings, target};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A server that does to each connection what it is told.
async fn server<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// A server that reads a request's head and says this.
async fn saying(answer: &'static str) -> SocketAddr {
    server(move |mut stream| async move {
        let mut head = [0; 1_024];
        drop(stream.read(&mut head).await);
        drop(stream.write_all(answer.as_bytes()).await);
        drop(stream.shutdown().await);
    })
    .await
}

fn local() -> Settings {
    let rules = Rules { allowed: vec!["127.0.0.0/8".parse().unwrap()] };
    Settings { rules, timeout: Duration::from_millis(400), ..Settings::default() }
}

async fn get(settings: Settings, url: &str) -> Result<outbound::Answer, Failure> {
    let request = Request {
        method: Method::GET,
        uri: target(url)?,
        headers: HeaderMap::new(),
        body: Bytes::new(),
        largest_answer: 16,
    };
    Client::new(settings).unwrap().send(request).await
}

#[tokio::test]
async fn an_answer_is_read_as_far_as_it_is_wanted() {
    let check = async |said: &'static str, status: u16, body: &str, cut: bool| {
        let answer = get(local(), &format!("http://{}/", saying(said).await)).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), &answer.body[..], answer.cut),
            (status, body.as_bytes(), cut),
            "{said}"
        );
    };
    check("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", 200, "ok", false).await;
    check("HTTP/1.1 204 No Content\r\n\r\n", 204, "", false).await;
    check("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", 302, "", false)
        .await;
    check("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n0123456789abcdef", 200, "0123456789abcdef", false)
        .await;
    check("HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n0123456789abcdefghij", 200, "0123456789abcdef", true)
        .await;
    check(
        "HTTP/1.1 200 OK\r\ncontent-length: 2000000000\r\n\r\n0123456789abcdef",
        200,
        "0123456789abcdef",
        true,
    )
    .await;
}

#[tokio::test]
async fn what_is_no_answer_is_a_failure() {
    let check = async |address: SocketAddr, kind: FailureKind| {
        let failure = get(local(), &format!("http://{address}/")).await.unwrap_err();
        assert_eq!(failure.kind, kind, "{failure}");
    };
    let hanging = server(|stream| async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        drop(stream);
    });
    check(hanging.await, FailureKind::TimedOut).await;
    check(saying("no HTTP\r\n\r\n").await, FailureKind::Broken).await;
    check(saying("").await, FailureKind::Broken).await;
    check(saying("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf").await, FailureKind::Broken).await;
    let dripping = server(|mut stream| async move {
        drop(stream.read(&mut [0; 1_024]).await);
        let mut said = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n").await;
        while said.is_ok() {
            tokio::time::sleep(Duration::from_millis(150)).await;
            said = stream.write_all(b"x").await;
        }
    });
    check(dripping.await, FailureKind::TimedOut).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    check(closed, FailureKind::NotConnected).await;
}

/// EVT-090: names and numbers that lead home are refused before anything is connected to.
#[tokio::test]
async fn evt_090_nothing_is_connected_to_that_is_not_allowed() {
    let knocks = Arc::new(AtomicUsize::new(0));
    let counted = knocks.clone();
    let address = server(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        async {}
    })
    .await;
    let port = address.port();
    let strict = || Settings { timeout: Duration::from_secs(2), ..Settings::default() };
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1"] {
        let url = format!("http://{host}:{port}/");
        let failure = get(strict(), &url).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::AddressRefused, "{url}: {failure}");
        let failure = Client::new(strict()).unwrap().check(&url).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::AddressRefused, "{url}: {failure}");
    }
    assert_eq!(knocks.load(Ordering::SeqCst), 0);
}

/// EVT-090: a name that was public when it was registered and leads home when it is connected to.
#[tokio::test]
async fn evt_090_a_name_that_is_bound_again_is_refused_at_the_connect() {
    let asked = Arc::new(AtomicUsize::new(0));
    let resolve: Resolve = {
        let asked = asked.clone();
        Arc::new(move |_, port| {
            let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
            let address = if first { [93, 184, 215, 14] } else { [127, 0, 0, 1] };
            Box::pin(async move { Ok(vec![SocketAddr::from((address, port))]) })
        })
    };
    let settings = Settings { resolve: Some(resolve), ..Settings::default() };
    Client::new(settings.clone()).unwrap().check("http://rebound.example/").await.unwrap();
    let failure = get(settings, "http://rebound.example/").await.unwrap_err();
    assert_eq!((failure.kind, failure.code()), (FailureKind::AddressRefused, "address_refused"));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

/// EVT-090: one forbidden address among public ones is enough.
#[tokio::test]
async fn evt_090_every_address_of_a_name_is_looked_at() {
    let resolve: Resolve = Arc::new(|_, port| {
        Box::pin(async move { Ok(vec![([93, 184, 215, 14], port).into(), ([10, 0, 0, 1], port).into()]) })
    });
    let settings = Settings { resolve: Some(resolve), ..Settings::default() };
    let failure = Client::new(settings).unwrap().check("https://mixed.example/").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::AddressRefused);
    let nothing: Resolve = Arc::new(|_, _| Box::pin(async { Ok(Vec::new()) }));
    let settings = Settings { resolve: Some(nothing), ..Settings::default() };
    let failure = Client::new(settings).unwrap().check("https://nowhere.example/").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NameUnknown);
}
