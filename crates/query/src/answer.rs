//! The answer to a whole question, found the slow and plain way: what every executor is tested against.

use std::sync::Arc;

use dictionary::{Dictionary, Feed, LinkId, Record, ResourceId, Timestamp, Value};

use crate::meaning::equal;
use crate::{Context, Linked, Page, PageMark, Query, Rows, Scope, mark_of, matches, order_of};

/// Answers `query` from `records`, of which `scope` says what may be seen. `now` is what `now()` means.
///
/// It looks at every record and at every link of every record: for tests, and for a few hundred records. Records
/// come whole, whatever `select` says, and nothing is expanded.
///
/// With a mark, `skip` does not count again and `top` is what is left of it (see [`Query::next`]).
#[must_use]
pub fn answer(
    query: &Query,
    scope: &Scope,
    records: &[(Feed, Record)],
    dictionary: &Dictionary,
    now: Timestamp,
) -> Page {
    let known = Known::new(records, scope, dictionary, now);
    let links = Links { known: &known, sees_all: false };
    let context = Context { dictionary, links: &links, now };
    let order = order_of(query, dictionary.resource(query.resource));
    let mut found: Vec<(PageMark, &Arc<Record>)> = known
        .visible(query.resource)
        .filter(|record| query.filter.as_ref().is_none_or(|filter| matches(filter, record, context)))
        .filter_map(|record| Some((mark_of(&order, record, context)?, record)))
        .collect();
    found.sort_by(|(a, _), (b, _)| a.compare(b, &order));
    let count = query.count.then_some(found.len() as u64);
    match &query.after {
        Some(mark) => found.retain(|(at, _)| at.is_after(mark, &order)),
        None => {
            let skip = usize::try_from(query.skip).unwrap_or(usize::MAX);
            found.drain(..skip.min(found.len()));
        }
    }
    if let Some(top) = query.top {
        found.truncate(usize::try_from(top).unwrap_or(usize::MAX));
    }
    let more = found.len() > query.page_size as usize;
    found.truncate(query.page_size as usize);
    let next = found.last().filter(|_| more).map(|(mark, _)| mark.clone());
    Page { records: found.into_iter().map(|(_, record)| Arc::clone(record)).collect(), count, next }
}

/// Calls `work` with the records of `resource` that `scope` lets be seen.
pub(crate) fn with_records<T>(
    resource: ResourceId,
    scope: &Scope,
    records: &[(Feed, Record)],
    dictionary: &Dictionary,
    now: Timestamp,
    work: impl FnOnce(&[Arc<Record>], Context<'_>) -> T,
) -> T {
    let known = Known::new(records, scope, dictionary, now);
    let links = Links { known: &known, sees_all: false };
    let seen: Vec<Arc<Record>> = known.visible(resource).map(Arc::clone).collect();
    work(&seen, Context { dictionary, links: &links, now })
}

impl Query {
    /// The question of the page after one that held `given` records and ended at `mark`.
    #[must_use]
    pub fn next(&self, given: u64, mark: PageMark) -> Self {
        let top = self.top.map(|top| top.saturating_sub(given));
        Self { after: Some(mark), skip: 0, top, ..self.clone() }
    }
}

/// All records there are, and who may see which.
struct Known<'a> {
    records: Vec<(&'a Feed, Arc<Record>)>,
    scope: &'a Scope,
    dictionary: &'a Dictionary,
    now: Timestamp,
}

impl<'a> Known<'a> {
    fn new(
        records: &'a [(Feed, Record)],
        scope: &'a Scope,
        dictionary: &'a Dictionary,
        now: Timestamp,
    ) -> Self {
        let complete = |record: &Record| {
            let mut record = record.clone();
            if let Some(derived) = dictionary.resource(record.resource()).derived() {
                derived.complete(&mut record);
            }
            Arc::new(record)
        };
        let records = records.iter().map(|(feed, record)| (feed, complete(record))).collect();
        Self { records, scope, dictionary, now }
    }

    fn visible(&self, resource: ResourceId) -> impl Iterator<Item = &Arc<Record>> {
        let all = self.records.iter().filter(move |(_, record)| record.resource() == resource);
        all.filter(|(feed, record)| self.may_be_seen(feed, record)).map(|(_, record)| record)
    }

    /// The row filters of grants are the operator's: a link inside one leads to every record, whoever asks.
    /// So two resources whose filters look at each other have a meaning.
    fn may_be_seen(&self, feed: &Feed, record: &Record) -> bool {
        let links = Links { known: self, sees_all: true };
        let context = Context { dictionary: self.dictionary, links: &links, now: self.now };
        match self.scope.rows(record.resource()) {
            Rows::None => false,
            Rows::All => true,
            Rows::Of(feeds) => feeds
                .iter()
                .filter(|granted| granted.feed == *feed)
                .any(|granted| granted.filter.as_ref().is_none_or(|f| matches(f, record, context))),
        }
    }
}

/// Links among the records there are.
struct Links<'a> {
    known: &'a Known<'a>,
    sees_all: bool,
}

impl Linked for Links<'_> {
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>> {
        let dictionary = self.known.dictionary;
        let link = dictionary.resource(record.resource()).link(link);
        let Some(source) = record.get(link.join.source) else { return Vec::new() };
        let leads_to = |feed: &Feed, target: &Record| {
            let constant = link
                .join
                .constant
                .as_ref()
                .is_none_or(|(field, text)| target.get(*field).and_then(Value::as_text) == Some(text));
            target.resource() == link.target
                && constant
                && target.get(link.join.target).is_some_and(|value| equal(Some(source), Some(value)))
                && (self.sees_all || self.known.may_be_seen(feed, target))
        };
        let mut found: Vec<_> = self
            .known
            .records
            .iter()
            .filter(|(feed, target)| leads_to(feed, target))
            .map(|(_, target)| Arc::clone(target))
            .collect();
        found.sort_by_key(|target| dictionary.resource(link.target).key_of(target));
        found
    }
}
