//! Pushing the log (RESO-047, RCP-28): one loop for each endpoint that wants EntityEvents.
//!
//! Nothing is owed here: a loop reads the log from its endpoint's cursor on, sends what the client may be
//! told of in batches, and moves the cursor when a batch was acknowledged. So the order is the log's, a batch
//! that failed is sent again as it was, and whoever was away for long goes on where it stopped. What a
//! receiver missed for good it reads at `/EntityEvent`.

use std::time::Duration;

use dictionary::{Origin, Text, Timestamp};
use http::StatusCode;
use store::{Batch, Sequence, StoreError, Trace};
use tokio::sync::watch;

use super::pace::Pace;
use super::{LONGEST_SLEEP, PAUSE, entity_event};
use crate::outflow::ACTOR;
use crate::standing::{Endpoint, Format};
use crate::{Fault, Outflow, retry_after};

/// EntityEvents of one request: some 100 KB.
const BATCH: usize = 500;
/// Entries of the log that one step looks at.
const LOOKED_AT: Sequence = 5_000;

/// How far the log has been pushed to an endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pushed {
    /// The last entry that was acknowledged, or passed over.
    pub upto: Sequence,
    /// The newest entry that there is.
    pub head: Sequence,
}

/// Where one loop is.
#[derive(Default)]
struct Place {
    /// The last entry that is done with; none before the cursor was read.
    at: Option<Sequence>,
    /// What of it is in the store, and since when.
    kept: Sequence,
    kept_since: Option<Timestamp>,
    /// How often in a row the next batch has failed.
    failed: u32,
    /// When it is tried again.
    due: Option<Timestamp>,
    pace: Pace,
}

/// What a step did.
enum Step {
    /// There may be more at once.
    More,
    /// Nothing is left to do before so long.
    Wait(Duration),
}

/// The name of an endpoint's cursor.
fn cursor(endpoint: &str) -> Text {
    Text::from(format!("entityevent/{endpoint}"))
}

