//! SyncListings.

use std::collections::BTreeSet;

use serde_json::json;
use store::{Batch, Operation};

use crate::town::{Town, now, sleep};

/// PAR-136, PAR-139, PAR-140: statuses, pages and dates.
#[tokio::test]
async fn par_136_139_140_what_is_synchronised() {
    let town = Town::build().await;
    for (query, expect) in [
        ("", "G1 G2 G3 G4 G5 G6 G7 G8 N1 N2 N3"),
        ("?Status=0&FeedIdList=NWMLS", "N1 N2 N3"),
        ("?Status=1", "G1 G2 G3 G4 G8 N1 N2"),
        ("?Status=2&FeedIdList=GAMLS&FeedIdList=NWMLS", "G5 N3"),
        ("?Status=3", ""),
        ("?FeedIdList=XMLS", ""),
        ("?FromUpdatedDate=2026-11-23T12:00:00&ToUpdatedDate=2026-11-23T12:00:00&Status=2", "G5 N3"),
        ("?FromUpdatedDate=2026-11-23T12:00:01&ToUpdatedDate=2026-11-23T12:00:02", ""),
        ("?ToUpdatedDate=2026-11-23", ""),
        ("?Page=2", ""),
        ("?PageSize=0&Status=2", "G5 N3"),
    ] {
        let answer = town.get(&format!("SyncListings{query}")).await;
        let mut ids = answer.ids();
        ids.sort();
        assert_eq!(
            (answer.status.as_u16(), ids.join(" ")),
            (200, expect.to_owned()),
            "{query}: {}",
            answer.body
        );
        let json = answer.json();
        assert_eq!(json["Count"].as_u64().unwrap(), ids.len() as u64);
        assert!(json["NextPage"].is_null());
    }
    for (query, field) in [
        ("Status=4", "Status"),
        ("Status=-1", "Status"),
        ("Status=x", "Status"),
        ("Page=0", "Page"),
        ("FromUpdatedDate=2026-11-24&ToUpdatedDate=2026-11-23", "FromUpdatedDate"),
        ("FromUpdatedDate=2026-11-24", "FromUpdatedDate"),
    ] {
        let answer = town.get(&format!("SyncListings?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.errors().contains_key(field), "{query}: {}", answer.body);
    }
}

/// PAR-140: a listing whose change was put together before a walk began, and was kept only after, is in the next one.
#[tokio::test]
async fn par_140_what_was_on_its_way_is_in_the_next_walk() {
    let town = Town::build().await;
    sleep(3_600);
    let began = now();
    let late = town.listing("G1", &[("ListPrice", "123456")]).1;
    let mut batch = Batch::new("test", began);
    batch.operations = vec![Operation::put("GAMLS", late)];
    sleep(60);
    let first = town.get(&format!("SyncListings?FromUpdatedDate={began}")).await;
    assert_eq!(first.ids(), [""; 0]);
    let to = first.header("x-to-date").to_owned();
    town.keep(batch).await;
    sleep(60);
    let next = town.get(&format!("SyncListings?FromUpdatedDate={to}")).await;
    assert_eq!(next.ids(), ["G1"], "from {to}");
    let price = &next.json()["Results"][0]["Price"];
    assert_eq!(price, 123_456);
}

/// PAR-207: the document's own words.
#[tokio::test]
async fn par_207_a_page_is_of_200_at_most() {
    let town = Town::build().await;
    let answer = town.get("SyncListings?PageSize=500").await;
    let json = answer.json();
    assert_eq!(answer.status, 400);
    assert_eq!(json["Data"]["Errors"]["PageSize"], "The field PageSize must be between 0 and 200.");
    assert_eq!(json["ExceptionType"], "Validation");
    assert!(json["Message"].as_str().unwrap().starts_with("Invalid input parameters: "));
    assert_eq!((&json["ErrorCode"], &json["ActionArguments"]["client"]), (&0.into(), &"KW".into()));
    let request = &json["ActionArguments"]["request"];
    // To the letter as the document's sample has it, but for the members that it does not have.
    for (name, expect) in [
        ("FeedIdList", json!(null)),
        ("FromUpdatedDate", json!(null)),
        ("ToUpdatedDate", json!(null)),
        ("Status", json!(0)),
        ("Page", json!(1)),
        ("PageSize", json!(500)),
    ] {
        assert_eq!(request.get(name), Some(&expect), "{name}");
    }
}

/// PAR-138: a feed that is newly granted is synchronised alone.
#[tokio::test]
async fn par_138_a_feed_newly_granted_is_synchronised_alone() {
    let town = Town::build().await;
    let yesterday = "2026-11-22T00:00:00";
    sleep(3_600);
    let path = format!("SyncListings?FeedIdList=NWMLS&FromUpdatedDate={yesterday}");
    assert_eq!(town.get(&path).await.ids(), ["N1", "N2", "N3"]);
    let others = town.get(&format!("SyncListings?FeedIdList=GAMLS&FromUpdatedDate={}", now())).await;
    assert_eq!(others.ids(), [""; 0]);
}

/// PAR-133: a walk by number, while listings before and after where it is are changed, added and removed.
#[tokio::test]
async fn par_133_a_walk_beside_a_writer_misses_none_and_repeats_none() {
    let town = Town::build().await;
    let many = |from: usize, to: usize, price: &'static str| {
        let listing = |n: usize| {
            let (key, id) = (format!("GAMLS:M{n:04}"), format!("M{n:04}"));
            town.listing("G1", &[("ListingKey", &key), ("ListingId", &id), ("ListPrice", price)]).1
        };
        (from..to).map(listing).collect::<Vec<_>>()
    };
    town.write("GAMLS", many(0, 300, "1")).await;
    sleep(5);
    let mut rng = testkit::rng("par_133_a_walk_beside_a_writer_misses_none_and_repeats_none");
    let before: BTreeSet<String> = (0..300).map(|n| format!("M{n:04}")).collect();
    for dated in [false, true] {
        let mut seen = Vec::new();
        let (mut page, mut to) = (1, String::new());
        loop {
            let answer =
                town.get(&format!("SyncListings?FeedIdList=GAMLS&PageSize=20&Page={page}{to}")).await;
            seen.extend(answer.ids());
            if dated {
                to = format!("&ToUpdatedDate={}", answer.header("x-to-date"));
            }
            let Some(next) = answer.json()["NextPage"].as_u64() else { break };
            assert_eq!(answer.json()["Count"], 20);
            page = next;
            sleep(1);
            // Some of the old ones again, and some new ones.
            let at = rng.usize(..290);
            town.write("GAMLS", many(at, at + 7, ["2", "3", "4"][rng.usize(..3)])).await;
            let new = 1_000 + usize::try_from(page).unwrap() + usize::from(dated) * 500;
            town.write("GAMLS", many(new, new + 1, "1")).await;
        }
        let unique: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(unique.len(), seen.len(), "none comes twice");
        assert!(before.is_subset(&unique), "none is missed");
        sleep(60);
    }
}
