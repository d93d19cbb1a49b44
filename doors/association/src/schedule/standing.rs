//! What a plan owes at an instant: who pulls asks whether a run is due, who is pulled from, whether one was missed.

use dictionary::Timestamp;
use jiff::SignedDuration;

use super::Plan;

/// A run that has not begun so long after its time was missed (AMS-033).
pub const LATE_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// Missed runs that are counted; what is beyond a thousand is no longer news.
const MOST_MISSED: usize = 1_000;

/// Where a plan stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// The first run that was missed since the last pull.
    pub missed_since: Option<Timestamp>,
    /// How many were, 1,000 at most.
    pub missed: usize,
}

/// The runs that nobody pulled for: those since `pulled`, the start of the last pull or of the plan itself, whose
/// time came more than [`LATE_AFTER`] before `now`. One pull serves every run whose time has come.
#[must_use]
pub fn standing(plan: &Plan, pulled: Timestamp, now: Timestamp) -> Standing {
    let Ok(late) = now.checked_sub(LATE_AFTER) else { return Standing::default() };
    // A run whose time came exactly so long ago may still begin.
    let mut missed = plan.between(pulled, late).take_while(|run| *run < late).take(MOST_MISSED);
    let missed_since = missed.next();
    Standing { missed_since, missed: missed_since.map_or(0, |_| 1 + missed.count()) }
}

/// The run that is to be made at `now`, where the last began at `pulled`: the newest whose time has come. However
/// many were missed while nobody worked, one makes up for them.
#[must_use]
pub fn due(plan: &Plan, pulled: Timestamp, now: Timestamp) -> Option<Timestamp> {
    plan.between(pulled, now).last()
}
