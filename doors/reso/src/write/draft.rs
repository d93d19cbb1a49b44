//! The records that a body makes: typed, checked, every fault told (RESO-061, RESO-062).

use dictionary::{Feed, FieldId, LinkId, Record, ResourceId, Text, Timestamp, Value};
use gate::Caller;
use odata::Fault;
use odata::json::{NestedRecords, ReadRecord};
use std::collections::HashSet;
use std::sync::Arc;
use store::{Expect, Stored};

use super::check::{add, check, has};
use super::keep::taken;
use super::parts::Parts;
use super::{MOST_RECORDS, Step, feed, fields};
use crate::Door;
use crate::headers::Version;
use crate::reply::Refused;

/// What a request is drafted in.
pub(super) struct Drafting<'a> {
    pub(super) door: &'a Door,
    pub(super) caller: &'a Caller,
    pub(super) feed: &'a Feed,
    pub(super) now: Timestamp,
    pub(super) parts: Parts<'a>,
    /// The version of OData that the client speaks.
    pub(super) version: Version,
    pub(super) steps: Vec<Step>,
    /// The records that are written so far.
    pub(super) known: HashSet<(ResourceId, Text)>,
    pub(super) faults: Vec<Fault>,
    /// The rules of the feed, in their order.
    pub(super) rules: Vec<Arc<::rules::Rule>>,
    /// What they warn of.
    pub(super) warnings: Vec<Fault>,
}

/// Whether a body stands for the whole record or for what changes of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Extent {
    /// PATCH: what is not sent stays.
    Part,
    /// PUT: what is not sent goes.
    Whole,
}

