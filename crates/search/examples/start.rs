//! Times a start: from an open store that holds a crowd to an index that answers.
//!
//! `cargo run --release -p search --example start -- FILE [LISTINGS]` fills the SQLite file first where it
//! is not there.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "figures are what it is for")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use dictionary::{Dictionary, Timestamp, Version};
use sample::crowd::{Crowd, FEED};
use search::Search;
use store::{Batch, Operation, Settings, Store};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("the file of a store");
    let listings: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(200_000);
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let there = Path::new(&file).exists();
    let store = Store::open(Settings::sqlite(&file), Arc::clone(&dictionary)).await.expect("a store");
    if !there {
        fill(&store, &dictionary, listings).await;
    }
    let search = Search::new(dictionary);
    let begun = Instant::now();
    let following = tokio::spawn({
        let search = search.clone();
        async move { search.follow(store, std::future::pending()).await }
    });
    let mut applied = search.watch();
    while !search.is_ready() {
        applied.changed().await.expect("the index lives");
    }
    println!("{} changes ready after {:.2} s", search.applied(), begun.elapsed().as_secs_f64());
    following.abort();
}

async fn fill(store: &Store, dictionary: &Dictionary, listings: u64) {
    let now = Timestamp::from_second(1_780_000_000).expect("in range");
    let crowd = Arc::new(Crowd::new(dictionary, 1, now));
    let begun = Instant::now();
    for first in (0..listings).step_by(2_000) {
        let mut batch = Batch::new("bench", now);
        let puts = (first..(first + 2_000).min(listings)).map(|n| Operation::put(FEED, crowd.listing(n)));
        batch.operations = puts.collect();
        store.write(batch).await.expect("it is written");
    }
    println!("filled at {:.0} listings a second", listings as f64 / begun.elapsed().as_secs_f64());
}
