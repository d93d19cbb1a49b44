//! A store of crowd listings, written as `freehold crowd` writes them, and the index over it.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use console::operate::{Act, Desk, KeyUse, NewGrant, NewKey, create_client, create_feed, grant, issue_key};
use dictionary::{Dictionary, Record, Text, Timestamp, Version};
use gate::{Class, Gate, SigningKey};
use sample::crowd;
use search::Search;
use store::{Batch, Operation, Settings, Store};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::machine::{resident, used};
use crate::report::{Figure, Report, Target};

/// The instant at which all of it happens: the figures do not depend on the day.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

/// What is measured.
pub(crate) struct Town {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) search: Search,
    pub(crate) store: Store,
    pub(crate) gate: Gate,
    pub(crate) key: String,
    /// The client, its key of the partner API, and the header lines that it signs with it.
    pub(crate) client: String,
    pub(crate) partner_key: String,
    pub(crate) signed: String,
}

impl Town {
    /// Writes `size` listings where they are not there yet, closes the store, and starts from it.
    pub(crate) async fn build(report: &mut Report, folder: &Path, size: u64) -> Result<Self> {
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let file = folder.join("bench.sqlite");
        let done = folder.join("written");
        if !done.exists() {
            write(report, &file, &dictionary, size).await?;
            std::fs::write(&done, size.to_string())?;
        }
        let (before, busy) = (resident(), used());
        let began = Instant::now();
        let store = Store::open(Settings::sqlite(&file), Arc::clone(&dictionary)).await?;
        let search = Search::new(Arc::clone(&dictionary));
        let (following, stored) = (search.clone(), store.clone());
        tokio::spawn(async move { following.follow(stored, std::future::pending()).await });
        while !search.is_ready() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let most = 5.0 * (size as f64 / 1e6).max(1.0);
        report.add("start to ready from a full store", Figure::Span(began.elapsed()), Target::AtMost(most));
        let busy = Figure::Span(Duration::from_secs_f64(used() - busy));
        report.add("processor time of the start", busy, Target::Open);
        let tending = Instant::now();
        tend(&search).await?;
        report.add(
            "words and orders found besides, while it answers",
            Figure::Span(tending.elapsed()),
            Target::Open,
        );
        memory(report, size, &search, before);
        let signing = SigningKey::random()?;
        let gate = Gate::open(store.clone(), Arc::clone(&dictionary), gate::Settings::new(signing)).await?;
        let (client, key, partner_key) = client(&store, &dictionary, &gate).await?;
        let signed = crate::partner_door::signed(&client, &partner_key, NOW);
        Ok(Self { dictionary, search, store, gate, key, client, partner_key, signed })
    }

    /// The header line that lets a client read everything.
    pub(crate) fn authorization(&self) -> String {
        format!("Authorization: Bearer {}\r\n", self.key)
    }
}

/// The crowd's records, batch by batch, made on a thread of their own.
pub(crate) fn crowd_of(dictionary: &Arc<Dictionary>, size: u64) -> mpsc::Receiver<Vec<Record>> {
    const BATCH: usize = 4_000;
    let (sender, made) = mpsc::channel(4);
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
    made
}

/// The import: two batches are on their way at a time, so that one is planned while the other's commit is
/// on its way to the disk.
async fn write(report: &mut Report, file: &Path, dictionary: &Arc<Dictionary>, size: u64) -> Result<()> {
    let store = Store::open(Settings::sqlite(file), Arc::clone(dictionary)).await?;
    let mut made = crowd_of(dictionary, size);
    let began = Instant::now();
    let mut writing: VecDeque<JoinHandle<_>> = VecDeque::new();
    while let Some(records) = made.recv().await {
        let mut batch = Batch::new("bench", NOW);
        batch.operations = records.into_iter().map(|record| Operation::put(crowd::FEED, record)).collect();
        let store = store.clone();
        writing.push_back(tokio::spawn(async move { store.write(batch).await }));
        if writing.len() > 1
            && let Some(first) = writing.pop_front()
        {
            first.await??;
        }
    }
    for last in writing {
        last.await??;
    }
    let rate = size as f64 / began.elapsed().as_secs_f64();
    let figure = Figure::Rate(rate, "records", None);
    report.add("crowd import into SQLite, durable", figure, Target::AtLeast(20_000.0));
    Ok(())
}

/// Helps with what a running server does by the way, until there is nothing left of it: no question is asked
/// of an index that is still finding words.
pub(crate) async fn tend(search: &Search) -> Result<()> {
    const REST: Duration = Duration::from_millis(200);
    let mut idle = 0;
    while idle < 3 {
        let search = search.clone();
        let worked = tokio::task::spawn_blocking(move || search.tend()).await?;
        idle = if worked { 0 } else { idle + 1 };
        if !worked {
            // The follower may be at the last piece.
            tokio::time::sleep(REST).await;
        }
    }
    Ok(())
}

fn memory(report: &mut Report, size: u64, search: &Search, before: u64) {
    let columns = search.bytes_by_column();
    let remarks = |name: &str| name.contains("Remarks") || name.contains("text");
    let each = |long: bool| {
        let own = columns.iter().filter(|(_, name, _)| remarks(name) == long);
        let bytes: usize = own.map(|(_, _, bytes)| bytes).sum();
        Figure::Amount(bytes as f64 / size as f64, "bytes a listing")
    };
    report.add("index, long remarks aside", each(false), Target::AtMost(700.0));
    report.add("index, long remarks", each(true), Target::Open);
    let grown = resident().saturating_sub(before);
    report.add("memory of the process, grown by", Figure::Amount(grown as f64 / 1e6, "MB"), Target::Open);
}

/// A client that reads everything: its id, its key, and its key of the partner API.
async fn client(
    store: &Store,
    dictionary: &Arc<Dictionary>,
    gate: &Gate,
) -> Result<(String, String, String)> {
    let desk = Desk {
        store: store.clone(),
        dictionary: Arc::clone(dictionary),
        gate: Some(gate.clone()),
        row_filters: None,
        outflow: None,
    };
    let act = Act { actor: Text::new_static("bench"), now: NOW };
    // A town that was kept has its feed already.
    if store.get(dictionary.known("Feed").id, crowd::FEED).await?.is_none() {
        create_feed(&desk, &act, crowd::FEED, "the crowd").await?;
    }
    let id = format!("bench-{}", std::process::id());
    create_client(&desk, &act, &id, &id, false).await?;
    let all = NewGrant {
        shown: vec![Text::new_static("Property.*")],
        ..NewGrant::read(&id, crowd::FEED, Class::Participant)
    };
    grant(&desk, &act, &all).await?;
    let key = issue_key(&desk, &act, &id, NewKey::default()).await?.secret.reveal().to_owned();
    let new = NewKey { opens: KeyUse::Partner { given: None }, ..NewKey::default() };
    let partner = issue_key(&desk, &act, &id, new).await?.secret;
    Ok((id, key, partner.reveal().to_owned()))
}
