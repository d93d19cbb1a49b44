//! A subscriber and its own endpoints.

use serde_json::{Value as Json, json};

use crate::receiver::Receiver;
use crate::town::{Answer, FRANCHISE, Town, report_of};

async fn post(town: &Town, key: &str, path: &str, body: Json) -> Answer {
    town.ask("POST", path, &[("x-api-key", key)], body.to_string()).await
}

/// An endpoint of `hub`'s that is sent the franchise's reports.
async fn endpoint(town: &Town, receiver: &Receiver) -> String {
    let made =
        post(town, &town.hub, "/settings/endpoints", json!({ "url": receiver.url, "name": "CRM" })).await;
    assert_eq!((made.status.as_u16(), &made.json()["status"]), (201, &json!("Active")), "{}", made.body);
    assert!(made.json()["secret"].as_str().unwrap().starts_with("whsec_"));
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let record = town.record(
        "Subscription",
        vec![
            ("SubscriptionId", "s".into()),
            ("ClientId", "hub".into()),
            ("AgentUri", FRANCHISE.into()),
            ("EndpointId", id.as_str().into()),
            ("SubscribedTopics", dictionary::Value::TextList(["realestate/franchise".into()].into())),
            ("SubscriptionStatus", "Active".into()),
        ],
    );
    console::operate::create(&town.desk, &crate::town::act(), "Subscription", record).await.unwrap();
    town.door.refresh().await.unwrap();
    id
}

