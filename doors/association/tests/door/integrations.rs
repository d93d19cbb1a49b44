//! Integrations: what is said of them and how each is set in an environment.

use serde_json::json;

use crate::town::{MLS, TENANT, Town};

#[tokio::test]
async fn an_integration_is_written_down_and_changed() {
    let town = Town::build().await;
    let made = town.get("vendor-staging", MLS).await.good();
    for (name, expect) in [
        ("IntegrationId", "east-polk.mls"),
        ("IntegrationKind", "MLS"),
        ("IntegrationState", "Planned"),
        ("IntegrationPlatform", "FLEX"),
        ("IntegrationType", "Standard"),
        ("StateTimestamp", "2026-11-23T13:00:00Z"),
    ] {
        let said = made[name].as_str().unwrap();
        assert!(
            said == expect
                || said.parse::<dictionary::Timestamp>().is_ok_and(|at| at == crate::town::monday()),
            "{name}: {said}"
        );
    }
    let all = format!("{TENANT}/integrations");
    let make = |body: serde_json::Value| town.post("staff", &all, body);
    for (body, expect) in [
        (json!({}), "field_wrong"),
        (json!({ "IntegrationKind": "NRDS" }), "field_wrong"),
        (json!({ "IntegrationKind": "MLS" }), "already_there"),
        (json!({ "IntegrationKind": "MLS", "IntegrationId": "Second" }), "id_wrong"),
        (json!({ "IntegrationKind": "M1", "IntegrationState": "Live" }), "field_fixed"),
        (json!({ "IntegrationKind": "M1", "TentativeGoLiveMonth": "2026-13" }), "field_wrong"),
    ] {
        assert_eq!(make(body.clone()).await.code(), expect, "{body}");
    }
    make(json!({ "IntegrationKind": "MLS", "IntegrationId": "mls-2" })).await.good();
    make(json!({ "IntegrationKind": "M1" })).await.good();
    let listed = town.get("staff", &all).await.good();
    let ids: Vec<_> = listed["value"].as_array().unwrap().iter().map(|one| &one["IntegrationId"]).collect();
    assert_eq!(ids, ["east-polk.m1", "east-polk.mls", "east-polk.mls-2"]);
    let changed = town.patch("staff", MLS, json!({ "AffiliateId": "EPC" })).await.good();
    assert_eq!((&changed["AffiliateId"], &changed["IntegrationPlatform"]), (&json!("EPC"), &json!("FLEX")));
    assert_eq!(town.patch("staff", MLS, json!({ "IntegrationState": "Live" })).await.code(), "field_fixed");
    assert_eq!(town.get("staff", &format!("{TENANT}/integrations/none")).await.code(), "integration_unknown");
}

/// A go-live in production is an appointment; a test's is set where the tenant tests. AMS-039: what is set
/// in one environment says nothing of the other.
#[tokio::test]
async fn ams_039_each_environment_is_set_by_itself() {
    let town = Town::build().await;
    let at = |place: &str| format!("{MLS}/environments/{place}");
    let now = "2026-11-23T13:00:00Z";
    let fresh = town.get("staff", &at("staging")).await.good();
    assert_eq!((&fresh["SyncYN"], fresh.get("@version")), (&json!(false), None));
    let on = json!({ "SyncYN": true, "GoLiveTimestamp": now });
    let set = town.patch("staff-staging", &at("staging"), on.clone()).await.good();
    assert_eq!(set["SyncYN"], true);
    assert!(set["SyncTestedTimestamp"].is_string(), "a test has begun: {set}");
    let other = town.get("staff", &at("production")).await.good();
    assert_eq!((&other["SyncYN"], other.get("GoLiveTimestamp")), (&json!(false), None));
    let refused = town.patch("staff", &at("production"), on.clone()).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "go_live_is_scheduled"));
    let clears = town.patch("staff", &at("production"), json!({ "GoLiveTimestamp": null })).await;
    assert_eq!(clears.code(), "go_live_is_scheduled");
    town.patch("staff", &at("production"), json!({ "SyncYN": true })).await.good();
    let missing = town.patch("staff", &at("staging"), json!({ "MappingSetId": "east-polk.mls.7" })).await;
    assert_eq!(missing.code(), "reference_missing");
    assert_eq!(town.get("staff", &at("nowhere")).await.code(), "environment_unknown");
    // Where a tenant tests in production, the test's go-live is set there.
    town.patch("admin", TENANT, json!({ "TestEnvironment": "Production" })).await.good();
    let set = town.patch("staff", &at("production"), on).await.good();
    assert!(set["SyncTestedTimestamp"].is_string(), "{set}");
}
