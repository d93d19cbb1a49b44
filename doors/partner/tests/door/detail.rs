//! One listing.

use crate::town::Town;

/// PAR-131: of a feed and an id; what is unknown, removed or not granted is not there.
#[tokio::test]
async fn par_131_a_listing_is_found_by_feed_and_id() {
    let town = Town::build().await;
    let answer = town.get("GetListingDetail?FeedId=GAMLS&ListingId=G1").await;
    let json = answer.json();
    assert_eq!(
        (answer.status.as_u16(), &json["ListingId"], &json["FeedId"]),
        (200, &"G1".into(), &"GAMLS".into())
    );
    assert_eq!(
        town.get("getlistingdetail?feedid=gamls&listingid=G5").await.status,
        200,
        "sold ones are there, too"
    );
    for query in [
        "FeedId=GAMLS&ListingId=N1",
        "FeedId=XMLS&ListingId=X1",
        "FeedId=nowhere&ListingId=G1",
        "FeedId=GAMLS&ListingId=G1%27%20or%20%271",
        "FeedId=GAMLS&ListingId=..%2F..%2F",
        "FeedId=GAMLS&ListingId=%00",
    ] {
        let answer = town.get(&format!("GetListingDetail?{query}")).await;
        assert_eq!(answer.status, 404, "{query}");
        assert_eq!(answer.json()["ExceptionType"], "NotFound", "PAR-209");
    }
    let errors = town.get("GetListingDetail?FeedId=").await.errors();
    assert_eq!(errors.keys().map(String::as_str).collect::<Vec<_>>(), ["FeedId", "ListingId"]);
    town.remove("GAMLS:G1").await;
    assert_eq!(town.get("GetListingDetail?FeedId=GAMLS&ListingId=G1").await.status, 404);
    town.change("G2", &[("StandardStatus", "Delete")]).await;
    assert_eq!(town.get("GetListingDetail?FeedId=GAMLS&ListingId=G2").await.status, 404);
}

/// PAR-212: who holds the same version is told so and sent nothing.
#[tokio::test]
async fn par_212_who_holds_a_version_is_sent_nothing() {
    let town = Town::build().await;
    let path = "/services/partner/GetListingDetail?FeedId=GAMLS&ListingId=G1";
    let signed = town.signed("KW");
    let ask = async |tag: &str| {
        let pairs = [
            ("ml-auth", signed[0].1.as_str()),
            ("x-ml-timestamp", signed[1].1.as_str()),
            ("if-none-match", tag),
        ];
        town.ask("GET", path, &pairs, "").await
    };
    let tag = ask("\"other\"").await.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    for tag in [tag.as_str(), &format!("\"x\", {tag}"), "*"] {
        let answer = ask(tag).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (304, ""), "{tag}");
    }
    town.change("G1", &[("ListPrice", "499000")]).await;
    assert_eq!(ask(&tag).await.status, 200, "another version is sent");
}

/// SRCH-011: members are chosen by name.
#[tokio::test]
async fn srch_011_members_are_chosen() {
    let town = Town::build().await;
    let one =
        town.get("GetListingDetail?FeedId=GAMLS&ListingId=G1&Fields=listingid&Fields=FeedId").await.json();
    let mut names: Vec<&String> = one.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["FeedId", "ListingId"]);
    let synced = town.get("SyncListings?Fields=ListingId&Fields=City").await.json();
    let all = synced["Results"].as_array().unwrap();
    assert!(
        !all.is_empty() && all.iter().all(|one| one.as_object().unwrap().keys().eq(["City", "ListingId"]))
    );
    let search = town.search("GetListings", serde_json::json!({ "Fields": ["price"] })).await.json();
    assert!(search.as_array().unwrap().iter().all(|one| one.as_object().unwrap().keys().eq(["Price"])));
    let wrong = town.get("GetListingDetail?FeedId=GAMLS&ListingId=G1&Fields=Nonsense").await;
    assert!(wrong.errors()["Fields"].contains("Nonsense"));
}

/// PAR-304: whom a feed's listings are credited to, on request.
#[tokio::test]
async fn par_304_feeds_are_credited_on_request() {
    let town = Town::build().await;
    let feed = town.record(
        "Feed",
        &[
            ("FeedId", "GAMLS"),
            ("FeedStatus", "Active"),
            ("FeedAttribution", "Courtesy of GAMLS"),
            ("FeedDisclaimer", "Deemed \"reliable\" – not guaranteed"),
        ],
    );
    town.write("freehold", vec![feed]).await;
    let plain = town.get("GetListingDetail?FeedId=GAMLS&ListingId=G1").await;
    assert_eq!(plain.header("x-feed-notice"), "");
    let asked = town.get("GetListingDetail?FeedId=GAMLS&ListingId=G1&IncludeNotices=true").await;
    assert_eq!(
        asked.header("x-feed-notice"),
        "feed=\"GAMLS\"; attribution=\"Courtesy of GAMLS\"; disclaimer=\"Deemed %22reliable%22 %E2%80%93 not guaranteed\""
    );
    let feeds = town.get("GetFeeds").await.json();
    assert_eq!(feeds[0]["Attribution"], "Courtesy of GAMLS");
}
