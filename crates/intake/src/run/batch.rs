//! Batches into the store.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{FieldId, Key, Record, ResourceId, Timestamp};
use store::{Batch, ErrorKind, Expect, Operation, Outcome, Store, StoreError, Stored};

use super::RunOptions;
use super::wholes::{Part, goes_back, told};
use crate::IntakeError;
use crate::job::Parts;
use crate::mapping::{RowFault, Target, Write, cut};
use crate::report::Tally;

/// A record that is to be written.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    pub(super) line: u64,
    pub(super) target: usize,
    pub(super) key: Key,
    pub(super) record: Record,
}

/// How often a batch is tried again as somebody else writes the same records.
const MOST_ATTEMPTS: usize = 8;
/// Who waits for the store.
const WHO: &str = "an import";

/// Writes batches and counts what became of them.
pub(super) struct Writer<'a> {
    pub(super) store: &'a Store,
    pub(super) parts: &'a Parts,
    pub(super) options: &'a RunOptions,
    pub(super) tally: Tally,
}

type Kept = HashMap<(ResourceId, Key), Stored>;

impl<'a> Writer<'a> {
    pub(super) fn new(store: &'a Store, parts: &'a Parts, options: &'a RunOptions) -> Self {
        Self { store, parts, options, tally: Tally::new(&parts.plan, &parts.limits) }
    }

    /// Writes one batch, all of it or nothing but what the store refuses by itself. A store that does not
    /// answer is asked again: whether it had kept the batch before is seen by looking.
    pub(super) async fn write(&mut self, mut ready: Vec<Ready>) -> Result<(), IntakeError> {
        let (mut attempts, mut patience) = (0, self.options.patience());
        while !ready.is_empty() {
            let kept = self.kept(&ready).await?;
            ready = self.refuse_other_feeds(ready, &kept);
            let at = (self.options.clock)();
            let earlier = self.earlier(&ready, &kept).await?;
            let mut batch = Batch::new(self.options.actor.clone(), at);
            let mut written = Vec::new();
            let mut same = Vec::new();
            for (place, one) in ready.iter().enumerate() {
                match self.operation(one, &kept, earlier.get(&place), at) {
                    Some(operation) => {
                        batch.operations.push(operation);
                        written.push(place);
                    }
                    None => same.push(one.target),
                }
            }
            let wholes = self.wholes(&self.changed(&batch.operations, &kept, at)).await?;
            batch.operations.extend(wholes);
            let outcomes = match batch.operations.is_empty() {
                true => Vec::new(),
                false => match self.store.write(batch).await {
                    Ok(receipt) => receipt.outcomes,
                    Err(error) if error.kind == ErrorKind::Unavailable => {
                        patience.after(error, WHO).await.map_err(|e| IntakeError::store(&e))?;
                        continue;
                    }
                    Err(error) => {
                        attempts += 1;
                        self.refuse_one(&mut ready, &written, error, attempts)?;
                        continue;
                    }
                },
            };
            for target in same {
                self.tally.counts[target].unchanged += 1;
            }
            for (outcome, place) in outcomes.iter().zip(written) {
                let counts = &mut self.tally.counts[ready[place].target];
                match outcome {
                    Outcome::Created(_) => counts.new += 1,
                    Outcome::Changed(_) => counts.changed += 1,
                    Outcome::Unchanged(_) | Outcome::Removed(_) | Outcome::Absent => counts.unchanged += 1,
                }
            }
            return Ok(());
        }
        Ok(())
    }

    /// What the store holds of the batch's keys.
    async fn kept(&self, ready: &[Ready]) -> Result<Kept, IntakeError> {
        let mut wanted: HashMap<ResourceId, Vec<Key>> = HashMap::new();
        for one in ready {
            wanted.entry(self.target(one).resource).or_default().push(one.key.clone());
        }
        let mut kept = Kept::new();
        for (resource, keys) in wanted {
            let ask = || self.store.get_many(resource, &keys);
            let found = self.options.patience().ask(WHO, ask).await.map_err(|e| IntakeError::store(&e))?;
            kept.extend(found.into_iter().flatten().map(|s| ((resource, s.key.clone()), s)));
        }
        Ok(kept)
    }

