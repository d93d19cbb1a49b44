//! Endpoints: registered, verified, failing, disabled, enabled.

use std::time::Duration;

use outflow::{Confided, EndpointStatus, NewEndpoint};

use crate::receiver::Receiver;
use crate::town::{AGENT, Town, now, settings};

fn new(url: &str) -> NewEndpoint {
    NewEndpoint { id: "e".into(), client: "c".into(), url: url.into(), ..NewEndpoint::default() }
}

/// EVT-090: addresses that are not public are refused at registration.
#[tokio::test(flavor = "multi_thread")]
async fn evt_090_where_it_leads_is_looked_at_first() {
    let mut settings = settings();
    settings.outbound.rules.allowed.clear();
    let town = Town::with(settings).await;
    let check = async |url: &str, code: &str| {
        let fault = town.outflow.register(new(url), "tester", now()).await.unwrap_err();
        assert_eq!((fault.status, fault.code), (422, code), "{url}: {fault}");
    };
    check("http://127.0.0.1:9/hook", "address_refused").await;
    check("http://localhost/hook", "address_refused").await;
    check("http://[::ffff:10.0.0.1]/hook", "address_refused").await;
    check("http://169.254.169.254/latest/meta-data", "address_refused").await;
    check("https://user:secret@example.org/", "url_wrong").await;
    check("aws-sqs://queue", "url_wrong").await;
    assert!(town.outflow.endpoint("e").is_err(), "nothing was kept");
}

/// EVT-091: who does not answer the challenge is sent nothing.
#[tokio::test(flavor = "multi_thread")]
async fn evt_091_an_endpoint_is_verified_before_it_is_sent_to() {
    let town = Town::open().await;
    // It takes messages, but says something else to the challenge.
    let deaf = crate::receiver::rude(|_| async {}).await;
    let wrong = deaf.replace("/hook", "/hook?challenge=mine&x=1");
    let kept = town.outflow.register(new(&wrong), "tester", now()).await.unwrap().kept;
    assert!(format!("{:?}", kept.record).contains("Unverified"), "{:?}", kept.record);
    town.subscribe("e", &[]).await;
    town.publish("{}").await;
    let head = town.store.head().await.unwrap();
    town.until("fanned out", async || town.outflow.figures().fanned_out >= head).await;
    assert_eq!(town.store.delivery_counts("e").await.unwrap(), [0, 0, 0]);
    let fault = town.outflow.enable("e", false, "tester", now()).await.unwrap_err();
    assert_eq!(fault.code, "unverified");
    // Who answers it is verified by itself, and sent to.
    let kind = Receiver::kind().await;
    let registered = town.endpoint("k", &kind.url(), |_| {}).await;
    assert!(
        format!("{:?}", registered.kept.record).contains("VerifiedTimestamp")
            || town.outflow.endpoint("k").unwrap().status == EndpointStatus::Active
    );
    town.publish("{}").await;
    town.until("one", async || kind.count() == 1).await;
}

