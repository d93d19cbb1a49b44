//! The partner listing API: listings, agents, offices and open houses for a partner's web site, as its
//! clients have asked for them since before RESO's Web API was there.
//!
//! A request is read as one sentence: *read* the parameters into a question, let the *gate* permit it,
//! *find* the rows ([`search`]), *write* the members that the partner's classes name. Whatever is refused
//! is refused in the API's own envelope.
//!
//! This door does not know any other door, SQL, or what the time is: the clock is handed in.

mod endpoint;
mod envelope;
#[expect(dead_code, unused_imports, reason = "the endpoints that write members are being built")]
mod members;
mod path;
mod route;
mod settings;

use std::sync::Arc;

use dictionary::{Dictionary, Timestamp};
use gate::Gate;
use search::Search;
use store::Store;

pub use path::any_case;
pub use route::{every_route, router};
pub use settings::Settings;

/// What the door stands on.
#[derive(Clone)]
pub struct Door {
    /// The words.
    pub dictionary: Arc<Dictionary>,
    /// Who may.
    pub gate: Gate,
    /// Who finds.
    pub search: Search,
    /// What was removed.
    pub store: Store,
    /// What time it is.
    pub clock: fn() -> Timestamp,
    /// Bounds and addresses.
    pub settings: Settings,
    #[expect(dead_code, reason = "the endpoints that write members are being built")]
    members: Arc<members::Members>,
}

impl Door {
    /// A door of these parts.
    #[must_use]
    pub fn new(
        dictionary: Arc<Dictionary>,
        gate: Gate,
        search: Search,
        store: Store,
        clock: fn() -> Timestamp,
        settings: Settings,
    ) -> Self {
        let members = Arc::new(members::Members::bind(&dictionary));
        Self { dictionary, gate, search, store, clock, settings, members }
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("settings", &self.settings).finish_non_exhaustive()
    }
}
