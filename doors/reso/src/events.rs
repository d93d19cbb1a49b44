//! EntityEvent: the log as a resource (RESO-046). An event is a change; its sequence is the log's own.
//!
//! A summary in memory follows the log ([`Summary`]). What a question says of numbers and resources is
//! decided there ([`Terms`]), so that a page reads from the log what it tells, in whichever direction it
//! goes, and a count reads nothing. What a question says beyond that is held against each event that is
//! left, up to a bound.

mod entry;
mod summary;
mod terms;

use std::ops::RangeInclusive;

use dictionary::{Feed, Record, Timestamp};
use gate::Caller;
use odata::Fault;
use query::{Expr, Order, Page, Query, Scope, mark_of};
use store::Sequence;

use crate::Door;
use crate::reply::Refused;
use entry::Words;
pub(crate) use summary::Log;
use terms::Terms;

/// The name of the resource.
pub(crate) const NAME: &str = "EntityEvent";

/// Entries looked at one by one in one answer.
const MOST_EXAMINED: usize = 1_000_000;
/// Events sorted in one answer by anything but their number.
const MOST_SORTED: usize = 100_000;
/// Entries looked at in one go.
const AT_A_TIME: usize = 5_000;
/// Changes of one key that are told where a question names the key.
const MOST_OF_A_KEY: usize = 10_000;

/// The page of events that answers `query`.
///
/// # Errors
/// The store does not answer, or the question looks at more events one by one than the bounds allow.
pub(crate) async fn page(
    door: &Door,
    caller: &Caller,
    query: &Query,
    now: Timestamp,
) -> Result<Page, Refused> {
    door.events.catch_up(&door.store).await?;
    let resource = door.dictionary.resource(query.resource);
    let words = Words { resource, root: door.root_url(), dictionary: &door.dictionary, now };
    let terms = Terms::of(query.filter.as_ref(), resource);
    let takes =
        |of| terms.by_resource.iter().all(|term| query::matches(term, &words.named(of), words.context()));
    let told = door.events.told(door, caller, takes);
    let asked = Asked { door, words, told, terms };
    match direction(query, resource.key[0]) {
        _ if !asked.terms.keys.is_empty() => {
            let records = asked.of_keys().await?;
            Ok(sorted(&asked, query, records, now))
        }
        Some(descending) => asked.in_order(query, descending).await,
        None => {
            let most = if asked.terms.rest.is_empty() { MOST_SORTED } else { MOST_EXAMINED };
            let numbers = asked.numbers(asked.terms.range.clone(), false, 0, most + 1);
            if numbers.len() > most {
                return Err(too_many(most, "are asked for in another order than that of their numbers"));
            }
            let records = asked.matching(&numbers, MOST_SORTED).await?;
            Ok(sorted(&asked, query, records, now))
        }
    }
}

/// Whether events are asked for in the order of their numbers, and whether from the newest on.
fn direction(query: &Query, number: dictionary::FieldId) -> Option<bool> {
    match query.order.first() {
        None => Some(false),
        Some(Order { by: Expr::Field(own), descending, .. }) => {
            (own.scope == 0 && own.via.is_empty() && own.field == number).then_some(*descending)
        }
        Some(_) => None,
    }
}

/// The answer from all records that match.
fn sorted(asked: &Asked<'_>, query: &Query, records: Vec<Record>, now: Timestamp) -> Page {
    let records: Vec<(Feed, Record)> = records.into_iter().map(|record| (Feed::default(), record)).collect();
    query::answer(query, &Scope::everything(), &records, &asked.door.dictionary, now)
}

fn too_many(most: usize, why: &str) -> Refused {
    let message = format!("More than {most} events {why}.");
    let hint = "Ask for those after a number: $filter=EntityEventSequence gt N.";
    Fault::bad("too_many_events", message, hint).into()
}

/// A question, and what is told of to who asks.
struct Asked<'a> {
    door: &'a Door,
    words: Words<'a>,
    /// By class of the summary.
    told: Vec<bool>,
    terms: Terms<'a>,
}

