//! Sending again: a replay of events (EVT-095), a retry of dead letters (EVT-086).
//!
//! Ids stay what they are: whoever has an event already knows it by its id.

use dictionary::{Record, Text, Timestamp, Value};
use serde_json::json;
use store::{Batch, Delivery, Operation, Owed, Scan, Sequence, StoreError, Work};

use crate::event::FEED;
use crate::{Event, EventId, Fault, Outflow, PayloadFilter, TopicPattern};

/// Events that one replay or retry queues at most (EVT-095).
pub const MOST_REPLAYED: usize = 10_000;
/// Work of one batch, which holds the audit besides.
const IN_A_BATCH: usize = 5_000;
/// Records that are read at once.
const AT_ONCE: usize = 1_000;

/// Which events are sent again, to which endpoint. What is asked for together must all be so.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReplayRequest {
    /// Where to.
    pub endpoint: Text,
    /// These events; all where there are none.
    pub events: Vec<Text>,
    /// Accepted at this instant or later.
    pub from: Option<Timestamp>,
    /// Accepted before this instant.
    pub until: Option<Timestamp>,
    /// Of these topics.
    pub topic: Option<Text>,
    /// With such payloads, as a subscription's filter.
    pub filter: Option<Text>,
}

/// What a replay or a retry did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replayed {
    /// The key of the record that tells of it.
    pub id: Text,
    /// Events that were queued.
    pub queued: usize,
    /// Whether there was more than is queued at once: ask again from the last on.
    pub more: bool,
}

impl ReplayRequest {
    /// All that was accepted since.
    #[must_use]
    pub fn since(endpoint: &str, from: Timestamp) -> Self {
        Self { endpoint: endpoint.into(), from: Some(from), ..Self::default() }
    }

    fn told(&self, what: &str) -> String {
        json!({
            "what": what,
            "events": self.events.iter().map(Text::as_str).collect::<Vec<_>>(),
            "from": self.from.map(|at| at.to_string()),
            "until": self.until.map(|at| at.to_string()),
            "topic": self.topic.as_deref(),
            "filter": self.filter.as_deref(),
        })
        .to_string()
    }
}

/// The payload filter of a request, read.
struct Sieve<'a> {
    request: &'a ReplayRequest,
    filter: Option<PayloadFilter>,
}

impl Sieve<'_> {
    fn read(request: &ReplayRequest) -> Result<Sieve<'_>, Fault> {
        if request.events.len() > MOST_REPLAYED {
            let message = format!("{} events are named; at most 10,000 are taken.", request.events.len());
            return Err(Fault::new(422, "too_many", message, "Ask in parts, or for a window of time."));
        }
        let filter = request.filter.as_ref().map(|text| PayloadFilter::read(text)).transpose();
        let filter = filter.map_err(|fault| Fault {
            hint: fault.hint,
            ..Fault::new(422, "filter_wrong", fault.message, "")
        })?;
        Ok(Sieve { request, filter })
    }

    fn holds(&self, outflow: &Outflow, event: &Event, at: Timestamp, now: Timestamp) -> bool {
        let request = self.request;
        request.from.is_none_or(|from| at >= from)
            && request.until.is_none_or(|until| at < until)
            && (request.events.is_empty()
                || request.events.iter().any(|one| *one == event.id || *one == event.uri))
            && request.topic.as_ref().is_none_or(|topic| TopicPattern(topic).matches(&event.topic))
            && self
                .filter
                .as_ref()
                .is_none_or(|filter| filter.matches(&outflow.shared.dictionary, &event.data, now))
    }
}

impl Outflow {
    /// Sends events to an endpoint again, as far as its subscriptions want them. Who asked, for what and
    /// how much is kept as a record of `Replay`.
    ///
    /// # Errors
    /// 404 where there is no such endpoint, 422 for a filter that cannot be read or more than 10,000 ids.
    pub async fn replay(
        &self,
        request: &ReplayRequest,
        actor: &str,
        now: Timestamp,
    ) -> Result<Replayed, Fault> {
        let sieve = Sieve::read(request)?;
        self.endpoint(&request.endpoint)?;
        let (work, more) = if request.events.is_empty() {
            self.in_window(&sieve, now).await?
        } else {
            (self.by_name(&sieve, now).await?, false)
        };
        self.queue(request, "replay", work, more, actor, now).await
    }

    async fn by_name(&self, sieve: &Sieve<'_>, now: Timestamp) -> Result<Vec<Work>, StoreError> {
        let own = self.shared.dictionary.known("Event");
        // An event is named by its id, or by the address that ends in it.
        let key = |name: &Text| Text::new(name.rsplit('/').next().unwrap_or(name));
        let keys: Vec<Text> = sieve.request.events.iter().map(key).collect();
        let found = self.shared.store.get_many(own.id, &keys).await?;
        Ok(found.into_iter().flatten().filter_map(|stored| self.owed_again(sieve, &stored, now)).collect())
    }

    async fn in_window(&self, sieve: &Sieve<'_>, now: Timestamp) -> Result<(Vec<Work>, bool), StoreError> {
        let own = self.shared.dictionary.known("Event");
        let mut work = Vec::new();
        // A place just before the instant: events of that very instant are after it.
        let mut after = sieve.request.from.map(|from| (Some(from), Text::default()));
        loop {
            let part = Scan { resource: own.id, feed: Some(FEED.into()), after, limit: AT_ONCE };
            let found = self.shared.store.scan(part).await?;
            let Some(last) = found.last() else { return Ok((work, false)) };
            let reached = own.timestamp_of(&last.record);
            after = Some((reached, last.key.clone()));
            for stored in &found {
                if work.len() == MOST_REPLAYED {
                    return Ok((work, true));
                }
                work.extend(self.owed_again(sieve, stored, now));
            }
            if sieve.request.until.is_some_and(|until| reached.is_some_and(|at| at >= until)) {
                return Ok((work, false));
            }
        }
    }

