//! What searches find.

use serde_json::{Value as Json, json};

use crate::town::{Town, now, sleep};

async fn check(town: &Town, cases: &[(Json, &[&str])]) {
    for (body, expect) in cases {
        assert_eq!(&town.found("GetListings", body.clone()).await, expect, "{body}");
    }
}

/// PAR-100, PAR-103: feeds are needed, and without a status what is for sale is meant.
#[tokio::test]
async fn par_100_and_103_feeds_are_needed_and_statuses_are_those_for_sale() {
    let town = Town::build().await;
    for body in ["{}", r#"{"FeedIdList":null}"#, r#"{"FeedIdList":[]}"#] {
        let answer = town.post("KW", "GetListings", body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.errors()["FeedIdList"], "The FeedIdList field is required.");
    }
    check(
        &town,
        &[
            (json!({}), &["G1", "G2", "G3", "G4", "G8", "N1", "N2"]),
            (json!({ "StatusList": [] }), &["G1", "G2", "G3", "G4", "G8", "N1", "N2"]),
            (json!({ "StatusList": ["active"] }), &["G1", "G2", "G8", "N1", "N2"]),
            (json!({ "StatusList": [" Pending "] }), &["G3"]),
            (json!({ "StatusList": ["Sold"] }), &["G5", "N3"]),
            (json!({ "StatusList": ["Coming Soon", "Sold"] }), &["G5", "G6", "N3"]),
            (json!({ "StatusList": ["no such status"] }), &[]),
        ],
    )
    .await;
}

/// PAR-105, PAR-107, PAR-108: bounds are inclusive, and what is unknown fails a bound that is set.
#[tokio::test]
async fn par_105_to_108_numbers_are_bounded() {
    let town = Town::build().await;
    check(
        &town,
        &[
            (json!({ "MinPrice": 500_000, "MaxPrice": 600_000 }), &["G1", "G4", "N1"]),
            (json!({ "MinPrice": "500000", "MaxPrice": "" }), &["G1", "G3", "G4", "N1"]),
            (json!({ "MaxPrice": 2_000_000 }), &["G1", "G2", "G3", "G4", "N1", "N2"]),
            (json!({ "Beds": 3 }), &["G1", "G2", "G3", "N1"]),
            (json!({ "Beds": 0 }), &["G1", "G2", "G3", "G8", "N1", "N2"]),
            (json!({ "BathsTotal": 2 }), &["G1", "G2", "N1"]),
            (json!({ "MinSquareFeet": 1_500, "MaxSquareFeet": 2_000 }), &["G1", "G3", "N1"]),
            (json!({ "MinAcres": 0.15, "MaxAcres": "0.25" }), &["G1", "N1", "N2"]),
            (json!({ "MinYearBuilt": 1_985, "MaxYearBuilt": 1_990 }), &["G1", "N2"]),
        ],
    )
    .await;
}

/// PAR-106, PAR-117: bounds that cannot be, and everything that is wrong at once.
#[tokio::test]
async fn par_106_and_117_bounds_that_cannot_be_are_refused_together() {
    let town = Town::build().await;
    let wrong = async |body: Json| town.search("GetListings", body).await.errors();
    let errors =
        wrong(json!({ "MinPrice": 2, "MaxPrice": 1, "Beds": -1, "MaxAcres": "x", "MinAcres": -0.5 })).await;
    assert_eq!(
        errors.keys().map(String::as_str).collect::<Vec<_>>(),
        ["Beds", "MaxAcres", "MinAcres", "MinPrice"]
    );
    assert_eq!(errors["MinPrice"], "The field MinPrice must not be greater than MaxPrice.");
    assert_eq!(errors["Beds"], "The field Beds must be between 0 and 2147483647.");
    assert_eq!(errors["MaxAcres"], "The value 'x' is not valid for MaxAcres.");
    assert!(wrong(json!({ "MinPrice": 3.5 })).await["MinPrice"].contains("not valid"));
}

/// PAR-104, PAR-112: texts that a listing is asked by.
#[tokio::test]
async fn par_104_and_112_texts_are_compared() {
    let town = Town::build().await;
    town.change("G1", &[("ListAgentMlsId", "A7"), ("CoListAgentMlsId", "B7"), ("ListOfficeMlsId", "O1")])
        .await;
    town.change("G2", &[("ListAgentMlsId", "B7"), ("HighSchoolDistrict", "Lake Washington")]).await;
    town.change("G3", &[("SubdivisionName", " Eagle Ridge ")]).await;
    check(
        &town,
        &[
            (json!({ "AgentId": "A7" }), &["G1"]),
            (json!({ "AgentId": "B7" }), &["G2"]),
            (json!({ "OfficeId": "O1" }), &["G1"]),
            (json!({ "AgentId": "'/\\%00" }), &[]),
            (json!({ "SchoolDistrict": " lake WASHINGTON " }), &["G2"]),
            (json!({ "SchoolDistrict": "lake" }), &[]),
            (json!({ "Subdivision": "eagle ridge" }), &["G3"]),
        ],
    )
    .await;
}

