//! An owner lets an app in, the app agrees, and either ends it.

use serde_json::{Value as Json, json};

use crate::receiver::Receiver;
use crate::town::{Answer, FRANCHISE, REPORT, Town, report_of};

const APP: &str = "https://app-nobody.hub.example/profile/card#me";
const INBOX: &str = "/inbox/?format=full&agent=https://franchise.hub.example/profile/card%23me";
const SCOPE: [&str; 1] = ["read:realestate/franchise"];

async fn act(town: &Town, key: &str, action: Json) -> Answer {
    town.ask("POST", "/settings/subscriptions", &[("x-api-key", key)], action.to_string()).await
}

fn authorize(scope: impl Into<Json>) -> Json {
    json!({ "type": "AuthorizeAction", "agent": FRANCHISE, "recipient": APP, "scope": scope.into() })
}

/// A town in which `other` acts for the franchise.
async fn owned() -> Town {
    let town = Town::sending().await;
    town.grant("other-owns", "other", FRANCHISE, "realestate/franchise", "Authorize").await;
    town
}

/// Waits until an app is told, in its own inbox, that its subscription is this now.
async fn told(town: &Town, key: &str, status: &str) {
    for _ in 0..2_000 {
        let inbox = town.get(key, "/inbox/?format=full").await.json();
        let events = inbox["contains"].as_array().unwrap();
        let newest = events.iter().rfind(|event| event["topic"] == "freehold/operator#subscription.updated");
        if newest.is_some_and(|event| event["data"]["object"]["status"] == status) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the app was not told that it is {status}");
}

fn seen(page: &Answer) -> usize {
    page.json()["contains"].as_array().unwrap().len()
}

/// EVT-072: pending until the app agrees, active then, and over at once when it is rejected.
#[tokio::test(flavor = "multi_thread")]
async fn evt_072_authorized_subscribed_rejected() {
    let town = owned().await;
    let receiver = Receiver::open().await;
    let answer = act(&town, &town.other, authorize(json!(SCOPE))).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let action = answer.json();
    assert_eq!(
        (&action["type"], &action["actionStatus"], &action["agent"], &action["object"]),
        (&json!("SubscribeAction"), &json!("PotentialActionStatus"), &json!(APP), &json!(FRANCHISE))
    );
    let id = action["id"].as_str().unwrap();
    // Pending: the app knows of it, and receives nothing.
    told(&town, &town.nobody, "Pending").await;
    assert_eq!(town.publish(&report_of("before", 1)).await.status, 201);
    town.fanned_out().await;
    let listed = town.get(&town.nobody, "/settings/subscriptions").await.json();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["status"]), (&json!(id), &json!("Pending")));
    assert_eq!(seen(&town.get(&town.nobody, INBOX).await), 0);
    // The app cannot make it active by sending it back.
    let put =
        town.ask("PUT", "/settings/subscriptions", &[("x-api-key", &town.nobody)], listed.to_string()).await;
    assert_eq!(
        (put.status.as_u16(), &put.json()["items"][0]["status"]),
        (200, &json!("Pending")),
        "{}",
        put.body
    );
    assert_eq!(seen(&town.get(&town.nobody, INBOX).await), 0);

    // Active: it receives what the scope says.
    let subscribe = json!({ "type": "SubscribeAction", "id": id, "actionStatus": "ActiveActionStatus",
        "target": receiver.url });
    let answer = act(&town, &town.nobody, subscribe.clone()).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["actionStatus"]), (200, &json!("ActiveActionStatus")));
    assert!(answer.json()["secrets"][0]["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(town.publish(&report_of("during", 1)).await.status, 201);
    receiver.until(1).await;
    let got = receiver.got().remove(0);
    assert_eq!((&got["topic"], &got["agent"]), (&json!(REPORT), &json!(FRANCHISE)));
    assert!(seen(&town.get(&town.nobody, INBOX).await) > 0);
    let lead = json!({ "topic": "realestate/lead#add", "recipient": FRANCHISE, "data": { "type": "AddAction", "object": { "name": "Ada" } } });
    assert_eq!(town.publish(&lead).await.status, 201);
    town.fanned_out().await;

    // Rejected by its owner: nothing more, and the app is told.
    let answer = act(&town, &town.other, json!({ "type": "RejectAction", "object": id })).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["type"]),
        (200, &json!("RejectAction")),
        "{}",
        answer.body
    );
    assert_eq!(town.publish(&report_of("after", 1)).await.status, 201);
    town.fanned_out().await;
    told(&town, &town.nobody, "Rejected").await;
    assert_eq!(seen(&town.get(&town.nobody, INBOX).await), 0, "its grants are taken back");
    let owed = town.get(&town.nobody, "/settings/endpoints").await.json();
    assert_eq!(owed["items"][0]["deliveries"], json!({ "waiting": 0, "held": 0, "dead": 0 }));
    assert_eq!(receiver.got().len(), 1, "neither another topic nor what came after");
    let again = act(&town, &town.nobody, subscribe).await;
    assert_eq!((again.status.as_u16(), again.json()["code"].as_str()), (409, Some("rejected")));
    // Authorized anew it is pending once more.
    assert_eq!(
        act(&town, &town.other, authorize(SCOPE[0])).await.json()["actionStatus"],
        "PotentialActionStatus"
    );
}

