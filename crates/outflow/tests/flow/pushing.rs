//! What is sent, and what becomes of the answer.

use base64::Engine as _;
use http::HeaderMap;
use outflow::Confided;
use standardwebhooks::Webhook;

use crate::receiver::{Got, Receiver};
use crate::town::{AGENT, TOPIC, Town, event, now, settings};

fn verified(secret: &str, got: &Got) -> bool {
    // The verifier's own HTTP types are of the same crate.
    let headers: HeaderMap = got.headers.clone();
    Webhook::new(secret).unwrap().verify(&got.body, &headers).is_ok()
}

/// EVT-080, EVT-082, EVT-083: signed so that the published verifier believes it, with both secrets while
/// one is changed, and with the older signature besides.
#[tokio::test(flavor = "multi_thread")]
async fn evt_080_evt_082_evt_083_each_attempt_is_signed() {
    let town = Town::open().await;
    let receiver = Receiver::kind().await;
    let registered = town
        .endpoint("e", &receiver.url(), |new| {
            new.confided = Confided {
                headers: vec![("authorization".into(), "Bearer mine".into())],
                salt: Some("pepper".into()),
            };
        })
        .await;
    let first = registered.secret.for_receiver();
    let id = town.publish(r#"{"type":"AddAction","amount":1.10}"#).await;
    town.until("one", async || receiver.count() == 1).await;
    let got = receiver.got().remove(0);
    assert!(verified(&first, &got));
    assert_eq!(got.id(), id);
    assert_eq!(got.header("authorization"), "Bearer mine");
    assert_eq!(got.header("x-signature"), outflow::legacy("pepper", &got.body));
    assert_eq!(got.json()["id"], format!("https://hub.example/publish/{id}"));
    assert!(String::from_utf8_lossy(&got.body).contains(r#""amount":1.10"#), "digits are kept");
    for (header, member) in
        [("topic", "topic"), ("agent", "agent"), ("id", "id"), ("originalrecipient", "originalRecipient")]
    {
        assert_eq!(got.header(header), got.json()[member].as_str().unwrap(), "{header}");
    }
    // No record holds what was confided, or the secret.
    let kept = format!("{:?}", registered.kept.record);
    assert!(!kept.contains("mine") && !kept.contains("pepper") && !kept.contains("whsec"), "{kept}");

    let second = town.outflow.rotate("e", "tester", now()).await.unwrap().secret.for_receiver();
    assert_ne!(first, second);
    town.publish("{}").await;
    town.until("two", async || receiver.count() == 2).await;
    let got = receiver.got().remove(1);
    assert!(verified(&first, &got) && verified(&second, &got), "both secrets sign for a day");
    assert!(!verified(&format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode([9; 32])), &got));
}

/// EVT-082: the former secret signs for its time and no longer.
#[tokio::test(flavor = "multi_thread")]
async fn evt_082_the_former_secret_ends() {
    let mut settings = settings();
    settings.rotation = std::time::Duration::ZERO;
    let town = Town::with(settings).await;
    let receiver = Receiver::kind().await;
    let first = town.endpoint("e", &receiver.url(), |_| {}).await.secret.for_receiver();
    let second = town.outflow.rotate("e", "tester", now()).await.unwrap().secret.for_receiver();
    town.publish("{}").await;
    town.until("one", async || receiver.count() == 1).await;
    let got = receiver.got().remove(0);
    assert!(!verified(&first, &got) && verified(&second, &got));
}

/// EVT-097: CloudEvents in both forms, over the wire.
#[tokio::test(flavor = "multi_thread")]
async fn evt_097_cloudevents_are_sent() {
    let town = Town::open().await;
    let (binary, structured) = (Receiver::kind().await, Receiver::kind().await);
    town.endpoint("b", &binary.url(), |new| new.format = Some("CloudEvents Binary".into())).await;
    town.endpoint("s", &structured.url(), |new| new.format = Some("CloudEvents Structured".into())).await;
    let event = outflow::Event { subject: Some("T-1".into()), ..event(r#"{"a":1}"#) };
    town.publish_all(vec![event.clone()]).await;
    town.until("both", async || binary.count() + structured.count() == 2).await;
    let got = binary.got().remove(0);
    assert_eq!((got.header("content-type"), &got.body[..]), ("application/json", br#"{"a":1}"#.as_slice()));
    assert_eq!((got.header("ce-id"), got.header("ce-type")), (event.uri.as_str(), TOPIC));
    assert_eq!((got.header("ce-source"), got.header("ce-subject")), (event.instrument.as_str(), "T-1"));
    let got = structured.got().remove(0);
    assert_eq!(got.header("content-type"), "application/cloudevents+json");
    assert_eq!((&got.json()["id"], &got.json()["data"]["a"]), (&event.uri.as_str().into(), &1.into()));
}

/// EVT-071, EVT-074, EVT-075: filters, context and data policies on the way to a receiver.
#[tokio::test(flavor = "multi_thread")]
async fn evt_071_evt_074_evt_075_what_is_sent_is_what_may_be_seen() {
    let town = Town::open().await;
    let (plain, with_context) = (Receiver::kind().await, Receiver::kind().await);
    town.endpoint("plain", &plain.url(), |_| {}).await;
    town.endpoint("context", &with_context.url(), |_| {}).await;
    town.subscribe(
        "context",
        &[("NeedContextYN", true.into()), ("PayloadFilter", r#"{"price":{"$gte":5}}"#.into())],
    )
    .await;
    let policy = [
        ("DataPolicyId", "p".into()),
        ("AgentUri", "https://app.example/profile/card#me".into()),
        ("DataPath", "/email".into()),
        ("DataPolicyAction", "Redact".into()),
    ];
    town.put("DataPolicy", &policy).await;
    let context = Some(r#"{"request":"r-1"}"#.into());
    let of = |data: &str| outflow::Event { context: context.clone(), ..event(data) };
    town.publish_all(vec![of(r#"{"price":4,"email":"a@b.c"}"#), of(r#"{"price":5,"email":"a@b.c"}"#)]).await;
    town.until("three", async || plain.count() == 2 && with_context.count() == 1).await;
    let got = with_context.got().remove(0).json();
    assert_eq!((&got["data"]["price"], &got["context"]["request"]), (&5.into(), &"r-1".into()));
    assert_eq!(got["data"]["email"]["@redacted"], true);
    let got = plain.got().remove(0).json();
    assert_eq!((got.get("context"), &got["data"]["email"]["@redacted"]), (None, &true.into()));
}

/// EVT-072: what was owed when a subscription ends is not sent any more.
#[tokio::test(flavor = "multi_thread")]
async fn evt_072_a_rejection_stops_at_once() {
    let town = Town::open().await;
    let receiver = Receiver::saying(|_, _| (500, Vec::new())).await;
    town.endpoint("e", &receiver.url(), |_| {}).await;
    town.publish("{}").await;
    town.until("a first attempt", async || receiver.count() >= 1).await;
    town.subscribe("e", &[("SubscriptionStatus", "Rejected".into())]).await;
    let seen = receiver.count();
    let attempts = town.dead("e").await;
    assert_eq!(attempts.last().unwrap().1, "not_granted");
    assert!(receiver.count() <= seen + 1, "one may have been on its way");
    town.publish("{}").await;
    let head = town.store.head().await.unwrap();
    town.until("fanned out", async || town.outflow.figures().fanned_out >= head).await;
    assert_eq!(town.store.delivery_counts("e").await.unwrap(), [0, 0, 1], "nothing more is owed");
    assert!(town.inbox_topics(AGENT).await.len() >= 2);
}
