//! `freehold crowd`: any number of synthetic listings, made on one thread while another writes them.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use sample::crowd as synthetic;
use store::{Batch, Operation};
use tokio::sync::mpsc;

use super::line::Crowd;
use super::{progress, say};
use crate::clock;
use crate::serve::House;
use crate::settings::Settings;

/// Records written at a time: enough to make the wait for the disk small beside the work.
const BATCH: usize = 4_000;
/// Batches made ahead of the one being written.
const AHEAD: usize = 4;

pub(super) async fn crowd(asked: &Crowd, settings: &Settings) -> Result<()> {
    let house = House::open(settings).await?;
    let (dictionary, now) = (Arc::clone(&house.dictionary), clock::now());
    let (seed, listings) = (asked.seed, asked.listings);
    let (sender, mut made) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let people = synthetic::crowd_people(&dictionary, seed, now, listings);
        let mut records = people.chain(synthetic::crowd(&dictionary, seed, now, listings));
        loop {
            let batch: Vec<_> = records.by_ref().take(BATCH).collect();
            // A writer that failed takes no more.
            if batch.is_empty() || sender.blocking_send(batch).is_err() {
                return;
            }
        }
    });
    let (members, offices) = synthetic::Crowd::people(listings);
    let bar = progress::bar(listings + members + offices, "records");
    let began = Instant::now();
    let mut written = 0_u64;
    while let Some(records) = made.recv().await {
        let count = records.len() as u64;
        let mut batch = Batch::new("crowd", now);
        batch.operations =
            records.into_iter().map(|record| Operation::put(asked.feed.as_str(), record)).collect();
        house.store.write(batch).await?;
        written += count;
        bar.inc(count);
    }
    bar.finish_and_clear();
    let seconds = began.elapsed().as_secs_f64();
    say(&format!(
        "{written} records in {seconds:.1} s: {:.0} a second, each on disk.",
        written as f64 / seconds
    ));
    Ok(())
}
