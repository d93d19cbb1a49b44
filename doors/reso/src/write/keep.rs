//! Keeping what was planned: one transaction, on disk before it is acknowledged (RESO-062, RESO-064).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{PartChange, Record, ResourceId, Text, Timestamp, Whole};
use gate::Caller;
use odata::Fault;
use query::{Expr, Scope};
use store::{Batch, ErrorKind, Expect, Operation, Sequence, StoreError};

use super::{Planned, Step, precondition};
use crate::Door;
use crate::reply::Refused;

/// How long an answer waits for the index: it is behind by milliseconds, and longer than this only while it starts.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Keeps several writes together or none of them, and waits until searches see them.
///
/// # Errors
/// [`Refused::Overtaken`] where somebody else changed one of the records meanwhile; 409 for a key that is taken.
pub(crate) async fn keep(
    door: &Door,
    caller: &Caller,
    planned: &[Planned],
    now: Timestamp,
) -> Result<(), Refused> {
    let mut steps = merged(planned);
    if steps.is_empty() {
        return Ok(());
    }
    tell_wholes(door, &mut steps, now).await?;
    if planned.iter().any(|one| one.is_overtaken(&steps)) {
        return Err(Refused::Overtaken(precondition::overtaken()));
    }
    let mut batch = Batch::new(caller.actor(), now);
    batch.operations = steps.iter().map(operation).collect();
    match door.store.write(batch).await {
        Ok(receipt) => {
            seen(door, receipt.head).await;
            Ok(())
        }
        Err(error) => {
            // What was looked at in the index may be what is behind.
            if error.kind == ErrorKind::Conflict {
                seen(door, door.store.head().await?).await;
            }
            Err(refused(door, error, &steps))
        }
    }
}

impl Planned {
    /// Whether what the client named a version of has another by now. Where the record itself differs the store says
    /// so; this is for one that is written as its parts are alone.
    fn is_overtaken(&self, steps: &[Step]) -> bool {
        let known = self.version.filter(|version| self.guarded && *version > 0);
        known.is_some_and(|version| {
            let own = super::last(steps, self.resource, &self.key);
            own.is_some_and(|step| matches!(step.expect, Expect::At(now) if now != version))
        })
    }
}

/// One step for each record: what requests of one change set do to it, one after the other, is one change of what was
/// there before all of them. What is made and removed again was never there.
fn merged(planned: &[Planned]) -> Vec<Step> {
    let mut places: HashMap<(ResourceId, Text), usize> = HashMap::new();
    let mut steps: Vec<Step> = Vec::new();
    for step in planned.iter().flat_map(|one| &one.steps) {
        match places.entry((step.resource, step.key.clone())) {
            Entry::Occupied(place) => {
                let first = &mut steps[*place.get()];
                (first.after, first.feed) = (step.after.clone(), step.feed.clone());
            }
            Entry::Vacant(place) => {
                place.insert(steps.len());
                steps.push(step.clone());
            }
        }
    }
    steps.retain(|step| step.before.is_some() || step.after.is_some());
    steps
}

fn operation(step: &Step) -> Operation {
    match &step.after {
        Some(record) => Operation::Put {
            feed: step.feed.clone(),
            record: record.clone(),
            expect: step.expect,
            stamp: None,
        },
        None => Operation::Remove { resource: step.resource, key: step.key.clone(), expect: step.expect },
    }
}

/// Waits until searches see the log up to here: who writes reads its own write.
async fn seen(door: &Door, head: Sequence) {
    let mut watch = door.search.watch();
    let waited = tokio::time::timeout(LONGEST_WAIT, watch.wait_for(|applied| *applied >= head)).await;
    if !matches!(waited, Ok(Ok(_))) {
        tracing::warn!(head, applied = door.search.applied(), "a write is answered before the index has it");
    }
}

/// What happened to a part of a record.
struct Told {
    whole: Whole,
    feed: dictionary::Feed,
    before: Option<Arc<Record>>,
    after: Option<Record>,
}

