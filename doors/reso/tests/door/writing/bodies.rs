//! Bodies that are refused: every fault is told, and nothing changes.

use odata::metadata::EnumMode;
use reso_door::Settings;
use serde_json::json;

use super::{town, writes};
use crate::town::Town;

/// RESO-061
#[tokio::test]
async fn reso_061_a_refused_write_lists_every_fault_with_its_target() {
    let (town, key) = town().await;
    let check = async |method: &str, path: &str, body: &str, doing: &str, expect: &[(&str, &str)]| {
        let head = town.store.head().await.unwrap();
        let answer = town.put(&key, method, path, &[], body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        let error = &answer.json()["error"];
        assert_eq!((&error["code"], &error["target"]), (&json!("record_refused"), &json!(doing)), "{body}");
        let details = error["details"].as_array().unwrap();
        let mut told: Vec<(&str, &str)> =
            details.iter().map(|d| (d["target"].as_str().unwrap(), d["code"].as_str().unwrap())).collect();
        told.sort_unstable();
        assert_eq!(told, expect, "{body}");
        assert!(details.iter().all(|d| d["message"].as_str().is_some_and(|m| m.len() > 10)), "{error}");
        assert_eq!(town.store.head().await.unwrap(), head, "{body} changed something");
    };
    let many = json!({
        "Nope": 1, "ListPrice": "dear", "BedroomsTotal": 1.5, "City": "x".repeat(61), "StandardStatus": "Gone",
        "Media": [
            { "MediaCategory": "Photo" },
            { "MediaCategory": 5, "ShortDescription": "y".repeat(51), "Bogus": true, "ResourceRecordKey": "OTHER" },
        ],
        "Rooms": [{ "RoomLevel": 1 }],
        "ListAgent": { "MemberKey": "M1" },
    });
    check(
        "POST",
        "/odata/Property",
        &many.to_string(),
        "Create",
        &[
            ("BedroomsTotal", "wrong_type"),
            ("City", "too_long"),
            ("ListAgent", "link_refused"),
            ("ListPrice", "wrong_type"),
            ("Media[1].Bogus", "unknown_field"),
            ("Media[1].MediaCategory", "wrong_type"),
            ("Media[1].ResourceRecordKey", "link_mismatch"),
            ("Media[1].ShortDescription", "too_long"),
            ("Nope", "unknown_field"),
            ("Rooms[0].RoomLevel", "wrong_type"),
            ("StandardStatus", "not_in_lookup"),
        ],
    )
    .await;
    // A single fault stands in details, too (Add/Edit 2.0.0).
    let long = json!({ "City": "x".repeat(61) }).to_string();
    check("POST", "/odata/Property", &long, "Create", &[("City", "too_long")]).await;
    check("PATCH", "/odata/Property('K001')", &long, "Update", &[("City", "too_long")]).await;
    check("PUT", "/odata/Property('K001')", &long, "Update", &[("City", "too_long")]).await;
    let keyless = r#"{"MemberKey":"M1"}"#;
    check("POST", "/odata/MemberAssociation", keyless, "Create", &[("AssociationKey", "key_missing")]).await;
}

/// RESO-003: bodies that are no record at all.
#[tokio::test]
async fn reso_003_what_is_no_record_is_refused_by_name() {
    let (town, key) = town().await;
    let head = town.store.head().await.unwrap();
    let check = async |headers: &[(&str, &str)], body: &str, status: u16, code: &str| {
        let answer = town.put(&key, "POST", "/odata/Property", headers, body).await;
        let told = answer.json()["error"]["code"].as_str().unwrap_or_default().to_owned();
        assert_eq!((answer.status.as_u16(), told.as_str()), (status, code), "{body:.40} {headers:?}");
    };
    check(&[], "", 400, "not_json").await;
    check(&[], "{", 400, "not_json").await;
    check(&[], "{}x", 400, "not_json").await;
    check(&[], "[]", 400, "not_an_object").await;
    check(&[], "null", 400, "not_an_object").await;
    check(&[], &"[".repeat(100_000), 400, "several").await;
    check(&[], &format!("{{\"Media\":{}", "[{\"Media\":".repeat(50_000)), 400, "not_json").await;
    check(&[], &" ".repeat((16 << 20) + 1), 413, "too_large").await;
    check(&[("content-type", "text/plain")], "{}", 415, "media_type_unsupported").await;
    check(&[("content-type", "")], "{}", 415, "media_type_unsupported").await;
    check(&[("content-type", "application/xml")], "<a/>", 415, "media_type_unsupported").await;
    check(&[("content-encoding", "gzip")], "{}", 415, "encoding_unsupported").await;
    let crowd = json!({ "Media": vec![json!({}); 5_000] }).to_string();
    check(&[], &crowd, 413, "too_large").await;
    check(&[], r#"{"ListingKey":"K001"}"#, 409, "key_taken").await;
    // A key of a feed that the client does not even read.
    check(&[], r#"{"ListingKey":"K055"}"#, 409, "key_taken").await;
    check(&[], &format!(r#"{{"ListingKey":"{}"}}"#, "k".repeat(300)), 400, "record_refused").await;
    assert_eq!(town.store.head().await.unwrap(), head, "a refused body changed something");
    let spelt = [("content-type", "Application/JSON; odata.metadata=minimal; charset=utf-8")];
    assert_eq!(town.put(&key, "POST", "/odata/Property", &spelt, "{}").await.status, 201);
}

/// RESO-025: where the metadata declares enumerations, their members are written as they are read.
#[tokio::test]
async fn reso_025_members_of_enumerations_are_read_back_as_values() {
    for (enums, sewer) in [
        (EnumMode::Strings, json!(["Public Sewer", "Septic Tank"])),
        (EnumMode::EnumType, json!(["PublicSewer", "SepticTank"])),
        (EnumMode::EnumFlags, json!("PublicSewer,SepticTank")),
    ] {
        let town = Town::with(Settings { enums, ..Settings::default() }).await;
        let key = town.client("writer", &[writes("writer", "A")]).await;
        let status = if enums == EnumMode::Strings { "Active Under Contract" } else { "ActiveUnderContract" };
        let body = json!({ "ListingKey": "E", "StandardStatus": status, "Sewer": sewer });
        let made = town.put(&key, "POST", "/odata/Property", &[], &body.to_string()).await;
        assert_eq!(made.status, 201, "{enums:?}: {}", made.body);
        let told = made.json();
        assert_eq!((&told["StandardStatus"], &told["Sewer"]), (&body["StandardStatus"], &body["Sewer"]));
        let own = town.dictionary.known("Property");
        let kept = town.store.get(own.id, "E").await.unwrap().unwrap().record;
        let value = |name: &str| kept.get(own.find(name).unwrap()).cloned();
        assert_eq!(value("StandardStatus"), Some("Active Under Contract".into()), "{enums:?}");
        let list = ["Public Sewer", "Septic Tank"].map(dictionary::Text::new);
        assert_eq!(value("Sewer"), Some(dictionary::Value::TextList(list.into())), "{enums:?}");
    }
}
