//! Open houses.

use crate::town::Town;

async fn town() -> Town {
    let town = Town::build().await;
    town.change("G1", &[("ListAgentMlsId", "A7"), ("ListOfficeMlsId", "O1")]).await;
    let open = |id: &str, of: &str, from: &str, to: &str| {
        town.record(
            "OpenHouse",
            &[
                ("OpenHouseKey", id),
                ("ListingKey", of),
                ("ListingId", of.split(':').nth(1).unwrap()),
                ("OpenHouseStatus", "Active"),
                ("OpenHouseType", "Public"),
                ("OpenHouseStartTime", from),
                ("OpenHouseEndTime", to),
            ],
        )
    };
    town.write(
        "GAMLS",
        vec![
            open("1", "GAMLS:G1", "2026-11-23T11:00:00Z", "2026-11-23T13:00:00Z"),
            open("2", "GAMLS:G2", "2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z"),
            open("3", "GAMLS:G1", "2026-11-22T11:00:00Z", "2026-11-22T13:00:00Z"),
            open("6", "GAMLS:G6", "2026-11-25T11:00:00Z", "2026-11-25T13:00:00Z"),
        ],
    )
    .await;
    town.write("NWMLS", vec![open("4", "NWMLS:N1", "2026-11-23T15:00:00Z", "2026-11-23T17:00:00Z")]).await;
    town.write("XMLS", vec![open("5", "XMLS:X1", "2026-11-23T15:00:00Z", "2026-11-23T17:00:00Z")]).await;
    town
}

/// PAR-134: whatever is open at some instant between the two; from now on where nothing is said.
#[tokio::test]
async fn par_134_open_houses_overlap_what_is_asked() {
    let town = town().await;
    let feeds = "FeedIdList=GAMLS&FeedIdList=NWMLS&FeedIdList=XMLS";
    for (query, expect) in [
        ("", "G1 N1 G2 G6"),
        ("&OpenFromDate=2026-11-22", "G1 G1 N1 G2 G6"),
        ("&OpenFromDate=2026-11-22&OpenToDate=2026-11-23T11:00:00", "G1 G1"),
        ("&OpenFromDate=2026-11-23T13:00:00&OpenToDate=2026-11-23T15:00:00", "G1 N1"),
        ("&OpenFromDate=2026-11-23T13:00:01&OpenToDate=2026-11-23T14:59:59", ""),
        ("&AgentId=A7", "G1"),
        ("&OfficeId=O1&OpenFromDate=2026-11-01", "G1 G1"),
        ("&AgentId=nobody", ""),
    ] {
        let answer = town.get(&format!("GetListingsOpenHouse?{feeds}{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.ids().join(" ")), (200, expect.to_owned()), "{query}");
    }
    assert_eq!(town.get("GetListingsOpenhouse?FeedIdList=NWMLS").await.ids(), ["N1"]);
    assert!(town.get("GetListingsOpenHouse").await.errors().contains_key("FeedIdList"));
    let backwards = town
        .get(&format!("GetListingsOpenHouse?{feeds}&OpenFromDate=2026-11-24&OpenToDate=2026-11-23"))
        .await;
    assert!(backwards.errors().contains_key("OpenFromDate"));
}

/// PAR-135: an open house of a listing that a client may not see is not told of.
#[tokio::test]
async fn par_135_open_houses_of_hidden_listings_are_hidden() {
    let town = town().await;
    let idx = town.get_as("idx", "GetListingsOpenHouse?FeedIdList=GAMLS").await.ids();
    assert_eq!(idx, ["G1", "G2"], "G6 is coming soon, which IDX is not told of");
    town.change("G2", &[("InternetEntireListingDisplayYN", "false")]).await;
    assert_eq!(town.get_as("idx", "GetListingsOpenHouse?FeedIdList=GAMLS").await.ids(), ["G1"]);
    assert_eq!(town.get("GetListingsOpenHouse?FeedIdList=GAMLS").await.ids(), ["G1", "G2", "G6"]);
}
