//! Full replacement: which records the file no longer holds.

use dictionary::Key;
use store::{Scan, Store};

use super::{RemoveMissing, Survey};
use crate::IntakeError;
use crate::job::Parts;

/// Records that are looked at in one go.
const PART: usize = 1_000;

/// The keys of the feed's records that are not in the file. It is decided before anything is written.
pub(super) async fn find(
    store: &Store,
    parts: &Parts,
    survey: &Survey,
    rule: &RemoveMissing,
) -> Result<Vec<Key>, IntakeError> {
    if survey.ended.partial {
        return Err(IntakeError::new(
            "file_partial",
            "The file is one page of several, so that what it does not hold may be in another.",
            "Import without removing, or give one file that holds everything.",
        ));
    }
    let unread = survey.tally.rows_refused + survey.keyless;
    if unread > 0 && !rule.confirmed {
        return Err(IntakeError::new(
            "removal_unsafe",
            format!("Of {unread} rows the key could not be read: their records would be removed."),
            "Correct the rows, or confirm the removal.",
        ));
    }
    let resource = parts.dictionary.resource(parts.plan.targets[0].resource);
    let (mut gone, mut all) = (Vec::new(), 0_usize);
    let mut after = None;
    loop {
        let scan = Scan { resource: resource.id, feed: Some(parts.plan.feed.clone()), after, limit: PART };
        let part = store.scan(scan).await.map_err(|e| IntakeError::store(&e))?;
        all += part.len();
        let Some(last) = part.last() else { break };
        after = Some((resource.timestamp_of(&last.record), last.key.clone()));
        let absent = part.iter().filter(|stored| !survey.holds(resource.id, &stored.key));
        gone.extend(absent.map(|stored| stored.key.clone()));
    }
    if gone.len() * 100 > all * usize::from(rule.at_most_percent) && !rule.confirmed {
        return Err(IntakeError::new(
            "too_many_removed",
            format!(
                "{} of {all} records of {} in the feed {} are not in the file, more than {} %.",
                gone.len(),
                resource.name,
                parts.plan.feed,
                rule.at_most_percent
            ),
            "See whether the file is complete, then confirm the removal; nothing was written.",
        ));
    }
    Ok(gone)
}
