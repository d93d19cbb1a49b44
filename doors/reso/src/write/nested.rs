//! Parts inside a change of what they are parts of (OData 4.01 part 1, 11.4.3.1): all that it is to have, or, under
//! `@delta`, what changes of them.

use std::collections::HashSet;

use dictionary::{Key, Value};
use odata::Fault;
use odata::json::{NestedRecords, ReadRecord};
use store::Stored;

use super::check::add;
use super::draft::{Drafting, Extent, joined};
use super::feed;
use crate::headers::Version;
use crate::reply::Refused;

impl Drafting<'_> {
    /// What becomes of the parts of `kept` under one link. Those that the client does not see are left alone.
    ///
    /// # Errors
    /// 403 for a resource that may not be written.
    pub(super) fn change_parts(
        &mut self,
        kept: &Stored,
        nested: NestedRecords,
        prefix: &str,
    ) -> Result<(), Refused> {
        let link = self.door.dictionary.resource(kept.resource).link(nested.link);
        let target = format!("{prefix}{}", link.name);
        if !self.may_nest(kept.resource, nested.link) {
            if !nested.records.is_empty() || nested.delta {
                self.refuse_link(&target, link.target);
            }
            return Ok(());
        }
        if self.version == Version::V4_0 {
            if !nested.records.is_empty() || nested.delta {
                let message = "OData 4.0 has no nested records in a change.";
                let hint = "Send OData-Version: 4.01, or write the parts in their own resource.";
                add(&mut self.faults, Fault::bad("link_refused", message, hint).about(target));
            }
            return Ok(());
        }
        let scope = self.caller.scope();
        let there = self.parts.of(scope, kept.resource, &kept.key, nested.link, self.feed);
        let joined = joined(&self.door.dictionary, &kept.record, kept.resource, nested.link);
        let mut named: HashSet<Key> = HashSet::new();
        for (at, given) in nested.records.into_iter().enumerate() {
            let place = format!("{target}[{at}]");
            let key = self.door.dictionary.resource(link.target).key_of(&given.record);
            if key.as_ref().is_some_and(|key| !named.insert(key.clone())) {
                let fault = Fault::bad("repeated_member", "This record stands twice.", "Send it once.");
                add(&mut self.faults, fault.about(place));
                continue;
            }
            let part = key.and_then(|key| there.iter().find(|part| part.key == key));
            self.one_part(part, given, &joined, &place)?;
        }
        let goes = |part: &&Stored| !nested.delta && !named.contains(&part.key);
        there.iter().filter(goes).try_for_each(|part| self.remove_part(part))
    }

    /// One part that a body names: it changes, goes or comes.
    fn one_part(
        &mut self,
        part: Option<&Stored>,
        given: ReadRecord,
        joined: &[(dictionary::FieldId, Value)],
        place: &str,
    ) -> Result<(), Refused> {
        match part {
            None if given.removed => {
                let message = "This is no part of the record.";
                let fault = Fault::bad("part_unknown", message, "Name one by its key, or leave it out.");
                add(&mut self.faults, fault.about(place));
                Ok(())
            }
            None => {
                let resource = given.record.resource();
                self.create(resource, given, joined, &format!("{place}."))
            }
            Some(part) if given.removed => self.remove_part(part),
            Some(part) => {
                let own = self.door.dictionary.resource(part.resource);
                for (field, value) in joined {
                    if given.record.get(*field).is_some_and(|sent| sent != value)
                        || given.nulls.contains(field)
                    {
                        let name = &own.field(*field).name;
                        let message =
                            format!("{name} names another record than the one that this stands in.");
                        let fault = Fault::bad("link_mismatch", message, "Leave it out.");
                        add(&mut self.faults, fault.about(format!("{place}.{name}")));
                    }
                }
                self.change(part, given, Extent::Part, &format!("{place}."))
            }
        }
    }

    fn remove_part(&mut self, part: &Stored) -> Result<(), Refused> {
        let mut steps = Vec::new();
        self.parts.gone(part, &mut steps)?;
        for step in steps {
            feed::require(self.door, self.caller, &step.feed, step.resource)?;
            self.step(step)?;
        }
        Ok(())
    }
}
