//! Tending, now and then: endpoints that fail for long, events that are old, challenges.

use std::time::Duration;

use dictionary::{Key, Timestamp};
use serde_json::json;
use store::{Batch, ErrorKind, Health, Operation, Scan, StoreError, Work};
use tokio::sync::watch;

use crate::outflow::ACTOR;
use crate::standing::EndpointStatus;
use crate::{Event, Outflow, operator};

/// At which percentages of the time until it is disabled an endpoint's owner is warned (EVT-087).
const WARNINGS: [u8; 3] = [50, 70, 90];
/// Events that are pruned at once.
const AT_ONCE: usize = 500;
/// For how long an endpoint that does not answer its challenge is asked again by itself.
const CHALLENGED: Duration = Duration::from_secs(24 * 3_600);

impl Outflow {
    /// Tends until `stop` says true.
    pub(crate) async fn tend(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.tend_once().await {
                tracing::warn!(code = error.code(), "outflow could not tend: {error}");
            }
            tokio::select! {
                () = tokio::time::sleep(self.shared.settings.tending) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
    }

    /// One round.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn tend_once(&self) -> Result<(), StoreError> {
        let now = self.now();
        self.warn_and_disable(now).await?;
        self.challenge_all(now).await?;
        self.prune(now).await
    }

    /// EVT-087: an endpoint that fails for long is warned of, and then disabled.
    async fn warn_and_disable(&self, now: Timestamp) -> Result<(), StoreError> {
        let failing: Vec<Health> = self.shared.failing.lock().values().cloned().collect();
        for health in failing {
            let endpoint = self.book(|book| book.endpoint(&health.endpoint).cloned());
            let endpoint = endpoint.filter(|endpoint| endpoint.status == EndpointStatus::Active);
            let (Some(endpoint), Some(since)) = (endpoint, health.failing_since) else {
                continue;
            };
            let share =
                now.duration_since(since).as_secs_f64() / self.shared.settings.failing.as_secs_f64() * 100.0;
            if share >= 100.0 {
                self.disable(&endpoint.id, "failing", now).await?;
                self.fares(Health { failing_since: None, warned: 0, ..health }, None, now).await?;
                continue;
            }
            let due = WARNINGS.iter().rev().find(|at| share >= f64::from(**at)).copied();
            let Some(at) = due.filter(|at| *at > health.warned) else { continue };
            let object = json!({
                "type": "Endpoint",
                "id": endpoint.id.as_str(),
                "failingSince": since.to_string(),
                "percentUntilDisabled": at,
            });
            let of = self.shared.settings.master.derive(&format!("failing/{}", endpoint.id));
            let of: String = of[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            let id = format!("failing-{of}-{}-{at}", since.as_microsecond());
            let settings = &self.shared.settings;
            let told = operator::event(settings, id, "endpoint.failing", &endpoint.client, now, &object);
            self.fares(Health { warned: at, ..health }, self.publishing(&told, now), now).await?;
        }
        Ok(())
    }

    /// Notes how an endpoint fares, and tells of it.
    async fn fares(&self, health: Health, told: Option<Operation>, now: Timestamp) -> Result<(), StoreError> {
        let mut batch = Batch { work: vec![Work::Health(health.clone())], ..Batch::new(ACTOR, now) };
        batch.operations.extend(told);
        match self.shared.store.write(batch).await {
            // It was told before.
            Err(error) if error.kind == ErrorKind::Conflict => {}
            said => drop(said?),
        }
        let mut failing = self.shared.failing.lock();
        match health.failing_since {
            Some(_) => drop(failing.insert(health.endpoint.clone(), health)),
            None => drop(failing.remove(&health.endpoint)),
        }
        Ok(())
    }

    async fn challenge_all(&self, now: Timestamp) -> Result<(), StoreError> {
        let waiting: Vec<_> = self.book(|book| {
            let waits = |endpoint: &&std::sync::Arc<crate::standing::Endpoint>| {
                endpoint.status == EndpointStatus::Unverified
                    && now.duration_since(endpoint.changed).unsigned_abs() < CHALLENGED
            };
            book.endpoints().filter(waits).map(|endpoint| endpoint.id.clone()).collect()
        });
        for id in waiting {
            // Who does not answer stays unverified.
            self.challenge(&id, ACTOR, now).await?;
        }
        Ok(())
    }

    /// EVT-102: what is older than the retention goes; the log says that it was there.
    async fn prune(&self, now: Timestamp) -> Result<(), StoreError> {
        let shared = &self.shared;
        let own = shared.dictionary.known("Event");
        let (Ok(oldest), Ok(done)) =
            (now.checked_sub(shared.settings.retention), now.checked_sub(shared.settings.done_kept))
        else {
            return Ok(());
        };
        let endpoints: Vec<_> =
            self.book(|book| book.endpoints().map(|endpoint| endpoint.id.clone()).collect());
        loop {
            let found =
                shared.store.scan(Scan { resource: own.id, feed: None, after: None, limit: AT_ONCE }).await?;
            let old =
                found.iter().filter(|stored| own.timestamp_of(&stored.record).is_none_or(|at| at < oldest));
            let mut batch = Batch::new(ACTOR, now);
            let mut last = 0;
            for stored in old {
                last = last.max(stored.sequence);
                batch.operations.push(Operation::remove(own.id, stored.key.clone()));
                if let Some(event) = Event::read(&shared.dictionary, &stored.record) {
                    let sequence = stored.sequence;
                    batch
                        .work
                        .extend(event.recipients().into_iter().map(|agent| Work::Unbox { agent, sequence }));
                }
                if batch.work.len() > 4_000 {
                    break;
                }
            }
            if batch.operations.is_empty() {
                break;
            }
            shared.store.write(batch).await?;
            self.forget(&endpoints, last, false, now).await?;
        }
        // Deliveries that are done go sooner: the first event that is younger bounds them.
        let place = Some((Some(done), Key::default()));
        let next = shared.store.scan(Scan { resource: own.id, feed: None, after: place, limit: 1 }).await?;
        let upto = match next.first() {
            Some(stored) => stored.sequence.saturating_sub(1),
            None => shared.store.head().await?,
        };
        self.forget(&endpoints, upto, true, now).await
    }

    async fn forget(
        &self,
        endpoints: &[dictionary::Text],
        upto: store::Sequence,
        done_alone: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let work =
            endpoints.iter().map(|endpoint| Work::Forget { endpoint: endpoint.clone(), upto, done_alone });
        let work: Vec<Work> = work.collect();
        if !work.is_empty() {
            self.shared.store.write(Batch { work, ..Batch::new(ACTOR, now) }).await?;
        }
        Ok(())
    }
}
