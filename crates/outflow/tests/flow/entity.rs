//! The log, pushed as RESO's EntityEvents.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dictionary::Value;
use outflow::{EndpointStatus, NewEndpoint, Schedule, Settings};
use serde_json::Value as Json;
use store::Operation;

use crate::receiver::{Got, Receiver};
use crate::town::{Town, now, settings};

/// Of the feed A all but its members may be told.
fn seeing() -> Settings {
    let mut settings = settings();
    let dictionary = dictionary::Dictionary::standard(dictionary::Version::V2_1);
    let member = dictionary.known("Member").id;
    settings.sees =
        Arc::new(move |client, feed, resource| client == "c" && feed == "A" && resource != member);
    settings
}

fn new(id: &str, url: &str) -> NewEndpoint {
    let confided = outflow::Confided {
        headers: vec![("authorization".into(), "Bearer of-the-receiver".into())],
        ..outflow::Confided::default()
    };
    NewEndpoint {
        id: id.into(),
        client: "c".into(),
        name: Some("IDX Feed 123".into()),
        url: url.into(),
        format: Some("RESO EntityEvent".into()),
        confided,
        ..NewEndpoint::default()
    }
}

/// An endpoint that is sent the changes of these resources.
async fn endpoint(town: &Town, id: &str, url: &str, topics: &str) {
    town.outflow.register(new(id, url), "tester", now()).await.unwrap();
    let topics = Value::TextList([topics.into()].into());
    town.subscribe(id, &[("AgentUri", "*".into()), ("SubscribedTopics", topics)]).await;
}

fn listing(town: &Town, feed: &str, key: u32, price: u32) -> Operation {
    let fields = [
        ("ListingKey", Value::from(format!("{key}"))),
        ("ListPrice", dictionary::Decimal::from(price).into()),
    ];
    Operation::put(feed.to_owned(), town.record("Property", &fields))
}

/// The events of a request, whether one or several.
fn events(got: &Got) -> Vec<Json> {
    let body = got.json();
    body["value"].as_array().cloned().unwrap_or_else(|| vec![body])
}

fn told(got: &[Got]) -> Vec<(u64, String, String)> {
    let event = |event: Json| {
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        (event["EntityEventSequence"].as_u64().unwrap(), text("ResourceName"), text("ResourceRecordKey"))
    };
    got.iter().flat_map(events).map(event).collect()
}

/// EVT-099, RESO-047: single and batch, with the bearer token and the source, in the order of the log, and
/// nothing that the client may not read.
#[tokio::test(flavor = "multi_thread")]
async fn evt_099_reso_047_changes_are_pushed_as_entity_events() {
    let town = Town::with(seeing()).await;
    let receiver = Receiver::kind().await;
    town.write(vec![listing(&town, "A", 0, 1)]).await;
    endpoint(&town, "e", &receiver.url(), "reso/entityevent").await;
    town.write(vec![listing(&town, "A", 1, 1)]).await;
    town.until("one", async || receiver.count() == 1).await;
    let got = receiver.got().remove(0);
    let body = got.json();
    assert_eq!(body["@reso.context"], "urn:reso:metadata:2.1:resource:entityevent");
    assert_eq!((&body["ResourceName"], &body["ResourceRecordKey"]), (&"Property".into(), &"1".into()));
    assert_eq!(body["ResourceRecordUrl"], "https://hub.example/odata/Property('1')");
    assert_eq!(body.get("value"), None, "one event stands by itself");
    assert_eq!(got.header("authorization"), "Bearer of-the-receiver");
    assert_eq!(got.header("entityeventsource"), "IDX Feed 123");
    assert_eq!(got.header("content-type"), "application/json");

    // Another feed, a resource that is not granted, and Freehold's own records are not told of.
    let member = town.record("Member", &[("MemberKey", "m".into())]);
    town.write(vec![
        listing(&town, "B", 7, 1),
        Operation::put("A", member),
        listing(&town, "A", 2, 1),
        listing(&town, "A", 1, 2),
        Operation::remove(town.dictionary.known("Property").id, "2"),
    ])
    .await;
    town.publish("{}").await;
    town.until("a batch", async || told(&receiver.got()).len() == 4).await;
    assert_eq!(receiver.count(), 2, "what was written together is told together");
    let told = told(&receiver.got());
    let keys: Vec<&str> = told.iter().map(|(.., key)| key.as_str()).collect();
    assert_eq!(keys, ["1", "2", "1", "2"]);
    assert!(told.windows(2).all(|two| two[0].0 < two[1].0), "strictly increasing: {told:?}");
    let head = town.store.head().await.unwrap();
    let events: Vec<u64> = town.store.traces(0, head).await.unwrap().iter().map(|one| one.sequence).collect();
    assert!(told.iter().all(|(sequence, ..)| events.contains(sequence)), "the log's own numbers");
}