/// EVT-087, EVT-093: warned at 50, 70 and 90 percent, disabled at 100, and what was missed on request.
#[tokio::test(flavor = "multi_thread")]
async fn evt_087_evt_093_an_endpoint_that_fails_for_long_is_disabled() {
    let clock = testkit::Clock::at(now());
    let mut settings = settings();
    settings.failing = Duration::from_secs(5 * 24 * 3_600);
    let reading = clock.clone();
    settings.now = std::sync::Arc::new(move || reading.now());
    let town = Town::with(settings).await;
    let well = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let healed = well.clone();
    let receiver = Receiver::saying(move |_, _| {
        (if healed.load(std::sync::atomic::Ordering::SeqCst) { 204 } else { 500 }, Vec::new())
    })
    .await;
    town.endpoint("e", &receiver.url(), |_| {}).await;
    town.publish("{}").await;
    town.until("failing", async || town.store.health().await.unwrap().len() == 1).await;
    let own = "https://hub.example/pods/app-c/profile/card#me";
    let notices = async || -> Vec<String> {
        let topics = town.inbox_topics(own).await;
        topics.into_iter().filter(|topic| topic.contains("#endpoint.")).collect()
    };
    let begun = clock.now();
    let after = |hours: u64| begun.checked_add(Duration::from_secs(hours * 3_600)).unwrap();
    // 50, 70 and 90 percent of 120 hours are 60, 84 and 108.
    for (hours, told) in [(59, 0), (61, 1), (83, 1), (85, 2), (107, 2), (109, 3), (119, 3)] {
        clock.set(after(hours));
        town.outflow.tend_once().await.unwrap();
        town.until("so many notices", async || notices().await.len() == told).await;
        assert_eq!(town.outflow.endpoint("e").unwrap().status, EndpointStatus::Active, "{hours} h");
    }
    clock.set(after(121));
    town.until("disabled", async || town.outflow.endpoint("e").unwrap().status == EndpointStatus::Disabled)
        .await;
    town.until("four notices", async || notices().await.len() == 4).await;
    let warned = "freehold/operator#endpoint.failing";
    assert_eq!(notices().await, [warned, warned, warned, "freehold/operator#endpoint.disabled"]);
    // What is published meanwhile is not owed, and is owed when it is enabled with what was missed.
    clock.set(after(122));
    let missed = crate::town::event(r#"{"missed":true}"#);
    let operations = vec![missed.operation(&town.dictionary, clock.now()).unwrap()];
    let batch = store::Batch { operations, ..store::Batch::new("tester", clock.now()) };
    let head = town.store.write(batch).await.unwrap().head;
    town.until("fanned out", async || town.outflow.figures().fanned_out >= head).await;
    assert_eq!(town.store.delivery("e", head).await.unwrap(), None);
    well.store(true, std::sync::atomic::Ordering::SeqCst);
    let (_, replayed) = town.outflow.enable("e", true, "tester", clock.now()).await.unwrap();
    assert_eq!(replayed.unwrap().queued, 1);
    town.until("the missed one", async || receiver.ids().contains(&missed.id)).await;
}

/// EVT-087: one success ends the count.
#[tokio::test(flavor = "multi_thread")]
async fn evt_087_one_success_is_enough() {
    let mut settings = settings();
    settings.failing = Duration::from_secs(3_600);
    let town = Town::with(settings).await;
    let receiver = Receiver::saying(|_, number| (if number == 0 { 500 } else { 204 }, Vec::new())).await;
    town.endpoint("e", &receiver.url(), |_| {}).await;
    town.publish("{}").await;
    town.until("healthy", async || {
        let health = town.store.health().await.unwrap();
        health.len() == 1 && health[0].failing_since.is_none()
    })
    .await;
    assert_eq!(receiver.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_receiver_confides_is_checked() {
    let town = Town::open().await;
    let receiver = Receiver::kind().await;
    let check = async |name: &str, value: &str| {
        let confided = Confided { headers: vec![(name.into(), value.into())], salt: None };
        let new = NewEndpoint { confided, ..new(&receiver.url()) };
        let fault = town.outflow.register(new, "tester", now()).await.unwrap_err();
        assert_eq!(fault.code, "header_wrong", "{name}: {fault}");
    };
    check("Host", "evil.example").await;
    check("Content-Length", "5").await;
    check("Webhook-Signature", "v1,x").await;
    check("x y", "z").await;
    check("x", "a\r\nb: c").await;
    check("x", &"y".repeat(20_000)).await;
    for id in ["", "a b", &"x".repeat(65)] {
        let new = NewEndpoint { id: id.into(), ..new(&receiver.url()) };
        assert_eq!(town.outflow.register(new, "tester", now()).await.unwrap_err().code, "id_wrong");
    }
    let wrong = NewEndpoint { format: Some("XML".into()), ..new(&receiver.url()) };
    assert_eq!(town.outflow.register(wrong, "tester", now()).await.unwrap_err().code, "field_wrong");
    town.outflow.register(new(&receiver.url()), "tester", now()).await.unwrap();
    let again = town.outflow.register(new(&receiver.url()), "tester", now()).await.unwrap_err();
    assert_eq!(again.status, 409);
    assert!(town.inbox_topics(AGENT).await.is_empty());
}
