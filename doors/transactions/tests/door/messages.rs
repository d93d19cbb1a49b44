//! What lies in a topic is published as over HTTP.

use serde_json::json;
use transactions_door::{Message, Verdict};

use crate::town::{FRANCHISE, OFFICE, REPORT, Town, report, report_of};

fn message<'a>(place: &'a str, body: &'a str) -> Message<'a> {
    Message { client: "other", place, key: None, body: body.as_bytes() }
}

/// EVT-040: a message that comes again is known by where it lay.
#[tokio::test]
async fn evt_040_a_message_that_comes_again_is_published_once() {
    let town = Town::build().await;
    let (report, other) = (report().to_string(), report_of("other", 1).to_string());
    let lead = json!({ "topic": "realestate/lead#add", "recipient": FRANCHISE, "data": { "type": "AddAction", "object": { "name": "Ada" } } });
    let lead = lead.to_string();
    for _ in 0..3 {
        assert_eq!(town.door.publish(message("reports/0/1@7", &report)).await, Verdict::Kept);
        assert_eq!(town.door.publish(message("reports/0/2@7", &lead)).await, Verdict::Kept);
    }
    assert_eq!(town.events().await.len(), 2);
    // The same words at another place are another event, unless their own rules say that they are the same.
    assert_eq!(town.door.publish(message("reports/0/3@7", &lead)).await, Verdict::Kept);
    assert_eq!(town.door.publish(message("reports/0/4@7", &report)).await, Verdict::Kept);
    assert_eq!(town.events().await.len(), 3);
    // A producer's own key is one key, over HTTP and here.
    let own = Message { key: Some(b"order-66"), ..message("reports/0/5@7", &other) };
    assert_eq!(town.door.publish(own).await, Verdict::Kept);
    let sent = town.publish_as(&town.other, &report_of("other", 1), &[("idempotency-key", "order-66")]).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    assert_eq!(town.events().await.len(), 4);
    let event = &town.events().await[0];
    assert_eq!(
        (event.topic.as_str(), event.instrument.as_str()),
        (REPORT, "https://app-other.hub.example/profile/card#me")
    );
}

/// EVT-021, EVT-033, EVT-041, EVT-043: refused for the reasons for which HTTP refuses, and nothing is kept.
#[tokio::test]
async fn evt_021_evt_033_evt_041_evt_043_a_message_is_refused_with_the_reason() {
    let town = Town::build().await;
    let refused =
        async |place: &str, body: &str, code: &str| match town.door.publish(message(place, body)).await {
            Verdict::Refused { code: said, message, faults } => {
                assert_eq!(said, code, "{message}");
                faults.unwrap_or_default()
            }
            other => panic!("{code}: {other:?}"),
        };
    let mut wrong = report();
    wrong["data"]["object"]["transactionType"] = json!("XX");
    wrong["data"]["object"]["propertyType"] = json!("XX");
    let faults = refused("t/0/0@1", &wrong.to_string(), "payload_invalid").await;
    assert!(faults.contains("/data/object/transactionType"), "all of it is said: {faults}");
    let mut elsewhere = report();
    elsewhere["recipient"] = json!(OFFICE);
    refused("t/0/1@1", &elsewhere.to_string(), "not_granted").await;
    let mut nobody = report();
    nobody["recipient"] = json!([]);
    refused("t/0/2@1", &nobody.to_string(), "recipient_missing").await;
    refused("t/0/3@1", "{", "json_wrong").await;
    refused("t/0/4@1", &format!("{{\"x\":\"{}\"}}", "x".repeat(300 << 10)), "too_large").await;
    let bad_key = Message { key: Some(b"\xff"), ..message("t/0/5@1", "{}") };
    assert!(matches!(town.door.publish(bad_key).await, Verdict::Refused { .. }));
    assert!(town.events().await.is_empty());
    // Another report with the sequence of one that is there.
    assert_eq!(town.door.publish(message("t/0/6@1", &report_of("T", 1).to_string())).await, Verdict::Kept);
    let mut second = report_of("T", 1);
    second["data"]["object"]["transactionStatus"] = json!("PendingTransactionStatus");
    refused("t/0/7@1", &second.to_string(), "sequence_taken").await;
    assert_eq!(town.events().await.len(), 1);
    // What was refused stands in the report of its batch (EVT-045).
    let batch = second["data"]["object"]["additionalProperty"]["batchId"].to_string();
    let told = town.get(&town.other, &format!("/batches/{batch}")).await;
    assert!(told.body.contains("another report"), "{}", told.body);
}

/// A client that is not active waits: nothing of its is lost, and nothing is published for it.
#[tokio::test]
async fn what_is_of_a_client_that_is_not_active_waits() {
    let town = Town::build().await;
    let of = |client| Message { client, ..message("t/0/0@1", "{}") };
    assert_eq!(town.door.publish(of("stranger")).await, Verdict::Later);
    let fields = vec![
        ("ClientId", "other".into()),
        ("ClientName", "other".into()),
        ("ClientStatus", "Suspended".into()),
    ];
    let mut batch = store::Batch::new("test", crate::town::now());
    batch.operations.push(store::Operation::put(gate::OWN_FEED, town.record("Client", fields)));
    town.store.write(batch).await.unwrap();
    town.desk.gate.as_ref().unwrap().refresh().await.unwrap();
    assert_eq!(town.door.publish(of("other")).await, Verdict::Later);
    assert!(town.events().await.is_empty());
}
