//! The lockbox door: members, offices and listings of an association come in from whoever keeps them, and it
//! is decided who may open which box.
//!
//! Whatever is asked is asked for a tenant ([`tenant`]): an association, in production or in staging, which share
//! nothing. What a caller may do there the gate says, and what nobody granted is refused.
//!
//! This door does not know any other door, SQL, or what the time is: the clock is handed in.

mod asking;
mod describe;
mod guard;
mod import;
mod reply;
mod route;
mod settings;
mod tenant;

use std::sync::Arc;

use dictionary::{Dictionary, Timestamp};
use gate::Gate;
use store::{Store, StoreError};

pub use describe::{Described, DescribedAnswer, DescribedParameter, described};
pub use route::{Route, every_route, router};
pub use settings::Settings;

/// What the door stands on. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    dictionary: Arc<Dictionary>,
    gate: Gate,
    store: Store,
    clock: fn() -> Timestamp,
    settings: Arc<Settings>,
    /// Imports that wait for their turn.
    queue: import::Queue,
    /// Members that are new, for whom listings may wait.
    arrivals: import::Arrivals,
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
        clock: fn() -> Timestamp,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let queue = import::Queue::open(&store, &dictionary).await?;
        let arrivals = import::Arrivals::open(&store, &dictionary).await?;
        Ok(Self { dictionary, gate, store, clock, settings: Arc::new(settings), queue, arrivals })
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
        self.import(shutdown).await
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("settings", &self.settings).finish_non_exhaustive()
    }
}
