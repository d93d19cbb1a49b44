//! The market into a store.

use std::sync::Arc;

use dictionary::{Dictionary, Record};
use store::{Batch, Operation, Sequence, Store, StoreError};
use tokio::sync::mpsc;

use super::{FEED, KingCounty, Setting};

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Loaded {
    /// Versions of records written.
    pub records: u64,
    /// The head of the log after the last of them.
    pub head: Sequence,
}

/// Batches that are made ahead of the one being written.
const AHEAD: usize = 4;

/// Records written at a time, at least, while there are so many.
const BATCH: usize = 2_000;

/// Writes the whole market in batches of the actor `demo`, and calls `progress` after each with how many
/// records are written and about how many there will be. Records are made while others are written.
///
/// # Errors
/// Those of the store; what was written before stays.
pub async fn load(
    store: &Store,
    dictionary: &Arc<Dictionary>,
    setting: &Setting,
    progress: impl FnMut(u64, u64),
) -> Result<Loaded, StoreError> {
    carry(dictionary, setting, progress, async |batch| Ok(store.write(batch).await?.head)).await
}

/// The same into whatever `write` writes to.
async fn carry<Fault>(
    dictionary: &Arc<Dictionary>,
    setting: &Setting,
    mut progress: impl FnMut(u64, u64),
    mut write: impl AsyncFnMut(Batch) -> Result<Sequence, Fault>,
) -> Result<Loaded, Fault> {
    let (sender, mut receiver) = mpsc::channel::<(u64, Vec<Record>)>(AHEAD);
    let (dictionary, making) = (Arc::clone(dictionary), setting.clone());
    let maker = tokio::task::spawn_blocking(move || {
        let market = KingCounty::new(&dictionary, &making);
        let about = market.about();
        let mut waiting = Vec::new();
        for records in market.batches() {
            waiting.extend(records);
            if waiting.len() >= BATCH && sender.blocking_send((about, std::mem::take(&mut waiting))).is_err()
            {
                // The writer has given up.
                return;
            }
        }
        // Nobody waits for it where the writer has given up.
        drop(sender.blocking_send((about, waiting)));
    });
    let mut loaded = Loaded::default();
    while let Some((about, records)) = receiver.recv().await {
        let mut batch = Batch::new("demo", setting.now);
        let count = records.len() as u64;
        batch.operations = records.into_iter().map(|record| Operation::put(FEED, record)).collect();
        loaded.head = write(batch).await?;
        loaded.records += count;
        progress(loaded.records, about.max(loaded.records));
    }
    drop(maker);
    Ok(loaded)
}

#[cfg(test)]
mod tests;
