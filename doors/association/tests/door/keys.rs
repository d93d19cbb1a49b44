//! Keys of vendors: two people open them, a step at a time.

use jiff::SignedDuration;
use serde_json::json;

use crate::town::{MLS, Town};

/// AMS-017: none → read → write, each a request with two approvals by two different people and their instants, so
/// that the wait can be measured; what is opened is a key of the gate.
#[tokio::test]
async fn ams_017_two_people_open_a_key_a_step_at_a_time() {
    let town = Town::build().await;
    let path = format!("{MLS}/environments/production/key");
    let approvals = format!("{path}/approvals");
    let ask = |access: &str| town.post("staff", &path, json!({ "access": access }));
    let approve = |client: &'static str| town.post(client, &approvals, json!({}));
    assert_eq!(town.get("staff", &path).await.good()["access"], "None");
    assert_eq!(approve("admin").await.code(), "nothing_pending");
    assert_eq!(ask("Write").await.code(), "access_not_next");
    assert_eq!(ask("Everything").await.code(), "access_wrong");
    ask("Read").await.good();
    assert_eq!(ask("Read").await.code(), "request_pending");
    town.clock.pass(SignedDuration::from_secs(60));
    let once = approve("admin").await.good();
    assert_eq!((&once["access"], once.get("secret")), (&json!("None"), None), "one approval opens nothing");
    assert_eq!(approve("admin").await.code(), "approver_same");
    town.clock.pass(SignedDuration::from_secs(60));
    let opened = approve("staff-production").await.good();
    assert_eq!(opened["access"], "Read");
    let request = &opened["requests"][0];
    for (name, expect) in [
        ("RequestedBy", json!("client/staff")),
        ("FirstApprovedBy", json!("client/admin")),
        ("SecondApprovedBy", json!("client/staff-production")),
        ("KeyAccessBefore", json!("None")),
        ("KeyAccessRequested", json!("Read")),
        ("waitSeconds", json!(120)),
    ] {
        assert_eq!(request[name], expect, "{name}");
    }
    // It is a key of the gate: it reads the feed, and no other.
    let secret = opened["secret"].as_str().unwrap();
    let gate = town.desk.gate.clone().unwrap();
    let caller = || {
        let credential = gate::Credential::Bearer(gate::Secret::new(secret));
        gate.authenticate(&credential, town.clock.now()).unwrap()
    };
    let [member, property] = ["Member", "Property"].map(|name| town.dictionary.known(name).id);
    let may = || {
        let caller = caller();
        let feed = "east-polk.production";
        [
            caller.may_read(feed, member),
            caller.may_write(feed, member),
            caller.may_read("east-polk.staging", member),
            caller.may_read(feed, property),
        ]
    };
    assert_eq!(may(), [true, false, false, false]);
    // AMS-039: the key of production sees nothing of staging.
    let bearer = format!("Bearer {secret}");
    let see = async |place: &str| {
        let path = format!("{MLS}/environments/{place}");
        town.ask("GET", &path, &[("authorization", &bearer)], "").await.code()
    };
    assert_eq!((see("production").await.as_str(), see("staging").await.as_str()), ("ok", "role_missing"));
    ask("Write").await.good();
    approve("staff-production").await.good();
    assert!(!may()[1], "one approval opens nothing");
    town.clock.pass(SignedDuration::from_hours(24));
    let opened = approve("staff").await.good();
    assert_eq!((&opened["access"], opened.get("secret")), (&json!("Write"), None), "the key stays the same");
    assert_eq!(opened["requests"][1]["waitSeconds"], 86_400);
    assert_eq!(may(), [true, true, false, false]);
    assert_eq!(ask("Write").await.code(), "access_not_next");
}
