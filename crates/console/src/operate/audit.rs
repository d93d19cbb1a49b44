//! The log as an audit: who changed what, from what, to what (HUB-005).

use std::sync::Arc;

use dictionary::{FieldId, Record, ResourceId, Text, Value};
use odata::Fault;
use store::{Change, ChangeKind, Sequence};

use super::reading::hidden;
use super::{Desk, of_store};

/// Entries that one answer holds at most.
const LONGEST: usize = 1_000;
/// Entries that one answer looks at.
const LOOKED_AT: usize = 20_000;

/// Which entries are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// After this one.
    pub after: Sequence,
    /// Entries at most, up to 1,000.
    pub limit: usize,
    /// By this actor alone.
    pub actor: Option<Text>,
    /// Of this resource alone, RESO's or Freehold's own.
    pub resource: Option<ResourceId>,
    /// Of this key alone.
    pub key: Option<Text>,
}

/// One field of a change.
#[derive(Clone, PartialEq, Debug)]
pub struct Altered {
    /// The field.
    pub field: FieldId,
    /// What it held before, if anything.
    pub before: Option<Value>,
    /// What it holds after, if anything.
    pub after: Option<Value>,
}

/// An entry of the log with what it altered.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The entry.
    pub change: Change,
    /// Every field that differs. A key's hash is never told.
    pub altered: Vec<Altered>,
}

/// Entries, and where the look ended.
#[derive(Clone, PartialEq, Debug)]
pub struct Trail {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Go on after this one; none at the log's end.
    pub next: Option<Sequence>,
}

/// Entries of the log, the oldest first.
///
/// # Errors
/// 400 for a limit that is none.
pub async fn changes(desk: &Desk, asked: &Asked) -> Result<Trail, Fault> {
    limited(asked.limit)?;
    let (mut at, mut looked) = (asked.after, 0);
    let mut entries = Vec::new();
    loop {
        let found = desk.store.follow(at, LONGEST).await.map_err(of_store)?;
        if found.is_empty() {
            return Ok(Trail { entries, next: None });
        }
        for change in found {
            if entries.len() == asked.limit || looked == LOOKED_AT {
                return Ok(Trail { entries, next: Some(at) });
            }
            (at, looked) = (change.sequence, looked + 1);
            let fits = asked.actor.as_ref().is_none_or(|actor| *actor == change.actor)
                && asked.resource.is_none_or(|resource| resource == change.resource)
                && asked.key.as_ref().is_none_or(|key| *key == change.key);
            if fits {
                entries.push(entry(desk, change).await?);
            }
        }
    }
}

/// What happened to one record, the newest first.
///
/// # Errors
/// 400 for a limit that is none.
pub async fn history(
    desk: &Desk,
    resource: ResourceId,
    key: &str,
    limit: usize,
) -> Result<Vec<Entry>, Fault> {
    limited(limit)?;
    let mut entries = Vec::new();
    for change in desk.store.history(resource, key, limit).await.map_err(of_store)? {
        entries.push(entry(desk, change).await?);
    }
    Ok(entries)
}

fn limited(limit: usize) -> Result<(), Fault> {
    if (1..=LONGEST).contains(&limit) {
        return Ok(());
    }
    let message = format!("A part of {limit} entries cannot be listed.");
    Err(Fault::bad("limit_wrong", message, format!("Ask for 1 to {LONGEST}.")).about("limit"))
}

async fn entry(desk: &Desk, change: Change) -> Result<Entry, Fault> {
    let before = match change.before {
        Some(sequence) => desk.store.version(sequence).await.map_err(of_store)?.and_then(|c| c.record),
        None => None,
    };
    let none = Arc::new(Record::new(change.resource));
    let before = before.unwrap_or_else(|| none.clone());
    let after = match change.kind {
        ChangeKind::Removed => none,
        _ => change.record.clone().unwrap_or(none),
    };
    let resource = desk.dictionary.resource(change.resource);
    let altered = before
        .differences(&after)
        .into_iter()
        .filter(|field| !hidden(&resource.field(*field).name))
        .map(|field| Altered { field, before: before.get(field).cloned(), after: after.get(field).cloned() })
        .collect();
    Ok(Entry { change, altered })
}
