//! Grants: a vendor's people come into staging, later into production, and go again.

use jiff::SignedDuration;
use serde_json::json;

use crate::town::{MLS, TENANT, Town};

fn grant(client: &str, role: &str, place: &str, end: &str) -> serde_json::Value {
    json!({ "ClientId": client, "TenantRole": role, "TenantEnvironment": place,
        "ExpirationTimestamp": end, "GrantReason": "tests the sync" })
}

const LATER: &str = "2026-12-23T13:00:00Z";

/// AMS-014: staging first, then production; each grant ends, and says who gave it.
#[tokio::test]
async fn ams_014_a_vendors_people_come_into_staging_then_production_and_go() {
    let town = Town::build().await;
    let grants = format!("{TENANT}/grants");
    let give = |body: serde_json::Value| town.post("admin", &grants, body);
    let see = |place: &str| {
        let path = format!("{MLS}/environments/{place}");
        let town = &town;
        async move { town.get("nobody", &path).await.code() }
    };
    assert_eq!(see("staging").await, "tenant_unknown");
    assert_eq!(give(grant("nobody", "Vendor", "Production", LATER)).await.code(), "staging_first");
    let given = give(grant("nobody", "Vendor", "Staging", LATER)).await.good();
    assert_eq!(
        (&given["GrantedBy"], &given["GrantReason"]),
        (&json!("client/admin"), &json!("tests the sync"))
    );
    assert_eq!((see("staging").await.as_str(), see("production").await.as_str()), ("ok", "role_missing"));
    let second = give(grant("nobody", "Vendor", "Production", LATER)).await.good();
    assert_eq!(see("production").await, "ok");
    let own = town.dictionary.known("TenantGrant").id;
    let history = town.store.history(own, second["TenantGrantId"].as_str().unwrap(), 10).await.unwrap();
    assert_eq!(history.len(), 1, "the log tells of the grant");
    assert_eq!(history[0].actor, "client/admin");
    let id = given["TenantGrantId"].as_str().unwrap();
    town.send("admin", "DELETE", &format!("{grants}/{id}"), None).await.good();
    assert_eq!((see("staging").await.as_str(), see("production").await.as_str()), ("role_missing", "ok"));
    let history = town.store.history(own, id, 10).await.unwrap();
    assert_eq!(history.len(), 2, "the log tells who ended it");
    town.clock.pass(SignedDuration::from_hours(30 * 24));
    assert_eq!(see("production").await, "tenant_unknown", "the grant has ended by itself");
    let listed = town.get("admin", &grants).await.good();
    let ended = listed["value"].as_array().unwrap().iter().any(|one| one["TenantGrantId"] == id);
    assert!(ended, "who was there can be told");
}

#[tokio::test]
async fn what_a_grant_says_is_checked() {
    let town = Town::build().await;
    let grants = format!("{TENANT}/grants");
    let before = town.store.head().await.unwrap();
    for (body, expect) in [
        (grant("whoever", "Staff", "Staging", LATER), "reference_missing"),
        (grant("nobody", "User", "Staging", LATER), "role_wrong"),
        (grant("nobody", "Owner", "Staging", LATER), "role_wrong"),
        (grant("nobody", "Staff", "Elsewhere", LATER), "field_wrong"),
        (grant("nobody", "Staff", "Staging", "2026-11-23T13:00:00Z"), "expiration_wrong"),
        (grant("nobody", "Staff", "Staging", "2029-11-23T13:00:00Z"), "expiration_wrong"),
        (
            json!({ "ClientId": "nobody", "TenantRole": "Vendor", "TenantEnvironment": "Staging" }),
            "expiration_missing",
        ),
        (json!({ "ClientId": "nobody", "TenantId": "other" }), "field_fixed"),
    ] {
        assert_eq!(town.post("admin", &grants, body.clone()).await.code(), expect, "{body}");
    }
    let gone = town.send("admin", "DELETE", &format!("{grants}/nothing"), None).await;
    assert_eq!(gone.code(), "grant_unknown");
    assert_eq!(town.store.head().await.unwrap(), before, "bad input changed something");
}

/// A tenant that is tested in production alone has no staging to begin with.
#[tokio::test]
async fn where_production_is_the_test_a_vendor_begins_there() {
    let town = Town::build().await;
    town.patch("admin", TENANT, json!({ "TestEnvironment": "Production" })).await.good();
    let body = grant("nobody", "Vendor", "Production", LATER);
    town.post("admin", &format!("{TENANT}/grants"), body).await.good();
}

/// Another tenant's grants are neither seen nor ended.
#[tokio::test]
async fn another_tenants_grants_are_not_there() {
    let town = Town::build().await;
    town.post("operator", "/association/tenants", json!({ "TenantId": "other" })).await.good();
    town.role("stranger", "other", "Production", "Administrator").await;
    let listed = town.get("stranger", "/association/tenants/other/grants").await.good();
    assert_eq!(listed["value"].as_array().unwrap().len(), 1);
    let theirs = "/association/tenants/other/grants/east-polk.staff.Staging";
    assert_eq!(town.send("stranger", "DELETE", theirs, None).await.code(), "grant_unknown");
}
