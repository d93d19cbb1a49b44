//! What each method does to a record, and what is told of it.

use serde_json::{Value as Json, json};

use super::{now_of, town, writes};
use crate::town::Town;

const REPRESENTATION: (&str, &str) = ("prefer", "return=representation");
const MINIMAL: (&str, &str) = ("prefer", "return=minimal");

/// RESO-060
#[tokio::test]
async fn reso_060_a_new_record_is_told_with_its_addresses() {
    let (town, key) = town().await;
    let body = json!({
        "ListPrice": 350_000.5, "City": "Kent", "BedroomsTotal": 3, "StandardStatus": "Active",
        "Appliances": ["Range"], "OnMarketDate": "2026-11-20", "PoolPrivateYN": null,
    });
    let made = town.put(&key, "POST", "/odata/Property", &[REPRESENTATION], &body.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let told = made.json();
    let own = told["ListingKey"].as_str().unwrap();
    let url = format!("http://127.0.0.1:8700/odata/Property('{own}')");
    assert_eq!(made.header("location"), url);
    assert_eq!(made.header("odata-entityid"), url);
    assert_eq!(made.header("entityid"), own);
    assert_eq!(made.header("preference-applied"), "return=representation");
    assert_eq!(made.header("odata-version"), "4.01");
    assert_eq!((&told["@odata.id"], &told["@odata.editLink"]), (&json!(url), &json!(url)));
    assert!(told["@odata.context"].as_str().unwrap().ends_with("$metadata#Property/$entity"));
    assert_eq!(told["@odata.etag"], made.header("etag"));
    assert!(made.header("etag").starts_with("W/\""));
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(&told[name], value, "{name}");
    }
    // What this installation sets.
    for name in
        ["ModificationTimestamp", "OriginalEntryTimestamp", "PriceChangeTimestamp", "StatusChangeTimestamp"]
    {
        assert_eq!(told[name], "2026-11-23T12:00:00Z", "{name}");
    }
    assert_eq!(told["OriginatingSystemName"], "A");
    let mut read = town.get(&format!("/odata/Property('{own}')")).await.json();
    assert_eq!(read["@odata.etag"], told["@odata.etag"]);
    read["@odata.id"] = json!(url);
    read["@odata.editLink"] = json!(url);
    assert_eq!(read, told);
    // Without a preference it is told, too; with the other it is not.
    let plain = town.put(&key, "POST", "/odata/Property", &[], r#"{"ListingKey":"it's/1"}"#).await;
    assert_eq!((plain.status.as_u16(), plain.header("preference-applied")), (201, ""));
    assert_eq!(plain.header("location"), "http://127.0.0.1:8700/odata/Property('it''s%2F1')");
    let quiet = town.put(&key, "POST", "/odata/Property", &[MINIMAL], r#"{"ListingKey":"N"}"#).await;
    assert_eq!((quiet.status.as_u16(), quiet.body.as_str()), (204, ""));
    assert_eq!(quiet.header("preference-applied"), "return=minimal");
    assert_eq!((quiet.header("entityid"), quiet.header("etag").is_empty()), ("N", false));
    assert!(quiet.header("location").ends_with("/odata/Property('N')"));
}

/// RESO-060
#[tokio::test]
async fn reso_060_a_change_leaves_what_it_does_not_name_and_put_does_not() {
    let (town, key) = town().await;
    let path = "/odata/Property('K001')";
    let before = town.get(path).await.json();
    let change =
        r#"{"ListPrice":1,"City":null,"ListingKey":"OTHER","ModificationTimestamp":"2000-01-01T00:00:00Z"}"#;
    let changed = town.put(&key, "PATCH", path, &[REPRESENTATION], change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.header("preference-applied"), "return=representation");
    let told = changed.json();
    let mut expected = before.clone();
    expected.as_object_mut().unwrap().remove("City");
    expected["ListPrice"] = json!(1);
    for name in ["ModificationTimestamp", "PriceChangeTimestamp"] {
        expected[name] = json!("2026-11-23T12:00:00Z");
    }
    for name in ["@odata.id", "@odata.editLink", "@odata.etag"] {
        expected[name] = told[name].clone();
    }
    assert_eq!(told, expected);
    assert_ne!(told["@odata.etag"], before["@odata.etag"]);
    // The same again writes nothing: the version stays.
    let head = town.store.head().await.unwrap();
    let again = town.put(&key, "PATCH", path, &[], change).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (204, changed.header("etag")));
    assert_eq!(again.header("entityid"), "K001");
    assert_eq!(town.store.head().await.unwrap(), head);
    // PUT stands for the whole record.
    let put = town.put(&key, "PUT", path, &[REPRESENTATION], r#"{"City":"Renton"}"#).await;
    assert_eq!(put.status, 200, "{}", put.body);
    let put = put.json();
    let names: Vec<&String> = put.as_object().unwrap().keys().filter(|k| !k.starts_with('@')).collect();
    assert_eq!(
        names,
        [
            "City",
            "HubEntryTimestamp",
            "HubModificationTimestamp",
            "ListingKey",
            "ModificationTimestamp",
            "PriceChangeTimestamp",
            "StatusChangeTimestamp"
        ]
    );
    // PUT of a key that is not there makes it.
    let made = town.put(&key, "PUT", "/odata/Property('NEW')", &[], r#"{"City":"Kent"}"#).await;
    assert_eq!((made.status.as_u16(), made.json()["ListingKey"].as_str()), (201, Some("NEW")));
    assert_eq!(town.put(&key, "PATCH", "/odata/Property('NONE')", &[], "{}").await.status, 404);
}

/// RESO-060
#[tokio::test]
async fn reso_060_a_version_that_is_named_is_held_to() {
    let (town, key) = town().await;
    let path = "/odata/Property('K002')";
    let etag = town.get(path).await.header("etag").to_owned();
    let check = async |method: &str, header: (&str, &str), status: u16| {
        let head = town.store.head().await.unwrap();
        let answer = town.put(&key, method, path, &[header], r#"{"City":"Kent"}"#).await;
        assert_eq!(answer.status, status, "{method} {header:?}: {}", answer.body);
        if status == 412 {
            assert_eq!(answer.json()["error"]["code"], "precondition_failed");
            assert_eq!(town.store.head().await.unwrap(), head, "{method} {header:?} changed something");
        }
        answer.header("etag").to_owned()
    };
    for method in ["PATCH", "PUT", "DELETE"] {
        check(method, ("if-match", "W/\"1\""), 412).await;
        check(method, ("if-none-match", "*"), 412).await;
        check(method, ("if-none-match", &etag), 412).await;
    }
    let newer = check("PATCH", ("if-match", &etag), 204).await;
    check("PATCH", ("if-match", &etag), 412).await;
    check("DELETE", ("if-match", &etag), 412).await;
    check("PUT", ("if-match", "*"), 204).await;
    check("PATCH", ("if-match", &newer), 412).await;
    let newest = town.get(path).await.header("etag").to_owned();
    check("DELETE", ("if-match", &newest), 204).await;
    assert_eq!(now_of(&town, path).await, Json::Null);
    check("DELETE", ("if-match", "*"), 404).await;
    // PUT makes what is not there, unless it is to change something.
    check("PUT", ("if-match", "*"), 412).await;
    check("PUT", ("if-none-match", "*"), 201).await;
}

/// RESO-064
#[tokio::test]
async fn reso_064_what_is_acknowledged_is_in_the_store_the_events_and_every_search() {
    let (town, key) = town().await;
    let newest = async || {
        let page = town.get("/odata/EntityEvent?$orderby=EntityEventSequence desc&$top=1").await.json();
        page["value"][0].clone()
    };
    let own = town.dictionary.known("Property");
    for (method, path, body) in [
        ("POST", "/odata/Property", r#"{"ListingKey":"W","City":"Nowhere","ListPrice":5}"#),
        ("PATCH", "/odata/Property('W')", r#"{"ListPrice":6}"#),
        ("PUT", "/odata/Property('W')", r#"{"City":"Nowhere","ListPrice":7}"#),
        ("DELETE", "/odata/Property('W')", ""),
    ] {
        let before = town.store.head().await.unwrap();
        let answer = town.put(&key, method, path, &[], body).await;
        assert!(answer.status.is_success(), "{method}: {}", answer.body);
        // Nothing is waited for here: the answer is the promise.
        let event = newest().await;
        assert_eq!((&event["ResourceName"], &event["ResourceRecordKey"]), (&json!("Property"), &json!("W")));
        assert!(event["EntityEventSequence"].as_u64().unwrap() > before, "{method}");
        let found = town.get("/odata/Property?$filter=City eq 'Nowhere'&$select=ListPrice").await.json();
        let kept = town.store.get(own.id, "W").await.unwrap();
        match serde_json::from_str::<Json>(body) {
            Ok(sent) => {
                assert_eq!(found["value"][0]["ListPrice"], sent["ListPrice"], "{method}");
                assert_eq!(kept.unwrap().feed, "A");
            }
            Err(_) => assert!(found["value"].as_array().unwrap().is_empty() && kept.is_none()),
        }
        let change = town.store.history(own.id, "W", 1).await.unwrap().remove(0);
        assert_eq!(change.actor, "client/writer");
    }
}

/// RESO-060: a timestamp that is sent dates the record anew, by this installation's clock.
#[tokio::test]
async fn reso_060_a_record_is_touched_by_its_timestamp() {
    let town = Town::ticking().await;
    let key = town.client("writer", &[writes("writer", "A")]).await;
    let path = "/odata/Property('K001')";
    let body = r#"{"ModificationTimestamp":"2030-01-01T00:00:00Z"}"#;
    let mut before = now_of(&town, path).await;
    for _ in 0..2 {
        assert_eq!(town.put(&key, "PATCH", path, &[], body).await.status, 204);
        let after = now_of(&town, path).await;
        let at = |record: &Json| record["ModificationTimestamp"].as_str().unwrap().to_owned();
        assert!(at(&after) > at(&before) && at(&after).starts_with("2026-11-23"), "{after}");
        assert_ne!(after["@odata.etag"], before["@odata.etag"]);
        before = after;
    }
}

/// RESO-060
#[tokio::test]
async fn reso_060_methods_do_what_they_do_where_they_stand() {
    let (town, key) = town().await;
    let check = async |method: &str, path: &str, status: u16, allow: &str| {
        let answer = town.put(&key, method, path, &[], "{}").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("allow")),
            (status, allow),
            "{method} {path}: {}",
            answer.body
        );
    };
    check("PATCH", "/odata/Property", 405, "GET, HEAD, POST").await;
    check("DELETE", "/odata/Property", 405, "GET, HEAD, POST").await;
    check("POST", "/odata/Property('K001')", 405, "GET, HEAD, PATCH, PUT, DELETE").await;
    check("DELETE", "/odata/Property('K001')/Media", 405, "GET, HEAD, POST").await;
    check("POST", "/odata/Property/$count", 405, "GET, HEAD").await;
    check("POST", "/odata/$metadata", 405, "GET, HEAD").await;
    check("POST", "/odata", 405, "GET, HEAD").await;
    check("OPTIONS", "/odata/Property", 405, "GET, HEAD").await;
    for resource in ["EntityEvent", "Lookup", "Field"] {
        check("POST", &format!("/odata/{resource}"), 405, "GET, HEAD").await;
    }
    check("DELETE", "/odata/EntityEvent(1)", 405, "GET, HEAD").await;
    check("PUT", "/odata/Property('K001')/City", 501, "").await;
    check("POST", "/odata/Nothing", 404, "").await;
    check("POST", "/odata/ClientKey", 404, "").await;
    check("POST", "/odata/Property?$filter=City eq 'A'", 400, "").await;
    check("POST", "/odata/Property?$top=1", 400, "").await;
    check("POST", "/odata/Property?$bogus=1", 400, "").await;
    // By an alternate key, and along a link to one.
    check("PATCH", "/odata/Property(ListingId='L1')", 204, "").await;
    check("PATCH", "/odata/Property('K001')/ListAgent", 204, "").await;
    let shown =
        town.put(&key, "POST", "/odata/Property?$select=City", &[], r#"{"City":"Kent"}"#).await.json();
    let names: Vec<&String> = shown.as_object().unwrap().keys().filter(|k| !k.starts_with('@')).collect();
    assert_eq!(names, ["City"]);
}
