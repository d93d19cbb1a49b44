//! Whether a source is to be run.

use dictionary::Timestamp;

use super::LastRun;
use super::written::Written;

/// Whether a source is to be run at `now`, while nobody runs it: its last run was cut off, an operator has
/// asked for it since, or its cadence has come round. Times that passed while nobody worked are made up for
/// by one run.
pub(super) fn due(source: &Written, last: Option<&LastRun>, now: Timestamp) -> bool {
    let cut_off = last.is_some_and(|last| last.open);
    // A run takes the instant of its order, so an order that is as old as the last run was that run's.
    let asked = source.requested.is_some_and(|asked| last.is_none_or(|last| asked > last.started));
    let from = last.map_or(source.since, |last| last.started);
    let come = || source.cadence.as_ref().and_then(|cadence| cadence.after(from)).is_some_and(|at| at <= now);
    cut_off || asked || come()
}
