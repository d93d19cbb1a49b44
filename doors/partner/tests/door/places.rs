//! Where.

use std::sync::Arc;

use dictionary::Point;
use partner_door::{Address, Located, Settings};
use serde_json::{Value as Json, json};

use crate::town::Town;

async fn check(town: &Town, endpoint: &str, cases: &[(Json, &[&str])]) {
    for (body, expect) in cases {
        assert_eq!(&town.found(endpoint, body.clone()).await, expect, "{body}");
    }
}

/// A town whose only known address is in the middle of it.
async fn town_with_an_address() -> Town {
    let locate = |address: Address| {
        let known = address.zip == "98101" && address.street.starts_with("1 Main");
        let point = Point { longitude: -122.33, latitude: 47.60 };
        let found = known.then_some(Located { point, accuracy: "street" });
        Box::pin(std::future::ready(found)) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
    };
    Town::with(Settings::default(), Some(Arc::new(locate))).await
}

/// PAR-122, PAR-123: around an address, the nearest first; every part of it is needed.
#[tokio::test]
async fn par_122_around_an_address() {
    let town = town_with_an_address().await;
    let at = |more: Json| {
        let mut body = json!({ "Address": "1 Main St", "City": "Seattle", "State": "WA", "Zip": "98101" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let near = town.search("GetListingsByAddress", at(json!({}))).await;
    assert_eq!(near.ids(), ["G1", "G8", "G2", "N1"], "ten miles, the nearest first");
    assert_eq!(near.header("x-geocode-accuracy"), "street");
    let far = town.search("GetListingsByAddress", at(json!({ "Distance": 25 }))).await;
    assert_eq!(far.ids(), ["G1", "G8", "G2", "N1", "G4", "G3", "N2"]);
    assert_eq!(town.search("GetListingsByAddress", at(json!({ "Distance": 0.5 }))).await.ids(), ["G1"]);
    let other = json!({ "Address": "9 Elm", "City": "Kent", "State": "WA", "Zip": "00000" });
    let nowhere = town.search("GetListingsByAddress", other).await;
    assert_eq!(
        (nowhere.status.as_u16(), nowhere.body.as_str(), nowhere.header("x-geocode-accuracy")),
        (200, "[]", "")
    );
    for distance in [json!(0), json!(-1), json!(25.5), json!("far")] {
        let answer = town.search("GetListingsByAddress", at(json!({ "Distance": distance }))).await;
        assert!(answer.errors().contains_key("Distance"), "{distance}: {}", answer.body);
    }
    let missing = town.search("GetListingsByAddress", json!({ "City": "" })).await.errors();
    assert_eq!(missing.keys().map(String::as_str).collect::<Vec<_>>(), ["Address", "City", "State", "Zip"]);
}

/// PAR-124: names of places narrow together, and one is needed.
#[tokio::test]
async fn par_124_by_geography() {
    let town = Town::build().await;
    town.change("G3", &[("SubdivisionName", "East Hill")]).await;
    check(
        &town,
        "GetListingsByGeography",
        &[
            (json!({ "City": " kent " }), &["G3", "G4"]),
            (json!({ "City": "O'Brien" }), &["G8"]),
            (json!({ "Zip": "98101" }), &["G1", "G2", "N1"]),
            (json!({ "Zip": "98101-9999" }), &["G1", "G2", "N1"]),
            (json!({ "Zip": 98101, "City": "Seattle", "MinPrice": 500_000 }), &["G1", "N1"]),
            (json!({ "City": "Kent", "Neighborhood": "east hill" }), &["G3"]),
            (json!({ "City": "Kent", "State": "wa" }), &["G3", "G4"]),
            (json!({ "City": "Kent", "State": "OR" }), &[]),
            (json!({ "City": "Kent", "Zip": "98101" }), &[]),
        ],
    )
    .await;
    for body in [json!({}), json!({ "State": "WA" }), json!({ "City": " " })] {
        let errors = town.search("GetListingsByGeography", body).await.errors();
        assert_eq!(errors.keys().map(String::as_str).collect::<Vec<_>>(), ["City", "Neighborhood", "Zip"]);
    }
}

/// PAR-125, PAR-126: polygons with holes, several of them, their borders; what has no place is nowhere.
#[tokio::test]
async fn par_125_and_126_inside_polygons() {
    let town = Town::build().await;
    let all = "POLYGON((-123 47,-122 47,-122 48,-123 48,-123 47))";
    check(&town, "GetListingsByLocation", &[
        (json!({ "WktLocation": all }), &["G1", "G2", "G3", "G4", "G8", "N1", "N2"]),
        (json!({ "WktLocation": all, "Distance": 1, "Beds": 4 }), &["G2"]),
        (json!({ "WktLocation": "POLYGON((-123 47,-122 47,-122 48,-123 48,-123 47),(-122.5 47.5,-122.1 47.5,-122.1 47.7,-122.5 47.7,-122.5 47.5))" }), &["G3", "G4", "N2"]),
        (json!({ "WktLocation": "MULTIPOLYGON(((-122.24 47.37,-122.22 47.37,-122.22 47.40,-122.24 47.37)),((-122.5 47.2,-122.4 47.2,-122.4 47.3,-122.5 47.3,-122.5 47.2)))" }), &["G3", "N2"]),
        (json!({ "WktLocation": "POLYGON((-122.33 47.60,-122.32 47.60,-122.32 47.605,-122.33 47.605,-122.33 47.60))" }), &["G1"]),
        (json!({ "WktLocation": "POINT(-122.44 47.25)", "Distance": 1 }), &["N2"]),
        (json!({ "WktLocation": "POINT(-122.44, 47.25)", "Distance": "0.5" }), &["N2"]),
        (json!({ "WktLocation": "POINT (-77.03653, 38.897676)" }), &[]),
    ])
    .await;
    for wkt in [
        "",
        "CIRCLE(1 2)",
        "POLYGON((-123 47,-122 47,-122 48,-123 48))",
        "POINT(47.6 -122.33)",
        "POLYGON((-123 47,-122 48,-122 47,-123 48,-123 47))",
        "POINT(-122.33 47.60",
        "\u{201c}POINT(1 2)\u{201d}",
    ] {
        let answer = town.search("GetListingsByLocation", json!({ "WktLocation": wkt })).await;
        assert_eq!(answer.status, 400, "{wkt}");
        assert!(answer.errors().contains_key("WktLocation"), "{wkt}: {}", answer.body);
    }
    for distance in [0, 26] {
        let body = json!({ "WktLocation": "POINT(-122.44 47.25)", "Distance": distance });
        assert!(town.search("GetListingsByLocation", body).await.errors().contains_key("Distance"));
    }
}

/// PAR-202: a listing whose address is kept from display is not placed by where it is found.
#[tokio::test]
async fn par_202_a_hidden_address_is_found_in_no_place() {
    let town = Town::build().await;
    town.change("G1", &[("InternetAddressDisplayYN", "false")]).await;
    let found = town
        .found("GetListingsByLocation", json!({ "WktLocation": "POINT(-122.33 47.60)", "Distance": 1 }))
        .await;
    assert_eq!(found, ["G2", "G8"]);
}

/// PAR-128, PAR-129: what was sold, and since when, in calendar months of UTC.
#[tokio::test]
async fn par_128_and_129_sold_listings() {
    let town = Town::build().await;
    town.change("G5", &[("CloseDate", "2026-08-23")]).await;
    town.change("N3", &[("CloseDate", "2025-11-22")]).await;
    let all = "POLYGON((-123 47,-122 47,-122 48,-123 48,-123 47))";
    let body = |range: Json| json!({ "WktLocation": all, "SoldDateRange": range, "StatusList": ["Active"] });
    check(&town, "GetSoldListingsByLocation", &[(json!({ "WktLocation": all }), &["G5", "N3"])]).await;
    for (range, expect) in [
        (json!(null), &["G5", "N3"][..]),
        (json!(""), &["G5", "N3"]),
        (json!("All"), &["G5", "N3"]),
        (json!("Last 30 days"), &[]),
        (json!("Last 3 months"), &["G5"]),
        (json!("last 12 MONTHS"), &["G5"]),
        (json!("Last 24 months"), &["G5", "N3"]),
        (json!("Last 36 months"), &["G5", "N3"]),
    ] {
        let found = town.found("GetSoldListingsByLocation", body(range.clone())).await;
        assert_eq!(found, expect, "{range}: StatusList is ignored");
    }
    let wrong = town.search("GetSoldListingsByLocation", body(json!("Last week"))).await;
    assert!(wrong.errors().contains_key("SoldDateRange"));
    town.change("G5", &[("CloseDate", "2026-08-22")]).await;
    assert_eq!(town.found("GetSoldListingsByLocation", body(json!("Last 3 months"))).await, [""; 0]);
}