/// Waits until a list of an endpoint's deliveries is as wanted.
async fn until(town: &Town, path: &str, wanted: impl Fn(&[Json]) -> bool) -> Vec<Json> {
    for _ in 0..2_000 {
        let items = town.get(&town.hub, path).await.json()["items"].as_array().unwrap().clone();
        if wanted(&items) {
            return items;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{path} never came to be as it should");
}

/// EVT-094: endpoints, the secret once, attempts, dead letters, replay and a test event.
#[tokio::test(flavor = "multi_thread")]
async fn evt_094_a_subscriber_looks_after_its_endpoints() {
    let town = Town::sending().await;
    let receiver = Receiver::open().await;
    let id = endpoint(&town, &receiver).await;
    let path = format!("/settings/endpoints/{id}");
    let at = |what: &str| format!("{path}/{what}");
    let [one] = town.get(&town.hub, "/settings/endpoints").await.json()["items"]
        .as_array()
        .unwrap()
        .clone()
        .try_into()
        .unwrap();
    assert_eq!((&one["id"], &one["name"], &one["url"]), (&json!(id), &json!("CRM"), &json!(receiver.url)));
    for told in [&one, &town.get(&town.hub, &path).await.json()] {
        assert!(!told.to_string().contains("whsec"), "the secret is shown once: {told}");
    }
    // A test event goes out at once, signed, and its answer is told.
    let tried = post(&town, &town.hub, &at("test"), json!({})).await.json();
    assert_eq!((&tried["delivered"], &tried["status"]), (&json!(true), &json!(204)), "{tried}");
    assert_eq!(receiver.got()[0]["topic"], "freehold/operator#endpoint.test");
    assert!(receiver.header("webhook-signature").starts_with("v1,"));
    assert_eq!(json!(receiver.header("webhook-id")), tried["id"]);

    // What was delivered, and what could not be.
    assert_eq!(town.publish(&report_of("good", 1)).await.status, 201);
    let done = until(&town, &at("deliveries"), |items| items.iter().any(|one| one["state"] == "done")).await;
    assert_eq!((done.len(), &done[0]["attempts"][0]["status"]), (1, &json!(204)));
    receiver.say(500);
    let dead = town.publish(&report_of("bad", 1)).await.json()["id"].as_str().unwrap().to_owned();
    let letters = until(&town, &at("dead"), |items| items.len() == 1).await;
    assert!(dead.ends_with(letters[0]["event"].as_str().unwrap()), "{letters:?}");
    let attempt = &letters[0]["attempts"][0];
    assert_eq!((&attempt["status"], &attempt["answer"]), (&json!(500), &json!("<b>said</b>")));
    assert_eq!(town.get(&town.hub, &path).await.json()["deliveries"]["dead"], 1);
    let tried = post(&town, &town.hub, &at("test"), json!({})).await.json();
    assert_eq!((&tried["delivered"], &tried["status"]), (&json!(false), &json!(500)));

    // The dead letter singly, then everything once more.
    receiver.say(204);
    let which = json!({ "events": [letters[0]["event"]] });
    let queued = post(&town, &town.hub, &at("retry"), which).await;
    assert_eq!((queued.status.as_u16(), &queued.json()["queued"]), (202, &json!(1)), "{}", queued.body);
    until(&town, &at("dead"), <[Json]>::is_empty).await;
    let before = receiver.got().len();
    let queued = post(&town, &town.hub, &at("replay"), json!({ "topic": "realestate/franchise" })).await;
    assert_eq!(queued.json()["queued"], 2, "{}", queued.body);
    receiver.until(before + 2).await;

    // A new secret is shown once; the former one signs beside it.
    let rotated = post(&town, &town.hub, &at("secret"), json!({})).await.json();
    assert!(
        rotated["secret"].as_str().unwrap().starts_with("whsec_")
            && rotated["previousSecretUntil"].is_string()
    );
    post(&town, &town.hub, &at("test"), json!({})).await;
    assert_eq!(receiver.header("webhook-signature").matches("v1,").count(), 2);

    // Disabled it is sent nothing, enabled it is sent what it missed.
    assert_eq!(post(&town, &town.hub, &at("disable"), json!({})).await.json()["status"], "Disabled");
    assert_eq!(post(&town, &town.hub, &at("test"), json!({})).await.status, 409);
    let enabled = post(&town, &town.hub, &at("enable"), json!({ "missed": true })).await.json();
    assert_eq!(enabled["status"], "Active", "{enabled}");
    assert!(enabled["replayed"]["queued"].is_u64());
    assert_eq!(post(&town, &town.hub, &at("verify"), json!({})).await.json()["verified"], true);

    // Removed it is gone, and its subscription is for pulling.
    assert_eq!(town.ask("DELETE", &path, &[("x-api-key", &town.hub)], String::new()).await.status, 204);
    assert_eq!(town.get(&town.hub, &path).await.status, 404);
    assert_eq!(town.store.newest_deliveries(&id, i64::MAX.unsigned_abs(), 10).await.unwrap().len(), 0);
    let kept = town.get(&town.hub, "/settings/subscriptions").await.json();
    assert_eq!((&kept["items"][0]["id"], &kept["items"][0]["target"]), (&json!("s"), &Json::Null));
}

/// EVT-094: for its own tenant only.
#[tokio::test(flavor = "multi_thread")]
async fn evt_094_anothers_endpoint_is_not_there() {
    let town = Town::sending().await;
    let receiver = Receiver::open().await;
    let id = endpoint(&town, &receiver).await;
    let path = format!("/settings/endpoints/{id}");
    let before = town.settled().await;
    for key in [&town.bms, &town.nobody] {
        assert_eq!(town.get(key, "/settings/endpoints").await.json()["items"], json!([]));
        let mut all: Vec<(&str, String)> =
            ["secret", "verify", "enable", "disable", "test", "retry", "replay"]
                .map(|what| ("POST", format!("{path}/{what}")))
                .into();
        all.extend([
            ("GET", path.clone()),
            ("DELETE", path.clone()),
            ("GET", format!("{path}/deliveries")),
            ("GET", format!("{path}/dead")),
        ]);
        for (method, path) in all {
            let answer = town.ask(method, &path, &[("x-api-key", key)], "{}".into()).await;
            let said = (answer.status.as_u16(), answer.json()["code"].as_str().map(str::to_owned));
            assert_eq!(said, (404, Some("endpoint_unknown".into())), "{method} {path}");
        }
    }
    assert_eq!(town.store.head().await.unwrap(), before);
    assert!(receiver.got().is_empty());
}

/// EVT-090, EVT-094: what is wrong with a new endpoint is said, and nothing is kept.
#[tokio::test(flavor = "multi_thread")]
async fn evt_090_evt_094_what_cannot_be_registered_is_refused() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    for (body, status) in [
        (json!({ "url": "http://127.0.0.1:9/hook" }), 422),
        (json!({ "url": "ftp://hub.example/hook" }), 422),
        (json!({ "url": "https://hub.example", "deliveryFormat": "XML" }), 422),
        (json!({ "url": "https://hub.example", "headers": { "host": "x" } }), 422),
        (json!({ "name": "no address" }), 400),
        (json!({ "url": "https://hub.example", "other": 1 }), 400),
    ] {
        let answer = post(&town, &town.hub, "/settings/endpoints", body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
    assert_eq!(town.store.head().await.unwrap(), before);
}

/// EVT-094: the page loads nothing from elsewhere and holds nobody's data; every address that its script asks is
/// a route.
#[tokio::test]
async fn evt_094_the_page_is_served() {
    let town = Town::build().await;
    for (path, kind) in [
        ("/events/portal", "text/html"),
        ("/events/portal.js", "text/javascript"),
        ("/events/portal.css", "text/css"),
    ] {
        let answer = town.ask("GET", path, &[], String::new()).await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").starts_with(kind));
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        assert!(!answer.body.contains("http://") && !answer.body.contains("innerHTML"), "{path}");
    }
    let script = town.ask("GET", "/events/portal.js", &[], String::new()).await.body;
    let routes: Vec<&str> = transactions_door::every_route().into_iter().map(|(_, path)| path).collect();
    for what in ["test", "secret", "disable", "enable", "verify", "deliveries", "dead", "retry", "replay"] {
        assert!(script.contains(&format!("'{what}'")), "the page does not offer {what}");
        assert!(routes.contains(&&*format!("/settings/endpoints/{{id}}/{what}")), "{what}");
    }
}
