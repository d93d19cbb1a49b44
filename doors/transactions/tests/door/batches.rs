//! EVT-045: what became of a batch.

use serde_json::{Value as Json, json};

use crate::town::{Town, report_of};

#[tokio::test]
async fn evt_045_a_batch_tells_what_was_received_warned_of_and_refused() {
    let town = Town::build().await;
    let of = |batch: i64, id: &str, sequence: u64| {
        let mut payload = report_of(id, sequence);
        payload["data"]["object"]["additionalProperty"]["batchId"] = json!(batch);
        payload
    };
    let mut wrong = of(1, "T3", 1);
    wrong["data"]["object"]["transactionType"] = json!("XX");
    let mut other = of(1, "T1", 1);
    other["data"]["object"]["transactionType"] = json!("LS");
    let mut plain = of(1, "T2", 4);
    plain["data"]["object"]["object"] = json!({ "type": "RealEstateProperty", "propertyType": "RESI" });
    for (payload, status) in
        [(of(1, "T1", 1), 201), (plain, 201), (wrong, 400), (other, 409), (of(2, "T4", 1), 201)]
    {
        assert_eq!(town.publish(&payload).await.status, status);
    }
    let said = town.get(&town.bms, "/batches/1").await.json();
    assert_eq!(said["counts"], json!({ "received": 2, "warned": 1, "rejected": 2 }));
    let names = |list: &Json| -> Vec<String> {
        let one = |one: &Json| {
            format!("{} {}", one["bmsTransactionId"].as_str().unwrap(), one["transactionSequence"])
        };
        list.as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(names(&said["received"]), ["T1 1", "T2 4"]);
    assert_eq!(said["received"][0]["warnings"].as_array().unwrap().len(), 3);
    assert_eq!(said["received"][1].get("warnings"), None);
    let [conflict, invalid] = said["rejected"].as_array().unwrap().as_slice() else { panic!("{said}") };
    assert_eq!((&conflict["status"], &conflict["items"][0]["keyword"]), (&json!(409), &json!("sequence")));
    assert_eq!((&invalid["status"], &invalid["bmsTransactionId"]), (&json!(400), &json!("T3")));
    assert_eq!(invalid["items"][0]["path"], "/data/object/transactionType");
    assert_eq!(invalid["receivedLater"], false);
    // Sent right, it is received, and the note says so.
    assert_eq!(town.publish(&of(1, "T3", 1)).await.status, 201);
    let said = town.get(&town.bms, "/batches/1").await.json();
    assert_eq!(said["counts"]["received"], 3);
    assert_eq!(said["rejected"][1]["receivedLater"], true);
    // A subscriber learns what it received, and not what was refused.
    let said = town.get(&town.hub, "/batches/1?instrument=bms").await.json();
    assert_eq!(said["counts"], json!({ "received": 3, "warned": 2, "rejected": 0 }));
    for (key, path) in
        [(&town.nobody, "/batches/1?instrument=bms"), (&town.bms, "/batches/3"), (&town.hub, "/batches/1")]
    {
        assert_eq!(town.get(key, path).await.status, 404);
    }
}

/// Whoever may not publish writes nothing, a refusal either.
#[tokio::test]
async fn evt_045_what_was_never_permitted_is_not_noted() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    let mut wrong = report_of("T1", 1);
    wrong["data"]["object"]["transactionType"] = json!("XX");
    assert_eq!(town.publish_as(&town.nobody, &wrong, &[]).await.status, 403);
    assert_eq!(town.store.head().await.unwrap(), before);
    // A note takes the place of the former: a thousand mistakes are one.
    for _ in 0..3 {
        assert_eq!(town.publish(&wrong).await.status, 400);
    }
    let own = town.dictionary.known("ReportRejection").id;
    let part = store::Scan { resource: own, feed: None, after: None, limit: 10 };
    assert_eq!(town.store.scan(part).await.unwrap().len(), 1);
}
