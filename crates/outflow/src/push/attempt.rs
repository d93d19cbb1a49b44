//! One attempt: send, judge the answer, settle.

use std::time::{Duration, Instant};

use dictionary::{Text, Timestamp, Value};
use http::StatusCode;
use outbound::{Answer, Failure};
use serde_json::json;
use store::{Attempt, Batch, Delivery, ErrorKind, Expect, Health, Operation, StoreError, Then, Work};

use super::request::Sending;
use crate::outflow::ACTOR;
use crate::standing::Endpoint;
use crate::{Event, Outflow, operator, retry_after, seen_by};

/// What an attempt says about the endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// Somebody is there.
    Answered,
    /// Nobody is, or one who cannot.
    Nobody,
    /// Somebody asks for time.
    Busy { until: Timestamp },
    /// The store did not take what became of it: it is due still.
    NotSettled,
}

/// What became of the request.
struct Verdict {
    then: Then,
    status: Option<u16>,
    fault: Option<Text>,
    answer: Text,
    outcome: Outcome,
    gone: bool,
}

impl Outflow {
    /// Makes one attempt of a delivery and settles it.
    pub(super) async fn deliver(&self, endpoint: &Endpoint, delivery: Delivery, ahead: &[Text]) -> Outcome {
        match self.deliver_or_fail(endpoint, delivery, ahead).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::warn!(code = error.code(), endpoint = %endpoint.id, "an attempt was not settled: {error}");
                tokio::time::sleep(super::PAUSE).await;
                Outcome::NotSettled
            }
        }
    }

    async fn deliver_or_fail(
        &self,
        endpoint: &Endpoint,
        delivery: Delivery,
        ahead: &[Text],
    ) -> Result<Outcome, StoreError> {
        let shared = &self.shared;
        let at = self.now();
        let begun = Instant::now();
        let event = shared.events.get(&shared.store, &shared.dictionary, &delivery.owed.event, ahead).await?;
        let verdict = match &event {
            None => given_up("event_pruned"),
            Some(event) => match self.sending(endpoint, &delivery, event, at) {
                None => given_up("not_granted"),
                Some(Err(failure)) => self.judge_failure(&delivery, &failure, at),
                Some(Ok(request)) => match shared.client.send(request).await {
                    Ok(answer) => self.judge(&delivery, &answer, self.now()),
                    Err(failure) => self.judge_failure(&delivery, &failure, self.now()),
                },
            },
        };
        let outcome = verdict.outcome;
        self.settle(endpoint, delivery, event.as_deref(), verdict, at, begun.elapsed()).await?;
        Ok(outcome)
    }

    /// The request of a delivery; none where its subscription has ended meanwhile, or no grant allows it
    /// any more (EVT-072): what was owed is not sent then.
    fn sending(
        &self,
        endpoint: &Endpoint,
        delivery: &Delivery,
        event: &Event,
        now: Timestamp,
    ) -> Option<Result<outbound::Request, Failure>> {
        let shared = &self.shared;
        let agent = &delivery.owed.agent;
        let (with_context, policies) = self.book(|book| {
            let subscription = book.subscription(&delivery.owed.subscription)?;
            let wanted = book.wants(subscription, event, agent, now);
            wanted.then(|| (subscription.need_context, book.policies()))
        })?;
        let data = seen_by(&policies, event, agent, &shared.settings.master);
        let sending = Sending { endpoint, event, agent, data: &data, with_context, now };
        Some(sending.request(&shared.settings.master))
    }

    /// EVT-084.
    fn judge(&self, delivery: &Delivery, answer: &Answer, now: Timestamp) -> Verdict {
        let status = answer.status;
        let text = Text::from(String::from_utf8_lossy(&answer.body));
        let asked = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
            .then(|| retry_after(&answer.headers, now))
            .flatten();
        let (then, fault) = match status.as_u16() {
            200..=299 => (Then::Done, None),
            410 => (Then::Dead, Some("gone")),
            300..=399 => (self.again(delivery, now, asked), Some("redirected")),
            _ => (self.again(delivery, now, asked), Some("refused")),
        };
        let outcome = match asked.and_then(|asked| now.checked_add(asked).ok()) {
            Some(until) => Outcome::Busy { until },
            None if status.is_server_error() => Outcome::Nobody,
            None => Outcome::Answered,
        };
        Verdict {
            then,
            status: Some(status.as_u16()),
            fault: fault.map(Text::new),
            answer: text,
            outcome,
            gone: status == StatusCode::GONE,
        }
    }

    fn judge_failure(&self, delivery: &Delivery, failure: &Failure, now: Timestamp) -> Verdict {
        Verdict {
            then: self.again(delivery, now, None),
            status: None,
            fault: Some(failure.code().into()),
            answer: failure.message.as_str().into(),
            outcome: Outcome::Nobody,
            gone: false,
        }
    }

    fn again(&self, delivery: &Delivery, now: Timestamp, asked: Option<Duration>) -> Then {
        let settings = &self.shared.settings;
        let next = settings.schedule.next(delivery.step, now, (settings.chance)(), asked);
        next.map_or(Then::Dead, Then::Again)
    }

    async fn settle(
        &self,
        endpoint: &Endpoint,
        delivery: Delivery,
        event: Option<&Event>,
        verdict: Verdict,
        at: Timestamp,
        latency: Duration,
    ) -> Result<(), StoreError> {
        let shared = &self.shared;
        let now = self.now();
        let mut batch = Batch::new(ACTOR, now);
        let counters = &shared.counters;
        let counter = if verdict.then == Then::Done { &counters.delivered } else { &counters.failed };
        counters.add(counter, 1);
        if verdict.then == Then::Dead {
            counters.add(&counters.dead, 1);
            // What tells of operator events that were given up would never end.
            if let Some(event) = event.filter(|event| !operator::is_operators(&event.topic)) {
                batch.operations.extend(self.exhausted(endpoint, &delivery, event, &verdict, now));
            }
        }
        let attempt = Attempt {
            number: delivery.tries + 1,
            at,
            status: verdict.status,
            latency,
            fault: verdict.fault,
            answer: verdict.answer,
        };
        if attempt.fault.as_deref() != Some("not_granted") {
            batch.work.extend(self.health_after(endpoint, verdict.then == Then::Done, at));
        }
        batch.work.push(Work::Attempted { delivery, attempt, then: verdict.then });
        match shared.store.write(batch.clone()).await {
            // The same was told before: the notice alone is left out.
            Err(error) if error.kind == ErrorKind::Conflict => {
                batch.operations.clear();
                shared.store.write(batch).await?;
            }
            said => drop(said?),
        }
        if verdict.gone {
            self.disable(&endpoint.id, "gone", now).await?;
        }
        Ok(())
    }

    fn exhausted(
        &self,
        endpoint: &Endpoint,
        delivery: &Delivery,
        event: &Event,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Option<Operation> {
        let object = json!({
            "type": "Delivery",
            "endpoint": endpoint.id.as_str(),
            "event": event.uri.as_str(),
            "topic": event.topic.as_str(),
            "attempts": delivery.tries + 1,
            "status": verdict.status,
            "fault": verdict.fault.as_deref(),
        });
        // Ids of endpoints hold characters that ids of events do not: their hash stands for them.
        let of = self.shared.settings.master.derive(&format!("exhausted/{}", endpoint.id));
        let of: String = of[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let id = format!("dead-{of}-{}-{}", delivery.owed.sequence, delivery.tries + 1);
        let told =
            operator::event(&self.shared.settings, id, "retries.exhausted", &endpoint.client, now, &object);
        self.publishing(&told, now)
    }

    /// What changes in how an endpoint fares.
    pub(super) fn health_after(&self, endpoint: &Endpoint, good: bool, at: Timestamp) -> Option<Work> {
        let mut failing = self.shared.failing.lock();
        let changed = match (good, failing.contains_key(&endpoint.id)) {
            (true, true) => {
                failing.remove(&endpoint.id);
                Health { endpoint: endpoint.id.clone(), failing_since: None, warned: 0 }
            }
            (false, false) => {
                let health = Health { endpoint: endpoint.id.clone(), failing_since: Some(at), warned: 0 };
                failing.insert(endpoint.id.clone(), health.clone());
                health
            }
            _ => return None,
        };
        Some(Work::Health(changed))
    }

    /// Disables an endpoint for a reason. Its owner is told by the event that the log's entry makes.
    pub(crate) async fn disable(&self, id: &str, reason: &str, now: Timestamp) -> Result<(), StoreError> {
        let shared = &self.shared;
        let own = shared.dictionary.known("Endpoint");
        let Some(kept) = shared.store.get(own.id, id).await? else { return Ok(()) };
        let mut record = (*kept.record).clone();
        let mut set = |name: &str, value: Value| {
            if let Some(field) = own.find(name) {
                record.set(field, value);
            }
        };
        set("EndpointStatus", "Disabled".into());
        set("EndpointStatusReason", reason.into());
        set("DisabledTimestamp", now.into());
        let expect = Expect::At(kept.sequence);
        let put = Operation::Put { feed: kept.feed, record, expect, stamp: Some(now) };
        let batch = Batch { operations: vec![put], ..Batch::new(ACTOR, now) };
        match shared.store.write(batch).await {
            Err(error) if error.kind != ErrorKind::Conflict => return Err(error),
            // Whoever changed it meanwhile knows better.
            _ => {}
        }
        self.refresh().await.map(drop)
    }
}

fn given_up(fault: &str) -> Verdict {
    Verdict {
        then: Then::Dead,
        status: None,
        fault: Some(fault.into()),
        answer: Text::default(),
        outcome: Outcome::Answered,
        gone: false,
    }
}
