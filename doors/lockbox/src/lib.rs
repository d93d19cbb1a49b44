//! The lockbox door: members, offices and listings of an association come in from whoever keeps them, and it
//! is decided who may open which box.
//!
//! Whatever is asked is asked for a tenant ([`tenant`]): an association, in production or in staging, which share
//! nothing. What a caller may do there the gate says, and what nobody granted is refused.
//!
//! This door does not know any other door, SQL, or what the time is: the clock is handed in.

mod access;
mod audit;
mod body;
mod book;
mod boxes;
mod codes;
mod decisions;
mod describe;
mod export;
mod files;
mod guard;
mod import;
mod memory;
mod people;
mod reply;
mod rights;
mod route;
mod scopes;
mod settings;
mod tenant;

use std::pin::pin;
use std::sync::Arc;

use dictionary::{Dictionary, Timestamp};
use gate::Gate;
use outflow::Outflow;
use search::Search;
use store::{Sequence, Store, StoreError};
use tokio::sync::watch;

use crate::access::{Guesses, Signing};
use crate::audit::{Committer, Sealing};
use crate::codes::Codes;
use crate::memory::Memory;

pub use describe::{Described, DescribedAnswer, DescribedParameter, described};
pub use files::files;
pub use route::{Route, every_route, router};
pub use settings::Settings;

/// What the door stands on. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    dictionary: Arc<Dictionary>,
    gate: Gate,
    store: Store,
    search: Search,
    outflow: Outflow,
    clock: fn() -> Timestamp,
    settings: Arc<Settings>,
    /// Imports that wait for their turn.
    queue: import::Queue,
    /// Members that are new, for whom listings may wait.
    arrivals: import::Arrivals,
    memory: Memory,
    committer: Committer,
    sealing: Sealing,
    codes: Codes,
    tokens: Signing,
    guesses: Arc<Guesses>,
}

impl Door {
    /// A door of these parts.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn open(
        dictionary: Arc<Dictionary>,
        gate: Gate,
        (store, search, outflow): (Store, Search, Outflow),
        clock: fn() -> Timestamp,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let queue = import::Queue::open(&store, &dictionary).await?;
        let arrivals = import::Arrivals::open(&store, &dictionary).await?;
        let memory = Memory::open(store.clone(), Arc::clone(&dictionary)).await?;
        let sealing = Sealing::new(gate.purpose_key("seals the audit of lockboxes, 1"));
        let committer =
            Committer::start(store.clone(), Arc::clone(&dictionary), sealing.clone(), memory.clone());
        Ok(Self {
            codes: Codes::new(gate.purpose_key("hashes codes of lockboxes, 1")),
            tokens: Signing::new(gate.purpose_key("signs offline tokens of lockboxes, 1")),
            guesses: Arc::default(),
            dictionary,
            gate,
            store,
            search,
            outflow,
            clock,
            settings: Arc::new(settings),
            memory,
            committer,
            sealing,
            queue,
            arrivals,
        })
    }

    /// How the door is set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Does what is to be done without anybody asking, until `shutdown` is done.
    ///
    /// # Errors
    /// A store that answers wrongly.
    pub async fn work(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        let (stop, stopped) = watch::channel(false);
        let until = || {
            let mut stopped = stopped.clone();
            async move { drop(stopped.wait_for(|told| *told).await) }
        };
        // One that cannot go on ends the other.
        let work = async { tokio::try_join!(self.memory.follow(until()), self.import(until())).map(drop) };
        let mut work = pin!(work);
        tokio::select! {
            ended = &mut work => return ended,
            () = shutdown => {}
        }
        stop.send_replace(true);
        work.await
    }

    /// Reads the log up to its head: when this returns, whatever was acknowledged before it was called counts.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn refresh(&self) -> Result<Sequence, StoreError> {
        self.memory.refresh().await
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("settings", &self.settings).finish_non_exhaustive()
    }
}
