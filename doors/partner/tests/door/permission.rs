//! Denied by default: every route without a credential, with a wrong one, and with one that grants nothing.

use serde_json::json;

use crate::town::{Town, headers, now};

#[tokio::test]
async fn every_route_refuses_whoever_may_not() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    let wrong = headers("KW", "a-key-that-nobody-was-given", now());
    let nobody = town.signed("nobody");
    for (method, path) in partner_door::every_route() {
        let path = path.replace("{root}", "/services/partner");
        let json = ("content-type", "application/json");
        for (pairs, what) in [
            (vec![json], "no credential"),
            (
                vec![json, ("ml-auth", "nonsense"), ("x-ml-timestamp", "20261123120000")],
                "a header of nonsense",
            ),
            (vec![json, ("ml-auth", &wrong[0].1), ("x-ml-timestamp", &wrong[1].1)], "a wrong key"),
            (vec![json, ("authorization", "Bearer x")], "another scheme"),
        ] {
            for method in [method, "HEAD", "OPTIONS", "PUT", "DELETE"] {
                let answer = town.ask(method, &path, &pairs, "{}").await;
                assert_eq!(answer.status, 403, "{method} {path} with {what}: {}", answer.body);
            }
        }
        let pairs = [json, ("ml-auth", &nobody[0].1), ("x-ml-timestamp", &nobody[1].1)];
        let query = "FeedIdList=GAMLS&FeedId=GAMLS&ListingId=G1&LookupType=ListingStatus";
        let body = json!({
            "FeedIdList": ["GAMLS", "NWMLS", "XMLS"], "Zip": "98101", "City": "Seattle", "State": "WA",
            "Address": "1 Main", "WktLocation": "POINT(-122.33 47.60)", "Distance": 25,
        });
        let answer = town.ask(method, &format!("{path}?{query}"), &pairs, body.to_string()).await;
        for word in ["G1", "Seattle", "500000"] {
            let told = answer.status.is_success() && answer.body.contains(word);
            assert!(!told, "{method} {path} tells {word} to whom nothing is granted: {}", answer.body);
        }
    }
    assert_eq!(town.store.head().await.unwrap(), before, "a refused request changed something");
}

/// PAR-101: feeds that are not granted, or not known, are passed over.
#[tokio::test]
async fn par_101_feeds_not_granted_are_passed_over() {
    let town = Town::build().await;
    for (feeds, expect) in [
        (json!(["GAMLS", "XMLS", "nowhere"]), vec!["G1", "G2", "G3", "G4", "G8"]),
        (json!([" gamls "]), vec!["G1", "G2", "G3", "G4", "G8"]),
        (json!(["XMLS"]), vec![]),
        (json!(["' OR 1=1 --", "a/b", "\u{0}"]), vec![]),
    ] {
        let answer = town.search("GetListings", json!({ "FeedIdList": feeds })).await;
        let mut ids = answer.ids();
        ids.sort();
        assert_eq!(
            (answer.status.as_u16(), ids),
            (200, expect.iter().map(ToString::to_string).collect()),
            "{feeds}"
        );
        assert_eq!(answer.header("x-total-count"), expect.len().to_string());
    }
    let many: Vec<String> = (0..5_000).map(|n| format!("FEED{n}")).chain(["GAMLS".into()]).collect();
    assert_eq!(town.search("GetListings", json!({ "FeedIdList": many })).await.ids().len(), 5);
    let most: Vec<String> = (0..10_001).map(|n| n.to_string()).collect();
    let answer = town.search("GetListings", json!({ "FeedIdList": most })).await;
    assert!(answer.errors()["FeedIdList"].contains("10000"), "{}", answer.body);
}

/// PAR-301: IDX is never told of what is withdrawn or not on the market yet, in whatever way it asks.
#[tokio::test]
async fn par_301_idx_sees_no_withdrawn_listing() {
    let town = Town::build().await;
    let all = json!({ "StatusList": ["Active", "Coming Soon", "Off Market", "Withdrawn", "Sold"] });
    for id in town.search_as("idx", "GetListings", all).await.ids() {
        assert!(!["G6", "G7"].contains(&id.as_str()), "{id}");
    }
    for id in ["G6", "G7"] {
        let path = format!("GetListingDetail?FeedId=GAMLS&ListingId={id}");
        assert_eq!(town.get_as("idx", &path).await.status, 404);
        assert_eq!(town.get_as("KW", &path).await.status, 200);
    }
}
