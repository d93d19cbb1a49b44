//! Lists of values, and feeds.

use crate::town::{Town, now, sleep};

/// PAR-141: a lookup by name, feed by feed; one that is not known is not there.
#[tokio::test]
async fn par_141_lookups_are_told_feed_by_feed() {
    let town = Town::build().await;
    for kind in ["SoldDateRange", "solddaterange", "FeedId", "ListingStatus"] {
        let answer = town.get(&format!("GetLookups?LookupType={kind}&FeedIdList=GAMLS")).await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.body);
        assert!(answer.members("FeedId").iter().all(|feed| feed == "GAMLS"), "{}", answer.body);
    }
    let ranges = town.get("GetLookups?LookupType=SoldDateRange&FeedIdList=GAMLS").await.members("Value");
    assert_eq!(
        ranges.join("|"),
        "All|Last 30 days|Last 3 months|Last 6 months|Last 12 months|Last 24 months|Last 36 months"
    );
    assert_eq!(town.get("GetLookups?LookupType=FeedId").await.members("Value"), ["GAMLS", "NWMLS"]);
    assert_eq!(town.get("GetLookups?LookupType=Nothing").await.status, 404);
    assert_eq!(town.get_as("nobody", "GetLookups?LookupType=Nothing").await.status, 404);
    assert!(town.get("GetLookups").await.errors().contains_key("LookupType"));
}

/// PAR-142: the feeds of the client, with how many listings it sees and when the last of them changed.
#[tokio::test]
async fn par_142_feeds_are_told_with_how_they_stand() {
    let town = Town::build().await;
    sleep(60);
    town.change("G1", &[("ListPrice", "1")]).await;
    let feeds = town.get("GetFeeds").await.json();
    let told: Vec<(&str, u64, &str)> = feeds
        .as_array()
        .unwrap()
        .iter()
        .map(|feed| {
            (
                feed["FeedId"].as_str().unwrap(),
                feed["ListingCount"].as_u64().unwrap(),
                feed["PermissionClass"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("GAMLS", 8, "Participant"), ("NWMLS", 3, "Participant")]);
    assert_eq!(feeds[0]["LastUpdateDate"], now().to_string());
    let idx = town.get_as("idx", "GetFeeds").await.json();
    assert_eq!((&idx[0]["ListingCount"], &idx[0]["PermissionClass"]), (&6.into(), &"IDX".into()));
    assert_eq!(town.get_as("nobody", "GetFeeds").await.body, "[]");
}
