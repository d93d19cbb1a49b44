//! The records that a record links to while it is not in the index yet.

use std::sync::Arc;

use dictionary::{LinkId, Record, ResourceId, Timestamp, Value};
use query::{Context, Expr, Linked, Query, Rows, Scope};
use search::Reader;

use super::Step;
use crate::Door;

/// Rows that a filter looks at through one link.
const MOST_LINKED: u32 = 1_000;

/// Whether a client that is granted `rows` of a feed would see this record, once `steps` are kept.
pub(super) fn would_be_seen(
    door: &Door,
    scope: &Scope,
    (resource, feed): (ResourceId, &str),
    record: &Record,
    steps: &[&Step],
    now: Timestamp,
) -> bool {
    let rows = match scope.rows(resource) {
        Rows::All => return true,
        Rows::None => return false,
        Rows::Of(feeds) => feeds,
    };
    let Some(granted) = rows.iter().find(|rows| rows.feed == feed) else { return false };
    let Some(filter) = &granted.filter else { return true };
    let links = InBoth { door, reader: door.search.read(), steps, now };
    query::matches(filter, record, Context { dictionary: &door.dictionary, links: &links, now })
}

/// Links among what is to be written and what is in the index.
struct InBoth<'a> {
    door: &'a Door,
    reader: Reader<'a>,
    steps: &'a [&'a Step],
    now: Timestamp,
}

impl Linked for InBoth<'_> {
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>> {
        let link = self.door.dictionary.resource(record.resource()).link(link);
        let Some(value) = record.get(link.join.source) else { return Vec::new() };
        let constant = link.join.constant.as_ref();
        let fits = |target: &Record| {
            let joined = target.get(link.join.target) == Some(value);
            joined && constant.is_none_or(|(f, text)| target.get(*f).and_then(Value::as_text) == Some(text))
        };
        let ours = |step: &&&Step| step.resource == link.target;
        let written = self.steps.iter().filter(ours).filter_map(|step| step.after.as_ref());
        let mut found: Vec<Arc<Record>> =
            written.filter(|target| fits(target)).map(|target| Arc::new(target.clone())).collect();
        let joined = Expr::equal(link.join.target, value.clone());
        let filter =
            constant.map(|(f, text)| Expr::equal(*f, text.clone())).into_iter().fold(joined, Expr::and);
        let query = Query { filter: Some(filter), page_size: MOST_LINKED, ..Query::all(link.target) };
        let Ok(hits) = self.reader.page(&query, &Scope::everything(), self.now) else { return found };
        let replaced = |key: &str| self.steps.iter().filter(ours).any(|step| step.key == key);
        let kept = hits.rows.iter().filter(|row| !replaced(self.reader.view(link.target, **row).key()));
        found.extend(kept.map(|row| Arc::new(self.reader.record(link.target, *row))));
        found
    }
}
