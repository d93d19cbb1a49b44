//! The transactions door: franchise transaction reports and the events of their family come in, are held
//! against one schema, and are kept; sales production is told from them; events are pulled and subscribed.
//!
//! Publishing reads as one sentence: *read* the body into payloads, let the producer's *grants* and the
//! *schema* judge each, set the *envelope*, put the reports of a transaction in their *order*, and *write*
//! events and reports in one batch of the store before anything is acknowledged. What is sent on from
//! there is `outflow`'s.
//!
//! This door does not know any other door, SQL, or what the time is: the clock is handed in.

mod asyncapi;
mod describe;
mod guard;
mod hash;
mod judge;
mod ledger;
mod permission;
mod portal;
mod production;
mod profile;
mod publish;
mod receive;
mod reply;
mod report;
mod route;
mod schema;
mod settings;
mod subscribe;
mod topic;
mod transaction;
mod validate;

use std::sync::Arc;

use dictionary::{Dictionary, Timestamp};
use gate::Gate;
use outflow::Outflow;
use store::{Sequence, Store, StoreError};
use tokio::sync::watch;

use crate::ledger::Ledger;

pub use describe::{Described, DescribedAnswer, DescribedParameter, described};
pub use profile::profile_url;
pub use publish::{Message, Verdict};
pub use route::{Route, every_route, router};
pub use schema::Item;
pub use settings::Settings;
pub use topic::{Topic, every_topic};

/// What the door stands on. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    dictionary: Arc<Dictionary>,
    gate: Gate,
    store: Store,
    clock: fn() -> Timestamp,
    settings: Arc<Settings>,
    ledger: Ledger,
    outflow: Outflow,
    /// Says true when the server stops: streams end then.
    stopping: watch::Sender<bool>,
}

impl Door {
    /// A door of these parts.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn open(
        dictionary: Arc<Dictionary>,
        gate: Gate,
        store: Store,
        outflow: Outflow,
        clock: fn() -> Timestamp,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let ledger = Ledger::open(store.clone(), Arc::clone(&dictionary)).await?;
        Ok(Self {
            dictionary,
            gate,
            store,
            clock,
            settings: Arc::new(settings),
            ledger,
            outflow,
            stopping: watch::channel(false).0,
        })
    }

    /// How the door is set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Keeps what the door knows by heart current until `shutdown` is done.
    ///
    /// # Errors
    /// A store that answers wrongly.
    pub async fn follow(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        let followed = self.ledger.follow(shutdown).await;
        self.stopping.send_replace(true);
        followed
    }

    /// Reads the log up to its head: when this returns, every grant and report that was acknowledged
    /// before it was called counts.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn refresh(&self) -> Result<Sequence, StoreError> {
        self.outflow.refresh().await?;
        self.ledger.refresh().await
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("settings", &self.settings).finish_non_exhaustive()
    }
}
