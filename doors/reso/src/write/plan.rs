//! From a request to what it would do, without doing it.

use dictionary::{Feed, FieldId, Key, ResourceId, Timestamp, Value};
use gate::{Caller, Refusal};
use http::{HeaderMap, Method, header};
use odata::Fault;
use odata::json::{LinkPolicy, ReadOptions, ReadRecord, UnknownPolicy, salvage_record};
use odata::url::Request;
use query::{Expand, Query};
use std::collections::HashSet;
use store::{Expect, Stored};

use super::draft::{Drafting, Extent, joined};
use super::keep::taken;
use super::parts::Parts;
use super::precondition::There;
use super::target::{Target, gone, target};
use super::{Deed, LARGEST_BODY, Planned, Sent, Step, check, feed, last, link, precondition};
use crate::headers::{Version, Wishes};
use crate::reply::Refused;
use crate::{Door, ask};

/// Says what a request would do.
///
/// # Errors
/// As [`write`](super::write) says: nothing of it is done.
pub(crate) async fn plan(
    door: &Door,
    caller: &Caller,
    sent: Sent<'_>,
    wishes: &mut Wishes,
    now: Timestamp,
) -> Result<Planned, Refused> {
    let Request { asked, format, page_token, custom, .. } = ask::read(door, caller, sent.url, wishes)?;
    ask::take_format(format, &asked, wishes)?;
    if page_token.is_some() {
        let hint = "What is written is told with $select and $expand.";
        return Err(Fault::bad("option_not_here", "A write has no pages.", hint).about("$skiptoken").into());
    }
    let named = custom.iter().find(|(name, _)| name == feed::OPTION).map(|(_, value)| value.as_str());
    let planning = Planning { door, caller, sent, version: wishes.version, now };
    match target(door, caller, &sent, asked, now)? {
        Target::New(query) => {
            precondition::hold(sent.headers, There::Nothing)?;
            let feed = feed::of_new(door, caller, query.resource, named).await?;
            planning.create(feed, query, &[])
        }
        Target::NewPart { whole, link, query } => {
            precondition::hold(sent.headers, There::Nothing)?;
            let (resource, key) = whole;
            let (whole, _) = planning.kept(resource, &key).await?;
            let joined = joined(&door.dictionary, &whole.record, resource, link);
            planning.create(whole.feed, query, &joined)
        }
        Target::Record { resource, key, query } => {
            let (kept, there) = planning.kept(resource, &key).await?;
            precondition::hold(sent.headers, there)?;
            match *sent.method {
                Method::DELETE => planning.remove(&kept, query),
                Method::PUT => planning.change(&kept, query, Extent::Whole),
                _ => planning.change(&kept, query, Extent::Part),
            }
        }
        Target::Absent { resource, key, query } => {
            precondition::hold(sent.headers, There::Nothing)?;
            let feed = feed::of_new(door, caller, resource, named).await?;
            let own = door.dictionary.resource(resource);
            let [id] = *own.key else {
                let hint = format!("POST it to {} with every field of its key.", own.name);
                return Err(Fault::new(404, "record_unknown", "There is no such record.", hint).into());
            };
            planning.create(feed, query, &[(id, Value::Text(key))])
        }
    }
}

/// One request on its way to a plan.
struct Planning<'a> {
    door: &'a Door,
    caller: &'a Caller,
    sent: Sent<'a>,
    /// The version of OData that the client speaks.
    version: Version,
    now: Timestamp,
}

