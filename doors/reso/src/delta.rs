//! Delta links: what changed since a walk began (RESO-043; OData 4.01 part 1, 11.3).
//!
//! A link holds the number of the log's entry up to which its client has seen everything, and a fingerprint of
//! the question and of what the caller was granted. The server keeps nothing: the changes since are in the
//! log, what a record is now is in the index, and whether the client may have it from before is what the
//! store held at that number.

use std::collections::HashSet;

use dictionary::{Key, Resource, Timestamp, Value};
use gate::{Caller, Permitted};
use odata::page_token::fingerprint;
use odata::{Fault, json};
use query::{Context, Expr, Function, NoLinks, Over, Query, Rows, Scope, matches};
use search::Row;
use store::{Sequence, Stored};

use crate::Door;
use crate::bound::Bound;
use crate::gather::Gather;
use crate::headers::{Version, Wishes};
use crate::page::{context, honoured, page_size};
use crate::reply::{Refused, Reply};
use crate::url::Url;

/// Entries of the log that one answer looks through.
const MOST_ENTRIES: Sequence = 100_000;
/// Entries read at a time.
const PART: Sequence = 10_000;
/// Records that one answer tells of, whatever page size is wished for: each that is no longer there is looked
/// up in the log.
const MOST_TOLD: u32 = 1_000;

/// Where a client stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Since {
    sequence: Sequence,
    terms: u64,
}

impl Since {
    fn read(token: &str) -> Result<Self, Fault> {
        let read = || {
            let (sequence, terms) = token.split_once('-')?;
            let terms = u64::from_str_radix(terms, 16).ok()?;
            Some(Self { sequence: Sequence::from_str_radix(sequence, 16).ok()?, terms })
        };
        read().ok_or_else(|| {
            Fault::bad("bad_token", "This delta link is damaged.", "Follow links as they were given.")
                .about("$deltatoken")
        })
    }

    fn write(self) -> String {
        format!("{:x}-{:016x}", self.sequence, self.terms)
    }
}

/// The token with which a walk begins that is to end with a delta link; none where changes of the question
/// cannot be told: of links, of parts of the whole, of what depends on the time.
pub(crate) fn begin(
    permitted: &Permitted,
    url: Url<'_>,
    wishes: &Wishes,
    sequence: Sequence,
) -> Option<String> {
    let tracked = wishes.prefer.track_changes
        && !url.is_replication()
        && is_tracked(&permitted.query, &permitted.scope);
    tracked.then(|| Since { sequence, terms: terms(permitted, url) }.write())
}

fn is_tracked(query: &Query, scope: &Scope) -> bool {
    let rows = match scope.rows(query.resource) {
        Rows::Of(feeds) => feeds.iter().all(|feed| feed.filter.as_ref().is_none_or(is_steady)),
        Rows::All | Rows::None => true,
    };
    rows && query.filter.as_ref().is_none_or(is_steady)
        && query.compute.iter().all(|computed| is_steady(&computed.of))
        && query.expand.is_empty()
        && query.top.is_none()
        && query.skip == 0
}

/// Whether the record alone decides.
fn is_steady(expr: &Expr) -> bool {
    let mut steady = true;
    expr.walk(&mut |part| {
        steady &= match part {
            Expr::Field(field) => field.via.is_empty(),
            Expr::Count(Over::List(list)) => list.via.is_empty(),
            Expr::Count(Over::Link(_)) => false,
            Expr::Quantified(quantifier) => {
                matches!(&quantifier.over, Over::List(list) if list.via.is_empty())
            }
            Expr::Call(Function::Now, _) => false,
            _ => true,
        };
    });
    steady
}

/// The question and the grants, in a number: where either is another, a link's changes would be of another
/// whole.
fn terms(permitted: &Permitted, url: Url<'_>) -> u64 {
    let rows = format!("{:?}", permitted.scope.rows(permitted.query.resource));
    fingerprint(&[&url.question().to_string(), url.selection(), &rows])
}

/// What changed since `token`.
pub(crate) async fn answer(
    door: &Door,
    caller: &Caller,
    query: Query,
    url: Url<'_>,
    token: &str,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let since = Since::read(token)?;
    let permitted = door.gate.permit(caller, query)?;
    let applied = door.search.applied();
    if since.terms != terms(&permitted, url)
        || since.sequence > applied
        || !is_tracked(&permitted.query, &permitted.scope)
    {
        let message = "What this delta link was given for is no longer what it would tell of.";
        let hint =
            "Your grants or the question changed: read everything anew, with Prefer: odata.track-changes.";
        return Err(Fault::new(410, "delta_gone", message, hint).about("$deltatoken").into());
    }
    let size = page_size(door, wishes).min(MOST_TOLD);
    let changes = changes(door, &permitted, since.sequence, applied, size as usize).await?;
    let mut gone: Vec<Stored> = Vec::new();
    let there = rows(door, &permitted, &changes.keys, now)?;
    for key in changes.keys.iter().filter(|key| !there.contains(*key)) {
        let then = door.store.as_of(permitted.query.resource, key, since.sequence).await?;
        gone.extend(then.filter(|then| had(door, &permitted, then, now)));
    }
    let end = Since { sequence: changes.upto, ..since };
    write(door, caller, &permitted, &changes.keys, &gone, (end, changes.more), url, wishes, now)
}

/// What the log has of the resource.
struct Changes {
    /// The keys of what changed, each once.
    keys: Vec<Key>,
    /// The entry up to which was looked.
    upto: Sequence,
    /// Whether there are entries after it.
    more: bool,
}

