//! A store of crowd listings, written as `freehold crowd` writes them, and the index over it.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use console::operate::{Act, Desk, NewGrant, NewKey, create_client, create_feed, grant, issue_key};
use dictionary::{Dictionary, Text, Timestamp, Version};
use gate::{Class, Gate, SigningKey};
use sample::crowd;
use search::Search;
use store::{Batch, Operation, Settings, Store};
use tokio::sync::mpsc;

use crate::machine::resident;
use crate::row;

/// The instant at which all of it happens: the figures do not depend on the day.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

/// What is measured.
pub(crate) struct Town {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) search: Search,
    pub(crate) store: Store,
    pub(crate) gate: Gate,
    pub(crate) key: String,
}

impl Town {
    /// Writes `size` listings, closes the store, and starts from it.
    pub(crate) async fn build(folder: &Path, size: u64) -> Result<Self> {
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let file = folder.join("bench.sqlite");
        write(&file, &dictionary, size).await?;
        let before = resident();
        let began = Instant::now();
        let store = Store::open(Settings::sqlite(&file), Arc::clone(&dictionary)).await?;
        let search = Search::new(Arc::clone(&dictionary));
        let (following, stored) = (search.clone(), store.clone());
        tokio::spawn(async move { following.follow(stored, std::future::pending()).await });
        while !search.is_ready() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        row(
            size,
            "start to ready from a full store",
            &format!("{:.2} s", began.elapsed().as_secs_f64()),
            "≤ 5 s at 1 M",
        );
        memory(size, &search, before);
        let signing = SigningKey::random()?;
        let gate = Gate::open(store.clone(), Arc::clone(&dictionary), gate::Settings::new(signing)).await?;
        let key = client(&store, &dictionary, &gate).await?;
        Ok(Self { dictionary, search, store, gate, key })
    }
}

/// The import: records are made on one thread and written on another.
async fn write(file: &Path, dictionary: &Arc<Dictionary>, size: u64) -> Result<()> {
    const BATCH: usize = 4_000;
    let store = Store::open(Settings::sqlite(file), Arc::clone(dictionary)).await?;
    let (sender, mut made) = mpsc::channel(4);
    let words = Arc::clone(dictionary);
    tokio::task::spawn_blocking(move || {
        let mut records = crowd::crowd(&words, 1, NOW, size);
        loop {
            let batch: Vec<_> = records.by_ref().take(BATCH).collect();
            if batch.is_empty() || sender.blocking_send(batch).is_err() {
                return;
            }
        }
    });
    let began = Instant::now();
    while let Some(records) = made.recv().await {
        let mut batch = Batch::new("bench", NOW);
        batch.operations = records.into_iter().map(|record| Operation::put(crowd::FEED, record)).collect();
        store.write(batch).await?;
    }
    let rate = size as f64 / began.elapsed().as_secs_f64();
    row(size, "crowd import into SQLite, durable", &format!("{rate:.0} records/s"), "≥ 20,000");
    Ok(())
}

fn memory(size: u64, search: &Search, before: u64) {
    let columns = search.bytes_by_column();
    let remarks = |name: &str| name.contains("Remarks") || name.contains("text");
    let of = |long: bool| -> usize {
        columns.iter().filter(|(_, name, _)| remarks(name) == long).map(|(_, _, bytes)| bytes).sum()
    };
    let each = |bytes: usize| format!("{:.0} bytes a listing", bytes as f64 / size as f64);
    row(size, "index, long remarks aside", &each(of(false)), "≤ 700");
    row(size, "index, long remarks", &each(of(true)), "");
    let grown = resident().saturating_sub(before);
    row(size, "memory of the process, grown by", &format!("{:.0} MB", grown as f64 / 1e6), "");
}

async fn client(store: &Store, dictionary: &Arc<Dictionary>, gate: &Gate) -> Result<String> {
    let desk = Desk {
        store: store.clone(),
        dictionary: Arc::clone(dictionary),
        gate: Some(gate.clone()),
        row_filters: None,
    };
    let act = Act { actor: Text::new_static("bench"), now: NOW };
    create_feed(&desk, &act, crowd::FEED, "the crowd").await?;
    create_client(&desk, &act, "bench", "bench", false).await?;
    let all = NewGrant {
        shown: vec![Text::new_static("Property.*")],
        ..NewGrant::read("bench", crowd::FEED, Class::Participant)
    };
    grant(&desk, &act, &all).await?;
    Ok(issue_key(&desk, &act, "bench", NewKey::default()).await?.secret.reveal().to_owned())
}