/// EVT-072: only an owner lets in, to no more than they act for; whoever is neither owner nor app finds nothing.
#[tokio::test(flavor = "multi_thread")]
async fn evt_072_only_an_owner_lets_in() {
    let town = owned().await;
    let before = town.store.head().await.unwrap();
    let check = async |key: &str, action: Json, status: u16, code: &str| {
        let answer = act(&town, key, action.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (status, Some(code)),
            "{action}"
        );
    };
    check(&town.bms, authorize(json!(SCOPE)), 403, "not_owner").await;
    check(&town.nobody, authorize(json!(SCOPE)), 403, "not_owner").await;
    check(&town.other, authorize("read:realestate/lead"), 403, "not_owner").await;
    check(&town.other, authorize("read:*"), 403, "not_owner").await;
    for wrong in ["", "realestate/franchise", "own:realestate/franchise", "read:real estate"] {
        check(&town.other, authorize(wrong), 400, "scope_wrong").await;
    }
    check(&town.other, authorize(json!(vec![SCOPE[0]; 21])), 400, "scope_wrong").await;
    for app in [
        "https://app-stranger.hub.example/profile/card#me",
        "https://agent-1.hub.example/profile/card#me",
        "x",
    ] {
        let mut action = authorize(json!(SCOPE));
        action["recipient"] = json!(app);
        check(&town.other, action, 400, "app_unknown").await;
    }
    check(&town.other, json!({ "type": "LikeAction" }), 400, "action_wrong").await;
    assert_eq!(town.store.head().await.unwrap(), before, "nothing of it was done");

    let id = act(&town, &town.other, authorize(json!(SCOPE))).await.json()["id"].clone();
    let subscribe = json!({ "type": "SubscribeAction", "id": id, "actionStatus": "ActiveActionStatus" });
    check(&town.hub, subscribe.clone(), 404, "subscription_unknown").await;
    check(&town.bms, json!({ "type": "RejectAction", "id": id }), 404, "subscription_unknown").await;
    let mut vague = subscribe.clone();
    vague["actionStatus"] = json!("PotentialActionStatus");
    check(&town.nobody, vague, 400, "status_wrong").await;
    // The owner looks at whom it let in; nobody else does.
    let agent = "/settings/subscriptions?agent=https://franchise.hub.example/profile/card%23me";
    let listed = town.get(&town.other, agent).await.json();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["recipient"]), (&id, &json!(APP)));
    assert_eq!(town.get(&town.bms, agent).await.json()["items"], json!([]));
    // The same authorization again changes nothing.
    let head = town.settled().await;
    assert_eq!(act(&town, &town.other, authorize(json!(SCOPE))).await.status, 200);
    assert_eq!(town.settled().await, head);
    // The app itself may end it, too.
    assert_eq!(act(&town, &town.nobody, subscribe).await.status, 200);
    assert_eq!(act(&town, &town.nobody, json!({ "type": "RejectAction", "id": id })).await.status, 200);
}

/// EVT-072: everyone lets apps in to what is their own, and lets them publish.
#[tokio::test(flavor = "multi_thread")]
async fn evt_072_a_scope_lets_publish_to_ones_own() {
    let town = owned().await;
    let own = "https://app-hub.hub.example/profile/card#me";
    let lead = json!({ "topic": "realestate/lead#add", "recipient": own, "data": { "type": "AddAction", "object": { "name": "Ada" } } });
    assert_eq!(town.publish_as(&town.nobody, &lead, &[]).await.status, 403);
    let action = json!({ "type": "AuthorizeAction", "recipient": APP, "scope": "write:realestate/lead" });
    let id = act(&town, &town.hub, action).await.json()["id"].clone();
    assert_eq!(town.publish_as(&town.nobody, &lead, &[]).await.status, 403, "it is pending");
    let subscribe = json!({ "type": "SubscribeAction", "id": id, "actionStatus": "CompletedActionStatus" });
    assert_eq!(act(&town, &town.nobody, subscribe).await.status, 200);
    assert_eq!(town.publish_as(&town.nobody, &lead, &[]).await.status, 201);
    // Leaving it out of the list ends it with its grants.
    let none = json!({ "items": [] }).to_string();
    assert_eq!(
        town.ask("PUT", "/settings/subscriptions", &[("x-api-key", &town.nobody)], none).await.status,
        200
    );
    assert_eq!(town.publish_as(&town.nobody, &lead, &[]).await.status, 403);
}