/// RESO-047: a subscription names resources, and ends.
#[tokio::test(flavor = "multi_thread")]
async fn reso_047_a_subscription_says_which_resources() {
    let town = Town::with(seeing()).await;
    let (homes, offices) = (Receiver::kind().await, Receiver::kind().await);
    endpoint(&town, "homes", &homes.url(), "reso/entityevent#Property").await;
    endpoint(&town, "offices", &offices.url(), "reso/entityevent#Office").await;
    let office = |name: &str| {
        Operation::put("A", town.record("Office", &[("OfficeKey", "o".into()), ("OfficeName", name.into())]))
    };
    town.write(vec![listing(&town, "A", 1, 1), office("One")]).await;
    town.until("both", async || homes.count() == 1 && offices.count() == 1).await;
    assert_eq!(told(&homes.got())[0].1, "Property");
    assert_eq!(told(&offices.got())[0].1, "Office");
    town.subscribe("homes", &[("SubscriptionStatus", "Rejected".into())]).await;
    town.write(vec![listing(&town, "A", 1, 2), office("Two")]).await;
    town.until("the other", async || offices.count() == 2).await;
    assert_eq!(homes.count(), 1, "who is not subscribed is told nothing");
}

/// RESO-047: 429 and `Retry-After` are obeyed, a batch that failed comes again as it was, and a restart goes on
/// where the last one was acknowledged: nothing is lost, nothing overtakes.
#[tokio::test(flavor = "multi_thread")]
async fn evt_099_reso_047_what_fails_comes_again_in_order() {
    let mut settings = seeing();
    // Only what the receiver asks for brings it back.
    settings.schedule = Schedule { waits: vec![Duration::from_secs(86_400)], jitter: 0.0 };
    let mut town = Town::with(settings).await;
    let ready = Arc::new(AtomicBool::new(false));
    let open = Arc::clone(&ready);
    let receiver = Receiver::saying(move |_, number| match number {
        0 => (429, vec![("retry-after", "0".into())]),
        1 => (503, vec![("retry-after", "0".into())]),
        _ if open.load(Ordering::SeqCst) => (200, Vec::new()),
        _ => (500, Vec::new()),
    })
    .await;
    endpoint(&town, "e", &receiver.url(), "*").await;
    town.write((0..3).map(|key| listing(&town, "A", key, 1)).collect()).await;
    town.until("three attempts", async || receiver.count() == 3).await;
    let got = receiver.got();
    assert!(got.iter().all(|one| one.body == got[0].body && one.id() == got[0].id()), "the same batch again");
    // The third was refused for a day; what comes meanwhile waits behind it.
    town.write(vec![listing(&town, "A", 0, 2)]).await;
    assert_eq!(town.store.health().await.unwrap().len(), 1, "it is known to fail");
    ready.store(true, Ordering::SeqCst);
    town.restart().await;
    town.until("all", async || told(&receiver.got()[3..]).len() >= 4).await;
    let keys: Vec<String> = told(&receiver.got()[3..]).into_iter().map(|(.., key)| key).collect();
    assert_eq!(keys, ["0", "1", "2", "0"]);
    let last = told(&receiver.got()).last().unwrap().0;
    town.until("acknowledged", async || town.outflow.pushed("e").await.unwrap().upto >= last).await;
    let before = receiver.count();
    town.restart().await;
    town.write(vec![listing(&town, "A", 9, 1)]).await;
    town.until("one more", async || receiver.count() > before).await;
    assert_eq!(told(&receiver.got()[before..]).len(), 1, "what was acknowledged does not come again");
}

/// More than one request takes, and an endpoint that is gone.
#[tokio::test(flavor = "multi_thread")]
async fn reso_047_many_changes_are_several_batches() {
    let town = Town::with(seeing()).await;
    let gone = Arc::new(AtomicBool::new(false));
    let left = Arc::clone(&gone);
    let receiver =
        Receiver::saying(move |_, _| (if left.load(Ordering::SeqCst) { 410 } else { 204 }, Vec::new())).await;
    endpoint(&town, "e", &receiver.url(), "reso/entityevent").await;
    town.write((0..1_201).map(|key| listing(&town, "A", key, 1)).collect()).await;
    town.until("all", async || told(&receiver.got()).len() == 1_201).await;
    let sizes: Vec<usize> = receiver.got().iter().map(|got| events(got).len()).collect();
    assert!(sizes.iter().all(|size| *size <= 500), "{sizes:?}");
    let keys: Vec<String> = told(&receiver.got()).into_iter().map(|(.., key)| key).collect();
    assert_eq!(keys, (0..1_201).map(|key| key.to_string()).collect::<Vec<_>>());
    gone.store(true, Ordering::SeqCst);
    town.write(vec![listing(&town, "A", 0, 2)]).await;
    town.until("disabled", async || town.outflow.endpoint("e").unwrap().status == EndpointStatus::Disabled)
        .await;
}

/// RESO-047: without a bearer token of the receiver's nothing is registered.
#[tokio::test(flavor = "multi_thread")]
async fn reso_047_a_receiver_gives_a_bearer_token() {
    let town = Town::with(seeing()).await;
    let receiver = Receiver::kind().await;
    for headers in [vec![], vec![("authorization", "Basic eDp5")], vec![("authorization", "Bearer ")]] {
        let mut new = new("e", &receiver.url());
        new.confided.headers = headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let fault = town.outflow.register(new, "tester", now()).await.unwrap_err();
        assert_eq!((fault.status, fault.code), (422, "bearer_missing"), "{fault}");
    }
}
