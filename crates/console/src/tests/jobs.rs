//! Sources: orders are records, and so is what became of them.

use std::sync::Arc;

use intake::{Places, Silent, Sources};
use serde_json::json;

use super::house::House;

const MAPPING: &str = "name = 'sales'\nfeed = 'F'\n[[record]]\nresource = 'Property'\nkey = '{feed}-{id}'\n\
    [record.fields]\nListPrice = 'price'\n";

#[tokio::test]
async fn what_a_source_or_a_mapping_cannot_mean_is_refused() {
    let house = House::open().await;
    let mapping =
        |id: &str, text: &str| json!({ "MappingId": id, "FeedId": "F", "MappingText": text }).to_string();
    assert_eq!(house.ask("POST", "/admin/Mapping", &mapping("sales", MAPPING)).await.status, 201);
    let source = |more: serde_json::Value| {
        let mut body = json!({ "SourceId": "s", "MappingId": "sales", "SourceLocation": "/in" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body.to_string()
    };
    let head = house.desk.store.head().await.unwrap();
    for (address, body, code) in [
        ("/admin/Mapping", mapping("other", MAPPING), "mapping_wrong"),
        ("/admin/Mapping", mapping("sales2", "name = 'sales2'"), "mapping_wrong"),
        ("/admin/Source", source(json!({ "MappingId": "none" })), "reference_missing"),
        ("/admin/Source", source(json!({ "MappingId": null })), "source_wrong"),
        ("/admin/Source", source(json!({ "SourceLocation": null })), "source_wrong"),
        ("/admin/Source", source(json!({ "SourceCadence": "sometimes" })), "source_wrong"),
        ("/admin/Source", source(json!({ "SourceCadence": "61 * * * *" })), "source_wrong"),
        ("/admin/Source", source(json!({ "SourceTimeZone": "Mars/Base" })), "source_wrong"),
        ("/admin/Source", source(json!({ "RefuseOverPercent": 101 })), "source_wrong"),
        ("/admin/Source/none/run", String::new(), "not_found"),
        ("/admin/Source/none/cancel", String::new(), "not_found"),
    ] {
        let said = house.ask("POST", address, &body).await;
        assert_eq!(said.code(), code, "{address} {body}: {}", said.body);
    }
    assert_eq!(house.desk.store.head().await.unwrap(), head);
    let zone = json!({ "SourceCadence": "30 2 * * 1-5", "SourceTimeZone": "America/Los_Angeles" });
    assert_eq!(house.ask("POST", "/admin/Source", &source(zone)).await.status, 201);
}

/// HUB-005: that a source was ordered to run, and by whom, stands in the log; `/admin/jobs` tells what
/// became of it.
#[tokio::test]
async fn hub_005_a_run_is_ordered_by_a_record_and_leaves_one() {
    let house = House::open().await;
    let directory = testkit::Scratch::new();
    std::fs::write(directory.file("sales.csv"), "id,price\n1,5\n2,x\n").unwrap();
    let mapping = json!({ "MappingId": "sales", "FeedId": "F", "MappingText": MAPPING }).to_string();
    house.ask("POST", "/admin/Mapping", &mapping).await;
    let location = directory.file("sales.csv");
    let source = json!({ "SourceId": "s", "MappingId": "sales", "SourceLocation": location }).to_string();
    assert_eq!(house.ask("POST", "/admin/Source", &source).await.status, 201);
    let idle = house.ask("GET", "/admin/jobs", "").await;
    assert_eq!(
        (&idle.body["value"][0]["running"], &idle.body["value"][0]["run"]),
        (&json!(false), &json!(null))
    );
    let refused = house.ask("POST", "/admin/Source/s/cancel", "").await;
    assert_eq!((refused.status, refused.code()), (409, "source_not_running"));

    let ordered = house.ask("POST", "/admin/Source/s/run", "").await;
    assert_eq!(ordered.status, 202);
    assert_eq!(ordered.body["RunRequestedTimestamp"], json!(house.clock.now().to_string()));
    let trail = house.ask("GET", "/admin/Source/s/history", "").await;
    assert_eq!(trail.body["value"][0]["actor"], json!("operator/root"));

    let clock = house.clock.clone();
    let sources = Sources::new(
        house.desk.store.clone(),
        house.desk.dictionary.clone(),
        Arc::new(move || clock.now()),
        Places { directories: vec![directory.path().to_owned()] },
        "test",
    );
    sources.run("s", Arc::new(Silent)).await.unwrap();
    let done = house.ask("GET", "/admin/jobs", "").await;
    let job = &done.body["value"][0];
    assert_eq!(job["running"], json!(false));
    let run = &job["run"];
    let found = ["ImportStatus", "SourceId", "RecordsNew", "RecordsRefused"].map(|name| run[name].clone());
    assert_eq!(found, [json!("Completed"), json!("s"), json!(1), json!(1)], "{run}");

    house.ask("PATCH", "/admin/Source/s", r#"{"SourceStatus":"Suspended"}"#).await;
    let refused = house.ask("POST", "/admin/Source/s/run", "").await;
    assert_eq!((refused.status, refused.code()), (409, "source_not_run"));
}
