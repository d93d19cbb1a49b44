//! Receivers that are slow, hang, reset, redirect, never end, talk nonsense, or are not who they say.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use outbound::Resolve;
use outflow::Schedule;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::receiver::{Receiver, rude};
use crate::town::{Town, settings};

async fn read_all(stream: &mut TcpStream) {
    drop(stream.read(&mut [0; 8_192]).await);
}

/// EVT-084, EVT-085, EVT-086: each fault is an attempt with its reason, tried again as the schedule has it,
/// and a dead letter after the last.
#[tokio::test(flavor = "multi_thread")]
async fn evt_084_evt_085_evt_086_each_fault_is_told_and_tried_again() {
    let town = Town::open().await;
    let check = async |id: &str, url: String, status: Option<u16>, fault: &str| {
        town.endpoint(id, &url, |_| {}).await;
        town.publish("{}").await;
        let attempts = town.dead(id).await;
        assert_eq!(attempts, vec![(status, fault.to_owned()); 4], "{id}: one and three more");
        town.subscribe(id, &[("SubscriptionStatus", "Rejected".into())]).await;
    };
    let say = |status, headers: Vec<(&'static str, String)>| {
        Receiver::saying(move |_, _| (status, headers.clone()))
    };
    check("error", say(500, Vec::new()).await.url(), Some(500), "refused").await;
    check("unknown", say(404, Vec::new()).await.url(), Some(404), "refused").await;
    // A redirect is never followed: nobody comes to where it leads.
    let elsewhere = Receiver::kind().await;
    check("moved", say(307, vec![("location", elsewhere.url())]).await.url(), Some(307), "redirected").await;
    assert_eq!(elsewhere.count(), 0);
    let slow = Receiver::waiting(|_, _| (Duration::from_secs(3), (204, Vec::new()))).await;
    check("slow", slow.url(), None, "timed_out").await;
    let hangs = rude(|stream| async move {
        tokio::time::sleep(Duration::from_secs(20)).await;
        drop(stream);
    });
    check("hangs", hangs.await, None, "timed_out").await;
    let resets = rude(|stream| async move {
        // Closing with unread bytes resets.
        tokio::time::sleep(Duration::from_millis(20)).await;
        drop(stream);
    });
    check("resets", resets.await, None, "broken").await;
    let nonsense = rude(|mut stream| async move {
        read_all(&mut stream).await;
        drop(stream.write_all(b"\x16\x03\x01 what? \r\n\r\n\0\0\0").await);
    });
    check("nonsense", nonsense.await, None, "broken").await;
    let drips = rude(|mut stream| async move {
        read_all(&mut stream).await;
        let mut said = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await;
        while said.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            said = stream.write_all(b"x").await;
        }
    });
    check("drips", drips.await, None, "timed_out").await;
}

/// EVT-086: two gigabytes are an answer of four kilobytes.
#[tokio::test(flavor = "multi_thread")]
async fn evt_086_an_endless_answer_is_cut() {
    let town = Town::open().await;
    let endless = rude(|mut stream| async move {
        read_all(&mut stream).await;
        let mut said = stream.write_all(b"HTTP/1.1 500 No\r\ncontent-length: 2147483648\r\n\r\n").await;
        while said.is_ok() {
            said = stream.write_all(&[b'x'; 65_536]).await;
        }
    });
    town.endpoint("e", &endless.await, |_| {}).await;
    town.publish("{}").await;
    assert_eq!(town.dead("e").await[0], (Some(500), "refused".to_owned()));
    let dead = town.outflow.dead_letters("e", 0).await.unwrap();
    assert!(dead[0].1.iter().all(|attempt| attempt.answer.len() == 4_096));
}

