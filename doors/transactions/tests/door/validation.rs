//! What a payload must be: every fault is found, all in one answer, and nothing of it is kept.

use serde_json::{Value as Json, json};

use crate::town::{Answer, Judged, Town, report};

/// Puts a value at a place of the seed's example; null takes it away.
fn with(changes: &[(&str, Json)]) -> Json {
    let mut payload = report();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match (payload.pointer_mut(parent).unwrap_or_else(|| panic!("{parent}")), value) {
            (Json::Object(members), Json::Null) => {
                drop(members.remove(name).unwrap_or_else(|| panic!("{pointer}")))
            }
            (Json::Object(members), value) => drop(members.insert(name.to_owned(), value.clone())),
            (Json::Array(items), value) => items[name.parse::<usize>().unwrap()] = value.clone(),
            _ => panic!("{pointer}"),
        }
    }
    payload
}

/// One change to the example, and the keyword that is not met there.
async fn check(town: &Town, pointer: &str, value: Json, keyword: &str) {
    let answer = town.publish(&with(&[(pointer, value.clone())])).await;
    assert_eq!(answer.status, 400, "{pointer} = {value}: {}", answer.body);
    let faults = answer.faults();
    assert!(
        faults.contains(&(pointer.to_owned(), keyword.to_owned())),
        "{pointer} = {value} should miss {keyword}: {faults:?}"
    );
}

/// A change that is taken.
async fn taken(town: &Town, changes: &[(&str, Json)]) -> Answer {
    let answer = town.publish(&with(changes)).await;
    assert!(answer.status == 201 || answer.status == 200, "{changes:?}: {}", answer.body);
    answer
}

const OBJECT: &str = "/data/object";

/// EVT-001
#[tokio::test]
async fn evt_001_a_topic_is_registered_to_the_letter() {
    let town = Town::build().await;
    for topic in [
        json!("realestate/franchise#transactionReport"),
        json!("realestate/franchise"),
        json!(" realestate/franchise#transactionreport"),
        json!("realestate/franchise#nonsense"),
        json!(""),
        json!(7),
    ] {
        check(&town, "/topic", topic, "enum").await;
    }
    check(&town, "/topic", Json::Null, "required").await;
    assert_eq!(transactions_door::every_topic().len(), 76);
}

/// EVT-002 EVT-003 EVT-004 EVT-005 EVT-006 EVT-007
#[tokio::test]
async fn evt_002_to_evt_007_what_is_reported() {
    let town = Town::build().await;
    for action in ["AddAction", "updateaction", ""] {
        check(&town, "/data/type", json!(action), "const").await;
    }
    check(&town, "/data/instrument/name", json!("ElevenChars"), "maxLength").await;
    taken(&town, &[("/data/instrument/name", json!("Ten–Chars!"))]).await;
    let id = format!("{OBJECT}/identifier/bmsTransactionId");
    check(&town, &id, json!("1234567890123"), "maxLength").await;
    taken(&town, &[(&id, json!("123456789012"))]).await;
    let sequence = format!("{OBJECT}/additionalProperty/transactionSequence");
    check(&town, &sequence, json!(-1), "minimum").await;
    check(&town, &sequence, json!(1.5), "type").await;
    check(&town, &sequence, json!("1"), "type").await;
    taken(&town, &[(&id, json!("zero")), (&sequence, json!(0))]).await;
    let status = format!("{OBJECT}/transactionStatus");
    for wrong in [json!("CancelledTransactionStatus"), json!("Closed"), json!("")] {
        check(&town, &status, wrong, "enum").await;
    }
    for (at, right) in ["PendingTransactionStatus", "ClosedTransactionStatus", "CanceledTransactionStatus"]
        .iter()
        .enumerate()
    {
        taken(&town, &[(&status, json!(right)), (&id, json!(format!("status{at}")))]).await;
    }
    let kind = format!("{OBJECT}/transactionType");
    for wrong in ["st", "XX", "SALE"] {
        check(&town, &kind, json!(wrong), "enum").await;
    }
    for right in ["ST", "LS", "OI", "PM", "RF"] {
        taken(&town, &[(&kind, json!(right)), (&id, json!(right))]).await;
    }
}

/// EVT-008
#[tokio::test]
async fn evt_008_addresses_are_absolute() {
    let town = Town::build().await;
    let uris = [
        "/recipient",
        "/source",
        "/data/object/reportingOffice",
        "/data/object/listingOffice",
        "/data/object/buyerOffice",
        "/data/object/participant/0/affiliation/0",
        "/data/object/referral/referredBy/id",
        "/data/object/transactionEntry/0/recipient/id",
        "/data/object/object/image/0/id",
        "/data/object/object/image/0/about",
    ];
    for pointer in uris {
        // What the rendered example holds in braces is a template, and no URI.
        for wrong in ["https://{officeid}.example.com/profile/card#me", "/profile/card#me", "office 7"] {
            check(&town, pointer, json!(wrong), "format").await;
        }
    }
}

