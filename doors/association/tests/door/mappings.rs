//! Mapping sets: versions that never change.

use serde_json::{Value as Json, json};

use crate::town::{MLS, Town};

fn entry(category: &str, value: &str, display: &str, code: &str) -> Json {
    json!({ "category": category, "value": value, "displayValue": display, "vendorCode": code })
}

#[tokio::test]
async fn a_mapping_has_versions_that_stay() {
    let town = Town::build().await;
    let path = format!("{MLS}/mappings");
    let make = |body: Json| town.post("staff", &path, body);
    let first = make(json!({ "entries": [entry("status", "A", "Active", "ACT")], "standardTypes": true }));
    let first = first.await.good();
    assert_eq!(
        (&first["MappingSetVersion"], &first["MappingSetId"]),
        (&json!(1), &json!("east-polk.mls.0001"))
    );
    assert_eq!(first["entries"].as_array().unwrap().len(), 9);
    assert_eq!(first["MadeBy"], "client/staff");
    let shared = [entry("status", "A", "Active", "ACT"), entry("status", "P", "Provisional", "ACT")];
    let second = make(json!({ "entries": shared })).await.good();
    assert_eq!(second["MappingSetVersion"], 2);
    assert_eq!(
        second["MappingSetWarnings"],
        json!(["status ACT: the vendor cannot tell Active, Provisional apart."])
    );
    let kept = town.get("vendor-staging", &format!("{path}/1")).await.good();
    assert_eq!(kept["entries"], first["entries"], "the first version stays what it was");
    let listed = town.get("staff", &path).await.good();
    assert_eq!(listed["value"].as_array().unwrap().len(), 2);
    assert_eq!(town.get("staff", &format!("{path}/3")).await.code(), "mapping_unknown");
    let staging = format!("{MLS}/environments/staging");
    let set = town.patch("staff", &staging, json!({ "MappingSetId": "east-polk.mls.0002" })).await.good();
    assert_eq!(set["MappingSetId"], "east-polk.mls.0002");
}

#[tokio::test]
async fn what_is_no_mapping_is_refused() {
    let town = Town::build().await;
    let path = format!("{MLS}/mappings");
    let before = town.store.head().await.unwrap();
    for (body, expect) in [
        (json!({}), "body_wrong"),
        (json!({ "entries": [] }), "entries_wrong"),
        (json!({ "entries": [{ "category": "status" }] }), "body_wrong"),
        (json!({ "entries": [entry("colour", "A", "B", "C")] }), "body_wrong"),
        (json!({ "entries": [entry("status", "A", "", "C")] }), "text_wrong"),
        (json!({ "entries": [], "more": 1 }), "body_wrong"),
        (
            json!({ "entries": [entry("status", "A", "B", "C"), entry("status", "A", "B", "C")] }),
            "value_twice",
        ),
    ] {
        assert_eq!(town.post("staff", &path, body.clone()).await.code(), expect, "{body}");
    }
    assert_eq!(town.store.head().await.unwrap(), before);
}