/// PAR-113: a phrase of the remarks, whatever the letters' case and the space between the words.
#[tokio::test]
async fn par_113_a_phrase_is_found_in_the_remarks() {
    let town = Town::build().await;
    town.change("G1", &[("PublicRemarks", "A Rare  Lake\nView from every room.")]).await;
    town.change("G2", &[("PublicRemarks", "View the lake. Rare.")]).await;
    town.change("G3", &[("PrivateRemarks", "rare lake view")]).await;
    check(
        &town,
        &[
            (json!({ "Remarks": "rare lake view" }), &["G1"]),
            (json!({ "Remarks": "  LAKE \t view " }), &["G1"]),
            (json!({ "Remarks": "rare" }), &["G1", "G2"]),
            (json!({ "Remarks": "view lake" }), &[]),
        ],
    )
    .await;
    assert!(town.search("GetListings", json!({ "Remarks": "!?" })).await.errors().contains_key("Remarks"));
}

/// PAR-109, PAR-111: of group 1 false says nothing; of the others it means explicitly not.
#[tokio::test]
async fn par_109_and_111_features_have_two_states_or_three() {
    let mut town = Town::build().await;
    town.change("G1", &[("PoolPrivateYN", "true"), ("ViewYN", "true"), ("CoolingYN", "true")]).await;
    town.change("G2", &[("PoolPrivateYN", "false"), ("ViewYN", "false"), ("CoolingYN", "false")]).await;
    let all: &[&str] = &["G1", "G2", "G3", "G4", "G8", "N1", "N2"];
    check(
        &town,
        &[
            (json!({ "HasPool": true }), &["G1"]),
            (json!({ "HasPool": 1 }), &["G1"]),
            (json!({ "HasPool": false }), &["G2"]),
            (json!({ "HasPool": null }), all),
            (json!({ "HasPool": "" }), all),
            (json!({ "HasView": true }), &["G1"]),
            (json!({ "HasView": false }), all),
            (json!({ "HasAc": "true" }), &["G1"]),
            (json!({ "HasAc": false }), all),
        ],
    )
    .await;
    // Item 6: for a client generated from the sample, false is no preference anywhere.
    town.client("sample", &[("GAMLS", gate::Class::Participant)]).await;
    let deviation = town.record(
        "Client",
        &[("ClientId", "sample"), ("ClientStatus", "Active"), ("PartnerDeviations", "sample_false_is_null")],
    );
    town.write("freehold", vec![deviation]).await;
    let ids = town.search_as("sample", "GetListings", json!({ "HasPool": false })).await.ids();
    assert_eq!(ids.len(), 5, "{ids:?}");
    assert_eq!(town.search_as("sample", "GetListings", json!({ "HasPool": true })).await.ids(), ["G1"]);
}

/// PAR-110: an open house that is to come.
#[tokio::test]
async fn par_110_an_open_house_is_to_come() {
    let town = Town::build().await;
    let open = |id: &str, of: &str, end: &str, status: &str| {
        town.record(
            "OpenHouse",
            &[
                ("OpenHouseKey", id),
                ("ListingKey", of),
                ("ListingId", "x"),
                ("OpenHouseStatus", status),
                ("OpenHouseStartTime", "2026-11-23T09:00:00Z"),
                ("OpenHouseEndTime", end),
            ],
        )
    };
    town.write(
        "GAMLS",
        vec![
            open("1", "GAMLS:G1", "2026-11-23T12:30:00Z", "Active"),
            open("2", "GAMLS:G2", "2026-11-23T11:30:00Z", "Active"),
        ],
    )
    .await;
    assert_eq!(town.found("GetListings", json!({ "HasOpenHouse": true })).await, ["G1"]);
    assert_eq!(town.found("GetListings", json!({ "HasOpenHouse": false })).await.len(), 7);
    sleep(3_600);
    assert_eq!(town.found("GetListings", json!({ "HasOpenHouse": true })).await, [""; 0]);
}

