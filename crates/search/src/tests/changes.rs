//! Records as the changes that wrote them.

use store::{Change, ChangeKind, Stored};

pub(super) fn of(stored: &[Stored]) -> Vec<Change> {
    let mut changes: Vec<Change> = stored
        .iter()
        .map(|stored| Change {
            sequence: stored.sequence,
            at: stored.at,
            actor: "test".into(),
            resource: stored.resource,
            feed: stored.feed.clone(),
            key: stored.key.clone(),
            kind: ChangeKind::Changed,
            before: None,
            record: Some(stored.record.clone()),
        })
        .collect();
    changes.sort_by_key(|change| change.sequence);
    changes
}
