//! Outflow as everyone else sees it.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Dictionary, Text, Timestamp};
use outbound::Client;
use parking_lot::{Mutex, RwLock};
use store::{Change, Follower, Health, Scan, Sequence, Store, StoreError};
use tokio::sync::{Notify, watch};

use crate::Event;
use crate::figures::{Counters, Figures};
use crate::push::Events;
use crate::settings::{Settings, Who};
use crate::standing::{Book, READ};

/// How many entries are read of the store at once.
const AT_ONCE: usize = 1_000;
/// Where in the log the fan-out is. A backup leaves it out, with the work that it counts.
pub(crate) const CURSOR: &str = "work/outflow";
/// Who writes what outflow writes by itself.
pub(crate) const ACTOR: &str = "outflow";

/// Outflow. Cheap to clone.
#[derive(Clone)]
pub struct Outflow {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) settings: Settings,
    pub(crate) client: Client,
    pub(crate) book: RwLock<Book>,
    pub(crate) counters: Counters,
    pub(crate) events: Events,
    /// How far the log has been read into the book.
    log: Follower,
    /// Rings when inboxes have grown, with the last sequence that lies in them.
    pub(crate) boxed: watch::Sender<Sequence>,
    /// Rings when endpoints have changed.
    pub(crate) endpoints: Notify,
    /// Rings when something is owed to an endpoint.
    pub(crate) owed: Mutex<HashMap<Text, Arc<Notify>>>,
    /// The endpoints of which every attempt has failed for a while.
    pub(crate) failing: Mutex<HashMap<Text, Health>>,
}

/// Why outflow cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A certificate of the settings is none.
    #[error("A certificate among outflow's settings cannot be used: {0}.")]
    Certificate(String),
}

impl Outflow {
    /// Reads what the store holds of subscriptions, endpoints, grants and policies.
    ///
    /// # Errors
    /// The store does not answer; a certificate that is none.
    pub async fn open(
        store: Store,
        dictionary: Arc<Dictionary>,
        settings: Settings,
    ) -> Result<Self, OpenError> {
        let client = Client::new(settings.outbound.clone());
        let client = client.map_err(|error| OpenError::Certificate(error.to_string()))?;
        let mut book = Book::new(Arc::clone(&dictionary), Arc::clone(&settings.profile));
        // Whatever is written while this reads is read again from the log, from here on.
        let head = store.head().await?;
        for name in READ {
            let own = dictionary.known(name);
            let mut after = None;
            loop {
                let found = store.scan(Scan { resource: own.id, feed: None, after, limit: AT_ONCE }).await?;
                let Some(last) = found.last() else { break };
                after = Some((own.timestamp_of(&last.record), last.key.clone()));
                for stored in found {
                    book.take(own.id, &stored.key, stored.sequence, Some(&stored.record));
                }
            }
        }
        let failing = store.health().await?.into_iter().filter(|health| health.failing_since.is_some());
        let failing = failing.map(|health| (health.endpoint.clone(), health)).collect();
        let ours = READ.map(|name| dictionary.known(name).id);
        let log = Follower::new(store.clone(), ours.into(), head);
        let outflow = Self {
            shared: Arc::new(Shared {
                store,
                dictionary,
                settings,
                client,
                book: RwLock::new(book),
                counters: Counters::default(),
                events: Events::default(),
                log,
                boxed: watch::channel(0).0,
                endpoints: Notify::new(),
                owed: Mutex::default(),
                failing: Mutex::new(failing),
            }),
        };
        outflow.refresh().await?;
        outflow.begin_alone().await?;
        Ok(outflow)
    }

    /// Reads the log up to its head; when this returns, whatever was acknowledged before it was called
    /// counts. Whoever changes a subscription, an endpoint, a grant or a policy calls it, so that a
    /// rejection holds at once.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn refresh(&self) -> Result<Sequence, StoreError> {
        let shared = &self.shared;
        let take = |changes: &[Change]| {
            let mut book = shared.book.write();
            for change in changes {
                book.take(change.resource, &change.key, change.sequence, change.record.as_deref());
            }
            drop(book);
            shared.endpoints.notify_waiters();
        };
        shared.log.catch_up(take).await
    }

    /// Asks the book something.
    pub fn book<T>(&self, ask: impl FnOnce(&Book) -> T) -> T {
        ask(&self.shared.book.read())
    }

    /// The key that secrets come from.
    #[must_use]
    pub fn master(&self) -> &crate::MasterKey {
        &self.shared.settings.master
    }

    /// The URL that an agent is known by.
    #[must_use]
    pub fn profile(&self, who: Who, key: &str) -> Text {
        (self.shared.settings.profile)(who, key)
    }

    /// An event that this server publishes by itself to one agent: of this id, which is never another event's, and
    /// about `subject`, whose events reach an ordered endpoint one after the other.
    #[must_use]
    pub fn event_to(
        &self,
        id: &str,
        topic: &str,
        agent: &Text,
        subject: Option<&str>,
        now: Timestamp,
        data: &serde_json::Value,
    ) -> Event {
        let subject = subject.map(Text::new).filter(|text| text.chars().count() <= 255);
        Event {
            uri: Text::from(format!("{}/publish/{id}", self.shared.settings.public_url)),
            id: id.into(),
            topic: topic.into(),
            time: now,
            instrument: self.profile(Who::App, "freehold"),
            original_recipients: vec![agent.clone()],
            sources: Vec::new(),
            ordering_key: subject.clone(),
            subject,
            context: None,
            data: Text::from(data.to_string()),
        }
    }

    /// Rings when inboxes have grown, with the last sequence that lies in them.
    #[must_use]
    pub fn inbox_bell(&self) -> watch::Receiver<Sequence> {
        self.shared.boxed.subscribe()
    }

    /// What was done since the process began.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.shared.counters.read()
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.shared.settings.now)()
    }

    /// The bell of one endpoint.
    pub(crate) fn bell_of(&self, endpoint: &str) -> Arc<Notify> {
        Arc::clone(self.shared.owed.lock().entry(endpoint.into()).or_default())
    }
}

impl std::fmt::Debug for Outflow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outflow").field("figures", &self.figures()).finish_non_exhaustive()
    }
}
