//! Listings that are gone: told to whoever synchronises for 90 days, by their id alone (PAR-137).
//!
//! Two kinds are gone for a client: those that were removed, and those that are there in a status that its
//! class does not see any more. Either is told where the client would see the listing were it still
//! active: who never could see it hears nothing of it.

use std::collections::HashMap;

use dictionary::{Feed, FieldId, Key, Record, ResourceId, Text, Timestamp, Value};
use parking_lot::RwLock;
use query::{Context, Expr, NoLinks, Query, Rows, Scope, matches};
use search::{Reader, Row};
use store::{Sequence, StoreError};

use crate::Door;
use crate::envelope::Refused;

/// How long what is gone is told of, in seconds.
const SECONDS: i64 = 90 * 24 * 60 * 60;
/// Removals read at once.
const AT_ONCE: usize = 1_000;
/// Text of more bytes is not kept of what was removed: no rule about who sees a listing looks at remarks.
const LONGEST_KEPT: usize = 64;
/// The statuses in which a listing that was shown is shown no more (lookup StandardStatus). One that is
/// not on the market yet, or not finished, never was.
const PARTED: [&str; 5] = ["Delete", "Hold", "Withdrawn", "Canceled", "Expired"];

/// A listing that is gone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Gone {
    pub(crate) feed: Feed,
    pub(crate) key: Key,
    pub(crate) listing_id: Text,
    /// Since when.
    pub(crate) at: Timestamp,
}

struct Removed {
    gone: Gone,
    /// What it was, long texts aside.
    record: Record,
}

/// What was removed in the last 90 days.
#[derive(Default)]
pub(crate) struct Graves {
    inside: RwLock<Inside>,
    reading: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Inside {
    applied: Sequence,
    removed: HashMap<Key, Removed>,
}

impl Graves {
    /// Reads what was removed since it was last read, and waits until searches know of it, too: a listing
    /// is then there or gone.
    pub(crate) async fn refresh(&self, door: &Door, now: Timestamp) -> Result<(), StoreError> {
        let _alone = self.reading.lock().await;
        let since = Timestamp::from_second(now.as_second() - SECONDS).unwrap_or(Timestamp::MIN);
        let mut applied = self.inside.read().applied;
        loop {
            let found = door.store.removed(door.bound.property, applied, since, AT_ONCE).await?;
            let Some(last) = found.last().map(|stored| stored.sequence) else { break };
            applied = last;
            let mut inside = self.inside.write();
            for stored in found {
                let id = stored.record.get(door.bound.listing_id).and_then(Value::as_text);
                let listing_id = id.map_or_else(|| stored.key.clone(), Text::new);
                let (feed, key, at) = (stored.feed, stored.key, stored.at);
                let gone = Gone { feed, key: key.clone(), listing_id, at };
                let short = |value: &Value| value.as_text().is_none_or(|text| text.len() <= LONGEST_KEPT);
                let kept = stored.record.iter().filter(|(_, value)| short(value));
                let kept = kept.map(|(field, value)| (field, value.clone())).collect();
                let record = Record::from_values(stored.resource, kept);
                inside.removed.insert(key, Removed { gone, record });
            }
            inside.applied = applied;
        }
        self.inside.write().removed.retain(|_, removed| removed.gone.at >= since);
        // An index that has stopped is not waited for.
        drop(door.search.watch().wait_for(|seen| *seen >= applied).await);
        Ok(())
    }
}

/// The listings of these feeds that are gone for whoever sees `scope`, between two instants.
pub(crate) fn between(
    door: &Door,
    reader: &Reader<'_>,
    scope: &Scope,
    feeds: &[Text],
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<Gone>, Refused> {
    let sight = Sight { door, scope, now };
    let resource = door.bound.property;
    let mut all = Vec::new();
    {
        let inside = door.graves.inside.read();
        let removed = inside.removed.values().filter(|removed| {
            let gone = &removed.gone;
            gone.at >= from
                && gone.at <= to
                && feeds.contains(&gone.feed)
                && reader.row(resource, &gone.key).is_none()
                && sight.would_see(&gone.feed, &removed.record)
        });
        all.extend(removed.map(|removed| removed.gone.clone()));
    }
    let since = Timestamp::from_second(now.as_second() - SECONDS).unwrap_or(Timestamp::MIN);
    let updated = door.hub.updated(resource);
    for row in parted(door, reader, feeds, (from.max(since), to), now)? {
        let view = reader.view(resource, row);
        if reader.sees(resource, row, scope, now)
            || !sight.would_see(view.feed(), &reader.record(resource, row))
        {
            continue;
        }
        let record = reader.record(resource, row);
        let text = |field: FieldId| record.get(field).and_then(Value::as_text).map(Text::new);
        let at = record.get(updated).and_then(Value::as_timestamp).unwrap_or(now);
        let key = Text::new(view.key());
        let listing_id = text(door.bound.listing_id).unwrap_or_else(|| key.clone());
        all.push(Gone { feed: Text::new(view.feed()), key, listing_id, at });
    }
    Ok(all)
}

/// Listings in a status of those that are shown no more, whoever may see them.
fn parted(
    door: &Door,
    reader: &Reader<'_>,
    feeds: &[Text],
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<Row>, Refused> {
    let resource = door.bound.property;
    let updated = door.hub.updated(resource);
    let words = PARTED.iter().map(|word| Expr::Value(Value::from(*word))).collect();
    let filter = Expr::In(Box::new(Expr::field(door.bound.standard_status)), words)
        .and(Expr::compare(updated, query::Comparison::GreaterOrEqual, from))
        .and(Expr::compare(updated, query::Comparison::LessOrEqual, to));
    let query = Query { filter: Some(filter), page_size: u32::MAX, ..Query::all(resource) };
    let mut scope = Scope::nothing();
    let rows = feeds.iter().map(|feed| query::FeedRows { feed: feed.clone(), filter: None }).collect();
    scope.allow(resource, Rows::Of(rows));
    Ok(reader.page(&query, &scope, now)?.rows)
}

/// What a client sees.
struct Sight<'a> {
    door: &'a Door,
    scope: &'a Scope,
    now: Timestamp,
}

impl Sight<'_> {
    /// Whether this listing would be seen were it active.
    fn would_see(&self, feed: &str, record: &Record) -> bool {
        let resource: ResourceId = self.door.bound.property;
        let filter = match self.scope.rows(resource) {
            Rows::None => return false,
            Rows::All => return true,
            Rows::Of(rows) => match rows.iter().find(|rows| rows.feed == feed) {
                None => return false,
                Some(rows) => rows.filter.as_ref(),
            },
        };
        let mut active = record.clone();
        active.set(self.door.bound.standard_status, Value::from("Active"));
        let context = Context { dictionary: &self.door.dictionary, links: &NoLinks, now: self.now };
        filter.is_none_or(|filter| matches(filter, &active, context))
    }
}
