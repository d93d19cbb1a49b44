//! Walks over pages, and the log as events.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::town::{LISTINGS, Town};

/// Follows `nextLink` to the end; every page's records.
async fn walk(town: &Town, first: &str, mut between: impl AsyncFnMut(usize)) -> Vec<Vec<Json>> {
    let mut path = first.to_owned();
    let mut pages = Vec::new();
    loop {
        let answer = town.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let page = answer.json();
        pages.push(page["value"].as_array().unwrap().clone());
        let Some(next) = page["@odata.nextLink"].as_str() else { return pages };
        path = next.strip_prefix("http://127.0.0.1:8700").unwrap().to_owned();
        between(pages.len()).await;
    }
}

fn keys(pages: &[Vec<Json>]) -> Vec<&str> {
    pages.iter().flatten().filter_map(|record| record["ListingKey"].as_str()).collect()
}

/// RESO-040
#[tokio::test]
async fn reso_040_top_is_the_total_and_the_last_page_has_no_link() {
    let town = Town::build().await;
    let check = async |options: &str, sizes: &[usize]| {
        let pages = walk(&town, &format!("/odata/Property?{options}"), async |_| {}).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), sizes, "{options}");
        let found = keys(&pages);
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "{options} repeats");
    };
    // Pages are of 25.
    check("", &[25, 25, 10]).await;
    check("$top=1", &[1]).await;
    check("$top=25", &[25]).await;
    check("$top=30", &[25, 5]).await;
    check("$top=1000", &[25, 25, 10]).await;
    check("$skip=50", &[10]).await;
    check("$skip=10&$top=30", &[25, 5]).await;
    check("$skip=60", &[0]).await;
    check("$top=0", &[0]).await;
    check("$orderby=BedroomsTotal desc,City", &[25, 25, 10]).await;
}

/// RESO-041, RESO-042
#[tokio::test]
async fn reso_041_and_042_a_walk_among_writers_misses_none_and_repeats_none() {
    let town = Town::build().await;
    for order in
        ["", "&$orderby=ModificationTimestamp", "&$orderby=ListPrice desc", "&$orderby=BedroomsTotal"]
    {
        // Between pages, listings of the feed's end change in a field that no order looks at.
        let pages = walk(&town, &format!("/odata/Property?$select=ListingKey{order}"), async |page| {
            let mut changed = town.listing(40 + page).remove(0);
            let remarks = town.dictionary.known("Property").find("PublicRemarks").unwrap();
            changed.set(remarks, format!("page {page} {order}").as_str());
            town.write("A", vec![changed]).await;
        })
        .await;
        let found = keys(&pages);
        assert_eq!(found.len(), LISTINGS, "{order}");
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), LISTINGS, "{order}");
    }
}

/// RESO-042
#[tokio::test]
async fn reso_042_the_standing_order_is_timestamp_then_key() {
    let town = Town::build().await;
    let pages = walk(&town, "/odata/Property?$select=ListingKey,ModificationTimestamp", async |_| {}).await;
    let found: Vec<(&str, &str)> = pages
        .iter()
        .flatten()
        .map(|r| (r["ModificationTimestamp"].as_str().unwrap(), r["ListingKey"].as_str().unwrap()))
        .collect();
    assert!(found.is_sorted(), "{found:?}");
    // Whoever asks for what follows the last one seen, ties included, misses none.
    let (at, key) = found[7];
    let rest = format!(
        "/odata/Property/$count?$filter=ModificationTimestamp gt {at} or (ModificationTimestamp eq {at} and ListingKey gt '{key}')"
    );
    assert_eq!(town.get(&rest).await.body, (LISTINGS - 8).to_string());
}

#[tokio::test]
async fn a_token_of_another_question_is_refused() {
    let town = Town::build().await;
    let page = town.get("/odata/Property?$filter=ListPrice gt 0").await.json();
    let (_, token) = page["@odata.nextLink"].as_str().unwrap().split_once("$skiptoken=").unwrap();
    let other = town.get(&format!("/odata/Property?$filter=ListPrice gt 1&$skiptoken={token}")).await;
    assert_eq!(other.status, 400);
    assert_eq!(other.json()["error"]["code"], "other_question");
}

/// RESO-046
#[tokio::test]
async fn reso_046_events_number_every_change_and_never_change_themselves() {
    let town = Town::build().await;
    let all = walk(&town, "/odata/EntityEvent?$filter=ResourceName eq 'Property'", async |_| {}).await;
    let events: Vec<&Json> = all.iter().flatten().collect();
    assert_eq!(events.len(), LISTINGS);
    let numbers: Vec<i64> = events.iter().map(|e| e["EntityEventSequence"].as_i64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b));
    let last = numbers[LISTINGS - 1];
    let mut changed = town.listing(5).remove(0);
    changed.set(town.dictionary.known("Property").find("ListPrice").unwrap(), dictionary::Decimal::from(1));
    town.write("A", vec![changed]).await;
    let later = town
        .get(&format!(
            "/odata/EntityEvent?$filter=EntityEventSequence gt {last} and ResourceName eq 'Property'"
        ))
        .await
        .json();
    let later = later["value"].as_array().unwrap();
    assert_eq!(later.len(), 1);
    assert_eq!(
        (later[0]["ResourceRecordKey"].as_str(), later[0]["ResourceName"].as_str()),
        (Some("K005"), Some("Property"))
    );
    let again = walk(&town, "/odata/EntityEvent?$filter=ResourceName eq 'Property'", async |_| {}).await;
    assert_eq!(again.iter().flatten().take(LISTINGS).collect::<Vec<_>>(), events);
    let one = town.get(&format!("/odata/EntityEvent({last})")).await.json();
    assert_eq!(&one["ResourceRecordKey"], &events[LISTINGS - 1]["ResourceRecordKey"]);
    let key = format!("Bearer {}", town.key);
    let written = town.ask("POST", "/odata/EntityEvent", &[("authorization", &key)]).await;
    assert!(written.status.is_client_error() || written.status.is_server_error());
}
