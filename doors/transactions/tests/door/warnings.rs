//! What is taken with a warning.

use serde_json::{Value as Json, json};

use crate::town::{Judged, Town, report_of};

/// Publishes the example with one change; tells its warnings below `/data/object` that the plain example
/// does not have.
async fn warned(town: &Town, id: &str, change: impl Fn(&mut Json)) -> Vec<String> {
    let mut payload = report_of(id, 1);
    let property = &mut payload["data"]["object"]["object"];
    property["longitude"] = json!(-73.98);
    property["addressCountry"] = json!("US");
    property["numberOfRooms"] = json!("7");
    change(&mut payload["data"]["object"]);
    let answer = town.publish(&payload).await;
    assert_eq!(answer.status, 201, "{id}: {}", answer.body);
    answer
        .warnings()
        .into_iter()
        .map(|(path, word)| format!("{word} {}", &path["/data/object".len()..]))
        .collect()
}

/// EVT-024 EVT-025
#[tokio::test]
async fn evt_024_evt_025_sums_and_closings_are_warned_of() {
    let town = Town::build().await;
    let none: [&str; 0] = [];
    assert_eq!(warned(&town, "plain", |_| ()).await, none);
    let entry = |role: &str, units: Json, gci: Json| {
        json!({ "type": "TransactionEntry", "salesProductionUnit": units,
            "salesProductionGCI": { "type": "MonetaryAmount", "value": gci, "currency": "USD" },
            "recipient": { "roleName": role } })
    };
    let entries = |list: Vec<Json>| move |object: &mut Json| object["transactionEntry"] = json!(list);
    let two = |a, b| vec![entry("ListingAgent", a, json!(1)), entry("ListingAgent", b, json!(1))];
    assert_eq!(warned(&town, "one", entries(two(json!(0.5), json!(0.5)))).await, none);
    assert_eq!(
        warned(&town, "more", entries(two(json!(0.5), json!(0.5001)))).await,
        ["unitSum /transactionEntry"]
    );
    // Each role has a side of its own.
    let roles = vec![entry("ListingAgent", json!(1), json!(1)), entry("BuyerAgent", json!(1), json!(1))];
    assert_eq!(warned(&town, "roles", entries(roles)).await, none);
    // Three times a third of a total of cents: in binary these do not sum to the total.
    let thirds = |last: Json| {
        move |object: &mut Json| {
            object["totalSalesProductionGCI"]["value"] = json!(0.3);
            let third = || entry("ListingAgent", json!(0.3), json!(0.1));
            object["transactionEntry"] =
                json!([third(), third(), entry("ListingAgent", json!(0.3), last.clone())]);
        }
    };
    assert_eq!(warned(&town, "thirds", thirds(json!(0.1))).await, none);
    assert_eq!(warned(&town, "fourths", thirds(json!(0.11))).await, ["gciSum /transactionEntry"]);
    let without =
        |name: &'static str| move |object: &mut Json| drop(object.as_object_mut().unwrap().remove(name));
    assert_eq!(warned(&town, "date", without("closeDate")).await, ["closed /closeDate"]);
    assert_eq!(warned(&town, "price", without("closePrice")).await, ["closed /closePrice"]);
    let pending = |object: &mut Json| {
        object["transactionStatus"] = json!("PendingTransactionStatus");
        object.as_object_mut().unwrap().remove("closeDate");
    };
    assert_eq!(warned(&town, "pending", pending).await, none);
}

/// The contradictions of the form, each as it is resolved.
#[tokio::test]
async fn contradictions_of_the_form_are_warned_of() {
    let town = Town::build().await;
    let set = |pointer: &'static str, value: Json| {
        move |object: &mut Json| *object.pointer_mut(pointer).unwrap() = value.clone()
    };
    let check = async |id: &str, pointer: &'static str, value: Json, expect: &str| {
        let found = warned(&town, id, set(pointer, value)).await;
        let expect: Vec<&str> = if expect.is_empty() { vec![] } else { vec![expect] };
        assert_eq!(found, expect, "{id}");
    };
    check("rooms", "/object/numberOfRooms", json!(7), "type /object/numberOfRooms").await;
    check("xyz", "/closePrice/currency", json!("XYZ"), "currency /closePrice/currency").await;
    check("us", "/closePrice/currency", json!("US"), "currency /closePrice/currency").await;
    check("eur", "/closePrice/currency", json!("EUR"), "").await;
    check("ca", "/object/addressCountry", json!("CA"), "region /object/addressRegion").await;
    check("east", "/object/longitude", json!(73.98), "longitude /object/longitude").await;
    check("guam", "/object/longitude", json!(179.5), "").await;
    check("other", "/object/propertySubType", json!("OtherPropertyType"), "enum /object/propertySubType")
        .await;
    check("zip", "/document/0/encodingFormat", json!("application/zip"), "").await;
}

/// What is kept in another spelling than it is sent in.
#[tokio::test]
async fn rooms_are_kept_as_text_and_the_network_flag_by_its_one_name() {
    let town = Town::build().await;
    for (at, name) in ["hsfInNetworkReferralYN", "bhssInNetworkReferralYN"].iter().enumerate() {
        let payload = report_of(&format!("spelling{at}"), 1).to_string().replace("inNetworkReferralYN", name);
        let answer = town.ask("POST", "/publish/", &[("x-api-key", &town.bms)], payload).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let data: Json = serde_json::from_str(&town.events().await[at].data).unwrap();
        assert_eq!(data["object"]["object"]["numberOfRooms"], "7");
        let flags = &data["object"]["referral"]["additionalProperty"];
        assert_eq!(flags, &json!({ "isReferralYN": "Y", "inNetworkReferralYN": "Y" }));
    }
}