/// Sets what the wholes tell of their parts (RESO-045): on those that are written anyhow, and on others of the same
/// feed that are there. Wholes are told of before the parts that come, and after the parts that go.
async fn tell_wholes(door: &Door, steps: &mut Vec<Step>, now: Timestamp) -> Result<(), Refused> {
    let told: Vec<Told> = steps.iter().flat_map(|step| changes(door, step)).collect();
    if told.is_empty() {
        return Ok(());
    }
    // Parts are counted in the index, where the whole has no number yet.
    seen(door, door.store.head().await?).await;
    for Told { whole, feed, before, after } in told {
        let is = |step: &Step| step.resource == whole.resource && step.key == whole.key;
        let at = match steps.iter().position(is) {
            Some(at) => at,
            None => {
                let Some(kept) = door.store.get(whole.resource, &whole.key).await? else { continue };
                if kept.feed != feed {
                    continue;
                }
                let place = if after.is_some() { 0 } else { steps.len() };
                steps.insert(
                    place,
                    Step {
                        resource: whole.resource,
                        key: whole.key.clone(),
                        feed,
                        before: Some(Arc::clone(&kept.record)),
                        after: Some((*kept.record).clone()),
                        expect: Expect::At(kept.sequence),
                    },
                );
                place
            }
        };
        if let Some(record) = &mut steps[at].after {
            let change = PartChange { before: before.as_deref(), after: after.as_ref() };
            let there = |category: &str| count(door, &whole, category, now);
            door.dictionary.tell_of_part(record, change, now, Some(&there));
        }
    }
    Ok(())
}

/// The wholes that a step is a part of, with what it does to each.
fn changes(door: &Door, step: &Step) -> Vec<Told> {
    if step.before.as_deref() == step.after.as_ref() {
        return Vec::new();
    }
    let of = |record: Option<&Record>| record.map_or(Vec::new(), |record| door.dictionary.wholes(record));
    let (was, is) = (of(step.before.as_deref()), of(step.after.as_ref()));
    let mut all = was.clone();
    all.extend(is.iter().filter(|whole| !was.contains(whole)).cloned());
    all.into_iter()
        .map(|whole| Told {
            before: step.before.clone().filter(|_| was.contains(&whole)),
            after: step.after.clone().filter(|_| is.contains(&whole)),
            feed: step.feed.clone(),
            whole,
        })
        .collect()
}

/// How many media of this category the index holds of a record.
fn count(door: &Door, whole: &Whole, category: &str, now: Timestamp) -> i64 {
    let link = door.dictionary.resource(whole.resource).link(whole.link);
    let target = door.dictionary.resource(link.target);
    let Some(field) = target.find("MediaCategory") else { return 0 };
    let own = Expr::equal(link.join.target, whole.key.clone()).and(Expr::equal(field, category));
    let constant = link.join.constant.as_ref().map(|(field, text)| Expr::equal(*field, text.clone()));
    let filter = constant.into_iter().fold(own, Expr::and);
    let count = door.search.read().count(link.target, Some(&filter), &Scope::everything(), now);
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn refused(door: &Door, error: StoreError, steps: &[Step]) -> Refused {
    let step = error.operation.and_then(|at| steps.get(at));
    match (error.kind, step) {
        (ErrorKind::Conflict, Some(step)) if step.expect == Expect::Absent => taken(door, step.resource),
        (ErrorKind::KeyInOtherFeed, Some(step)) => taken(door, step.resource),
        (ErrorKind::Conflict, _) => Refused::Overtaken(precondition::overtaken()),
        (ErrorKind::TooLarge, _) => Fault::new(413, error.code(), error.message, error.hint).into(),
        (ErrorKind::NotKeepable | ErrorKind::KeyMissing, _) => {
            Fault::bad(error.code(), error.message, error.hint).into()
        }
        _ => error.into(),
    }
}

/// What a client is told whose new record has a key that another has.
pub(super) fn taken(door: &Door, resource: ResourceId) -> Refused {
    let resource = door.dictionary.resource(resource);
    let message = format!("There is a record of {} with this key already.", resource.name);
    let fault =
        Fault::new(409, "key_taken", message, "PATCH that one, or leave the key out to be given one.");
    fault.about(resource.field(resource.key[0]).name.as_str()).into()
}