impl Planning<'_> {
    /// A record that was found, as it is when this request's turn comes.
    async fn kept(&self, resource: ResourceId, key: &Key) -> Result<(Stored, There), Refused> {
        if let Some(step) = self.sent.pending(resource, key) {
            let record = step.after.as_ref().ok_or_else(gone)?;
            return Ok((step.stored(record, self.now), There::Unnumbered));
        }
        let kept = self.door.store.get(resource, key).await?.ok_or_else(gone)?;
        let there = There::Version(kept.sequence);
        Ok((kept, there))
    }

    fn parts(&self) -> Parts<'_> {
        Parts { door: self.door, pending: self.sent.pending, now: self.now }
    }

    fn drafting<'d>(&'d self, feed: &'d Feed) -> Drafting<'d> {
        let Self { door, caller, now, .. } = *self;
        let rules = door.rules.of(door, feed, now);
        Drafting {
            door,
            caller,
            feed,
            now,
            parts: self.parts(),
            version: self.version,
            steps: Vec::new(),
            known: HashSet::new(),
            faults: Vec::new(),
            rules,
            warnings: Vec::new(),
        }
    }

    fn create(&self, feed: Feed, mut query: Query, joined: &[(FieldId, Value)]) -> Result<Planned, Refused> {
        let resource = query.resource;
        feed::require(self.door, self.caller, &feed, resource)?;
        let mut drafting = self.drafting(&feed);
        let given = self.body(resource, &mut drafting)?;
        self.tell_nested(&given, &mut query);
        drafting.create(resource, given, joined, "")?;
        let Drafting { steps, faults, warnings, .. } = drafting;
        self.judge(&feed, &steps, faults, "Create")?;
        let key = steps.first().map(|step| step.key.clone()).unwrap_or_default();
        let planned = self.planned(steps, Deed::Created, (resource, key, None), query);
        Ok(Planned { warnings, ..planned })
    }

    /// What was sent inside is told inside (OData 4.01 part 1, 11.4.2.2).
    fn tell_nested(&self, given: &ReadRecord, query: &mut Query) {
        for nested in given.links.iter().filter(|nested| !nested.records.is_empty()) {
            if query.expand.iter().all(|expand| expand.link != nested.link) {
                let target = self.door.dictionary.resource(query.resource).link(nested.link).target;
                query.expand.push(Expand { link: nested.link, query: Query::all(target) });
            }
        }
    }

    fn change(&self, kept: &Stored, mut query: Query, extent: Extent) -> Result<Planned, Refused> {
        feed::require(self.door, self.caller, &kept.feed, kept.resource)?;
        let mut drafting = self.drafting(&kept.feed);
        let given = self.body(kept.resource, &mut drafting)?;
        self.tell_nested(&given, &mut query);
        drafting.change(kept, given, extent, "")?;
        let Drafting { steps, faults, warnings, .. } = drafting;
        self.judge(&kept.feed, &steps, faults, "Update")?;
        let of = (kept.resource, kept.key.clone(), Some(kept.sequence));
        let planned = self.planned(steps, Deed::Changed, of, query);
        Ok(Planned { warnings, ..planned })
    }

    /// A record goes with its parts, all of them before it (RESO-046).
    fn remove(&self, kept: &Stored, query: Query) -> Result<Planned, Refused> {
        let mut steps = Vec::new();
        self.parts().gone(kept, &mut steps)?;
        for step in &steps {
            feed::require(self.door, self.caller, &step.feed, step.resource)?;
        }
        let of = (kept.resource, kept.key.clone(), Some(kept.sequence));
        Ok(self.planned(steps, Deed::Removed, of, query))
    }

    fn planned(
        &self,
        steps: Vec<Step>,
        deed: Deed,
        (resource, key, version): (ResourceId, Key, Option<u64>),
        query: Query,
    ) -> Planned {
        let guarded = precondition::is_guarded(self.sent.headers);
        Planned { steps, deed, resource, key, version, query, guarded, warnings: Vec::new() }
    }

    /// The body as a record; what is wrong with it is kept with the draft.
    fn body(&self, resource: ResourceId, drafting: &mut Drafting<'_>) -> Result<ReadRecord, Refused> {
        media_type(self.sent.headers)?;
        let mut options = ReadOptions {
            unknown: UnknownPolicy::Refuse,
            links: LinkPolicy::Change,
            ..ReadOptions::default()
        };
        options.limits.bytes = LARGEST_BODY;
        options.limits.faults = check::MOST_FAULTS;
        let dictionary = &self.door.dictionary;
        let enums = self.door.enums_written().map(|enums| &**enums);
        let (given, faults) = salvage_record(self.sent.body, dictionary, resource, &options, enums);
        match given {
            Some(given) => {
                drafting.faults = faults;
                Ok(given)
            }
            None => Err(Fault::of_all(faults).into()),
        }
    }

    /// Refuses a draft with faults, and one that its own writer would not see.
    fn judge(&self, feed: &Feed, steps: &[Step], faults: Vec<Fault>, doing: &str) -> Result<(), Refused> {
        if !faults.is_empty() {
            return Err(check::refused(doing, faults).into());
        }
        let scope = self.caller.scope();
        let is_last = |step: &&Step| {
            let own = last(steps, step.resource, &step.key);
            own.or_else(|| self.sent.pending(step.resource, &step.key))
                .is_some_and(|own| std::ptr::eq(own, *step))
        };
        let with: Vec<&Step> = self.sent.pending.iter().chain(steps).filter(is_last).collect();
        for step in steps {
            let before = self.sent.pending(step.resource, &step.key).and_then(|step| step.after.as_ref());
            if step.expect == Expect::Absent && before.is_some() {
                return Err(taken(self.door, step.resource));
            }
            let Some(record) = &step.after else { continue };
            if !link::would_be_seen(self.door, scope, (step.resource, feed), record, &with, self.now) {
                let name = &self.door.dictionary.resource(step.resource).name;
                let message = format!("The record of {name} would be outside what this client is granted.");
                let hint = "Ask the operator which records the grant's filters leave.";
                return Err(Refusal::new(403, "outside_grant", &message, hint).into());
            }
        }
        Ok(())
    }
}

/// JSON alone is read (RESO-003).
fn media_type(headers: &HeaderMap) -> Result<(), Fault> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let hint = "Send JSON with Content-Type: application/json.";
    if kind != "application/json" {
        let message = match kind.as_str() {
            "" => "The body says no Content-Type.".to_owned(),
            kind => format!("A body of {kind:?} is not read here."),
        };
        return Err(Fault::new(415, "media_type_unsupported", message, hint).about("Content-Type"));
    }
    if !matches!(text(header::CONTENT_ENCODING), "" | "identity") {
        let message = "A body that is compressed is not read here.";
        return Err(Fault::new(415, "encoding_unsupported", message, hint).about("Content-Encoding"));
    }
    Ok(())
}