/// PAR-114
#[tokio::test]
async fn par_114_land_tenure_is_one_of_two() {
    let town = Town::build().await;
    for tenure in ["Free Hold", "Lease Hold", "freehold", "LeaseHold", ""] {
        assert_eq!(town.search("GetListings", json!({ "LandTenure": tenure })).await.status, 200, "{tenure}");
    }
    let answer = town.search("GetListings", json!({ "LandTenure": "Strata" })).await;
    assert_eq!(answer.errors()["LandTenure"], "The value 'Strata' is not valid for LandTenure.");
}

/// PAR-115: fewer days than are asked for, by the very number that a listing is written with.
#[tokio::test]
async fn par_115_days_on_market_are_fewer_than_asked() {
    let town = Town::build().await;
    for (id, days) in [
        ("G1", &[("OnMarketDate", "2026-11-20")][..]),
        ("G2", &[("ListingContractDate", "2026-11-13")]),
        ("G3", &[("OnMarketDate", "2026-11-22"), ("DaysOnMarket", "7")]),
        ("G4", &[("OnMarketDate", "2026-11-24")]),
        ("N1", &[("OnMarketDate", "2026-11-23"), ("DaysOnMarket", "12")]),
        ("N2", &[("DaysOnMarket", "30")]),
    ] {
        town.change(id, days).await;
    }
    let below = |days: i64| json!({ "DaysOnMarket": days });
    let all: &[&str] = &["G1", "G2", "G3", "G4", "G8", "N1", "N2"];
    check(
        &town,
        &[
            (below(0), &[]),
            (below(1), &["G4", "G8", "N1"]),
            (below(3), &["G4", "G8", "N1"]),
            (below(4), &["G1", "G4", "G8", "N1"]),
            (below(7), &["G1", "G4", "G8", "N1"]),
            (below(8), &["G1", "G3", "G4", "G8", "N1"]),
            (below(10), &["G1", "G3", "G4", "G8", "N1"]),
            (below(30), &["G1", "G2", "G3", "G4", "G8", "N1"]),
            (below(31), all),
            (json!({ "DaysOnMarket": null }), all),
        ],
    )
    .await;
    // What is found and what is written agree on every number, today and when the day has turned.
    for _ in 0..2 {
        let listings = town.search("GetListings", json!({})).await.json();
        for most in 0..=32 {
            let fewer = |one: &&Json| one["DaysOnMarket"].as_i64().unwrap() < most;
            let found = listings.as_array().unwrap().iter().filter(fewer);
            let mut expect: Vec<&str> = found.map(|one| one["ListingId"].as_str().unwrap()).collect();
            expect.sort_unstable();
            assert_eq!(
                town.found("GetListings", below(most)).await,
                expect,
                "fewer than {most} at {}",
                now()
            );
        }
        sleep(86_400);
    }
}

/// PAR-116: strictly later, by when Freehold saw it and not by what the MLS says.
#[tokio::test]
async fn par_116_updates_and_insertions_are_freeholds_own() {
    let town = Town::build().await;
    let before = now().to_string();
    assert_eq!(
        town.found("GetListings", json!({ "MlsUpdateDate": before })).await,
        [""; 0],
        "strictly later"
    );
    sleep(60);
    town.change("G1", &[("ListPrice", "1"), ("ModificationTimestamp", "2001-01-01T00:00:00Z")]).await;
    let (feed, mut new) = town.listing("G2", &[("ListingId", "G9"), ("ListingKey", "GAMLS:G9")]);
    new.set(
        town.dictionary.known("Property").find("OriginalEntryTimestamp").unwrap(),
        dictionary::Value::from(now()),
    );
    town.write(&feed, vec![new]).await;
    check(
        &town,
        &[
            (json!({ "MlsUpdateDate": before }), &["G1", "G9"]),
            (json!({ "MlsInsertDate": before }), &["G9"]),
            (json!({ "MlsInsertDate": now().to_string() }), &[]),
            (json!({ "MlsUpdateDate": "2026-11-23" }), &["G1", "G2", "G3", "G4", "G8", "G9", "N1", "N2"]),
        ],
    )
    .await;
}

