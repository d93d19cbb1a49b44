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
}

impl Door {
    /// A door of these parts.
    #[must_use]
    pub fn new(
        dictionary: Arc<Dictionary>,
        gate: Gate,
        store: Store,
        clock: fn() -> Timestamp,
        settings: Settings,
    ) -> Self {
        Self { dictionary, gate, store, clock, settings: Arc::new(settings) }
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
        shutdown.await;
        Ok(())
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("settings", &self.settings).finish_non_exhaustive()
    }
}