impl Drafting<'_> {
    /// A new record, and those that stand inside it. `joined` are the fields by which it belongs to what it stands
    /// in; `prefix` goes before the names of its members in targets.
    ///
    /// # Errors
    /// 403 for a resource that may not be written. What is wrong with the record is kept among the faults.
    pub(super) fn create(
        &mut self,
        resource: ResourceId,
        given: ReadRecord,
        joined: &[(FieldId, Value)],
        prefix: &str,
    ) -> Result<(), Refused> {
        feed::require(self.door, self.caller, self.feed, resource)?;
        let own = self.door.dictionary.resource(resource);
        self.refuse_hidden(resource, &given, prefix);
        let ReadRecord { mut record, links, .. } = given;
        own.timestamp.into_iter().for_each(|field| drop(record.clear(field)));
        let mut ours: Vec<FieldId> = own.each().map(|(id, _)| id).collect();
        ours.retain(|id| own.hub_fields().contains(*id));
        ours.iter().for_each(|field| drop(record.clear(*field)));
        for (field, value) in joined {
            if record.set(*field, value.clone()).is_some_and(|sent| sent != *value) {
                let name = &own.field(*field).name;
                let message = format!("{name} names another record than the one that this stands in.");
                let fault = Fault::bad("link_mismatch", message, "Leave it out.");
                add(&mut self.faults, fault.about(format!("{prefix}{name}")));
            }
        }
        if links.iter().any(|nested| !nested.records.is_empty()) {
            // What is nested is counted as it is kept.
            own.part_counts().for_each(|field| drop(record.clear(field)));
        }
        let said: Vec<FieldId> = record.iter().map(|(id, _)| id).collect();
        fields::name(own, &mut record, self.now)?;
        self.rule(&mut record, None, prefix);
        fields::enter(own, &mut record, self.caller, self.feed, self.now);
        fields::date(own, None, &mut record, &|id| said.contains(&id), self.now);
        check(&self.door.dictionary, &record, prefix, &mut self.faults);
        let key = own.key_of(&record).unwrap_or_default();
        self.step(Step {
            resource,
            key,
            feed: self.feed.clone(),
            before: None,
            after: Some(record.clone()),
            expect: Expect::Absent,
        })?;
        for nested in links {
            self.nest(resource, &record, nested, prefix)?;
        }
        Ok(())
    }

    /// The records under one link of a new record.
    fn nest(
        &mut self,
        resource: ResourceId,
        whole: &Record,
        nested: NestedRecords,
        prefix: &str,
    ) -> Result<(), Refused> {
        let own = self.door.dictionary.resource(resource);
        let link = own.link(nested.link);
        let target = format!("{prefix}{}", link.name);
        if !self.may_nest(resource, nested.link) {
            if !nested.records.is_empty() {
                self.refuse_link(&target, link.target);
            }
            return Ok(());
        }
        if nested.delta {
            let hint = format!("Send {} itself: a new record has no parts yet.", link.name);
            let message = "Changes of parts stand in a change of what they are parts of.";
            add(&mut self.faults, Fault::bad("link_refused", message, hint).about(target));
            return Ok(());
        }
        let joined = joined(&self.door.dictionary, whole, resource, nested.link);
        for (at, record) in nested.records.into_iter().enumerate() {
            self.create(link.target, record, &joined, &format!("{target}[{at}]."))?;
        }
        Ok(())
    }

    /// Whether records of this link are parts that are sent inside their whole.
    pub(super) fn may_nest(&self, resource: ResourceId, link: LinkId) -> bool {
        let own = self.door.dictionary.resource(resource);
        self.door.dictionary.part_links(own).any(|(id, _)| id == link)
    }

    pub(super) fn refuse_link(&mut self, target: &str, of: ResourceId) {
        let name = &self.door.dictionary.resource(of).name;
        let message = "These records are not written inside another.";
        let hint = format!("Send them to {name} by themselves.");
        add(&mut self.faults, Fault::bad("link_refused", message, hint).about(target));
    }

    /// A record with what a body changes of it and of its parts; no step where nothing differs.
    ///
    /// # Errors
    /// 403 for a resource that may not be written.
    pub(super) fn change(
        &mut self,
        kept: &Stored,
        given: ReadRecord,
        extent: Extent,
        prefix: &str,
    ) -> Result<(), Refused> {
        let resource = kept.resource;
        feed::require(self.door, self.caller, self.feed, resource)?;
        let own = self.door.dictionary.resource(resource);
        self.refuse_hidden(resource, &given, prefix);
        let ReadRecord { record: sent, nulls, links, .. } = given;
        let stays = |id: FieldId| own.field(id).key || fields::is_ours(own, id);
        let mut record = (*kept.record).clone();
        if extent == Extent::Whole {
            let shown = self.caller.shown(resource, self.feed);
            let told: Vec<FieldId> = own.part_timestamps().chain(own.part_counts()).collect();
            let entered = own.find("OriginalEntryTimestamp");
            let goes = |id: &FieldId| {
                !stays(*id) && shown.contains(*id) && !told.contains(id) && Some(*id) != entered
            };
            let gone: Vec<FieldId> = record.iter().map(|(id, _)| id).filter(goes).collect();
            gone.into_iter().for_each(|id| drop(record.clear(id)));
        }
        // What is nested is counted as it is kept.
        let counts: Vec<FieldId> = if links.is_empty() { Vec::new() } else { own.part_counts().collect() };
        let said: Vec<(FieldId, Option<&Value>)> = sent
            .iter()
            .map(|(id, value)| (id, Some(value)))
            .chain(nulls.iter().map(|id| (*id, None)))
            .filter(|(id, _)| !stays(*id) && !counts.contains(id))
            .collect();
        for (id, value) in &said {
            match value {
                Some(value) => drop(record.set(*id, (*value).clone())),
                None => drop(record.clear(*id)),
            }
        }
        self.rule(&mut record, Some(&kept.record), prefix);
        // Who sends another timestamp wants the record dated anew, whatever else it sends.
        let named = own.timestamp.filter(|field| sent.get(*field).is_some());
        if let Some(field) = named.filter(|field| sent.get(*field) != kept.record.get(*field)) {
            record.set(field, self.now);
        }
        if record != *kept.record {
            let says = |id: FieldId| said.iter().any(|(said, _)| *said == id);
            fields::date(own, Some(&kept.record), &mut record, &says, self.now);
            own.timestamp.into_iter().for_each(|field| drop(record.set(field, self.now)));
            check(&self.door.dictionary, &record, prefix, &mut self.faults);
            self.step(Step {
                resource,
                key: kept.key.clone(),
                feed: self.feed.clone(),
                before: Some(Arc::clone(&kept.record)),
                after: Some(record),
                expect: Expect::At(kept.sequence),
            })?;
        }
        links.into_iter().try_for_each(|nested| self.change_parts(kept, nested, prefix))
    }

    /// Refuses fields that the caller is not shown in this feed: what is not shown does not exist.
    fn refuse_hidden(&mut self, resource: ResourceId, given: &ReadRecord, prefix: &str) {
        let own = self.door.dictionary.resource(resource);
        let shown = self.caller.shown(resource, self.feed);
        let sent = given.record.iter().map(|(id, _)| id).chain(given.nulls.iter().copied());
        for id in sent.filter(|id| !shown.contains(*id)) {
            let field = &own.field(id).name;
            let target = format!("{prefix}{field}");
            if !has(&self.faults, &target) {
                let message = format!("{} has no field {field:?}.", own.name);
                let hint = format!("See $metadata for the fields of {}.", own.name);
                add(&mut self.faults, Fault::bad("unknown_field", message, hint).about(target));
            }
        }
    }

    pub(super) fn step(&mut self, step: Step) -> Result<(), Refused> {
        // A record without a key has a fault already.
        if !step.key.is_empty() && !self.known.insert((step.resource, step.key.clone())) {
            return Err(taken(self.door, step.resource));
        }
        if self.steps.len() == MOST_RECORDS {
            let message = format!("More than {MOST_RECORDS} records stand in one request.");
            return Err(Fault::new(413, "too_large", message, "Send them in several.").into());
        }
        self.steps.push(step);
        Ok(())
    }
}

/// The fields of a part that say which whole it belongs to.
pub(super) fn joined(
    dictionary: &dictionary::Dictionary,
    whole: &Record,
    resource: ResourceId,
    link: LinkId,
) -> Vec<(FieldId, Value)> {
    let join = &dictionary.resource(resource).link(link).join;
    let own = whole.get(join.source).map(|value| (join.target, value.clone()));
    let constant = join.constant.as_ref().map(|(field, text)| (*field, Value::Text(Text::new(text))));
    own.into_iter().chain(constant).collect()
}
