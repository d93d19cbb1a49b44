//! Pushing: one loop for each endpoint, so that a slow one delays no other (EVT-089).
//!
//! A loop takes what is due from the store, a window at a time, and sends as many at once as its endpoint
//! allows. A delivery is settled in the store before its place is given to another: what is in memory is
//! never more than a window and what is on its way, however much is owed.

mod attempt;
mod entity_event;
mod events;
mod log;
mod pace;
mod request;
mod try_out;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Text, Timestamp};
use store::{Delivery, Sequence, StoreError};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub(crate) use events::Events;
pub use log::Pushed;
pub use request::Confided;
pub use try_out::TriedOut;

use crate::standing::{Endpoint, EndpointStatus, Format};
use crate::{Outflow, push::pace::Pace};
use attempt::Outcome;

/// Deliveries that one loop reads ahead.
const WINDOW: usize = 128;
/// The longest that a loop sleeps without looking at the clock again.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);
/// How long a loop waits where the store does not answer.
const PAUSE: Duration = Duration::from_secs(1);

impl Outflow {
    /// Keeps a loop for each active endpoint until `stop` says true; then waits for what is on its way.
    pub(crate) async fn push(&self, mut stop: watch::Receiver<bool>) {
        let mut loops: BTreeMap<Text, tokio::task::JoinHandle<()>> = BTreeMap::new();
        loop {
            let changed = self.shared.endpoints.notified();
            loops.retain(|_, running| !running.is_finished());
            let active: Vec<(Text, Format)> = self.book(|book| {
                let active = book.endpoints().filter(|endpoint| endpoint.status == EndpointStatus::Active);
                active.map(|endpoint| (endpoint.id.clone(), endpoint.format)).collect()
            });
            for (id, format) in active {
                loops.entry(id.clone()).or_insert_with(|| {
                    let (this, stop) = (self.clone(), stop.clone());
                    match format {
                        Format::EntityEvent => tokio::spawn(async move { this.push_log_to(id, stop).await }),
                        _ => tokio::spawn(async move { this.push_to(id, stop).await }),
                    }
                });
            }
            tokio::select! {
                () = changed => {}
                // A loop that ended while its endpoint is active again is started again.
                () = tokio::time::sleep(LONGEST_SLEEP) => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
        for (_, running) in loops {
            drop(running.await);
        }
    }

    /// Sends to one endpoint until it is not active any more or `stop` says true.
    async fn push_to(&self, id: Text, mut stop: watch::Receiver<bool>) {
        let mut line = Line::new();
        let bell = self.bell_of(&id);
        while !*stop.borrow() {
            let endpoint = self.active(&id).filter(|endpoint| endpoint.format != Format::EntityEvent);
            let Some(endpoint) = endpoint else { break };
            let wait = match self.send_more(&endpoint, &mut line).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(code = error.code(), endpoint = %id, "deliveries cannot be read: {error}");
                    PAUSE
                }
            };
            tokio::select! {
                Some(done) = line.flying.join_next() => line.landed(done),
                () = bell.notified() => line.dry = false,
                () = self.shared.endpoints.notified() => {}
                () = tokio::time::sleep(wait.min(LONGEST_SLEEP)) => line.dry = false,
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        // What is on its way is waited for: it is settled then, and not sent again after the next start.
        while let Some(done) = line.flying.join_next().await {
            line.landed(done);
        }
    }

    /// The endpoint of this key, where it is to be sent to.
    fn active(&self, id: &str) -> Option<Arc<Endpoint>> {
        let endpoint = self.book(|book| book.endpoint(id).cloned());
        endpoint.filter(|endpoint| endpoint.status == EndpointStatus::Active)
    }

    /// Starts as many attempts as may start now; returns how long nothing will start by itself.
    async fn send_more(&self, endpoint: &Arc<Endpoint>, line: &mut Line) -> Result<Duration, StoreError> {
        loop {
            let now = self.now();
            if line.flying.len() >= line.places(endpoint) {
                return Ok(LONGEST_SLEEP);
            }
            if let Some(wait) = line.pace.wait(endpoint.rate, now) {
                return Ok(wait);
            }
            let Some(delivery) = line.window.pop_front() else {
                if line.dry || !self.refill(endpoint, line, now).await? {
                    line.dry = true;
                    return self.until_next(endpoint, line, now).await;
                }
                continue;
            };
            line.pace.take(endpoint.rate, now);
            let sequence = delivery.owed.sequence;
            line.on_the_way.insert(sequence);
            let ahead: Vec<Text> = line.window.iter().map(|next| next.owed.event.clone()).collect();
            let (this, endpoint) = (self.clone(), Arc::clone(endpoint));
            line.flying.spawn(async move { (sequence, this.deliver(&endpoint, delivery, &ahead).await) });
        }
    }

    /// Reads what is due into the window; whether there was anything.
    async fn refill(&self, endpoint: &Endpoint, line: &mut Line, now: Timestamp) -> Result<bool, StoreError> {
        let limit = WINDOW + line.on_the_way.len();
        let due = self.shared.store.due(&endpoint.id, now, limit).await?;
        // What is on its way waits in the store, too, until it is settled.
        let free = due.into_iter().filter(|delivery| !line.on_the_way.contains(&delivery.owed.sequence));
        line.window.extend(free.take(WINDOW));
        Ok(!line.window.is_empty())
    }

    async fn until_next(
        &self,
        endpoint: &Endpoint,
        line: &Line,
        now: Timestamp,
    ) -> Result<Duration, StoreError> {
        if !line.on_the_way.is_empty() {
            // Whoever lands rings; what else is due by then is looked for at the latest in a second.
            return Ok(Duration::from_secs(1));
        }
        let next = self.shared.store.next_due(&endpoint.id).await?;
        let wait = next.map(|due| Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO));
        Ok(wait.unwrap_or(LONGEST_SLEEP).max(Duration::from_millis(1)))
    }
}

/// What one loop has in its hands.
struct Line {
    window: VecDeque<Delivery>,
    flying: JoinSet<(Sequence, Outcome)>,
    on_the_way: HashSet<Sequence>,
    pace: Pace,
    /// Whether nothing was due when the store was last asked, and nothing rang since.
    dry: bool,
    /// Whether the last attempt found nobody: then one at a time knocks, until somebody opens.
    knocking: bool,
}

impl Line {
    fn new() -> Self {
        Self {
            window: VecDeque::new(),
            flying: JoinSet::new(),
            on_the_way: HashSet::new(),
            pace: Pace::default(),
            dry: false,
            knocking: false,
        }
    }

    fn places(&self, endpoint: &Endpoint) -> usize {
        if self.knocking { 1 } else { endpoint.concurrency }
    }

    fn landed(&mut self, done: Result<(Sequence, Outcome), tokio::task::JoinError>) {
        let Ok((sequence, outcome)) = done else {
            // A panic is a fault of ours: the delivery is due still, and looked for again.
            self.on_the_way.clear();
            self.window.clear();
            self.dry = false;
            return;
        };
        self.on_the_way.remove(&sequence);
        // The next of a key may be free now.
        self.dry = false;
        match outcome {
            Outcome::Answered => self.knocking = false,
            Outcome::Nobody => self.knocking = true,
            Outcome::Busy { until } => self.pace.pause(until),
            Outcome::NotSettled => {
                self.window.clear();
            }
        }
    }
}