async fn changes(
    door: &Door,
    permitted: &Permitted,
    since: Sequence,
    head: Sequence,
    most: usize,
) -> Result<Changes, Refused> {
    let (mut keys, mut known, mut upto) = (Vec::new(), HashSet::new(), since);
    while upto < head && upto - since < MOST_ENTRIES {
        let end = head.min(upto + PART);
        for trace in door.store.traces(upto, end).await? {
            let is_another = trace.resource == permitted.query.resource && !known.contains(&trace.key);
            if is_another && keys.len() == most {
                return Ok(Changes { keys, upto: trace.sequence - 1, more: true });
            }
            if is_another {
                known.insert(trace.key.clone());
                keys.push(trace.key);
            }
        }
        upto = end;
    }
    Ok(Changes { keys, upto, more: upto < head })
}

/// The question of those records among these that answer it now.
fn of_keys(resource: &Resource, query: &Query, keys: &[Key]) -> Query {
    let [key] = &resource.key[..] else { return query.clone() };
    let list = keys.iter().map(|key| Expr::Value(Value::Text(key.clone()))).collect();
    let named = Expr::In(Box::new(Expr::field(*key)), list);
    let filter = Some(match &query.filter {
        Some(filter) => named.and(filter.clone()),
        None => named,
    });
    let page_size = u32::try_from(keys.len()).unwrap_or(u32::MAX);
    Query { filter, page_size, top: None, skip: 0, after: None, count: false, ..query.clone() }
}

fn rows(door: &Door, permitted: &Permitted, keys: &[Key], now: Timestamp) -> Result<HashSet<Key>, Refused> {
    let resource = door.dictionary.resource(permitted.query.resource);
    let reader = door.search.read();
    let hits = reader.page(&of_keys(resource, &permitted.query, keys), &permitted.scope, now)?;
    Ok(hits.rows.into_iter().map(|row| Key::from(reader.view(resource.id, row).key())).collect())
}

/// Whether the client may have been told of a version.
fn had(door: &Door, permitted: &Permitted, then: &Stored, now: Timestamp) -> bool {
    let context = Context { dictionary: &door.dictionary, links: &NoLinks, now };
    let passes = |filter: &Expr| matches(filter, &then.record, context);
    let seen = match permitted.scope.rows(permitted.query.resource) {
        Rows::All => true,
        Rows::None => false,
        Rows::Of(feeds) => feeds
            .iter()
            .filter(|granted| granted.feed == then.feed)
            .any(|granted| granted.filter.as_ref().is_none_or(passes)),
    };
    seen && permitted.query.filter.as_ref().is_none_or(passes)
}

#[expect(clippy::too_many_arguments, reason = "each is a stage of the request, handed on as it is")]
fn write(
    door: &Door,
    caller: &Caller,
    permitted: &Permitted,
    keys: &[Key],
    gone: &[Stored],
    (end, more): (Since, bool),
    url: Url<'_>,
    wishes: &Wishes,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let query = &permitted.query;
    let resource = door.dictionary.resource(query.resource);
    let reader = door.search.read();
    let rows: Vec<Row> = reader.page(&of_keys(resource, query, keys), &permitted.scope, now)?.rows;
    let gather = Gather { door, caller, reader: &reader, permitted, wishes, now, bound: Bound::default() };
    let gathered = gather.rows(resource, &rows, query)?;
    let mut sheet = gathered.sheet(wishes);
    let context = context(door, query, wishes, false).map(|context| format!("{context}/$delta"));
    json::open_collection(sheet.writer(), context.as_deref(), None);
    gathered.write(&mut sheet);
    for (at, then) in gone.iter().enumerate() {
        let comma = if at > 0 || !rows.is_empty() { "," } else { "" };
        sheet.text(comma.as_bytes());
        sheet.text(&removed(door, resource, then, wishes));
    }
    let link = url.delta(&door.settings.public_url, &end.write());
    if more {
        json::close_collection(sheet.writer(), Some(&link));
    } else {
        json::close_with_delta(sheet.writer(), &link);
    }
    let size = page_size(door, wishes);
    Ok(Reply { applied: honoured(wishes, size, true), ..Reply::pressed(sheet, wishes) })
}

/// A record that the client has to forget (JSON format 4.01, 15.3 and, for 4.0, 15.2).
fn removed(door: &Door, resource: &Resource, then: &Stored, wishes: &Wishes) -> Vec<u8> {
    let is_kept = door.search.read().row(resource.id, &then.key).is_some();
    let reason = if is_kept { "changed" } else { "deleted" };
    let path = json::entity_path(resource, &*then.record);
    let mut body = vec![b'{'];
    let text = |body: &mut Vec<u8>, name: &str, value: &str| {
        json::member(body, name);
        json::write_string(body, value);
    };
    let id = format!("{}/{path}", door.root_url());
    if wishes.version == Version::V4_0 {
        let context = format!("{}/$metadata#{}/$deletedEntity", door.root_url(), resource.name);
        text(&mut body, "@odata.context", &context);
        text(&mut body, "id", &id);
        text(&mut body, "reason", reason);
    } else {
        json::member(&mut body, "@removed");
        body.extend_from_slice(format!("{{\"reason\":\"{reason}\"}}").as_bytes());
        text(&mut body, "@odata.id", &id);
        if let [key] = &resource.key[..] {
            text(&mut body, &resource.field(*key).name, &then.key);
        }
    }
    body.push(b'}');
    body
}