impl Outflow {
    /// Pushes the log to one endpoint until it wants no EntityEvents any more, or `stop` says true.
    pub(super) async fn push_log_to(&self, id: Text, mut stop: watch::Receiver<bool>) {
        let mut place = Place::default();
        let mut bell = self.shared.store.bell();
        while !*stop.borrow() {
            let endpoint = self.active(&id).filter(|endpoint| endpoint.format == Format::EntityEvent);
            let Some(endpoint) = endpoint else { break };
            bell.mark_unchanged();
            let wait = match self.push_part(&endpoint, &mut place).await {
                Ok(Step::More) => continue,
                Ok(Step::Wait(wait)) => wait,
                Err(error) => {
                    tracing::warn!(code = error.code(), endpoint = %id, "the log is not pushed just now: {error}");
                    PAUSE
                }
            };
            tokio::select! {
                // What rings while something is due later is found when that is due.
                _ = bell.changed(), if place.due.is_none() => {}
                () = self.shared.endpoints.notified() => {}
                () = tokio::time::sleep(wait.min(LONGEST_SLEEP)) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
    }

    /// How far the log has been pushed to an endpoint.
    ///
    /// # Errors
    /// 404 where there is no such endpoint; the store does not answer.
    pub async fn pushed(&self, endpoint: &str) -> Result<Pushed, Fault> {
        let version = self.endpoint(endpoint)?.version;
        let kept = self.shared.store.cursor(&cursor(endpoint)).await?;
        let upto = kept.and_then(|text| text.parse().ok()).unwrap_or(version);
        Ok(Pushed { upto, head: self.shared.store.head().await? })
    }

    /// Tells the next entries of the log, in one request.
    async fn push_part(&self, endpoint: &Endpoint, place: &mut Place) -> Result<Step, StoreError> {
        let now = self.now();
        if let Some(due) = place.due.filter(|due| *due > now) {
            return Ok(Step::Wait(Duration::try_from(due.duration_since(now)).unwrap_or(PAUSE)));
        }
        place.due = None;
        if let Some(wait) = place.pace.wait(endpoint.rate, now) {
            return Ok(Step::Wait(wait));
        }
        let from = self.place_of(endpoint, place, now).await?;
        let head = self.shared.store.head().await?;
        let upto = head.min(from + LOOKED_AT);
        if upto <= from {
            self.note_place(endpoint, place, now).await?;
            return Ok(Step::Wait(LONGEST_SLEEP));
        }
        let traces = self.shared.store.traces(from, upto).await?;
        let mut told: Vec<Trace> =
            traces.into_iter().filter(|trace| self.may_tell(endpoint, trace)).collect();
        // What does not fit is looked at again.
        let at = told.get(BATCH).map_or(upto, |next| next.sequence - 1);
        told.truncate(BATCH);
        if told.is_empty() {
            place.at = Some(at);
            self.note_place(endpoint, place, now).await?;
            return Ok(if at < head { Step::More } else { Step::Wait(LONGEST_SLEEP) });
        }
        place.pace.take(endpoint.rate, now);
        self.push_batch(endpoint, place, &told, at, now).await
    }

    /// Sends one batch, and moves on where it was acknowledged.
    async fn push_batch(
        &self,
        endpoint: &Endpoint,
        place: &mut Place,
        told: &[Trace],
        at: Sequence,
        now: Timestamp,
    ) -> Result<Step, StoreError> {
        let shared = &self.shared;
        let request = entity_event::request(&shared.dictionary, &shared.settings, endpoint, told, now);
        let answer = match request {
            Ok(request) => shared.client.send(request).await,
            Err(failure) => Err(failure),
        };
        let done = answer.as_ref().is_ok_and(|answer| answer.status.is_success());
        let counters = &shared.counters;
        counters.add(if done { &counters.delivered } else { &counters.failed }, 1);
        let health = self.health_after(endpoint, done, now);
        if done {
            (place.at, place.failed) = (Some(at), 0);
            self.keep_place(endpoint, place, health, self.now()).await?;
            return Ok(Step::More);
        }
        if let Some(health) = health {
            shared.store.write(Batch { work: vec![health], ..Batch::new(ACTOR, now) }).await?;
        }
        let asked = match answer {
            Ok(answer) if answer.status == StatusCode::GONE => {
                self.disable(&endpoint.id, "gone", now).await?;
                return Ok(Step::More);
            }
            Ok(answer) => {
                tracing::debug!(endpoint = %endpoint.id, status = answer.status.as_u16(), "EntityEvents were refused");
                let busy = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
                retry_after(&answer.headers, now).filter(|_| busy.contains(&answer.status))
            }
            Err(failure) => {
                tracing::debug!(endpoint = %endpoint.id, code = failure.code(), "EntityEvents were not sent: {failure}");
                None
            }
        };
        let settings = &shared.settings;
        // The last wait of the schedule comes again and again: the log is not given up, the endpoint is disabled.
        let last = u32::try_from(settings.schedule.waits.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let next = settings.schedule.next(place.failed.min(last), self.now(), (settings.chance)(), asked);
        place.failed = place.failed.saturating_add(1);
        place.due = next.or_else(|| self.now().checked_add(LONGEST_SLEEP).ok());
        Ok(Step::More)
    }

    /// Whether an endpoint is told of an entry: of a resource that is offered, which it is subscribed to and
    /// which its client may read (EVT-034).
    fn may_tell(&self, endpoint: &Endpoint, entry: &Trace) -> bool {
        let resource = self.shared.dictionary.resource(entry.resource);
        resource.origin != Origin::Freehold
            && self.book(|book| book.wants_changes(endpoint, &resource.name, &entry.feed))
            && (self.shared.settings.sees)(&endpoint.client, &entry.feed, entry.resource)
    }

    /// Where the endpoint is; one that is new begins where it was verified.
    async fn place_of(
        &self,
        endpoint: &Endpoint,
        place: &mut Place,
        now: Timestamp,
    ) -> Result<Sequence, StoreError> {
        if let Some(at) = place.at {
            return Ok(at);
        }
        let kept = self.shared.store.cursor(&cursor(&endpoint.id)).await?.and_then(|text| text.parse().ok());
        place.at = Some(kept.unwrap_or(endpoint.version));
        match kept {
            Some(kept) => place.kept = kept,
            None => self.keep_place(endpoint, place, None, now).await?,
        }
        Ok(kept.unwrap_or(endpoint.version))
    }

    /// Keeps a place to which nothing was told, now and then: a restart may look at some of it once more, and need
    /// not look at all of it.
    async fn note_place(
        &self,
        endpoint: &Endpoint,
        place: &mut Place,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let at = place.at.unwrap_or(place.kept);
        let rested = |since: Timestamp| now.duration_since(since).unsigned_abs() >= LONGEST_SLEEP;
        if at > place.kept && (at >= place.kept + LOOKED_AT || place.kept_since.is_none_or(rested)) {
            self.keep_place(endpoint, place, None, now).await?;
        }
        Ok(())
    }

    async fn keep_place(
        &self,
        endpoint: &Endpoint,
        place: &mut Place,
        health: Option<store::Work>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let at = place.at.unwrap_or(endpoint.version);
        let cursors = vec![(cursor(&endpoint.id), at.to_string())];
        let work = health.into_iter().collect();
        self.shared.store.write(Batch { cursors, work, ..Batch::new(ACTOR, now) }).await?;
        (place.kept, place.kept_since) = (at, Some(now));
        Ok(())
    }
}
