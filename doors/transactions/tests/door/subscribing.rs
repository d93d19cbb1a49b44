//! Subscriptions of one's own, and events asked for again.

use serde_json::{Value as Json, json};

use crate::town::{Answer, FRANCHISE, Town};

async fn put(town: &Town, key: &str, items: Json) -> Answer {
    let body = json!({ "items": items }).to_string();
    town.ask("PUT", "/settings/subscriptions", &[("x-api-key", key)], body).await
}

async fn list(town: &Town, key: &str) -> Vec<Json> {
    town.get(key, "/settings/subscriptions").await.json()["items"].as_array().unwrap().clone()
}

/// EVT-073
#[tokio::test]
async fn evt_073_subscriptions_are_exchanged_as_items() {
    let town = Town::build().await;
    assert_eq!(list(&town, &town.hub).await, Vec::<Json>::new());
    let item = json!({ "agent": FRANCHISE, "object": "https://app-hub.hub.example/profile/card#me",
        "scope": "read:realestate/franchise", "subscribes": ["realestate/franchise"], "publishes": ["realestate/lead#add"] });
    let answer = put(&town, &town.hub, json!([item])).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let [kept] = list(&town, &town.hub).await.try_into().unwrap();
    for name in ["agent", "object", "scope", "subscribes", "publishes"] {
        assert_eq!(kept[name], item[name], "{name}");
    }
    assert_eq!((&kept["needContext"], &kept["status"]), (&json!(false), &json!("Active")));
    // What is put back as it was told is the same subscription, and what is left out is gone.
    let mut changed = kept.clone();
    changed["needContext"] = json!(true);
    changed["filter"] = json!({ "object/transactionType": "ST" });
    let answer = put(&town, &town.hub, json!([changed])).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let [again] = list(&town, &town.hub).await.try_into().unwrap();
    assert_eq!(
        (&again["id"], &again["needContext"], &again["filter"]),
        (&kept["id"], &json!(true), &changed["filter"])
    );
    assert_eq!(list(&town, &town.nobody).await, Vec::<Json>::new(), "another client's are not there");
    assert_eq!(put(&town, &town.nobody, json!([again])).await.status, 409, "nor can they be taken");
    assert_eq!(put(&town, &town.hub, json!([])).await.status, 200);
    assert_eq!(list(&town, &town.hub).await, Vec::<Json>::new());
}

/// EVT-073
#[tokio::test]
async fn evt_073_what_cannot_be_sent_to_is_refused() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    for scheme in ["aws-sqs", "aws-lambda", "ftp"] {
        let good = json!({ "subscribes": ["realestate/lead"] });
        let item =
            json!({ "target": format!("{scheme}://queue.example/1"), "subscribes": ["realestate/lead"] });
        let answer = put(&town, &town.hub, json!([good, item])).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (400, &json!(format!("Scheme {scheme} is not supported")))
        );
    }
    // EVT-090: an address of this machine is refused before anything is kept.
    let item = json!({ "target": "http://127.0.0.1:9/hook", "subscribes": ["realestate/lead"] });
    let answer = put(&town, &town.hub, json!([item])).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let same = json!({ "id": "a", "subscribes": ["realestate/lead"] });
    for wrong in
        [json!([{ "subscribes": ["real estate"] }]), json!([7]), json!({ "a": 1 }), json!([same, same])]
    {
        assert_eq!(put(&town, &town.hub, wrong.clone()).await.status, 400, "{wrong}");
    }
    let many: Vec<Json> = (0..101).map(|n| json!({ "id": n.to_string() })).collect();
    assert_eq!(put(&town, &town.hub, json!(many)).await.status, 422);
    assert_eq!(town.store.head().await.unwrap(), before);
}

/// EVT-095: only to an endpoint of one's own.
#[tokio::test]
async fn evt_095_a_replay_goes_to_ones_own_endpoint() {
    let town = Town::build().await;
    let own = town.dictionary.known("Endpoint");
    let fields = [
        ("EndpointId", "hook"),
        ("ClientId", "hub"),
        ("EndpointUrl", "https://hub.example/hook"),
        ("EndpointStatus", "Active"),
        ("SignatureScheme", "HMAC"),
        ("SecretNonce", "n"),
        ("DeliveryFormat", "Envelope"),
    ];
    let record = town.record(&own.name, fields.map(|(name, value)| (name, value.into())).to_vec());
    let mut batch = store::Batch::new("test", crate::town::now());
    batch.operations.push(store::Operation::put(gate::OWN_FEED, record));
    town.store.write(batch).await.unwrap();
    town.outflow.refresh().await.unwrap();
    let ask = async |key: &str, body: Json| {
        town.ask("POST", "/events/replay", &[("x-api-key", key)], body.to_string()).await
    };
    let action = json!({ "type": "ReplayRequestAction", "target": "https://hub.example/hook",
        "startDate": "2026-11-23T00:00:00Z", "endDate": "2026-11-24T00:00:00Z",
        "filter": { "topic": "realestate/franchise" } });
    let answer = ask(&town.hub, action.clone()).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["queued"]), (202, &json!(0)), "{}", answer.body);
    // Who asked for what is kept.
    let replays =
        store::Scan { resource: town.dictionary.known("Replay").id, feed: None, after: None, limit: 10 };
    assert_eq!(town.store.scan(replays).await.unwrap().len(), 1);
    assert_eq!(ask(&town.bms, action.clone()).await.status, 404, "it is another client's endpoint");
    for (name, value, status) in [
        ("type", json!("DeleteAction"), 400),
        ("target", json!("https://elsewhere.example"), 404),
        ("startDate", json!("soon"), 400),
        ("items", json!(vec!["x"; 10_001]), 422),
    ] {
        let mut wrong = action.clone();
        wrong[name] = value;
        assert_eq!(ask(&town.hub, wrong).await.status, status, "{name}");
    }
}