    fn target(&self, one: &Ready) -> &'a Target {
        &self.parts.plan.targets[one.target]
    }

    /// A key that another feed holds stays that feed's.
    fn refuse_other_feeds(&mut self, ready: Vec<Ready>, kept: &Kept) -> Vec<Ready> {
        let (ours, others): (Vec<Ready>, Vec<Ready>) = ready.into_iter().partition(|one| {
            kept.get(&(self.target(one).resource, one.key.clone()))
                .is_none_or(|stored| stored.feed == self.parts.plan.feed)
        });
        for one in &others {
            let hint = "A key is unique in its resource: put {feed} into the mapping's key.";
            let message = format!("The key {:?} belongs to a record of another feed.", one.key);
            self.refuse(one, "key_in_other_feed", message, hint.to_owned());
        }
        ours
    }

    fn refuse(&mut self, one: &Ready, code: &'static str, message: String, hint: String) {
        let fault = RowFault { code, field: None, column: None, value: cut(&one.key), message, hint };
        self.tally.counts[one.target].refused += 1;
        self.tally.fault(&self.parts.plan, Some(one.target), one.line, true, &fault);
    }

    /// What records were before their parts moved them, by the places of rows that would move them back.
    async fn earlier(
        &self,
        ready: &[Ready],
        kept: &Kept,
    ) -> Result<HashMap<usize, Arc<Record>>, IntakeError> {
        let mut earlier = HashMap::new();
        for (place, one) in ready.iter().enumerate() {
            let resource = self.target(one).resource;
            let Some(kept) = kept.get(&(resource, one.key.clone())) else { continue };
            if goes_back(&told(self.parts, resource), &one.record, &kept.record)
                && let Some(before) = self.before_parts(kept.sequence, &kept.record).await?
            {
                earlier.insert(place, before);
            }
        }
        Ok(earlier)
    }

    /// The records among these operations that may be parts of others, as they were and as they are to be.
    fn changed<'r>(&self, operations: &'r [Operation], kept: &'r Kept, at: Timestamp) -> Vec<Part<'r>> {
        let mut found = Vec::new();
        for operation in operations {
            let Operation::Put { record, stamp, .. } = operation else { continue };
            let resource = record.resource();
            if self.has_wholes(resource) {
                let own = self.parts.dictionary.resource(resource);
                let key = own.key_of(record).unwrap_or_default();
                let at = stamp.or_else(|| own.timestamp_of(record)).unwrap_or(at);
                let before = kept.get(&(resource, key)).map(|kept| &*kept.record);
                found.push(Part { before, after: Some(record), at });
            }
        }
        found
    }

    /// What is to be done about one record; none where the store holds just that. `earlier` is what it was before
    /// its parts moved it, where the row would move it back.
    fn operation(
        &self,
        one: &Ready,
        kept: &Kept,
        earlier: Option<&Arc<Record>>,
        at: Timestamp,
    ) -> Option<Operation> {
        let target = self.target(one);
        let resource = self.parts.dictionary.resource(target.resource);
        let kept = kept.get(&(target.resource, one.key.clone()));
        // A record whose row gives no timestamp gets the time at which it changed.
        let stamp = resource.timestamp.filter(|id| one.record.get(*id).is_none()).map(|_| at);
        let record = match kept {
            None => one.record.clone(),
            Some(kept) => {
                let mut record = match target.write {
                    Write::Merge => merged(target, &kept.record, &one.record),
                    Write::Replace => {
                        let mut record = one.record.clone();
                        // What tells of parts is not the row's, unless it says so.
                        for id in resource.part_timestamps().filter(|id| !target.mapped.contains(*id)) {
                            kept.record
                                .get(id)
                                .cloned()
                                .into_iter()
                                .for_each(|value| drop(record.set(id, value)));
                        }
                        record
                    }
                };
                if let Some(earlier) = earlier {
                    let told = told(self.parts, target.resource);
                    if record
                        .differences(earlier)
                        .iter()
                        .all(|id| told.contains(id) && !target.mapped.contains(*id))
                    {
                        return None;
                    }
                    // Whoever copies by these instants has seen the later ones.
                    let back = |id: &&FieldId| goes_back(&[**id], &record, &kept.record);
                    let back: Vec<FieldId> = told.iter().filter(back).copied().collect();
                    back.into_iter().for_each(|id| drop(record.set(id, at)));
                }
                if let (Some(_), Some(id)) = (stamp, resource.timestamp)
                    && let Some(value) = kept.record.get(id)
                {
                    record.set(id, value.clone());
                }
                if record == *kept.record {
                    return None;
                }
                record
            }
        };
        let expect = kept.map_or(Expect::Absent, |kept| Expect::At(kept.sequence));
        Some(Operation::Put { feed: self.parts.plan.feed.clone(), record, expect, stamp })
    }

    /// After the store said no: takes out what it will not have; what somebody else changed meanwhile is
    /// looked at again.
    fn refuse_one(
        &mut self,
        ready: &mut Vec<Ready>,
        written: &[usize],
        error: StoreError,
        attempts: usize,
    ) -> Result<(), IntakeError> {
        let place = error.operation.and_then(|operation| written.get(operation));
        match (error.kind, place) {
            (ErrorKind::Conflict, _) if attempts < MOST_ATTEMPTS => Ok(()),
            (ErrorKind::KeyInOtherFeed, Some(_)) if attempts < MOST_ATTEMPTS => Ok(()),
            (ErrorKind::TooLarge | ErrorKind::NotKeepable | ErrorKind::KeyMissing, Some(place)) => {
                let one = ready.remove(*place);
                let code = error.code();
                self.refuse(&one, code, error.message, error.hint);
                Ok(())
            }
            _ => Err(IntakeError::store(&error)),
        }
    }

    /// Removes records that the file no longer holds.
    pub(super) async fn remove(&mut self, gone: Vec<Key>) -> Result<(), IntakeError> {
        let resource = self.parts.plan.targets[0].resource;
        for keys in gone.chunks(self.parts.limits.batch) {
            let mut attempts = 0;
            let receipt = loop {
                attempts += 1;
                let mut batch = Batch::new(self.options.actor.clone(), (self.options.clock)());
                batch.operations = keys.iter().map(|key| Operation::remove(resource, key.clone())).collect();
                if self.has_wholes(resource) {
                    let ask = || self.store.get_many(resource, keys);
                    let kept =
                        self.options.patience().ask(WHO, ask).await.map_err(|e| IntakeError::store(&e))?;
                    let before = kept.iter().flatten().map(|kept| Some(&*kept.record));
                    let parts: Vec<Part<'_>> =
                        before.map(|before| Part { before, after: None, at: batch.at }).collect();
                    batch.operations.extend(self.wholes(&parts).await?);
                }
                let ask = || self.store.write(batch.clone());
                match self.options.patience().ask(WHO, ask).await {
                    Ok(receipt) => break receipt,
                    Err(error) if error.kind == ErrorKind::Conflict && attempts < MOST_ATTEMPTS => {}
                    Err(error) => return Err(IntakeError::store(&error)),
                }
            };
            let removed = receipt.outcomes.iter().filter(|o| matches!(o, Outcome::Removed(_))).count();
            self.tally.counts[0].removed += removed as u64;
        }
        Ok(())
    }
}

/// The kept record with the mapped fields as the row has them.
fn merged(target: &Target, kept: &Arc<Record>, row: &Record) -> Record {
    let mut values: Vec<_> = row.iter().map(|(id, value)| (id, value.clone())).collect();
    values.extend(kept.iter().filter(|(id, _)| !target.mapped.contains(*id)).map(|(id, v)| (id, v.clone())));
    Record::from_values(target.resource, values)
}
