//! Listings that are gone (PAR-137).

use crate::town::{Town, set_clock, sleep};

async fn sync(town: &Town, client: &str, query: &str) -> Vec<(String, String)> {
    let answer = town.get_as(client, &format!("SyncListings?FromUpdatedDate=2026-01-01{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.ids().into_iter().zip(answer.members("ListingStatusSearch")).collect()
}

fn deleted(all: &[(String, String)]) -> Vec<&str> {
    let mut ids: Vec<&str> = all.iter().filter(|one| one.1 == "Deleted").map(|one| one.0.as_str()).collect();
    ids.sort_unstable();
    ids
}

/// PAR-137: what was removed is told for 90 days, as deleted and by its id alone.
#[tokio::test]
async fn par_137_what_was_removed_is_told_for_ninety_days() {
    let town = Town::build().await;
    sleep(60);
    town.remove("GAMLS:G1").await;
    town.remove("XMLS:X1").await;
    for status in ["", "&Status=0", "&Status=3"] {
        assert_eq!(deleted(&sync(&town, "KW", status).await), ["G1"], "{status}");
    }
    for status in ["&Status=1", "&Status=2"] {
        assert_eq!(deleted(&sync(&town, "KW", status).await), [""; 0], "{status}");
    }
    let answer = town.get("SyncListings?Status=3&FromUpdatedDate=2026-01-01").await;
    assert!(answer.body.contains("GAMLS") && !answer.body.contains("Seattle"), "{}", answer.body);
    assert_eq!(answer.json()["Total"], 1);
    let later =
        town.get("SyncListings?Status=3&FromUpdatedDate=2026-11-23T12:01:01&ToUpdatedDate=2026-11-24").await;
    assert_eq!(later.ids(), [""; 0], "it has a date like any other");
    // It comes again: it is no longer gone.
    town.change("G1", &[]).await;
    assert_eq!(deleted(&sync(&town, "KW", "&Status=3").await), [""; 0]);
    town.remove("GAMLS:G1").await;
    sleep(90 * 86_400 - 60);
    assert_eq!(deleted(&sync(&town, "KW", "&Status=3").await), ["G1"]);
    sleep(120);
    assert_eq!(deleted(&sync(&town, "KW", "&Status=3").await), [""; 0]);
    set_clock("2026-11-23T12:00:00Z");
}

/// PAR-137: a status that a class sees no more takes a listing out of that class's sight, and it is told so.
#[tokio::test]
async fn par_137_what_leaves_a_clients_sight_is_deleted_for_it() {
    let town = Town::build().await;
    sleep(60);
    town.change("G2", &[("StandardStatus", "Delete")]).await;
    town.change("G3", &[("StandardStatus", "Withdrawn")]).await;
    town.change("G4", &[("StandardStatus", "Expired"), ("InternetEntireListingDisplayYN", "false")]).await;
    assert_eq!(deleted(&sync(&town, "KW", "").await), ["G2"], "a participant sees what is withdrawn");
    assert_eq!(deleted(&sync(&town, "idx", "").await), ["G2", "G3", "G7"], "G4 was never to be shown");
    assert_eq!(deleted(&sync(&town, "vow", "&Status=3").await), ["G2"]);
    let idx = town.get_as("idx", "SyncListings?FromUpdatedDate=2026-01-01").await;
    for hidden in ["\"G4\"", "\"G6\"", "\"X1\""] {
        assert!(!idx.body.contains(hidden), "{hidden}");
    }
}
