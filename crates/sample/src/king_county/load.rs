//! The market into a store.

use dictionary::Dictionary;
use store::{Batch, Operation, Sequence, Store, StoreError};

use super::{FEED, KingCounty, Setting};

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Loaded {
    /// Versions of records written.
    pub records: u64,
    /// The head of the log after the last of them.
    pub head: Sequence,
}

/// Writes the whole market, in batches, and calls `progress` after each with how many records are
/// written and about how many there will be.
///
/// # Errors
/// Those of the store; what was written before stays.
pub async fn load(
    store: &Store,
    dictionary: &Dictionary,
    setting: &Setting,
    mut progress: impl FnMut(u64, u64),
) -> Result<Loaded, StoreError> {
    let market = KingCounty::new(dictionary, setting);
    let mut loaded = Loaded::default();
    for records in market.batches() {
        let mut batch = Batch::new("demo", setting.now);
        let count = records.len() as u64;
        batch.operations = records.into_iter().map(|record| Operation::put(FEED, record)).collect();
        loaded.head = store.write(batch).await?.head;
        loaded.records += count;
        progress(loaded.records, market.about().max(loaded.records));
    }
    Ok(loaded)
}
