//! What the routes stand on.

use std::sync::Arc;

use dictionary::Timestamp;
use search::Search;

use crate::operate::Desk;

/// What the routes stand on. Cheap to clone.
#[derive(Clone)]
pub struct State {
    /// Store, dictionary and gate.
    pub desk: Desk,
    /// The index, for the status page; the routes do without.
    pub search: Option<Search>,
    /// What time it is.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("search", &self.search.is_some()).finish_non_exhaustive()
    }
}
