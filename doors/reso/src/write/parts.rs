//! The parts of a record as they are when a request's turn comes: what the index holds, with what stands before the
//! request in its change set.

use std::sync::Arc;

use dictionary::{Key, LinkId, Record, ResourceId, Timestamp, Value};
use odata::Fault;
use query::Scope;
use store::{Expect, Stored};

use super::{MOST_RECORDS, Step, last};
use crate::Door;
use crate::reply::Refused;

/// Where parts are looked for.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) door: &'a Door,
    pub(super) pending: &'a [Step],
    pub(super) now: Timestamp,
}

impl Parts<'_> {
    /// The parts that the record of `key` has by `link`, of those of its feed that `scope` lets be seen, in the order
    /// of their keys; what is made in the change set comes after them.
    pub(super) fn of(
        &self,
        scope: &Scope,
        resource: ResourceId,
        key: &str,
        link: LinkId,
        feed: &str,
    ) -> Vec<Stored> {
        let own = self.door.dictionary.resource(resource).link(link);
        let mut found = self.kept(scope, resource, key, link, feed);
        found.retain(|part| last(self.pending, part.resource, &part.key).is_none());
        let leads = |record: &Record| {
            let constant = own.join.constant.as_ref();
            record.get(own.join.target).and_then(Value::as_text).is_some_and(|text| text == key)
                && constant
                    .is_none_or(|(field, text)| record.get(*field).and_then(Value::as_text) == Some(text))
        };
        let mut known: Vec<&Key> = Vec::new();
        for step in self.pending.iter().filter(|step| step.resource == own.target && step.feed == feed) {
            if known.contains(&&step.key) {
                continue;
            }
            known.push(&step.key);
            let last = last(self.pending, step.resource, &step.key).unwrap_or(step);
            if let Some(record) = last.after.as_ref().filter(|record| leads(record)) {
                found.push(last.stored(record, self.now));
            }
        }
        found
    }

    fn kept(&self, scope: &Scope, resource: ResourceId, key: &str, link: LinkId, feed: &str) -> Vec<Stored> {
        let target = self.door.dictionary.resource(resource).link(link).target;
        let reader = self.door.search.read();
        let Some(row) = reader.row(resource, key) else { return Vec::new() };
        let stored = |part| {
            let view = reader.view(target, part);
            (view.feed() == feed).then(|| Stored {
                resource: target,
                feed: feed.into(),
                key: view.key().into(),
                sequence: view.sequence(),
                at: self.now,
                record: Arc::new(reader.record(target, part)),
            })
        };
        reader.linked(resource, row, link, scope, self.now).into_iter().filter_map(stored).collect()
    }

    /// Removes a record with its parts, and theirs, the deepest first (RESO-046).
    pub(super) fn gone(&self, kept: &Stored, steps: &mut Vec<Step>) -> Result<(), Refused> {
        let own = self.door.dictionary.resource(kept.resource);
        let links: Vec<LinkId> = self.door.dictionary.part_links(own).map(|(id, _)| id).collect();
        for link in links {
            for part in self.of(&Scope::everything(), kept.resource, &kept.key, link, &kept.feed) {
                if last(steps, part.resource, &part.key).is_none() {
                    self.gone(&part, steps)?;
                }
            }
        }
        if steps.len() >= MOST_RECORDS {
            let message = format!("The record has more than {MOST_RECORDS} parts.");
            return Err(Fault::new(413, "too_large", message, "Remove its parts first.").into());
        }
        steps.push(Step {
            resource: kept.resource,
            key: kept.key.clone(),
            feed: kept.feed.clone(),
            before: Some(Arc::clone(&kept.record)),
            after: None,
            expect: Expect::At(kept.sequence),
        });
        Ok(())
    }
}
