//! The run's own record: who imported what, when, and what became of it.

use dictionary::{Key, Record, Text, Timestamp, Value};
use store::{Batch, Operation, Store};

use super::{OWN_FEED, RunOptions};
use crate::job::Parts;
use crate::{IntakeError, Report};

/// Keeps the run as running. One that stays so was cut off.
pub(super) async fn open(
    store: &Store,
    parts: &Parts,
    options: &RunOptions,
    report: &Report,
    started: Timestamp,
) -> Result<Key, IntakeError> {
    put(store, options, record(parts, options, report, started, "Running"), started).await?;
    Ok(key(parts, started))
}

/// Keeps how the run ended.
pub(super) async fn close(
    store: &Store,
    parts: &Parts,
    options: &RunOptions,
    report: &Report,
    (started, ended): (Timestamp, Timestamp),
    failed: Option<&IntakeError>,
) -> Result<(), IntakeError> {
    let status = if failed.is_some() { "Failed" } else { "Completed" };
    let mut record = record(parts, options, report, started, status);
    let resource = parts.dictionary.known("ImportRun");
    let mut set = |name: &str, value: Value| {
        if let Some(id) = resource.find(name) {
            record.set(id, value);
        }
    };
    set("EndedTimestamp", ended.into());
    match failed {
        Some(error) => set("ImportFault", Value::from(format!("{}: {error}", error.code))),
        None => set("ImportReport", Value::from(report.to_json())),
    }
    put(store, options, record, ended).await
}

fn key(parts: &Parts, started: Timestamp) -> Key {
    Text::from(format!("{}-{}-{started}", parts.plan.feed, parts.name))
}

fn record(parts: &Parts, options: &RunOptions, report: &Report, started: Timestamp, status: &str) -> Record {
    let resource = parts.dictionary.known("ImportRun");
    let sum = |one: fn(&crate::Counts) -> u64| -> Value {
        let sum: u64 = report.resources.iter().map(one).sum();
        Value::Integer(i64::try_from(sum).unwrap_or(i64::MAX))
    };
    let number = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let text = |text: &str| Value::from(text.chars().take(255).collect::<String>());
    let values = [
        ("ImportRunId", Value::Text(key(parts, started))),
        ("MappingId", text(&report.mapping)),
        ("FeedId", text(&report.feed)),
        ("FileName", text(&report.file)),
        ("FileBytes", number(report.bytes)),
        ("ImportStatus", Value::from(status)),
        ("ActorName", Value::Text(options.actor.clone())),
        ("StartedTimestamp", started.into()),
        ("RowsRead", number(report.rows)),
        ("RecordsNew", sum(|c| c.new)),
        ("RecordsChanged", sum(|c| c.changed)),
        ("RecordsUnchanged", sum(|c| c.unchanged)),
        ("RecordsRefused", number(report.refused())),
        ("RecordsRemoved", sum(|c| c.removed)),
    ];
    let known = values.into_iter().filter_map(|(name, value)| Some((resource.find(name)?, value)));
    Record::from_values(resource.id, known.collect())
}

async fn put(store: &Store, options: &RunOptions, record: Record, at: Timestamp) -> Result<(), IntakeError> {
    let mut batch = Batch::new(options.actor.clone(), at);
    batch.operations.push(match Operation::put(OWN_FEED, record) {
        Operation::Put { feed, record, expect, .. } => {
            Operation::Put { feed, record, expect, stamp: Some(at) }
        }
        other => other,
    });
    store.write(batch).await.map(|_| ()).map_err(|e| IntakeError::store(&e))
}