/// EVT-009 EVT-010 EVT-011 EVT-012 EVT-013
#[tokio::test]
async fn evt_009_to_evt_013_days_money_and_places() {
    let town = Town::build().await;
    for name in ["commissionDate", "closeDate", "purchaseContractDate"] {
        for wrong in
            ["2020-26-05T09:18:08Z", "2020-02-30T00:00:00Z", "2020-05-26", "2020-05-26T09:18:08", "yesterday"]
        {
            check(&town, &format!("{OBJECT}/{name}"), json!(wrong), "format").await;
        }
    }
    for money in [
        "closePrice",
        "totalSalesProductionGCI",
        "totalSalesProductionGCIDeduction",
        "transactionEntry/0/salesProductionGCI",
    ] {
        check(&town, &format!("{OBJECT}/{money}/type"), json!("Money"), "const").await;
        check(&town, &format!("{OBJECT}/{money}/currency"), json!("USDX"), "maxLength").await;
        check(&town, &format!("{OBJECT}/{money}/value"), json!("1.00"), "type").await;
        check(&town, &format!("{OBJECT}/{money}/value"), Json::Null, "required").await;
    }
    for wrong in ["RES", "RESID", "resi", "CONDO"] {
        check(&town, "/data/object/object/propertyType", json!(wrong), "enum").await;
    }
    for wrong in ["FR", "us", "USA", ""] {
        check(&town, "/data/object/object/addressCountry", json!(wrong), "enum").await;
    }
    for (below, most) in [
        ("object/addressLocality", 50),
        ("object/streetAddress", 75),
        ("object/postalCode", 12),
        ("participant/0/familyName", 50),
        ("transactionEntry/0/recipient/identifier/bmsAgentId", 12),
    ] {
        // Characters are counted, not bytes.
        let pointer = format!("{OBJECT}/{below}");
        check(&town, &pointer, json!("é".repeat(most + 1)), "maxLength").await;
        taken(
            &town,
            &[
                (&pointer, json!("é".repeat(most))),
                ("/data/object/identifier/bmsTransactionId", json!(most.to_string() + &below[..6])),
            ],
        )
        .await;
    }
}

/// EVT-014 EVT-015 EVT-016 EVT-017 EVT-018 EVT-019
#[tokio::test]
async fn evt_014_to_evt_019_entries_referrals_participants_images() {
    let town = Town::build().await;
    let unit = "/data/object/transactionEntry/0/salesProductionUnit";
    check(&town, unit, json!(0), "minimum").await;
    check(&town, unit, json!(0.00009), "minimum").await;
    check(&town, unit, json!(1.01), "maximum").await;
    taken(&town, &[(unit, json!(0.0001)), ("/data/object/identifier/bmsTransactionId", json!("least"))])
        .await;
    taken(&town, &[(unit, json!(1)), ("/data/object/identifier/bmsTransactionId", json!("most"))]).await;
    for wrong in ["Listing Agent", "SellerAgent", "listingagent"] {
        check(&town, "/data/object/transactionEntry/0/recipient/roleName", json!(wrong), "enum").await;
    }
    for flag in ["isReferralYN", "inNetworkReferralYN"] {
        for wrong in [json!("y"), json!("Yes"), json!(true)] {
            check(&town, &format!("{OBJECT}/referral/additionalProperty/{flag}"), wrong, "enum").await;
        }
    }
    check(&town, "/data/object/referral/referredBy/type", json!("Agent"), "enum").await;
    check(&town, "/data/object/participant/0/type", json!("Person"), "const").await;
    for wrong in ["user", "user@", "@example.com", "a b@example.com"] {
        check(&town, "/data/object/participant/0/email", json!(wrong), "format").await;
    }
    check(&town, "/data/object/object/image/0/type", json!("imageObject"), "pattern").await;
    let named = town.publish(&with(&[("/data/object/object/image/0/Bad Name", json!(1))])).await;
    assert_eq!(named.faults(), [("/data/object/object/image/0".to_owned(), "propertyNames".to_owned())]);
    assert_eq!(named.json()["error"]["items"][0]["params"], json!({ "propertyName": "Bad Name" }));
    // The first image may be an address; what follows is nobody's business.
    let id = "/data/object/identifier/bmsTransactionId";
    let images = json!(["https://media.example.com/1.jpg", { "Any Thing": 1 }, 7]);
    taken(&town, &[("/data/object/object/image", images), (id, json!("images"))]).await;
    check(&town, "/data/object/object/image/0", json!("no address"), "format").await;
}

