//! Records inside records: written together, and what they change on the record that they are parts of.

use serde_json::{Value as Json, json};

use super::{now_of, town, writes};
use crate::town::Town;

/// RESO-062
#[tokio::test]
async fn reso_062_what_is_nested_is_one_transaction() {
    let (town, key) = town().await;
    let body = json!({
        "ListingKey": "N", "City": "Kent", "PhotosCount": 99,
        "Media": [
            { "MediaKey": "N1", "MediaCategory": "Photo", "Order": 0, "MediaURL": "https://a/1.jpeg" },
            { "MediaCategory": "Photo", "Order": 1 },
            { "MediaKey": "N3", "MediaCategory": "Document" },
        ],
        "Rooms": [{ "RoomKey": "R1", "RoomType": "Kitchen" }],
        "OpenHouses": [{ "OpenHouseKey": "O1", "Media": [{ "MediaKey": "O1M" }] }],
    });
    let head = town.store.head().await.unwrap();
    let made = town.put(&key, "POST", "/odata/Property", &[], &body.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let told = made.json();
    assert_eq!((&told["PhotosCount"], &told["DocumentsCount"]), (&json!(2), &json!(1)));
    for name in ["PhotosChangeTimestamp", "DocumentsChangeTimestamp", "OpenHouseModificationTimestamp"] {
        assert_eq!(told[name], "2026-11-23T12:00:00Z", "{name}");
    }
    assert_eq!(told["Media"].as_array().unwrap().len(), 3);
    assert_eq!((&told["Rooms"][0]["RoomKey"], &told["Rooms"][0]["ListingKey"]), (&json!("R1"), &json!("N")));
    assert_eq!(town.get("/odata/Property('N')/Media/$count").await.body, "3");
    assert_eq!(town.get("/odata/OpenHouse('O1')/Media").await.json()["value"][0]["MediaKey"], "O1M");
    let media = now_of(&town, "/odata/Media('N1')").await;
    assert_eq!((&media["ResourceName"], &media["ResourceRecordKey"]), (&json!("Property"), &json!("N")));
    // One transaction: entries of the log one after the other, the whole before its parts, of one instant.
    let log = town.store.follow(head, 100).await.unwrap();
    assert_eq!(log.len(), 7);
    assert_eq!(log[0].key, "N");
    assert!(log.iter().all(|change| change.at == log[0].at && change.feed == "A"));
    // One nested key that is taken, and nothing is written.
    let head = town.store.head().await.unwrap();
    let bad = r#"{"ListingKey":"N2","Media":[{"MediaKey":"fresh"},{"MediaKey":"N1"}]}"#;
    let refused = town.put(&key, "POST", "/odata/Property", &[], bad).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["error"]["target"]), (409, &json!("MediaKey")));
    assert_eq!(town.store.head().await.unwrap(), head);
    assert_eq!(now_of(&town, "/odata/Media('fresh')").await, Json::Null);
}

