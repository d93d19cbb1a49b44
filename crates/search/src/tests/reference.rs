//! The same questions answered the slow way: every record, `query::matches`, a sort.

use std::cmp::Ordering;
use std::sync::Arc;

use dictionary::{LinkId, Record, ResourceId, Timestamp, Value};
use query::{Context, Expr, Linked, Order, PageMark, Query, Rows, Scope};
use store::Stored;

use super::town::Town;

/// A town seen by someone.
pub(super) struct Seen<'a> {
    pub(super) town: &'a Town,
    pub(super) scope: &'a Scope,
    pub(super) now: Timestamp,
}

/// Links that lead to what may be seen.
struct SeenLinks<'a>(&'a Seen<'a>);

/// Links that lead to everything: for the row filters of grants.
struct AllLinks<'a>(&'a Seen<'a>);

impl Linked for SeenLinks<'_> {
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>> {
        self.0.links_of(record, link, &|stored| self.0.sees(stored))
    }
}

impl Linked for AllLinks<'_> {
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>> {
        self.0.links_of(record, link, &|_| true)
    }
}

impl Seen<'_> {
    fn context<'a>(&'a self, links: &'a dyn Linked) -> Context<'a> {
        Context { dictionary: &self.town.dictionary, links, now: self.now }
    }

    fn sees(&self, stored: &Stored) -> bool {
        match self.scope.rows(stored.resource) {
            Rows::None => false,
            Rows::All => true,
            Rows::Of(feeds) => feeds.iter().filter(|granted| granted.feed == stored.feed).any(|granted| {
                let links = AllLinks(self);
                let matches = |filter| query::matches(filter, &stored.record, self.context(&links));
                granted.filter.as_ref().is_none_or(matches)
            }),
        }
    }

    fn links_of(&self, record: &Record, link: LinkId, sees: &dyn Fn(&Stored) -> bool) -> Vec<Arc<Record>> {
        let link = self.town.dictionary.resource(record.resource()).link(link);
        let Some(source) = record.get(link.join.source) else { return Vec::new() };
        self.town
            .records(link.target)
            .filter(|stored| stored.record.get(link.join.target) == Some(source))
            .filter(|stored| match &link.join.constant {
                None => true,
                Some((field, text)) => stored.record.get(*field).and_then(Value::as_text) == Some(text),
            })
            .filter(|stored| sees(stored))
            .map(|stored| Arc::clone(&stored.record))
            .collect()
    }

    /// Every record that passes, in the order of the keys.
    pub(super) fn passing(&self, resource: ResourceId, filter: Option<&Expr>) -> Vec<&Stored> {
        let links = SeenLinks(self);
        self.town
            .records(resource)
            .filter(|stored| self.sees(stored))
            .filter(|stored| {
                filter.is_none_or(|filter| query::matches(filter, &stored.record, self.context(&links)))
            })
            .collect()
    }

    fn values(&self, query: &Query, record: &Record) -> Vec<Option<Value>> {
        let links = SeenLinks(self);
        let value = |order: &Order| query::evaluate(&order.by, record, self.context(&links));
        if query.order.is_empty() {
            let timestamp = self.town.dictionary.resource(query.resource).timestamp;
            return vec![timestamp.and_then(|field| record.get(field).cloned())];
        }
        query.order.iter().map(value).collect()
    }

    /// The keys of a page, how many match, and where it ended.
    pub(super) fn page(&self, query: &Query) -> (Vec<String>, u64, Option<PageMark>) {
        let mut all: Vec<(Vec<Option<Value>>, &Stored)> = self
            .passing(query.resource, query.filter.as_ref())
            .into_iter()
            .map(|stored| (self.values(query, &stored.record), stored))
            .collect();
        let count = all.len() as u64;
        let descending = |at: usize| query.order.get(at).is_some_and(|order| order.descending);
        let compare = |a: &[Option<Value>], b: &[Option<Value>]| {
            a.iter().zip(b).enumerate().fold(Ordering::Equal, |so_far, (at, (a, b))| {
                let order = match (a, b) {
                    (Some(a), Some(b)) => query::compare(a, b).unwrap_or(Ordering::Equal),
                    (a, b) => a.is_some().cmp(&b.is_some()),
                };
                so_far.then(if descending(at) { order.reverse() } else { order })
            })
        };
        all.sort_by(|a, b| compare(&a.0, &b.0).then_with(|| a.1.key.cmp(&b.1.key)));
        if let Some(mark) = &query.after {
            all.retain(|(values, stored)| {
                compare(values, &mark.values).then_with(|| stored.key.cmp(&mark.key)).is_gt()
            });
        }
        let skip = if query.after.is_some() { 0 } else { usize::try_from(query.skip).expect("small") };
        let left = all.split_off(skip.min(all.len()));
        let top = query.top.unwrap_or(u64::MAX);
        let page = usize::try_from(top.min(u64::from(query.page_size))).expect("small");
        let more = left.len() > page && top > page as u64;
        let rows = &left[..page.min(left.len())];
        let next = rows.last().filter(|_| more);
        let next = next.map(|(values, last)| PageMark { values: values.clone(), key: last.key.clone() });
        (rows.iter().map(|(_, stored)| stored.key.to_string()).collect(), count, next)
    }
}
