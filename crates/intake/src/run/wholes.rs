//! What an import of parts changes on the records that they are parts of (RESO-045).
//!
//! A picture that comes, changes or goes moves the timestamps of its listing, so that whoever copies listings by them
//! copies it again. A mapping that brings the wholes, too, speaks for them itself: there nothing is moved. Counts are
//! the source's.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dictionary::{FieldId, Key, PartChange, Record, Resource, ResourceId, Timestamp, Value, Whole};
use store::{ChangeKind, Expect, Operation, Sequence};

use super::batch::Writer;
use crate::IntakeError;
use crate::job::Parts;

/// A part as it was and as it is to be, and when it changed: as the source says, or else now.
pub(super) struct Part<'r> {
    pub(super) before: Option<&'r Record>,
    pub(super) after: Option<&'r Record>,
    pub(super) at: Timestamp,
}

/// Who waits for the store.
const WHO: &str = "an import";
/// Versions that are looked at behind one that parts have moved; one more is taken for the record's own.
const MOST_MOVES: usize = 100;

impl Writer<'_> {
    /// Whether records of this resource may be parts of ones that the mapping does not bring.
    pub(super) fn has_wholes(&self, part: ResourceId) -> bool {
        let dictionary = &self.parts.dictionary;
        let of = |whole: &&Resource| dictionary.part_links(whole).any(|(_, link)| link.target == part);
        dictionary.resources().iter().filter(of).any(|whole| !self.brings(whole.id))
    }

    fn brings(&self, resource: ResourceId) -> bool {
        self.parts.plan.targets.iter().any(|target| target.resource == resource)
    }

    /// What is to be written of the wholes of these parts: those of the same feed that the store holds.
    pub(super) async fn wholes(&self, parts: &[Part<'_>]) -> Result<Vec<Operation>, IntakeError> {
        let dictionary = &self.parts.dictionary;
        let mut changes: HashMap<Whole, Vec<(PartChange<'_>, Timestamp)>> = HashMap::new();
        for Part { before, after, at } in parts {
            let of = |part: &Option<&Record>| -> HashSet<Whole> {
                part.map_or_else(HashSet::new, |part| dictionary.wholes(part).into_iter().collect())
            };
            let (was, is) = (of(before), of(after));
            for whole in was.union(&is).filter(|whole| !self.brings(whole.resource)) {
                let before = before.filter(|_| was.contains(whole));
                let change = PartChange { before, after: after.filter(|_| is.contains(whole)) };
                changes.entry(whole.clone()).or_default().push((change, *at));
            }
        }
        let mut keys: HashMap<ResourceId, Vec<Key>> = HashMap::new();
        changes.keys().for_each(|whole| keys.entry(whole.resource).or_default().push(whole.key.clone()));
        let mut records: HashMap<(ResourceId, Key), (Record, Arc<Record>, Sequence)> = HashMap::new();
        for (resource, keys) in keys {
            let ask = || self.store.get_many(resource, &keys);
            let found = self.options.patience().ask(WHO, ask).await.map_err(|e| IntakeError::store(&e))?;
            for kept in found.into_iter().flatten().filter(|kept| kept.feed == self.parts.plan.feed) {
                let whole = ((*kept.record).clone(), kept.record, kept.sequence);
                records.insert((resource, kept.key), whole);
            }
        }
        for (whole, changes) in &changes {
            let Some((record, ..)) = records.get_mut(&(whole.resource, whole.key.clone())) else { continue };
            for (change, at) in changes {
                dictionary.tell_of_part(record, *change, *at, None);
            }
        }
        let mut moved: Vec<_> =
            records.into_iter().filter(|(_, (record, kept, _))| *record != **kept).collect();
        moved.sort_by(|a, b| a.0.cmp(&b.0));
        let feed = &self.parts.plan.feed;
        let put = |(_, (record, _, sequence)): (_, (Record, _, Sequence))| Operation::Put {
            feed: feed.clone(),
            record,
            expect: Expect::At(sequence),
            stamp: None,
        };
        Ok(moved.into_iter().map(put).collect())
    }

    /// Of a record whose row is older than what the store holds of it: what it was before its parts moved it. None
    /// where no part did: then the row goes back in time of its own accord.
    pub(super) async fn before_parts(
        &self,
        version: Sequence,
        kept: &Arc<Record>,
    ) -> Result<Option<Arc<Record>>, IntakeError> {
        let told = told(self.parts, kept.resource());
        let (mut version, mut record) = (version, Arc::clone(kept));
        let mut moved = false;
        for _ in 0..MOST_MOVES {
            let ask = || self.store.version(version);
            let change = self.options.patience().ask(WHO, ask).await.map_err(|e| IntakeError::store(&e))?;
            let Some(before) = change.filter(|c| c.kind == ChangeKind::Changed).and_then(|c| c.before) else {
                break;
            };
            let ask = || self.store.version(before);
            let older = self.options.patience().ask(WHO, ask).await.map_err(|e| IntakeError::store(&e))?;
            let Some(older) = older.and_then(|change| change.record) else { break };
            if !record.differences(&older).iter().all(|field| told.contains(field)) {
                break;
            }
            (version, record, moved) = (before, older, true);
        }
        Ok(moved.then_some(record))
    }
}

/// The instants that parts move.
pub(super) fn told(parts: &Parts, resource: ResourceId) -> Vec<FieldId> {
    let own = parts.dictionary.resource(resource);
    own.timestamp.into_iter().chain(own.part_timestamps()).collect()
}

/// Whether an instant that parts move is earlier in `row` than in `kept`.
pub(super) fn goes_back(told: &[FieldId], row: &Record, kept: &Record) -> bool {
    let at = |record: &Record, field: FieldId| record.get(field).and_then(Value::as_timestamp);
    told.iter().any(|field| at(row, *field).zip(at(kept, *field)).is_some_and(|(row, kept)| row < kept))
}
