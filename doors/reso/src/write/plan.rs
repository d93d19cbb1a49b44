//! From a request to what it would do, without doing it.

use dictionary::{Feed, FieldId, Key, ResourceId, Timestamp, Value};
use gate::{Caller, Refusal};
use http::{HeaderMap, Method, header};
use odata::Fault;
use odata::json::{LinkPolicy, ReadOptions, ReadRecord, UnknownPolicy, salvage_record};
use odata::url::Request;
use query::{Expand, Query, Scope};
use search::Reader;
use std::sync::Arc;
use store::{Expect, Stored};

use super::draft::{Drafting, Extent, joined};
use super::target::{Target, target};
use super::{Deed, LARGEST_BODY, MOST_RECORDS, Planned, Sent, Step, check, feed, link, precondition};
use crate::headers::Wishes;
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
    let planning = Planning { door, caller, sent, now };
    match target(door, caller, &sent, asked, now)? {
        Target::New(query) => {
            precondition::hold(sent.headers, None)?;
            let feed = feed::of_new(door, caller, query.resource, named).await?;
            planning.create(feed, query, &[])
        }
        Target::NewPart { whole, link, query } => {
            precondition::hold(sent.headers, None)?;
            let (resource, key) = whole;
            let new =
                sent.pending(resource, &key).and_then(|step| Some((step.feed.clone(), step.after.clone()?)));
            let (feed, whole) = match new {
                Some((feed, record)) => (feed, Arc::new(record)),
                None => planning.kept(resource, &key).await.map(|kept| (kept.feed, kept.record))?,
            };
            let joined = joined(&door.dictionary, &whole, resource, link);
            planning.create(feed, query, &joined)
        }
        Target::Record { resource, key, query } => {
            let kept = planning.kept(resource, &key).await?;
            precondition::hold(sent.headers, Some(kept.sequence))?;
            match *sent.method {
                Method::DELETE => planning.remove(&kept, query),
                Method::PUT => planning.change(&kept, query, Extent::Whole),
                _ => planning.change(&kept, query, Extent::Part),
            }
        }
        Target::Absent { resource, key, query } => {
            precondition::hold(sent.headers, None)?;
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
    now: Timestamp,
}

impl Planning<'_> {
    /// The newest version of a record that was found.
    async fn kept(&self, resource: ResourceId, key: &Key) -> Result<Stored, Refused> {
        let gone = || {
            let message = "There is no such record any more.";
            Fault::new(404, "record_unknown", message, "It has just been removed.")
        };
        Ok(self.door.store.get(resource, key).await?.ok_or_else(gone)?)
    }

    fn drafting<'d>(&'d self, feed: &'d Feed) -> Drafting<'d> {
        let Self { door, caller, now, .. } = *self;
        let rules = door.rules.of(door, feed, now);
        Drafting {
            door,
            caller,
            feed,
            now,
            steps: Vec::new(),
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
        let nested: Vec<_> = given.links.iter().filter(|n| !n.records.is_empty()).map(|n| n.link).collect();
        drafting.create(resource, given, joined, "")?;
        let Drafting { steps, faults, warnings, .. } = drafting;
        self.judge(&feed, &steps, faults, "Create")?;
        // What was sent inside is told inside (OData 4.01 part 1, 11.4.2.2).
        for link in nested {
            if query.expand.iter().all(|expand| expand.link != link) {
                let target = self.door.dictionary.resource(resource).link(link).target;
                query.expand.push(Expand { link, query: Query::all(target) });
            }
        }
        let key = steps.first().map(|step| step.key.clone()).unwrap_or_default();
        let planned = self.planned(steps, Deed::Created, (resource, key, None), query);
        Ok(Planned { warnings, ..planned })
    }

    fn change(&self, kept: &Stored, query: Query, extent: Extent) -> Result<Planned, Refused> {
        feed::require(self.door, self.caller, &kept.feed, kept.resource)?;
        let mut drafting = self.drafting(&kept.feed);
        let given = self.body(kept.resource, &mut drafting)?;
        drafting.change(kept, given, extent)?;
        let Drafting { steps, faults, warnings, .. } = drafting;
        self.judge(&kept.feed, &steps, faults, "Update")?;
        let of = (kept.resource, kept.key.clone(), Some(kept.sequence));
        let planned = self.planned(steps, Deed::Changed, of, query);
        Ok(Planned { warnings, ..planned })
    }

    /// A record goes with its parts, all of them before it (RESO-046).
    fn remove(&self, kept: &Stored, query: Query) -> Result<Planned, Refused> {
        let mut steps = Vec::new();
        {
            let reader = self.door.search.read();
            let mut parts = Parts { planning: self, reader: &reader, steps: &mut steps };
            parts.of(kept.resource, &kept.key, &kept.feed)?;
        }
        steps.push(Step {
            resource: kept.resource,
            key: kept.key.clone(),
            feed: kept.feed.clone(),
            before: Some(Arc::clone(&kept.record)),
            after: None,
            expect: Expect::At(kept.sequence),
        });
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
        let mut options =
            ReadOptions { unknown: UnknownPolicy::Refuse, links: LinkPolicy::Keep, ..ReadOptions::default() };
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
        let with: Vec<&Step> = self.sent.pending.iter().chain(steps).collect();
        for step in steps {
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

/// Gathers the parts of a record that goes, and theirs, deepest first.
struct Parts<'a> {
    planning: &'a Planning<'a>,
    reader: &'a Reader<'a>,
    steps: &'a mut Vec<Step>,
}

impl Parts<'_> {
    fn of(&mut self, resource: ResourceId, key: &str, feed: &str) -> Result<(), Refused> {
        let dictionary = &self.planning.door.dictionary;
        let Some(row) = self.reader.row(resource, key) else { return Ok(()) };
        for (id, link) in dictionary.part_links(dictionary.resource(resource)) {
            for part in self.reader.linked(resource, row, id, &Scope::everything(), self.planning.now) {
                let view = self.reader.view(link.target, part);
                let known = |step: &Step| step.resource == link.target && step.key == view.key();
                if view.feed() != feed || self.steps.iter().any(known) {
                    continue;
                }
                self.of(link.target, view.key(), feed)?;
                if self.steps.len() >= MOST_RECORDS {
                    let message = format!("The record has more than {MOST_RECORDS} parts.");
                    return Err(Fault::new(413, "too_large", message, "Remove its parts first.").into());
                }
                self.steps.push(Step {
                    resource: link.target,
                    key: view.key().into(),
                    feed: feed.into(),
                    before: Some(Arc::new(self.reader.record(link.target, part))),
                    after: None,
                    expect: Expect::At(view.sequence()),
                });
            }
        }
        Ok(())
    }
}
