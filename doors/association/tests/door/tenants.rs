//! Tenants: made, seen, changed.

use serde_json::json;

use crate::town::{TENANT, Town};

/// AMS-039: a new tenant has two feeds that nobody else has, and which share nothing.
#[tokio::test]
async fn ams_039_a_tenant_has_two_feeds_of_its_own() {
    let town = Town::bare().await;
    let make = |body: serde_json::Value| town.post("operator", "/association/tenants", body);
    let made = make(json!({ "TenantId": "lakeland" })).await.good();
    assert_eq!(made["ProductionFeedId"], "lakeland.production");
    assert_eq!(made["StagingFeedId"], "lakeland.staging");
    assert_eq!(made["TenantTimeZone"], "America/New_York");
    assert_eq!(made["TestEnvironment"], "Staging");
    let own = town.dictionary.known("Feed").id;
    let is_there = async |feed: &str| town.store.get(own, feed).await.unwrap().is_some();
    assert!(is_there("lakeland.production").await);
    assert!(!is_there("lakeland.staging").await, "staging is opened by somebody");
    let opened = town.post("operator", "/association/tenants/lakeland/staging", json!({})).await.good();
    assert_eq!(opened["FeedId"], "lakeland.staging");
    assert!(is_there("lakeland.staging").await);
    for (body, expect) in [
        (json!({ "TenantId": "lakeland" }), "already_there"),
        (json!({ "TenantId": "a", "ProductionFeedId": "f", "StagingFeedId": "f" }), "feeds_shared"),
        (json!({ "TenantId": "a", "StagingFeedId": "lakeland.production" }), "feeds_shared"),
        (json!({ "TenantId": "a", "ProductionFeedId": "lakeland.staging" }), "feeds_shared"),
    ] {
        assert_eq!(make(body.clone()).await.code(), expect, "{body}");
    }
    make(json!({ "TenantId": "a", "ProductionFeedId": "one", "StagingFeedId": "two" })).await.good();
}

#[tokio::test]
async fn what_is_said_of_a_tenant_is_checked() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    for (body, expect) in [
        (json!({ "TenantTimeZone": "Florida/Miami" }), "field_wrong"),
        (json!({ "NrdsPrefix": "27a" }), "field_wrong"),
        (json!({ "NrdsPrefix": "274500000" }), "field_wrong"),
        (json!({ "TenantHolidays": ["Thanksgiving"] }), "field_wrong"),
        (json!({ "TestEnvironment": "Nowhere" }), "not_in_lookup"),
        (json!({ "TenantId": "other" }), "field_fixed"),
        (json!({ "StagingFeedId": "other" }), "field_fixed"),
        (json!({ "Nonsense": 1 }), "unknown_field"),
        (json!({ "TenantName": "x".repeat(256) }), "too_long"),
        (json!([1]), "not_an_object"),
        (json!({ "NrdsPrefix": "x", "TenantTimeZone": "x" }), "several"),
    ] {
        assert_eq!(town.patch("admin", TENANT, body.clone()).await.code(), expect, "{body}");
    }
    for (body, expect) in [
        (json!({}), "id_wrong"),
        (json!({ "TenantId": "East Polk" }), "id_wrong"),
        (json!({ "TenantId": "a.b" }), "id_wrong"),
        (json!({ "TenantId": "x".repeat(33) }), "id_wrong"),
    ] {
        assert_eq!(
            town.post("operator", "/association/tenants", body.clone()).await.code(),
            expect,
            "{body}"
        );
    }
    assert_eq!(town.store.head().await.unwrap(), before, "bad input changed something");
    let changed = town.patch("admin", TENANT, json!({ "TenantRegionCode": "EPC" })).await.good();
    assert_eq!((&changed["TenantRegionCode"], &changed["NrdsPrefix"]), (&json!("EPC"), &json!("2745")));
    let cleared = town.patch("admin", TENANT, json!({ "TenantRegionCode": null })).await.good();
    assert!(cleared.get("TenantRegionCode").is_none());
}

/// Who read an older version than there is decides on nothing.
#[tokio::test]
async fn two_who_change_a_tenant_at_once_do_not_overwrite_each_other() {
    let town = Town::build().await;
    let version = town.get("admin", TENANT).await.good()["@version"].to_string();
    let bearer = format!("Bearer {}", town.key("admin"));
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("if-match", version.as_str()),
    ];
    let change = |name: &str| town.ask("PATCH", TENANT, &headers, json!({ "TenantName": name }).to_string());
    assert_eq!(change("one").await.code(), "ok");
    let late = change("two").await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (409, "changed_meanwhile"));
    assert_eq!(town.get("admin", TENANT).await.good()["TenantName"], "one");
}

#[tokio::test]
async fn everyone_sees_their_own_tenants() {
    let town = Town::build().await;
    town.post("operator", "/association/tenants", json!({ "TenantId": "other" })).await.good();
    for (client, expect) in [
        ("operator", "east-polk other"),
        ("vendor-staging", "east-polk"),
        ("nobody", ""),
        ("admin", "east-polk"),
    ] {
        let listed = town.get(client, "/association/tenants").await.good();
        let ids: Vec<&str> =
            listed["value"].as_array().unwrap().iter().map(|one| one["TenantId"].as_str().unwrap()).collect();
        assert_eq!(ids.join(" "), expect, "{client}");
    }
}
