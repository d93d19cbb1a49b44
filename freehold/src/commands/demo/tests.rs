//! The demo's clients.

use dictionary::{Origin, Record};
use gate::{Credential, Secret};
use query::{Query, Scope};
use sample::king_county::FEED;
use store::{Batch, Operation};
use testkit::Scratch;

use super::credentials::credentials;
use super::{BEGUN, LOADED, is_loaded, mark};
use crate::clock;
use crate::serve::{self, House};
use crate::settings::Settings;

/// Listings in every status that there is: drafts and what was deleted, too.
fn listings(house: &House) -> Vec<Operation> {
    let own = house.dictionary.known("Property");
    let field = |name: &str| own.find(name).unwrap();
    let statuses = [
        "Active",
        "Active Under Contract",
        "Canceled",
        "Closed",
        "Coming Soon",
        "Delete",
        "Expired",
        "Hold",
        "Incomplete",
        "Pending",
        "Withdrawn",
    ];
    let listing = |(at, status): (usize, &&str)| {
        let mut record = Record::new(own.id);
        record.set(field("ListingKey"), at.to_string());
        record.set(field("StandardStatus"), *status);
        record.set(field("InternetEntireListingDisplayYN"), at % 2 == 0);
        Operation::put(FEED, record)
    };
    statuses.iter().enumerate().map(listing).collect()
}

/// A load that was cut off is done again; a store that is somebody's own is left alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_market_is_loaded_once_and_to_its_end() {
    let scratch = Scratch::new();
    let mut settings = Settings::default();
    settings.store.data = scratch.file("data");
    let house = House::open(&settings).await.unwrap();
    let loaded = async || is_loaded(&house.store).await.unwrap();
    assert!(!loaded().await, "the store is empty");
    mark(&house.store, BEGUN).await.unwrap();
    let operations = listings(&house);
    house.store.write(Batch { operations, ..Batch::new("test", clock::now()) }).await.unwrap();
    assert!(!loaded().await, "the load was cut off");
    mark(&house.store, LOADED).await.unwrap();
    assert!(loaded().await);
    let own = Scratch::new();
    settings.store.data = own.file("data");
    let house = House::open(&settings).await.unwrap();
    let operations = listings(&house);
    house.store.write(Batch { operations, ..Batch::new("test", clock::now()) }).await.unwrap();
    assert!(is_loaded(&house.store).await.unwrap(), "no market goes into a store with records of its own");
}

/// The token and the writer's read every record of the feed and every field of it, whatever its
/// status; after a second start as well.
#[tokio::test(flavor = "multi_thread")]
async fn the_demos_token_reads_everything() {
    let scratch = Scratch::new();
    let mut settings = Settings::default();
    settings.store.data = scratch.file("data");
    settings.server.listen = "127.0.0.1:0".parse().unwrap();
    let house = House::open(&settings).await.unwrap();
    let operations = listings(&house);
    let all = operations.len();
    house.store.write(Batch { operations, ..Batch::new("test", clock::now()) }).await.unwrap();
    let listener = serve::bind(&settings).await.unwrap();
    let running = serve::start(&house, &settings, listener).unwrap();
    running.ready(&house).await;
    let property = house.dictionary.known("Property").id;
    let seen = |scope: &Scope| {
        let hits = house.search.read().page(&Query::all(property), scope, clock::now()).unwrap();
        hits.rows.len()
    };
    for start in 1..=2 {
        let keys = credentials(&house, FEED).await.unwrap();
        for token in [&keys.token, &keys.write_token] {
            let credential = Credential::Bearer(Secret::new(token.as_str()));
            let caller = house.gate.authenticate(&credential, clock::now()).unwrap();
            assert_eq!(seen(caller.scope()), all, "start {start}");
            for resource in house.dictionary.resources().iter().filter(|of| of.origin != Origin::Freehold) {
                let shown = caller.shown(resource.id, FEED);
                let hidden: Vec<_> = resource.each().filter(|(id, _)| !shown.contains(*id)).collect();
                assert!(hidden.is_empty(), "{}: {hidden:?}", resource.name);
            }
            assert_eq!(caller.may_write(FEED, property), token == &keys.write_token);
        }
    }
    running.stop().await.unwrap();
}