/// RESO-045
#[tokio::test]
async fn reso_045_a_part_that_comes_changes_or_goes_is_told_by_its_whole() {
    let town = Town::ticking().await;
    let key = town.client("writer", &[writes("writer", "A")]).await;
    let listing = "/odata/Property('K020')";
    let first = now_of(&town, listing).await;
    assert_eq!(
        (&first["ModificationTimestamp"], &first["PhotosCount"]),
        (&json!("2026-01-01T00:00:00Z"), &Json::Null)
    );
    let mut before = first["ModificationTimestamp"].as_str().unwrap().to_owned();
    // What the listing tells after each: counts, and which timestamps are that of the change.
    let mut check = async |method: &str, path: &str, body: &str, counts: Json, moved: &[&str]| {
        let answer = town.put(&key, method, path, &[], body).await;
        assert!(answer.status.is_success(), "{method} {path}: {}", answer.body);
        let after = now_of(&town, listing).await;
        let at = after["ModificationTimestamp"].as_str().unwrap().to_owned();
        assert!(at > before, "{method} {path} left the listing's timestamp at {at}");
        for (name, count) in counts.as_object().unwrap() {
            assert_eq!(&after[name], count, "{method} {path} {name}");
        }
        let own = [
            "PhotosChangeTimestamp",
            "VideosChangeTimestamp",
            "DocumentsChangeTimestamp",
            "OpenHouseModificationTimestamp",
        ];
        let told: Vec<&str> = own.into_iter().filter(|name| after[name] == at.as_str()).collect();
        assert_eq!(told, moved, "{method} {path}");
        before = at;
    };
    let (photos, videos) = ("PhotosChangeTimestamp", "VideosChangeTimestamp");
    let media = "/odata/Property('K020')/Media";
    let photo = r#"{"MediaKey":"P1","MediaCategory":"Photo"}"#;
    check("POST", media, photo, json!({"PhotosCount":1}), &[photos]).await;
    let second =
        r#"{"MediaKey":"P2","MediaCategory":"Photo","ResourceName":"Property","ResourceRecordKey":"K020"}"#;
    check("POST", "/odata/Media", second, json!({"PhotosCount":2}), &[photos]).await;
    check("PATCH", "/odata/Media('P2')", r#"{"Order":5}"#, json!({"PhotosCount":2}), &[photos]).await;
    let video = r#"{"MediaCategory":"Video"}"#;
    let counts = json!({"PhotosCount":1,"VideosCount":1});
    check("PATCH", "/odata/Media('P2')", video, counts, &[photos, videos]).await;
    check("DELETE", "/odata/Media('P1')", "", json!({"PhotosCount":0}), &[photos]).await;
    let document = r#"{"MediaCategory":"Document"}"#;
    check("POST", media, document, json!({"DocumentsCount":1}), &["DocumentsChangeTimestamp"]).await;
    let (opened, house) = ("/odata/Property('K020')/OpenHouses", r#"{"OpenHouseKey":"H"}"#);
    check("POST", opened, house, json!({}), &["OpenHouseModificationTimestamp"]).await;
    check("POST", "/odata/Property('K020')/Rooms", r#"{"RoomKey":"R"}"#, json!({}), &[]).await;
    check("DELETE", "/odata/PropertyRooms('R')", "", json!({}), &[]).await;
    // A part of a listing in another feed leaves that listing alone.
    let other = now_of(&town, "/odata/Property('K055')").await;
    let stray = r#"{"MediaCategory":"Photo","ResourceName":"Property","ResourceRecordKey":"K055"}"#;
    assert_eq!(town.put(&key, "POST", "/odata/Media", &[], stray).await.status, 201);
    assert_eq!(now_of(&town, "/odata/Property('K055')").await, other);
}

/// RESO-046: a record goes with its parts, and they go first.
#[tokio::test]
async fn reso_046_a_record_that_goes_takes_its_parts_with_it() {
    let (town, key) = town().await;
    let nested = r#"{"OpenHouseKey":"H","Media":[{"MediaKey":"HM"}]}"#;
    assert_eq!(town.put(&key, "POST", "/odata/Property('K003')/OpenHouses", &[], nested).await.status, 201);
    let head = town.store.head().await.unwrap();
    assert_eq!(town.put(&key, "DELETE", "/odata/Property('K003')", &[], "").await.status, 204);
    let log = town.store.follow(head, 100).await.unwrap();
    let keys: Vec<&str> = log.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(keys, ["K003-0", "K003-1", "K003-2", "HM", "H", "K003"]);
    assert!(log.iter().all(|change| change.kind == store::ChangeKind::Removed));
    assert_eq!(now_of(&town, "/odata/Media('HM')").await, Json::Null);
}

/// The media of a listing: key and order of each.
async fn media(town: &Town, listing: &str) -> Vec<(String, Json)> {
    let url = format!("/odata/Property('{listing}')/Media?$orderby=MediaKey&$select=MediaKey,Order");
    let told = town.get(&url).await.json();
    let one = |one: &Json| (one["MediaKey"].as_str().unwrap().to_owned(), one["Order"].clone());
    told["value"].as_array().unwrap().iter().map(one).collect()
}

/// RESO-062: parts inside a change are all that there are to be (OData 4.01 part 1, 11.4.3.1), in one transaction.
#[tokio::test]
async fn reso_062_parts_inside_a_change_are_all_that_there_are_to_be() {
    let (town, key) = town().await;
    let head = town.store.head().await.unwrap();
    let body = json!({ "City": "Kent", "PhotosCount": 77, "Media": [
        { "MediaKey": "K002-1", "Order": 7 },
        { "MediaKey": "M9", "MediaCategory": "Photo" },
        { "MediaKey": "K002-0" },
    ] });
    let changed = town
        .put(
            &key,
            "PATCH",
            "/odata/Property('K002')",
            &[("prefer", "return=representation")],
            &body.to_string(),
        )
        .await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let told = changed.json();
    assert_eq!((&told["City"], &told["PhotosCount"]), (&json!("Kent"), &json!(1)));
    assert_eq!(told["Media"].as_array().map(Vec::len), Some(3), "{told}");
    let expect =
        [("K002-0".to_owned(), json!(0)), ("K002-1".to_owned(), json!(7)), ("M9".to_owned(), Json::Null)];
    assert_eq!(media(&town, "K002").await, expect);
    let log = town.store.follow(head, 100).await.unwrap();
    let entries: Vec<_> = log.iter().map(|change| (change.key.as_str(), change.kind)).collect();
    use store::ChangeKind::{Changed, Created, Removed};
    let expect = [("K002", Changed), ("K002-1", Changed), ("M9", Created), ("K002-2", Removed)];
    assert_eq!(entries, expect);
    assert!(log.iter().all(|change| change.at == log[0].at));
    // Parts of parts, and a body that says nothing of the record itself.
    let patch = async |listing: &str, body: Json| {
        let answer =
            town.put(&key, "PATCH", &format!("/odata/Property('{listing}')"), &[], &body.to_string()).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
    };
    patch("K002", json!({ "OpenHouses": [{ "OpenHouseKey": "H", "Media": [{ "MediaKey": "HM1" }, { "MediaKey": "HM2" }] }] })).await;
    patch(
        "K002",
        json!({ "OpenHouses": [{ "OpenHouseKey": "H", "Media": [{ "MediaKey": "HM2", "Order": 4 }] }] }),
    )
    .await;
    assert_eq!(now_of(&town, "/odata/Media('HM1')").await, Json::Null);
    assert_eq!(now_of(&town, "/odata/Media('HM2')").await["Order"], 4);
    patch("K002", json!({ "OpenHouses": [], "Media": [] })).await;
    for gone in ["OpenHouse('H')", "Media('HM2')", "Media('M9')"] {
        assert_eq!(now_of(&town, &format!("/odata/{gone}")).await, Json::Null, "{gone}");
    }
    assert_eq!(now_of(&town, "/odata/Property('K002')").await["PhotosCount"], 0);
    // What is sent as it is changes nothing.
    let head = town.store.head().await.unwrap();
    patch(
        "K001",
        json!({ "Media": [{ "MediaKey": "K001-0" }, { "MediaKey": "K001-1" }, { "MediaKey": "K001-2" }] }),
    )
    .await;
    assert_eq!(town.store.head().await.unwrap(), head);
}

/// RESO-062: under `@delta` stands what changes of the parts, and the others stay.
#[tokio::test]
async fn reso_062_a_delta_of_parts_leaves_the_others() {
    let (town, key) = town().await;
    let body = json!({ "Media@delta": [
        { "@removed": { "reason": "deleted" }, "@id": "Media('K001-0')" },
        { "MediaKey": "K001-1", "Order": 9 },
        { "@removed": {}, "MediaKey": "K001-2" },
        { "MediaKey": "D", "MediaCategory": "Document" },
    ] });
    let path = "/odata/Property('K001')";
    let answer = town.put(&key, "PATCH", path, &[], &body.to_string()).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    assert_eq!(media(&town, "K001").await, [("D".to_owned(), Json::Null), ("K001-1".to_owned(), json!(9))]);
    assert_eq!(now_of(&town, path).await["DocumentsCount"], 1);
    let more = json!({ "Media@odata.delta": [{ "MediaKey": "E" }] });
    assert_eq!(town.put(&key, "PATCH", path, &[], &more.to_string()).await.status, 204);
    assert_eq!(media(&town, "K001").await.len(), 3);
}

/// RESO-061, RESO-060: what is wrong with a part is told with its place, and what may not be, is not.
#[tokio::test]
async fn reso_061_parts_inside_a_change_are_held_to_what_single_writes_are() {
    let (town, key) = town().await;
    let head = town.store.head().await.unwrap();
    let check = async |headers: &[(&str, &str)], body: Json, expect: &[(&str, &str)]| {
        let answer = town.put(&key, "PATCH", "/odata/Property('K001')", headers, &body.to_string()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        let told = answer.json();
        let details = told["error"]["details"].as_array().unwrap();
        let text = |one: &Json, name: &str| one[name].as_str().unwrap().to_owned();
        let found: Vec<_> = details.iter().map(|one| (text(one, "target"), text(one, "code"))).collect();
        let found: Vec<_> = found.iter().map(|(target, code)| (target.as_str(), code.as_str())).collect();
        assert_eq!(found, expect, "{body}");
    };
    let (first, wrong) = ("K001-0", json!({ "MediaKey": "K001-1", "Order": "x" }));
    check(&[], json!({ "Media": [{ "MediaKey": first }, wrong] }), &[("Media[1].Order", "wrong_type")]).await;
    let twice = json!([{ "MediaKey": first }, { "MediaKey": first }]);
    check(&[], json!({ "Media": twice }), &[("Media[1]", "repeated_member")]).await;
    let moved = json!([{ "MediaKey": first, "ResourceRecordKey": "K002" }]);
    check(&[], json!({ "Media": moved }), &[("Media[0].ResourceRecordKey", "link_mismatch")]).await;
    let gone = json!([{ "@removed": {}, "MediaKey": "K002-0" }]);
    check(&[], json!({ "Media@delta": gone }), &[("Media[0]", "part_unknown")]).await;
    check(&[], json!({ "ListAgent": { "MemberKey": "M1" } }), &[("ListAgent", "link_refused")]).await;
    for old in ["odata-version", "odata-maxversion"] {
        let one = json!({ "Media": [{ "MediaKey": first }] });
        check(&[(old, "4.0")], one, &[("Media", "link_refused")]).await;
    }
    let new = json!({ "ListingKey": "N", "Media@delta": [{ "MediaKey": "NM" }] });
    let refused = town.put(&key, "POST", "/odata/Property", &[], &new.to_string()).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error"]["details"][0]["code"]),
        (400, &json!("link_refused"))
    );
    // The key of another listing's part is taken.
    let other = json!({ "Media@delta": [{ "MediaKey": "K002-0" }] });
    assert_eq!(town.put(&key, "PATCH", "/odata/Property('K001')", &[], &other.to_string()).await.status, 409);
    // The version that is named is the record's, though its parts alone are written.
    let stale = [("if-match", "W/\"1\"")];
    let one = json!({ "Media": [] }).to_string();
    assert_eq!(town.put(&key, "PATCH", "/odata/Property('K001')", &stale, &one).await.status, 412);
    assert_eq!(town.store.head().await.unwrap(), head, "nothing was written");
    // Parts that the writer does not see stay.
    let photos = town.client("photos", &[writes("photos", "A")]).await;
    town.limit("photos", "Media:MediaCategory=Photo").await;
    let kinds = json!({ "Media": [{ "MediaKey": "P", "MediaCategory": "Photo" }, { "MediaKey": "D", "MediaCategory": "Document" }] });
    assert_eq!(town.put(&key, "PATCH", "/odata/Property('K001')", &[], &kinds.to_string()).await.status, 204);
    assert_eq!(town.put(&photos, "PATCH", "/odata/Property('K001')", &[], &one).await.status, 204);
    assert_eq!(media(&town, "K001").await, [("D".to_owned(), Json::Null)]);
    let outside = json!({ "Media@delta": [{ "MediaKey": "Q", "MediaCategory": "Video" }] }).to_string();
    assert_eq!(town.put(&photos, "PATCH", "/odata/Property('K001')", &[], &outside).await.status, 403);
    // Whoever may not write parts may not write them here either.
    assert_eq!(town.put(&town.key, "PATCH", "/odata/Property('K001')", &[], &one).await.status, 403);
}

/// RESO-045, RESO-060: writers at the same time lose nothing of each other's.
#[tokio::test]
async fn reso_045_writers_at_the_same_time_are_all_counted() {
    let (town, key) = town().await;
    let (town, key) = (&town, key.as_str());
    let writes = (0..6).map(|n| async move {
        let photo = format!(r#"{{"MediaKey":"C{n}","MediaCategory":"Photo"}}"#);
        let path = "/odata/Property('K030')/Media";
        let added = town.put(key, "POST", path, &[], &photo).await;
        assert_eq!(added.status, 201, "{}", added.body);
    });
    let mut running: Vec<_> = writes.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        running.retain_mut(|write| write.as_mut().poll(context).is_pending());
        if running.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    assert_eq!(now_of(town, "/odata/Property('K030')").await["PhotosCount"], 6);
}