impl Asked<'_> {
    fn numbers(
        &self,
        range: RangeInclusive<Sequence>,
        descending: bool,
        skip: u64,
        most: usize,
    ) -> Vec<Sequence> {
        self.door.events.numbers(&self.told, range, descending, skip, most)
    }

    /// The events of the keys that the question names, wherever they lie in the log.
    async fn of_keys(&self) -> Result<Vec<Record>, Refused> {
        let mut records = Vec::new();
        for resource in self.door.events.resources(&self.told) {
            for key in &self.terms.keys {
                let history = self.door.store.history(resource, key, MOST_OF_A_KEY).await?;
                let told = history.iter().filter(|change| {
                    self.terms.range.contains(&change.sequence)
                        && self.door.events.tells(&self.told, change.sequence)
                });
                let events = told.map(|change| self.words.event(change.sequence, resource, &change.key));
                records.extend(events.filter(|event| self.matches(event)));
            }
        }
        Ok(records)
    }

    /// The events of these numbers that match, in the order of the numbers.
    async fn matching(&self, numbers: &[Sequence], most: usize) -> Result<Vec<Record>, Refused> {
        let mut records = Vec::new();
        for part in numbers.chunks(AT_A_TIME) {
            let events = self.words.read(&self.door.store, part).await?;
            records.extend(events.into_iter().filter(|event| self.matches(event)));
            if records.len() > most {
                return Err(too_many(most, "match, and have to be sorted"));
            }
        }
        Ok(records)
    }

    /// What is left of the question once numbers, resources and keys have been decided.
    fn matches(&self, event: &Record) -> bool {
        self.terms.rest.iter().all(|term| query::matches(term, event, self.words.context()))
    }

    /// A page in the order of the log, or backwards: it reads what it tells, and one event more.
    async fn in_order(&self, query: &Query, descending: bool) -> Result<Page, Refused> {
        let range = self.after(query, descending);
        let size = query.page_size as usize;
        let top = query.top.map_or(usize::MAX, |top| usize::try_from(top).unwrap_or(usize::MAX));
        let most = top.min(size + 1);
        // With a mark, what was skipped lies before it.
        let skip = if query.after.is_some() { 0 } else { query.skip };
        let (mut records, count) = if self.terms.rest.is_empty() {
            let count = query.count.then(|| self.door.events.count(&self.told, self.terms.range.clone()));
            let numbers = self.numbers(range, descending, skip, most);
            (self.words.read(&self.door.store, &numbers).await?, count)
        } else {
            let count = match query.count {
                true => Some(self.examine(self.terms.range.clone(), false, 0, usize::MAX).await?.1),
                false => None,
            };
            (self.examine(range, descending, skip, most).await?.0, count)
        };
        let more = records.len() > size;
        records.truncate(size);
        let mark = |record: &Record| mark_of(&query.order, record, self.words.context());
        let next = records.last().filter(|_| more).and_then(mark);
        Ok(Page { records: records.into_iter().map(Into::into).collect(), count, next })
    }

    /// The numbers that may lie on this page.
    fn after(&self, query: &Query, descending: bool) -> RangeInclusive<Sequence> {
        let (low, high) = self.terms.range.clone().into_inner();
        match query.after.as_ref().and_then(|mark| mark.key.parse::<Sequence>().ok()) {
            None => low..=high,
            Some(mark) if descending => low..=high.min(mark.saturating_sub(1)),
            Some(mark) => low.max(mark.saturating_add(1))..=high,
        }
    }

    /// Looks at events one by one: those that match after `skip` of them, `most` at most and no further
    /// once they are found; and how many matched up to there.
    async fn examine(
        &self,
        range: RangeInclusive<Sequence>,
        descending: bool,
        skip: u64,
        most: usize,
    ) -> Result<(Vec<Record>, u64), Refused> {
        let (mut low, mut high) = range.into_inner();
        let (mut records, mut matched, mut examined) = (Vec::new(), 0, 0);
        loop {
            let numbers = self.numbers(low..=high, descending, 0, AT_A_TIME);
            let Some(last) = numbers.last() else { return Ok((records, matched)) };
            (low, high) = if descending { (low, last - 1) } else { (last + 1, high) };
            for event in self.words.read(&self.door.store, &numbers).await? {
                if self.matches(&event) {
                    matched += 1;
                    if matched > skip && most != usize::MAX {
                        records.push(event);
                    }
                    if records.len() >= most {
                        return Ok((records, matched));
                    }
                }
            }
            examined += numbers.len();
            if examined > MOST_EXAMINED {
                return Err(too_many(MOST_EXAMINED, "have to be looked at one by one"));
            }
        }
    }
}
