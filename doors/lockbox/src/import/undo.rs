//! A batch is undone: every record that it wrote is what it was before, in one transaction (LBX-069).

use std::collections::HashMap;

use dictionary::{Key, ResourceId, Timestamp};
use serde_json::{Value as Json, json};
use store::{Change, ChangeKind, Expect, Operation, Sequence, Stored};

use super::batch::{Batch, Status, Word};
use crate::Door;
use crate::reply::Refused;

/// How long a batch can be undone: seven days, in seconds.
const UNDONE_WITHIN: i64 = 7 * 24 * 3_600;
/// Entries that are read at once.
const AT_ONCE: u64 = 5_000;
/// Records that were touched later and are listed.
const MOST_LISTED: usize = 1_000;

/// What became of it.
#[derive(Debug)]
pub(crate) struct Undone {
    pub(crate) restored: u64,
    /// Records that were changed after the batch and were left as they are.
    pub(crate) left: Vec<Json>,
}

impl Door {
    /// Undoes a batch. Where records of it were changed later nothing is done and they are listed, unless
    /// `leaving` them as they are is what is asked for.
    pub(crate) async fn undo(&self, mut batch: Batch, word: Word, leaving: bool) -> Result<Undone, Refused> {
        undoable(&batch, word.at)?;
        let own = self.dictionary.known("ImportBatch");
        let Some(kept) = self.store.get(own.id, &batch.id).await? else {
            return Err(Refused::new(
                404,
                "batch_unknown",
                "The batch is not there any more.",
                "Look at the list.",
            ));
        };
        let last = self.applied_at(&batch, &kept).await?;
        let first = last.saturating_sub(batch.written.saturating_sub(1));
        let actor = batch.log_actor();
        let undone_for = format!("undo/{} by {}", batch.id, word.who);
        let mut whole = self.assemble(undone_for.chars().take(255).collect::<String>());
        let (mut left, mut restored, mut at) = (Vec::new(), 0, first.saturating_sub(1));
        let ours = ["Office", "Member", "Property", "LockboxUser"].map(|name| self.dictionary.known(name).id);
        while at < last {
            let count = usize::try_from(AT_ONCE.min(last - at)).unwrap_or(1);
            let part = self.store.follow(at, count).await?;
            let Some(end) = part.last() else { break };
            at = end.sequence;
            let wrote = part.into_iter().filter(|change| {
                change.sequence <= last && change.actor == actor && ours.contains(&change.resource)
            });
            let wrote: Vec<Change> = wrote.collect();
            let now = self.now_of(&wrote).await?;
            let mut operations = Vec::new();
            for change in &wrote {
                let stands = now.get(&(change.resource, change.key.clone()));
                if stands.map(|stored| stored.sequence) != Some(change.sequence) {
                    let resource = &self.dictionary.resource(change.resource).name;
                    left.push(json!({ "resource": resource.as_str(), "key": change.key.as_str() }));
                    continue;
                }
                operations.extend(self.back(change).await?);
                restored += 1;
            }
            if left.is_empty() || leaving {
                whole.add(operations).await?;
            }
        }
        if !left.is_empty() && !leaving {
            let message = format!("{} records of the batch were changed after it.", left.len());
            let hint = "Undo the later batches first, or ask with leaving=true: then these stay as they are.";
            left.truncate(MOST_LISTED);
            return Err(Refused::new(409, "touched_later", message, hint).with(json!(left)));
        }
        batch.status = Status::Undone;
        batch.undone = Some(word);
        batch.step("undo", json!({ "restored": restored, "left": left.len() }));
        let record = batch.record(&self.dictionary, whole.at());
        whole.add(vec![Operation::put_own(record, Expect::At(kept.sequence))]).await?;
        whole.write().await?;
        Ok(Undone { restored, left })
    }

    /// The entry with which the batch's record said that it was applied: the last one of its transaction.
    async fn applied_at(&self, batch: &Batch, kept: &Stored) -> Result<Sequence, Refused> {
        let own = self.dictionary.known("ImportBatch");
        let actor = batch.log_actor();
        let history = self.store.history(own.id, &kept.key, 100).await?;
        let applied = history.iter().find(|change| {
            let record = change.record.as_ref();
            let said = record.and_then(|record| Batch::read(dictionary::Named { own, record }));
            change.actor == actor && said.is_some_and(|batch| batch.status == Status::Applied)
        });
        applied.map(|change| change.sequence).ok_or_else(|| {
            Refused::new(409, "not_applied", "The batch was never applied.", "There is nothing to undo.")
        })
    }

    /// What the keys of these changes hold now.
    async fn now_of(&self, changes: &[Change]) -> Result<HashMap<(ResourceId, Key), Stored>, Refused> {
        let mut keys: HashMap<ResourceId, Vec<Key>> = HashMap::new();
        for change in changes {
            keys.entry(change.resource).or_default().push(change.key.clone());
        }
        let mut now = HashMap::new();
        for (resource, keys) in keys {
            let found = self.store.get_many(resource, &keys).await?.into_iter().flatten();
            now.extend(found.map(|stored| ((resource, stored.key.clone()), stored)));
        }
        Ok(now)
    }

    /// What sets a record back to what it was before a change.
    async fn back(&self, change: &Change) -> Result<Option<Operation>, Refused> {
        let expect = Expect::At(change.sequence);
        let before = match (change.kind, change.before) {
            (ChangeKind::Created, _) | (_, None) => None,
            (_, Some(before)) => self.store.version(before).await?.and_then(|change| change.record),
        };
        Ok(Some(match before {
            None => Operation::Remove { resource: change.resource, key: change.key.clone(), expect },
            Some(record) => Operation::Put {
                feed: change.feed.clone(),
                record: (*record).clone(),
                expect,
                stamp: Some((self.clock)()),
            },
        }))
    }
}

/// Whether a batch can be undone at all.
fn undoable(batch: &Batch, now: Timestamp) -> Result<(), Refused> {
    if batch.status != Status::Applied {
        let message = format!("The batch is {}.", batch.status.name());
        return Err(Refused::new(409, "not_applied", message, "Only what was applied is undone."));
    }
    let ended = batch.ended.unwrap_or(batch.received);
    if now.as_second() - ended.as_second() > UNDONE_WITHIN {
        let message = "The batch was applied more than 7 days ago.";
        return Err(Refused::new(409, "undo_too_late", message, "Send a full import of what is right."));
    }
    Ok(())
}
