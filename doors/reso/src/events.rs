//! EntityEvent: the log as a resource (RESO-046). An event is a change; its sequence is the log's own.

use dictionary::{Dictionary, Origin, Record, Resource, Timestamp, Value};
use gate::Caller;
use odata::Fault;
use query::{Comparison, Context, Expr, NoLinks, Order, Query, matches};
use store::Change;

use crate::Door;
use crate::reply::Refused;

/// Changes read from the log at a time.
const AT_A_TIME: usize = 5_000;
/// Events that are sorted or counted in one answer.
const MOST: usize = 1_000_000;

/// The fields of an event.
struct Words<'a> {
    resource: &'a Resource,
    dictionary: &'a Dictionary,
    root: String,
}

/// The name of the resource.
pub(crate) const NAME: &str = "EntityEvent";

/// Events that may answer `query`. Where it asks in the order of the log, the reading ends with its page.
///
/// # Errors
/// The store does not answer, or another order is asked of more events than are sorted.
pub(crate) async fn records(
    door: &Door,
    caller: &Caller,
    query: &Query,
    now: Timestamp,
) -> Result<Vec<Record>, Refused> {
    let resource = door.dictionary.resource(query.resource);
    let words = Words { resource, dictionary: &door.dictionary, root: door.root_url() };
    let enough = enough(query, resource);
    let mut after = start(query, resource);
    let mut found = Vec::new();
    loop {
        let changes = door.store.follow(after, AT_A_TIME).await?;
        let Some(last) = changes.last() else { return Ok(found) };
        after = last.sequence;
        found.extend(words.events(&changes, query, now, |change| tells(door, caller, change)));
        if enough.is_some_and(|enough| found.len() > enough) {
            return Ok(found);
        }
        if found.len() > MOST {
            let message = format!(
                "More than {MOST} events match, and they are asked for in another order, or counted."
            );
            let hint = "Ask for those after a number: $filter=EntityEventSequence gt N.";
            return Err(Fault::bad("too_many_events", message, hint).into());
        }
    }
}

/// How many events make the page and tell that there is another; none where all have to be seen.
fn enough(query: &Query, resource: &Resource) -> Option<usize> {
    let in_log_order = match query.order.as_slice() {
        [] => true,
        [Order { by: Expr::Field(own), descending: false, .. }] => {
            own.scope == 0 && own.via.is_empty() && resource.key.contains(&own.field)
        }
        _ => false,
    };
    let page = u64::from(query.page_size).saturating_add(query.skip);
    (in_log_order && !query.count).then(|| usize::try_from(page).unwrap_or(usize::MAX))
}

/// Whether the caller may be told of this change: of a resource that is offered, in a feed that is granted.
fn tells(door: &Door, caller: &Caller, change: &Change) -> bool {
    let resource = door.dictionary.resource(change.resource);
    resource.origin != Origin::Freehold && caller.may_read(&change.feed, change.resource)
}

/// The sequence after which every event that may match lies: what `EntityEventSequence gt N` says, so that
/// following the log costs what is new and not what there is.
fn start(query: &Query, resource: &Resource) -> u64 {
    let Some(field) = resource.find("EntityEventSequence") else { return 0 };
    let marked = query.after.as_ref().and_then(|mark| mark.key.parse().ok()).unwrap_or(0);
    let terms: &[Expr] = match &query.filter {
        Some(Expr::And(all)) => all,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let bound = |term: &Expr| {
        let Expr::Compare(comparison, left, right) = term else { return None };
        let (Expr::Field(own), Expr::Value(Value::Integer(number))) = (&**left, &**right) else {
            return None;
        };
        let number = u64::try_from(*number).unwrap_or(0);
        match comparison {
            _ if own.field != field || own.scope != 0 || !own.via.is_empty() => None,
            Comparison::Greater => Some(number),
            Comparison::GreaterOrEqual | Comparison::Equal => Some(number.saturating_sub(1)),
            _ => None,
        }
    };
    terms.iter().filter_map(bound).fold(marked, u64::max)
}

impl Words<'_> {
    /// The events of changes that are told and match.
    fn events(
        &self,
        changes: &[Change],
        query: &Query,
        now: Timestamp,
        tells: impl Fn(&Change) -> bool,
    ) -> Vec<Record> {
        let context = Context { dictionary: self.dictionary, links: &NoLinks, now };
        let events = changes.iter().filter(|change| tells(change)).map(|change| self.event(change));
        events
            .filter(|event| query.filter.as_ref().is_none_or(|filter| matches(filter, event, context)))
            .collect()
    }

    fn event(&self, change: &Change) -> Record {
        let of = self.dictionary.resource(change.resource);
        let mut event = Record::new(self.resource.id);
        let mut put = |name: &str, value: Value| {
            if let Some(field) = self.resource.find(name) {
                event.set(field, value);
            }
        };
        put("EntityEventSequence", Value::Integer(i64::try_from(change.sequence).unwrap_or(i64::MAX)));
        put("ResourceName", Value::Text(of.name.clone()));
        put("ResourceRecordKey", Value::Text(change.key.clone()));
        put("ResourceRecordUrl", Value::from(format!("{}/{}", self.root, path(of, &change.key))));
        event
    }
}

/// The address of a record by the text of its key.
fn path(resource: &Resource, key: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    match &*resource.key {
        [_] => format!("{}({})", resource.name, quoted(key)),
        several => {
            let parts = several.iter().zip(key.split('|'));
            let named: Vec<String> = parts
                .map(|(field, text)| format!("{}={}", resource.field(*field).name, quoted(text)))
                .collect();
            format!("{}({})", resource.name, named.join(","))
        }
    }
}