/// EVT-020
#[tokio::test]
async fn evt_020_what_is_missing_is_said_with_its_path() {
    let town = Town::build().await;
    for pointer in [
        "/data",
        "/data/type",
        "/data/object",
        "/data/object/type",
        "/data/object/identifier",
        "/data/object/identifier/bmsTransactionId",
        "/data/object/additionalProperty",
        "/data/object/additionalProperty/batchId",
        "/data/object/additionalProperty/transactionSequence",
        "/data/object/additionalProperty/unimprovedLandFlag",
        "/data/object/transactionType",
        "/data/object/reportingOffice",
        "/data/object/totalSalesProductionGCI",
        "/data/object/totalSalesProductionGCIDeduction",
        "/data/object/closePrice/type",
        "/data/object/closePrice/value",
        "/data/object/closePrice/currency",
        "/data/object/object",
        "/data/object/object/type",
        "/data/object/object/propertyType",
    ] {
        check(&town, pointer, Json::Null, "required").await;
    }
    let answer = town.publish(&with(&[("/data/object/identifier", json!({}))])).await;
    let item = &answer.json()["error"]["items"][0];
    assert_eq!(item["dataPath"], "/data/object/identifier");
    assert_eq!(item["params"], json!({ "missingProperty": "bmsTransactionId" }));
    assert_eq!(item["schemaPath"], "#/$defs/RealEstateTransaction/properties/identifier/required");
}

/// EVT-021: all of them, and none of it is kept.
#[tokio::test]
async fn evt_021_all_faults_in_one_answer() {
    let town = Town::build().await;
    let payload = with(&[
        ("/data/type", json!("AddAction")),
        ("/data/object/closeDate", json!("soon")),
        ("/data/object/identifier/bmsTransactionId", Json::Null),
        ("/data/object/object/propertyType", json!("HOUS")),
        ("/data/object/participant/0/email", json!("nobody")),
        ("/data/object/totalSalesProductionGCI/currency", json!("DOLLAR")),
    ]);
    let expect = [
        ("/data/object/closeDate", "format"),
        ("/data/object/identifier/bmsTransactionId", "required"),
        ("/data/object/object/propertyType", "enum"),
        ("/data/object/participant/0/email", "format"),
        ("/data/object/totalSalesProductionGCI/currency", "maxLength"),
        ("/data/type", "const"),
    ];
    let published = town.publish(&payload).await;
    assert_eq!(published.status, 400);
    let asked = json!({ "object": payload }).to_string();
    let validated = town.ask("POST", "/api/schema/validate", &[("x-api-key", &town.bms)], asked).await;
    assert_eq!(validated.status, 200);
    for answer in [&published, &validated] {
        let mut faults = answer.faults();
        faults.sort();
        let found: Vec<(&str, &str)> =
            faults.iter().map(|(path, word)| (path.as_str(), word.as_str())).collect();
        assert_eq!(found, expect);
        let said = answer.json();
        assert_eq!(said["isValid"], false);
        assert!(said["error"]["message"].as_str().unwrap().contains("6 things"), "{said}");
        for item in said["error"]["items"].as_array().unwrap() {
            for member in ["keyword", "dataPath", "schemaPath", "params", "message"] {
                assert!(item.get(member).is_some(), "{member}: {item}");
            }
        }
    }
    assert_eq!(town.events().await, Vec::new());
}

