//! Following the log: each event into inboxes and to endpoints, each change of the store into an event.
//!
//! What is owed and how far the log was read are written in one transaction, so that a crash anywhere owes
//! everything once.

use std::collections::BTreeSet;
use std::sync::Arc;

use dictionary::{Text, Timestamp};
use serde_json::json;
use store::{Batch, Change, ChangeKind, Operation, Owed, Scan, Sequence, StoreError, Work};

use crate::outflow::{ACTOR, CURSOR};
use crate::{Event, Outflow, operator, own};

/// Entries of the log that are read at once.
const AT_ONCE: usize = 500;
/// Pieces of work from which on a batch is written: one event adds a few thousand at most.
const FULL: usize = 4_000;

impl Outflow {
    /// Fans out what the log holds beyond the cursor. Returns how far it got.
    pub(crate) async fn fan_out(&self) -> Result<Sequence, StoreError> {
        let mut at = self.begin().await?;
        loop {
            let changes = self.shared.store.follow(at, AT_ONCE).await?;
            if changes.is_empty() {
                return Ok(at);
            }
            // The book is at least as far as what is looked at.
            self.refresh().await?;
            let mut rest = changes.as_slice();
            while !rest.is_empty() {
                let taken = self.take(rest).await?;
                at = rest[taken - 1].sequence;
                rest = &rest[taken..];
            }
        }
    }

    /// Where the fan-out is. A store that has none begins at its head: what was there before outflow was is
    /// owed to nobody, but lies in inboxes, so that a restored backup can be read and replayed.
    pub(crate) async fn begin(&self) -> Result<Sequence, StoreError> {
        let store = &self.shared.store;
        if let Some(at) = store.cursor(CURSOR).await?.and_then(|text| text.parse().ok()) {
            return Ok(at);
        }
        let head = store.head().await?;
        let own = self.shared.dictionary.known("Event");
        let mut after = None;
        loop {
            let found = store.scan(Scan { resource: own.id, feed: None, after, limit: AT_ONCE }).await?;
            let Some(last) = found.last() else { break };
            after = Some((own.timestamp_of(&last.record), last.key.clone()));
            let mut batch = Batch::new(ACTOR, self.now());
            for stored in found.iter().filter(|stored| stored.sequence <= head) {
                if let Some(event) = Event::read(&self.shared.dictionary, &stored.record) {
                    batch.work.extend(inboxed(&event, stored.sequence, stored.at));
                }
                if batch.work.len() >= FULL {
                    store.write(std::mem::replace(&mut batch, Batch::new(ACTOR, self.now()))).await?;
                }
            }
            store.write(batch).await?;
        }
        let cursors = vec![(CURSOR.into(), head.to_string())];
        store.write(Batch { cursors, ..Batch::new(ACTOR, self.now()) }).await?;
        Ok(head)
    }

    /// Takes as many changes as fill a batch, one at least; returns how many.
    async fn take(&self, changes: &[Change]) -> Result<usize, StoreError> {
        let shared = &self.shared;
        let now = self.now();
        let mut batch = Batch::new(ACTOR, now);
        let mut owed_to = BTreeSet::new();
        let (mut events, mut taken) = (0, 0);
        for change in changes {
            taken += 1;
            if let Some(endpoint) = self.unordered(change) {
                owed_to.insert(endpoint.clone());
                batch.work.push(Work::LetGo { endpoint });
            }
            match self.event_of(change) {
                // It is pruned, or about to be: what is owed of it now would stay behind (EVT-102).
                Some(_) if self.is_past(change, now) => {}
                Some(event) => {
                    events += 1;
                    batch.work.extend(inboxed(&event, change.sequence, change.at));
                    self.owe(&event, change, now, &mut batch.work, &mut owed_to);
                    shared.events.keep(Arc::new(event));
                }
                None => {
                    if let Some(event) = self.own_event(change, now).await? {
                        batch.operations.extend(self.publishing(&event, now));
                    }
                }
            }
            if batch.work.len() >= FULL {
                break;
            }
        }
        let last = changes[taken - 1].sequence;
        batch.cursors.push((CURSOR.into(), last.to_string()));
        let owed = batch.work.len();
        self.without_taken_ids(&mut batch).await?;
        shared.store.write(batch).await?;
        shared.counters.add(&shared.counters.events, events);
        shared.counters.add(&shared.counters.owed, owed);
        shared.counters.fanned_out.store(last, std::sync::atomic::Ordering::Relaxed);
        shared.boxed.send_replace(last);
        for endpoint in owed_to {
            self.bell_of(&endpoint).notify_one();
        }
        Ok(taken)
    }

    /// Whether an event was older than the retention before it came to be fanned out.
    fn is_past(&self, change: &Change, now: Timestamp) -> bool {
        let own = self.shared.dictionary.resource(change.resource);
        let at = change.record.as_ref().and_then(|record| own.timestamp_of(record));
        let oldest = now.checked_sub(self.shared.settings.retention).ok();
        at < oldest
    }

