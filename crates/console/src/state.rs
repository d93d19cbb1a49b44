//! What the routes stand on.

use std::pin::Pin;
use std::sync::Arc;

use dictionary::{Text, Timestamp};
use odata::Fault;
use search::Search;

use crate::operate::Desk;

/// A job that an operator has ordered.
#[derive(Clone, PartialEq, Debug)]
pub struct JobOrder {
    /// Its name.
    pub job: String,
    /// What it is told, a JSON object.
    pub parameters: serde_json::Value,
    /// Who ordered it.
    pub actor: Text,
    /// When.
    pub now: Timestamp,
}

/// Runs a job and says what became of it, as JSON. The binary knows which jobs there are.
pub type RunJob = Arc<
    dyn Fn(JobOrder) -> Pin<Box<dyn Future<Output = Result<serde_json::Value, Fault>> + Send>> + Send + Sync,
>;

/// What the routes stand on. Cheap to clone.
#[derive(Clone)]
pub struct State {
    /// Store, dictionary and gate.
    pub desk: Desk,
    /// The index, for the status page; the routes do without.
    pub search: Option<Search>,
    /// What time it is.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Runs jobs; without it there are none.
    pub run_job: Option<RunJob>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("jobs", &self.run_job.is_some()).finish_non_exhaustive()
    }
}