/// EVT-022
#[tokio::test]
async fn evt_022_members_that_nobody_knows_are_kept_to_the_byte() {
    let town = Town::build().await;
    let mut text = report().to_string();
    let extra = r#""object":{"vendorWord":{"z":1,"a":[1.500,12345678901234567890.10,"\u00e9"]},"#;
    text = text.replacen(r#""object":{"#, extra, 1);
    let headers = [("x-api-key", town.bms.as_str())];
    let answer = town.ask("POST", "/publish/", &headers, text).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let data = &town.events().await[0].data;
    assert!(data.contains(extra.trim_start_matches(r#""object":{"#)), "{data}");
}

/// EVT-023
#[tokio::test]
async fn evt_023_a_referral_of_the_network_says_who_referred() {
    let town = Town::build().await;
    let check = async |flags: Json, by: Option<Json>, needs: bool| {
        let mut referral = json!({ "type": "Referral", "additionalProperty": flags });
        if let Some(by) = by {
            referral["referredBy"] = by;
        }
        let answer = town.publish(&with(&[("/data/object/referral", referral.clone())])).await;
        let missing = answer.status == 400
            && answer.faults().iter().all(|(path, word)| word == "required" && path.contains("/referredBy"));
        assert_eq!(missing, needs, "{referral}: {}", answer.body);
    };
    let somebody = || Some(json!({ "type": "Person", "id": "https://x.example/profile/card#me" }));
    check(json!({ "isReferralYN": "Y", "inNetworkReferralYN": "Y" }), None, true).await;
    check(
        json!({ "isReferralYN": "Y", "inNetworkReferralYN": "Y" }),
        Some(json!({ "type": "Person" })),
        true,
    )
    .await;
    check(json!({ "isReferralYN": "Y", "hsfInNetworkReferralYN": "Y" }), None, true).await;
    check(json!({ "isReferralYN": "Y", "bhssInNetworkReferralYN": "Y" }), None, true).await;
    check(json!({ "isReferralYN": "Y", "referralChannel": "In-Network Brokerage" }), None, true).await;
    check(json!({ "isReferralYN": "Y", "inNetworkReferralYN": "Y" }), somebody(), false).await;
    for channel in
        ["Out-of-Network Brokerage", "Listing Aggregator", "Corporate Relocation", "Affinity Relationship"]
    {
        check(
            json!({ "isReferralYN": "Y", "inNetworkReferralYN": "N", "referralChannel": channel }),
            None,
            false,
        )
        .await;
    }
    check(json!({ "isReferralYN": "N", "inNetworkReferralYN": "Y" }), None, false).await;
    check(json!({ "isReferralYN": "Y" }), None, false).await;
}

/// EVT-026: the seed's example, its placeholders filled, nothing else changed.
#[tokio::test]
async fn evt_026_the_seeds_own_example_is_taken() {
    let town = Town::build().await;
    let answer = town.publish(&report()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let mut warned = answer.warnings();
    warned.sort();
    let expect = [
        ("/data/object/object/addressRegion", "region"),
        ("/data/object/object/longitude", "longitude"),
        ("/data/object/object/numberOfRooms", "type"),
    ];
    assert_eq!(warned, expect.map(|(path, word)| (path.to_owned(), word.to_owned())));
}

/// EVT-052: both spellings are read as one.
#[tokio::test]
async fn evt_052_type_and_id_have_two_spellings() {
    let town = Town::build().await;
    let linked = report().to_string().replace("\"type\":", "\"@type\":");
    let key = [("x-api-key", town.bms.as_str())];
    let answer = town.ask("POST", "/publish/", &key, linked.clone()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert!(answer.header("link").contains("http://www.w3.org/ns/json-ld#context"), "{:?}", answer.headers);
    let wrong = town.ask("POST", "/publish/", &key, linked.replace("RealEstateTransaction", "Sale")).await;
    assert_eq!(wrong.faults(), [("/data/object/type".to_owned(), "const".to_owned())]);
    let id = report()
        .to_string()
        .replace(r#""id":"https://agent-1657897.example.com/profile/card#me""#, r#""@id":"not an address""#);
    assert_eq!(town.ask("POST", "/publish/", &key, id).await.status, 400);
    let context = town.ask("GET", "/events/context.jsonld", &[], String::new()).await;
    assert_eq!((context.status.as_u16(), context.json()["@context"]["id"].as_str()), (200, Some("@id")));
}

/// EVT-100
#[tokio::test]
async fn evt_100_listing_reports_are_held_against_their_schema() {
    let town = Town::build().await;
    let good = json!({
        "topic": "realestate/franchise#listingreport",
        "recipient": crate::town::FRANCHISE,
        "data": { "type": "UpdateAction", "object": {
            "type": "ListingReport", "batchId": 4136,
            "reportingOfficeId": crate::town::OFFICE,
            "dateCreated": "2026-11-01T00:00:00Z", "listingsAddedCount": 12, "totalListingsCount": 340,
        } },
    });
    assert_eq!(town.publish(&good).await.status, 201);
    for (name, value, keyword) in [
        ("batchId", json!("4136"), "type"),
        ("reportingOfficeId", json!("4136"), "format"),
        ("dateCreated", json!("2026-13-01T00:00:00Z"), "format"),
        ("listingsAddedCount", json!(-1), "minimum"),
        ("totalListingsCount", json!(1.5), "type"),
    ] {
        let mut wrong = good.clone();
        wrong["data"]["object"][name] = value;
        let faults = town.publish(&wrong).await.faults();
        assert_eq!(faults, [(format!("/data/object/{name}"), keyword.to_owned())]);
    }
}