    fn owed_again(&self, sieve: &Sieve<'_>, stored: &store::Stored, now: Timestamp) -> Option<Work> {
        let event = Event::read(&self.shared.dictionary, &stored.record)?;
        if !sieve.holds(self, &event, stored.at, now) {
            return None;
        }
        let found = self.book(|book| book.matching(&event, now));
        let found = found.into_iter().find(|found| found.endpoint == sieve.request.endpoint)?;
        Some(Work::OweAgain(Owed {
            endpoint: found.endpoint,
            sequence: stored.sequence,
            event: event.id.clone(),
            subscription: found.subscription,
            agent: found.agent,
            ordering_key: event.ordering_key.clone().filter(|_| found.ordered),
            due: now,
        }))
    }

    /// Tries dead letters again, as far as the request names them.
    ///
    /// # Errors
    /// As [`replay`](Self::replay).
    pub async fn retry_dead(
        &self,
        request: &ReplayRequest,
        actor: &str,
        now: Timestamp,
    ) -> Result<Replayed, Fault> {
        let sieve = Sieve::read(request)?;
        self.endpoint(&request.endpoint)?;
        let own = self.shared.dictionary.known("Event");
        let (mut work, mut after, mut more) = (Vec::new(), 0, false);
        'all: loop {
            let dead = self.shared.store.dead_letters(&request.endpoint, after, AT_ONCE).await?;
            let Some(last) = dead.last() else { break };
            after = last.owed.sequence;
            let keys: Vec<Text> = dead.iter().map(|dead| dead.owed.event.clone()).collect();
            let events = self.shared.store.get_many(own.id, &keys).await?;
            for (dead, stored) in dead.into_iter().zip(events) {
                let Some(stored) = stored else { continue };
                let Some(event) = Event::read(&self.shared.dictionary, &stored.record) else { continue };
                if !sieve.holds(self, &event, stored.at, now) {
                    continue;
                }
                if work.len() == MOST_REPLAYED {
                    more = true;
                    break 'all;
                }
                work.push(Work::OweAgain(Owed { due: now, ..dead.owed }));
            }
        }
        self.queue(request, "retry", work, more, actor, now).await
    }

    /// The dead letters of an endpoint after a place, up to 100, each with its attempts.
    ///
    /// # Errors
    /// 404 where there is no such endpoint.
    pub async fn dead_letters(
        &self,
        endpoint: &str,
        after: Sequence,
    ) -> Result<Vec<(Delivery, Vec<store::Attempt>)>, Fault> {
        self.endpoint(endpoint)?;
        let dead = self.shared.store.dead_letters(endpoint, after, 100).await?;
        self.with_attempts(dead).await
    }

    /// The newest deliveries of an endpoint before a place, up to 100, each with its attempts.
    ///
    /// # Errors
    /// 404 where there is no such endpoint.
    pub async fn deliveries(
        &self,
        endpoint: &str,
        before: Option<Sequence>,
    ) -> Result<Vec<(Delivery, Vec<store::Attempt>)>, Fault> {
        self.endpoint(endpoint)?;
        let before = before.unwrap_or(i64::MAX.unsigned_abs());
        let newest = self.shared.store.newest_deliveries(endpoint, before, 100).await?;
        self.with_attempts(newest).await
    }

    async fn with_attempts(&self, all: Vec<Delivery>) -> Result<Vec<(Delivery, Vec<store::Attempt>)>, Fault> {
        let mut told = Vec::with_capacity(all.len());
        for delivery in all {
            let owed = &delivery.owed;
            let attempts = self.shared.store.attempts(&owed.endpoint, owed.sequence).await?;
            told.push((delivery, attempts));
        }
        Ok(told)
    }

    /// Queues the work with the record that tells of it.
    async fn queue(
        &self,
        request: &ReplayRequest,
        what: &str,
        work: Vec<Work>,
        more: bool,
        actor: &str,
        now: Timestamp,
    ) -> Result<Replayed, Fault> {
        let own = self.shared.dictionary.known("Replay");
        let id = EventId::make(now)?.text();
        let queued = work.len();
        let client = self.endpoint(&request.endpoint)?.client.clone();
        let mut record = Record::new(own.id);
        let fields: [(&str, Value); 7] = [
            ("ReplayId", id.clone().into()),
            ("ClientId", client.into()),
            ("EndpointId", request.endpoint.clone().into()),
            ("ReplayRequest", request.told(what).into()),
            ("EventsQueued", i64::try_from(queued).unwrap_or(i64::MAX).into()),
            ("ActorName", actor.into()),
            ("ModificationTimestamp", now.into()),
        ];
        for (name, value) in fields {
            if let Some(field) = own.find(name) {
                record.set(field, value);
            }
        }
        let mut operations = vec![Operation::put(FEED, record)];
        let mut parts = work.chunks(IN_A_BATCH);
        loop {
            let part = parts.next().unwrap_or_default().to_vec();
            let batch =
                Batch { operations: std::mem::take(&mut operations), work: part, ..Batch::new(actor, now) };
            self.shared.store.write(batch).await?;
            if parts.len() == 0 {
                break;
            }
        }
        self.bell_of(&request.endpoint).notify_one();
        Ok(Replayed { id, queued, more })
    }
}
