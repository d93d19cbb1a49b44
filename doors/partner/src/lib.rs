//! The partner listing API: listings, agents, offices and open houses for a partner's web site, as its
//! clients have asked for them since before RESO's Web API was there.
//!
//! A request is read as one sentence: *read* the parameters into a question, let the *gate* permit it,
//! *find* the rows ([`search`]), *write* the members that the partner's classes name. Whatever is refused
//! is refused in the API's own envelope.
//!
//! This door does not know any other door, SQL, or what the time is: the clock is handed in.

mod answer;
mod auth;
mod bound;
mod counts;
mod describe;
mod endpoint;
mod envelope;
mod find;
mod gone;
mod hub;
mod kept;
mod locate;
mod members;
mod path;
mod related;
mod reply;
mod request;
mod route;
mod settings;
mod walks;

use std::sync::Arc;

use dictionary::{Dictionary, Timestamp};
use gate::Gate;
use search::Search;
use store::Store;

pub use describe::{Described, DescribedParameter, described, described_classes};
pub use locate::{Address, Locate, Located};
pub use members::Probe;
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
    locate: Option<Locate>,
    members: Arc<members::Members>,
    bound: Arc<bound::Bound>,
    related: Arc<related::Related>,
    hub: Arc<hub::Hub>,
    counts: Arc<counts::Counts>,
    graves: Arc<gone::Graves>,
    walks: Arc<walks::Walks>,
    wardrobe: Arc<kept::Wardrobe>,
    pieces: Arc<kept::Pieces>,
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
        Self {
            locate: None,
            members: Arc::new(members::Members::bind(&dictionary)),
            bound: Arc::new(bound::Bound::new(&dictionary)),
            related: Arc::new(related::Related::new(&dictionary)),
            hub: Arc::new(hub::Hub::new(&dictionary)),
            counts: Arc::default(),
            graves: Arc::default(),
            walks: Arc::default(),
            wardrobe: Arc::default(),
            pieces: Arc::new(kept::Pieces::new(settings.kept_bytes)),
            dictionary,
            gate,
            search,
            store,
            clock,
            settings,
        }
    }

    /// The same door, which finds addresses by this; without it no address is found.
    #[must_use]
    pub fn locating(self, locate: Locate) -> Self {
        Self { locate: Some(locate), ..self }
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("settings", &self.settings).finish_non_exhaustive()
    }
}
