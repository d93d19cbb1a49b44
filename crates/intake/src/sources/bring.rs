//! What is brought in by others than this crate: the records of servers.

use std::pin::Pin;
use std::sync::Arc;

use dictionary::{Record, Text};

use crate::{IntakeError, Progress, Report};

/// One run of one source, whose lease is held.
#[derive(Clone)]
pub struct Commission {
    /// The record of Source.
    pub source: Record,
    /// Who writes: kept with every change.
    pub actor: Text,
    /// The key of the run's own record, ImportRun.
    pub run: Text,
    /// Is told how far it is, and says whether it shall end.
    pub progress: Arc<dyn Progress>,
}

/// What was brought, on its way.
pub type Brought<'a> = Pin<Box<dyn Future<Output = Result<Report, IntakeError>> + Send + 'a>>;

/// Brings in what a server holds. It keeps no books: that a run is open, and how it ended, is kept by whoever
/// commissions it.
pub trait Bring: Send + Sync {
    /// Brings in what is new at this source, to its end.
    fn bring(&self, commission: Commission) -> Brought<'_>;
}