    /// The event that an entry of the log is.
    fn event_of(&self, change: &Change) -> Option<Event> {
        let dictionary = &self.shared.dictionary;
        let is_event =
            dictionary.resource(change.resource).name == "Event" && change.kind == ChangeKind::Created;
        change.record.as_ref().filter(|_| is_event).and_then(|record| Event::read(dictionary, record))
    }

    fn owe(
        &self,
        event: &Event,
        change: &Change,
        now: Timestamp,
        work: &mut Vec<Work>,
        owed_to: &mut BTreeSet<Text>,
    ) {
        for found in self.shared.book.read().matching(event, now) {
            owed_to.insert(found.endpoint.clone());
            work.push(Work::Owe(Owed {
                endpoint: found.endpoint,
                sequence: change.sequence,
                event: event.id.clone(),
                subscription: found.subscription,
                agent: found.agent,
                ordering_key: event.ordering_key.clone().filter(|_| found.ordered),
                due: now,
            }));
        }
    }

    /// The event that a change of the store makes: a listing's, a profile's, a subscription's, an
    /// endpoint's.
    async fn own_event(&self, change: &Change, now: Timestamp) -> Result<Option<Event>, StoreError> {
        let shared = &self.shared;
        let name = shared.dictionary.resource(change.resource).name.as_str();
        if let Some(topic) = own::topic(name, change.kind) {
            // Where no grant lets anybody receive them, a million listings are not a million events.
            let awaited = shared.settings.own_changes && shared.book.read().is_awaited(topic, now);
            return Ok(awaited.then(|| own::event(&shared.dictionary, &shared.settings, change)).flatten());
        }
        let Some(record) = &change.record else { return Ok(None) };
        let words = crate::standing::Words::new(&shared.dictionary, record);
        let id = format!("log-{}", change.sequence);
        Ok(match name {
            "Subscription" => words.text("ClientId").map(|client| {
                let object = json!({
                    "type": "Subscription",
                    "id": change.key.as_str(),
                    "status": words.text("SubscriptionStatus").as_deref(),
                });
                operator::event(&shared.settings, id, "subscription.updated", &client, now, &object)
            }),
            "Endpoint" if words.text("EndpointStatus").as_deref() == Some("Disabled") => {
                if self.was_disabled(change).await? {
                    return Ok(None);
                }
                words.text("ClientId").map(|client| {
                    let object = json!({
                        "type": "Endpoint",
                        "id": change.key.as_str(),
                        "reason": words.text("EndpointStatusReason").as_deref(),
                    });
                    operator::event(&shared.settings, id, "endpoint.disabled", &client, now, &object)
                })
            }
            _ => None,
        })
    }

    /// The endpoint that an entry of the log says wants no order: what order held back is held back no longer.
    fn unordered(&self, change: &Change) -> Option<Text> {
        let record = change.record.as_ref()?;
        if change.kind != ChangeKind::Changed
            || self.shared.dictionary.resource(change.resource).name != "Endpoint"
        {
            return None;
        }
        let endpoint =
            crate::standing::Words::new(&self.shared.dictionary, record).endpoint(change.sequence)?;
        (!endpoint.ordered).then_some(endpoint.id)
    }

    async fn was_disabled(&self, change: &Change) -> Result<bool, StoreError> {
        let Some(before) = change.before else { return Ok(false) };
        let before = self.shared.store.version(before).await?.and_then(|change| change.record);
        let status = before.and_then(|record| {
            crate::standing::Words::new(&self.shared.dictionary, &record).text("EndpointStatus")
        });
        Ok(status.as_deref() == Some("Disabled"))
    }

    /// Takes out what an id was taken for already: nobody's event stops the others.
    async fn without_taken_ids(&self, batch: &mut Batch) -> Result<(), StoreError> {
        if batch.operations.is_empty() {
            return Ok(());
        }
        let own = self.shared.dictionary.known("Event");
        let key = |operation: &Operation| match operation {
            Operation::Put { record, .. } => own.key_of(record).unwrap_or_default(),
            Operation::Remove { key, .. } => key.clone(),
        };
        let keys: Vec<_> = batch.operations.iter().map(key).collect();
        let found = self.shared.store.get_many(own.id, &keys).await?;
        let mut taken = found.iter().map(Option::is_some);
        batch.operations.retain(|_| !taken.next().unwrap_or(false));
        Ok(())
    }

    /// What keeps an event of our own making. One that passes a bound is told of in the log alone: it must
    /// not stop those that follow.
    pub(crate) fn publishing(&self, event: &Event, now: Timestamp) -> Option<Operation> {
        match event.operation(&self.shared.dictionary, now) {
            Ok(operation) => Some(operation),
            Err(fault) => {
                tracing::warn!(code = fault.code, id = %event.id, "an event of the store's own was not kept: {fault}");
                None
            }
        }
    }
}

/// The event into the inbox of everyone who gets a copy.
fn inboxed(event: &Event, sequence: Sequence, at: Timestamp) -> impl Iterator<Item = Work> + use<> {
    let key = event.id.clone();
    event.recipients().into_iter().map(move |agent| Work::Inbox { agent, sequence, event: key.clone(), at })
}
