//! The RESO Web API door: OData 4.0 and 4.01 over HTTP.
//!
//! A request is read as one sentence: *read* the URL into a question ([`odata::url`]), let the *gate*
//! permit it, *find* the rows ([`search`]), *write* the page. Each stage may refuse in its own words, and
//! every refusal becomes an OData error body. Writing records is a sentence of its own (`write`).
//!
//! This door does not know any other door, SQL, or what the time is: the clock is handed in.

mod aggregated;
mod ask;
mod batch;
mod bound;
mod computed;
mod delta;
mod entity;
mod events;
mod expand;
mod gather;
mod headers;
mod linked;
mod page;
mod pieces;
mod reply;
mod route;
mod settings;
mod token;
mod told;
mod url;
mod words;
mod write;

use std::sync::Arc;

use dictionary::{Dictionary, Timestamp};
use gate::Gate;
use odata::metadata::EnumNames;
use search::Search;
use store::Store;

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
    /// The log, for EntityEvent.
    pub store: Store,
    /// What time it is.
    pub clock: fn() -> Timestamp,
    /// Bounds and addresses.
    pub settings: Settings,
    enums: Arc<EnumNames>,
    pieces: Arc<pieces::Pieces>,
    events: Arc<events::Log>,
    rules: Arc<write::Rules>,
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
        let pieces = Arc::new(pieces::Pieces::new(settings.kept_bytes));
        let enums = Arc::new(EnumNames::of(&dictionary, settings.enums));
        Self {
            dictionary,
            gate,
            search,
            store,
            clock,
            settings,
            enums,
            pieces,
            events: Arc::default(),
            rules: Arc::default(),
        }
    }

    /// The service root as clients see it, without a slash at its end.
    fn root_url(&self) -> String {
        format!("{}{}", self.settings.public_url, self.settings.root)
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("settings", &self.settings).finish_non_exhaustive()
    }
}
