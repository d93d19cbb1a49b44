//! EVT-040: what is repeated is done once.

use serde_json::json;

use crate::town::{Town, report, report_of};

#[tokio::test]
async fn evt_040_a_repeated_request_is_answered_as_before() {
    let town = Town::build().await;
    let key = [("idempotency-key", "order-66")];
    let first = town.publish_as(&town.bms, &report(), &key).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again = town.publish_as(&town.bms, &report(), &key).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(town.events().await.len(), 1);
    let other = town.publish_as(&town.bms, &report_of("other", 1), &key).await;
    assert_eq!((other.status.as_u16(), other.json()["code"].as_str()), (409, Some("idempotency_key_used")));
    // Another producer's key of the same spelling is another key.
    let theirs = town.publish_as(&town.other, &report(), &key).await;
    assert_eq!(theirs.status, 201);
    assert_ne!(theirs.body, first.body);
    // A request that was refused uses no key up.
    let mut wrong = report_of("late", 1);
    wrong["data"]["type"] = json!("X");
    let late = [("idempotency-key", "late")];
    assert_eq!(town.publish_as(&town.bms, &wrong, &late).await.status, 400);
    assert_eq!(town.publish_as(&town.bms, &report_of("late", 1), &late).await.status, 201);
    for wrong in ["", &"x".repeat(256)] {
        let answer = town.publish_as(&town.bms, &report(), &[("idempotency-key", wrong)]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (400, Some("idempotency_key_wrong"))
        );
    }
    assert_eq!(town.events().await.len(), 3);
}

/// A client whose networks are named is known by where it asks from, at this door as at the others.
#[tokio::test]
async fn a_clients_networks_are_held() {
    let town = Town::build().await;
    let own = town.dictionary.known("Client");
    let kept = town.store.get(own.id, "bms").await.unwrap().unwrap();
    let mut record = (*kept.record).clone();
    let networks = vec![dictionary::Text::from("192.0.2.0/24")].into_boxed_slice();
    record.set(own.find("AllowedNetworks").unwrap(), dictionary::Value::TextList(networks));
    let mut batch = store::Batch::new("test", crate::town::now());
    batch.operations.push(store::Operation::put_own(record, store::Expect::Any));
    town.store.write(batch).await.unwrap();
    town.desk.gate.as_ref().unwrap().refresh().await.unwrap();
    let from = async |address: Option<&str>| {
        let mut request =
            http::Request::builder().uri("/settings/subscriptions").header("x-api-key", &town.bms);
        if let Some(address) = address {
            let address: std::net::SocketAddr = address.parse().unwrap();
            request = request.extension(axum::extract::ConnectInfo(address));
        }
        let request = request.body(axum::body::Body::empty()).unwrap();
        tower::ServiceExt::oneshot(town.router.clone(), request).await.unwrap().status().as_u16()
    };
    assert_ne!(from(Some("192.0.2.7:4000")).await, 401);
    assert_eq!(from(Some("192.0.3.7:4000")).await, 401);
    assert_eq!(from(None).await, 401);
}

#[tokio::test]
async fn evt_040_an_array_is_repeated_as_a_whole() {
    let town = Town::build().await;
    let key = [("idempotency-key", "batch")];
    let body = json!([report_of("a", 1), report_of("b", 1)]);
    let first = town.publish_as(&town.bms, &body, &key).await;
    assert_eq!(town.publish_as(&town.bms, &body, &key).await.body, first.body);
    assert_eq!(town.events().await.len(), 2);
}

#[tokio::test]
async fn evt_040_an_id_of_ones_own_is_a_key() {
    let town = Town::build().await;
    let with = |id: &str, name: &str| {
        json!({ "topic": "realestate/lead#add", "recipient": crate::town::FRANCHISE, "id": id,
            "data": { "type": "AddAction", "object": { "name": name } } })
    };
    let own = "https://app-bms.hub.example/leads/7";
    let first = town.publish(&with(own, "Ada")).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again = town.publish(&with(own, "Ada")).await;
    assert_eq!((again.status.as_u16(), &again.body), (200, &first.body));
    assert_eq!(town.publish(&with(own, "Ben")).await.status, 409);
    assert_eq!(town.publish(&with("https://hub.example/pods/app-bms/x", "Ada")).await.status, 201);
    assert_eq!(town.publish(&with("https://hub.example/pods/app-bms/x", "Ada")).await.status, 200);
    assert_eq!(town.events().await.len(), 2);
    // An id of somebody else's namespace says nothing.
    for _ in 0..2 {
        assert_eq!(town.publish(&with("https://app-other.hub.example/7", "Ada")).await.status, 201);
    }
    assert_eq!(town.events().await.len(), 4);
}

/// A key is forgotten after seven days, and remembered until then.
#[tokio::test]
async fn evt_040_a_key_is_remembered_for_seven_days() {
    let town = Town::build().await;
    let key = [("idempotency-key", "week")];
    assert_eq!(town.publish_as(&town.bms, &report(), &key).await.status, 201);
    let own = town.dictionary.known("PublishKey");
    let part = store::Scan { resource: own.id, feed: None, after: None, limit: 10 };
    let kept = town.store.scan(part).await.unwrap().remove(0);
    let end = own.find("ExpirationTimestamp").unwrap();
    let said = kept.record.get(end).unwrap().as_timestamp().unwrap();
    assert_eq!(said.to_string(), "2026-11-30T12:00:00Z");
    // The clock of the tests stands still: the key is made to end now instead.
    let mut record = (*kept.record).clone();
    record.set(end, crate::town::now());
    let mut batch = store::Batch::new("test", crate::town::now());
    batch.operations.push(store::Operation::put(gate::OWN_FEED, record));
    town.store.write(batch).await.unwrap();
    assert_eq!(town.publish_as(&town.bms, &report_of("new", 1), &key).await.status, 201);
    assert_eq!(town.publish_as(&town.bms, &report_of("newer", 1), &key).await.status, 409);
}