/// The sample request of the document, with straight quotes: every blank and every `false` is no preference
/// for a client that says so, and the document's own types pass.
#[tokio::test]
async fn par_118_the_sample_of_the_document_is_understood() {
    let town = Town::build().await;
    let blank = [
        "MinPrice",
        "MaxPrice",
        "MinSquareFeet",
        "MaxSquareFeet",
        "MinAcres",
        "MaxAcres",
        "Beds",
        "BathsTotal",
        "MinYearBuilt",
        "MaxYearBuilt",
        "AgentId",
        "OfficeId",
        "SchoolDistrict",
        "Remarks",
        "Subdivision",
        "LandTenure",
        "DaysOnMarket",
        "MlsUpdateDate",
        "MlsInsertDate",
    ];
    let mut body = json!({ "SearchAreaList": [], "StyleList": [], "ViewList": [], "LevelList": [],
        "StatusList": [], "HasView": false, "HasOpenHouse": false, "HasAc": false, "SortBy": "Price", "Extra": {} });
    for name in blank {
        body[name] = json!("");
    }
    assert_eq!(town.found("GetListings", body).await.len(), 7);
}

/// PAR-121: pages by number, with how many there are and where they are; the body stays a bare array.
#[tokio::test]
async fn par_121_searches_are_paged() {
    let town = Town::build().await;
    let page = async |page: u64| {
        town.search("GetListings", json!({ "SortBy": "YearBuilt", "Page": page, "PageSize": 3 })).await
    };
    let (first, second, third, fourth) = (page(1).await, page(2).await, page(3).await, page(4).await);
    assert_eq!(first.ids(), ["G3", "G8", "N2"]);
    assert_eq!(second.ids(), ["G1", "N1", "G2"]);
    assert_eq!(third.ids(), ["G4"]);
    assert_eq!((fourth.status.as_u16(), fourth.body.as_str()), (200, "[]"));
    for answer in [&first, &second, &third, &fourth] {
        assert_eq!(answer.header("x-total-count"), "7");
    }
    let link = "<http://127.0.0.1:8700/services/partner/GetListings?Page=2&PageSize=3>; rel=\"next\"";
    assert!(first.header("link").contains(link), "{}", first.header("link"));
    assert!(
        !third.header("link").contains("\"next\"")
            && third.header("link").contains("?Page=2&PageSize=3>; rel=\"prev\"")
    );
    // The link is posted the same body.
    let again = town
        .post(
            "KW",
            "GetListings?Page=2&PageSize=3",
            r#"{"FeedIdList":["GAMLS","NWMLS"],"SortBy":"YearBuilt"}"#,
        )
        .await;
    assert_eq!(again.ids(), second.ids());
    for (body, field) in [(json!({ "Page": 0 }), "Page"), (json!({ "PageSize": 1_001 }), "PageSize")] {
        assert!(town.search("GetListings", body).await.errors().contains_key(field));
    }
}

/// SRCH-006: one box finds by id, by address and by remarks.
#[tokio::test]
async fn srch_006_one_box_finds_by_id_address_and_remarks() {
    let town = Town::build().await;
    town.change("G1", &[("UnparsedAddress", "12 Bow Lake Road"), ("PublicRemarks", "Quiet.")]).await;
    town.change("G2", &[("PublicRemarks", "By the lake.")]).await;
    town.change("G3", &[("UnparsedAddress", "9 Bow Street"), ("InternetAddressDisplayYN", "false")]).await;
    check(
        &town,
        &[
            (json!({ "Keyword": "N2" }), &["N2"]),
            (json!({ "Keyword": "bow" }), &["G1"]),
            (json!({ "Keyword": "lake" }), &["G1", "G2"]),
            (json!({ "Keyword": "lake", "Beds": 4 }), &["G2"]),
            (json!({ "Keyword": "bow lake" }), &["G1"]),
        ],
    )
    .await;
}

/// Paths count in any case, and so do names of endpoints: the document writes GetListingsOpenhouse, too.
#[tokio::test]
async fn par_117_paths_count_in_any_case() {
    let town = Town::build().await;
    let signed = town.signed("KW");
    let pairs = [("ml-auth", signed[0].1.as_str()), ("x-ml-timestamp", signed[1].1.as_str())];
    for path in [
        "/services/partner/getfeeds",
        "/Services/Partner/GetFeeds",
        "/SERVICES/PARTNER/GETFEEDS",
        "/Services/partner/GetListingsOpenhouse?feedidlist=GAMLS",
    ] {
        assert_eq!(town.ask("GET", path, &pairs, "").await.status, 200, "{path}");
    }
    for path in [
        "/services/partner/GetNothing",
        "/services/partner/GetFeeds/x",
        "/service/partner/GetFeeds",
        "/SERVICES",
    ] {
        assert_eq!(town.ask("GET", path, &pairs, "").await.status, 404, "{path}");
    }
}
