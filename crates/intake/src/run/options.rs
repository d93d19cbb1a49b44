//! What an import may do.

use std::sync::Arc;
use std::time::Duration;

use dictionary::{Text, Timestamp};
use store::Patience;

use crate::IntakeError;
use crate::report::Tally;

/// Where the time comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long a store that does not answer is waited for: a database that is started again is back by then.
const PATIENCE: Duration = Duration::from_secs(60);

pub use store::OWN_FEED;

/// What an import may do, and on whose behalf.
#[derive(Clone)]
pub struct RunOptions {
    /// Who imports: it is kept with every change.
    pub actor: Text,
    /// The time: of the run, of each batch, and of records whose mapping gives them no timestamp.
    pub clock: Clock,
    /// Whether records of the feed that the file does not hold are removed.
    pub remove_missing: Option<RemoveMissing>,
    /// More refused records than this share of all, in percent, and nothing is written: the mapping is
    /// more likely to be wrong than the file. None writes what can be written.
    pub refuse_over_percent: Option<u8>,
    /// The key of the run's own record, and the source that it is a run of; a key is made where there is
    /// none.
    pub run: Option<SourceRun>,
    /// How long a store that does not answer in the middle of the run is waited for, in pauses between two
    /// tries; a minute unless something else is said.
    pub patience: Duration,
}

/// A run of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceRun {
    /// ImportRunId
    pub key: Text,
    /// SourceId
    pub source: Text,
}

/// Full replacement: the file holds everything that the feed has of the mapping's first resource, and what
/// it does not hold goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemoveMissing {
    /// More than this share of the kept records, in percent, and nothing is written or removed.
    pub at_most_percent: u8,
    /// Somebody has seen how many would go and says that it is right.
    pub confirmed: bool,
}

impl Default for RemoveMissing {
    fn default() -> Self {
        Self { at_most_percent: 10, confirmed: false }
    }
}

impl RunOptions {
    /// Writes what can be written and removes nothing.
    pub fn new(actor: impl Into<Text>, clock: Clock) -> Self {
        Self {
            actor: actor.into(),
            clock,
            remove_missing: None,
            refuse_over_percent: None,
            run: None,
            patience: PATIENCE,
        }
    }

    /// The patience with which the store is asked.
    pub(super) fn patience(&self) -> Patience {
        Patience::of(self.patience)
    }

    /// Refuses a file of which too much would be refused.
    pub(super) fn allow(&self, tally: &Tally) -> Result<(), IntakeError> {
        let Some(most) = self.refuse_over_percent else { return Ok(()) };
        let refused = tally.refused();
        let all = tally.rows_refused + tally.counts.iter().map(|counts| counts.read).sum::<u64>();
        if refused * 100 <= all * u64::from(most) {
            return Ok(());
        }
        Err(IntakeError::new(
            "too_many_refused",
            format!("{refused} of {all} records would be refused, more than {most} %."),
            "Check the file to see why; nothing was written.",
        ))
    }
}

impl std::fmt::Debug for RunOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunOptions")
            .field("actor", &self.actor)
            .field("remove_missing", &self.remove_missing)
            .field("refuse_over_percent", &self.refuse_over_percent)
            .finish_non_exhaustive()
    }
}
