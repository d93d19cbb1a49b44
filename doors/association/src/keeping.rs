//! Writing: every record is checked, stamped, and kept with all others of its request or not at all.

use dictionary::{Record, Text, Timestamp, check, set_named};
use odata::Fault;
use store::{Batch, Expect, OWN_FEED, Operation, Receipt, Stored};

use crate::Door;
use crate::answer::Refused;

/// Records of the door's own that are kept together.
#[derive(Debug)]
pub(crate) struct Keeping {
    batch: Batch,
}

impl Keeping {
    pub(crate) fn new(actor: Text, now: Timestamp) -> Self {
        Self { batch: Batch::new(actor, now) }
    }

    /// Whether there is nothing to keep.
    pub(crate) fn is_empty(&self) -> bool {
        self.batch.operations.is_empty()
    }

    /// A record that must not be there yet.
    pub(crate) fn add(&mut self, record: Record) {
        self.put(record, Expect::Absent);
    }

    /// Another version of a record, which must still be the one that was looked at.
    pub(crate) fn change(&mut self, before: &Stored, record: Record) {
        self.put(record, Expect::At(before.sequence));
    }

    /// A record in the place of the one that was looked at, where there was one.
    pub(crate) fn set(&mut self, before: Option<&Stored>, record: Record) {
        self.put(record, before.map_or(Expect::Absent, |before| Expect::At(before.sequence)));
    }

    /// Takes away a record, which must still be the one that was looked at.
    pub(crate) fn remove(&mut self, stored: &Stored) {
        let (resource, key) = (stored.resource, stored.key.clone());
        self.batch.operations.push(Operation::Remove { resource, key, expect: Expect::At(stored.sequence) });
    }

    /// A record of a feed, dated where it changes.
    pub(crate) fn put_in(&mut self, feed: Text, record: Record, expect: Expect) {
        let stamp = Some(self.batch.at);
        self.batch.operations.push(Operation::Put { feed, record, expect, stamp });
    }

    pub(crate) fn put(&mut self, record: Record, expect: Expect) {
        self.batch.operations.push(Operation::put_own(record, expect));
    }
}

impl Door {
    /// Keeps everything or nothing; when this returns, the door and the gate know of it.
    ///
    /// # Errors
    /// 422 with every fault of every record, 409 where something is no longer what it was.
    pub(crate) async fn keep(&self, keeping: Keeping) -> Result<Receipt, Refused> {
        let Keeping { mut batch } = keeping;
        let at = batch.at;
        let mut faults = Vec::new();
        for operation in &mut batch.operations {
            if let Operation::Put { record, feed, stamp, .. } = operation {
                let own = self.dictionary.resource(record.resource());
                if feed == OWN_FEED && own.timestamp.is_some() {
                    set_named(record, own, "ModificationTimestamp", Some(at.into()));
                    *stamp = Some(at);
                }
                faults.extend(check(&self.dictionary, record).into_iter().map(|fault| {
                    Fault::new(422, fault.code.name(), fault.message, fault.hint).about(fault.field.as_str())
                }));
            }
        }
        if !faults.is_empty() {
            return Err(Fault::of_all(faults).into());
        }
        let receipt = self.store.write(batch).await?;
        // What is on disk stays written where this fails: both hear of it from the log.
        if let Err(error) = self.refresh().await {
            tracing::warn!(code = error.code(), "the log could not be read after a write");
        }
        Ok(receipt)
    }
}