/// EVT-084: TLS that is not good is a fault, an expired certificate like a stranger's.
#[tokio::test(flavor = "multi_thread")]
async fn evt_084_tls_that_is_not_good_is_refused() {
    let now = std::time::SystemTime::from(testkit::real_time());
    for (what, not_after) in
        [("expired", now - Duration::from_secs(60)), ("good", now + Duration::from_secs(600))]
    {
        let mut params = rcgen::CertificateParams::new(vec!["receiver.example".to_owned()]).unwrap();
        params.not_before = (now - Duration::from_secs(7_200)).into();
        params.not_after = not_after.into();
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.serialize_der().try_into().unwrap())
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(server));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    drop(stream.read(&mut [0; 8_192]).await);
                    drop(stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await);
                    drop(stream.shutdown().await);
                });
            }
        });
        let mut settings = settings();
        settings.outbound.roots = vec![certificate.der().clone()];
        let here: Resolve =
            Arc::new(|_, port| Box::pin(async move { Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))]) }));
        settings.outbound.resolve = Some(here);
        let client = outbound::Client::new(settings.outbound).unwrap();
        let request = outbound::Request {
            method: http::Method::POST,
            uri: outbound::target(&format!("https://receiver.example:{port}/")).unwrap(),
            headers: http::HeaderMap::new(),
            body: "{}".into(),
            largest_answer: 100,
        };
        let said =
            client.send(request).await.map(|answer| answer.status.as_u16()).map_err(|failure| failure.code());
        assert_eq!(said, if what == "good" { Ok(204) } else { Err("tls_failed") }, "{what}");
    }
}

/// EVT-084: 410 disables the endpoint at once, and what else is owed waits.
#[tokio::test(flavor = "multi_thread")]
async fn evt_084_gone_is_gone() {
    let town = Town::open().await;
    let receiver = Receiver::saying(|_, _| (410, Vec::new())).await;
    town.endpoint("e", &receiver.url(), |new| new.concurrency = Some(1)).await;
    town.publish_all(vec![crate::town::event("{}"), crate::town::event("{}")]).await;
    town.until("disabled", async || {
        town.outflow.endpoint("e").unwrap().status == outflow::EndpointStatus::Disabled
    })
    .await;
    let own = "https://hub.example/pods/app-c/profile/card#me";
    town.until("told", async || {
        town.inbox_topics(own).await.iter().any(|topic| topic.ends_with("#endpoint.disabled"))
    })
    .await;
    assert_eq!(receiver.count(), 1, "the second was not sent");
    assert_eq!(town.store.delivery_counts("e").await.unwrap(), [1, 0, 1]);
}

/// EVT-084: who asks for time is given it: with a schedule of a day, only `Retry-After` brings it back.
#[tokio::test(flavor = "multi_thread")]
async fn evt_084_retry_after_brings_it_back() {
    let mut settings = settings();
    settings.schedule = Schedule { waits: vec![Duration::from_secs(86_400)], jitter: 0.0 };
    let town = Town::with(settings).await;
    let receiver = Receiver::saying(|_, number| match number {
        0 => (503, vec![("retry-after", "0".into())]),
        _ => (204, Vec::new()),
    })
    .await;
    town.endpoint("e", &receiver.url(), |_| {}).await;
    let id = town.publish("{}").await;
    town.until("twice", async || receiver.count() == 2).await;
    assert_eq!(receiver.ids(), [id.clone(), id], "the same id over attempts");
}

/// EVT-090: a name that was public when it was registered and leads home when it is sent to.
#[tokio::test(flavor = "multi_thread")]
async fn evt_090_a_name_that_is_bound_again_is_sent_nothing() {
    let receiver = Receiver::kind().await;
    let port = receiver.url().rsplit_once(':').unwrap().1.trim_end_matches("/hook").parse::<u16>().unwrap();
    let bound = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let mut settings = settings();
    // 127.0.0.2 plays the public address, 127.0.0.1 the private one.
    settings.outbound.rules.allowed = vec!["127.0.0.2".parse().unwrap()];
    let again = bound.clone();
    settings.outbound.resolve = Some(Arc::new(move |_, port| {
        let last = if again.load(std::sync::atomic::Ordering::SeqCst) { 1 } else { 2 };
        Box::pin(async move { Ok(vec![SocketAddr::from(([127, 0, 0, last], port))]) })
    }));
    let town = Town::with(settings).await;
    // The challenge is answered at 127.0.0.2.
    let public = tokio::net::TcpListener::bind(("127.0.0.2", port)).await.unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = public.accept().await.unwrap();
        let mut head = [0; 4_096];
        let read = stream.read(&mut head).await.unwrap();
        let head = String::from_utf8_lossy(&head[..read]).into_owned();
        let token = head.split_once("challenge=").unwrap().1.split(' ').next().unwrap();
        let answer =
            format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{token}", token.len());
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    town.endpoint("e", &format!("http://rebound.example:{port}/hook"), |_| {}).await;
    bound.store(true, std::sync::atomic::Ordering::SeqCst);
    town.publish("{}").await;
    let attempts = town.dead("e").await;
    assert!(attempts.iter().all(|(_, fault)| fault == "address_refused"), "{attempts:?}");
    assert_eq!(receiver.count(), 0);
}
