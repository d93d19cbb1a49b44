//! The run's own record: who imported what, when, and what became of it.

use dictionary::{Dictionary, Key, Record, Text, Timestamp, Value};
use store::{Batch, ErrorKind, Expect, Operation, Store};

use super::{OWN_FEED, RunOptions};
use crate::{IntakeError, Report};

/// Keeps the run as running. One that stays so was cut off.
pub(super) async fn open(
    store: &Store,
    dictionary: &Dictionary,
    options: &RunOptions,
    report: &Report,
    started: Timestamp,
) -> Result<Key, IntakeError> {
    let record = record(dictionary, options, report, started, "Running");
    put(store, dictionary, options, record, started).await?;
    Ok(key(options, report, started))
}

/// Keeps that the run ended well.
///
/// # Errors
/// The store fails.
pub(crate) async fn completed(
    store: &Store,
    dictionary: &Dictionary,
    options: &RunOptions,
    report: &Report,
    times: (Timestamp, Timestamp),
) -> Result<(), IntakeError> {
    close(store, dictionary, options, report, times, None).await
}

/// Keeps how the run ended.
pub(super) async fn close(
    store: &Store,
    dictionary: &Dictionary,
    options: &RunOptions,
    report: &Report,
    (started, ended): (Timestamp, Timestamp),
    failed: Option<&IntakeError>,
) -> Result<(), IntakeError> {
    let status = match failed {
        None => "Completed",
        Some(error) if error.code == "canceled" => "Canceled",
        Some(_) => "Failed",
    };
    let mut record = record(dictionary, options, report, started, status);
    let resource = dictionary.known("ImportRun");
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
    put(store, dictionary, options, record, ended).await
}

fn key(options: &RunOptions, report: &Report, started: Timestamp) -> Key {
    if let Some(run) = &options.run {
        return run.key.clone();
    }
    Text::from(format!("{}-{}-{started}", report.feed, report.mapping))
}

fn record(
    dictionary: &Dictionary,
    options: &RunOptions,
    report: &Report,
    started: Timestamp,
    status: &str,
) -> Record {
    let resource = dictionary.known("ImportRun");
    let sum = |one: fn(&crate::Counts) -> u64| -> Value {
        let sum: u64 = report.resources.iter().map(one).sum();
        Value::Integer(i64::try_from(sum).unwrap_or(i64::MAX))
    };
    let number = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let text = |text: &str| Value::from(text.chars().take(255).collect::<String>());
    let values = [
        ("ImportRunId", Value::Text(key(options, report, started))),
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
    let mut record = Record::from_values(resource.id, known.collect());
    if report.format.is_some()
        && let Some(field) = resource.find("MappingId")
    {
        record.set(field, text(&report.mapping));
    }
    if let (Some(run), Some(field)) = (&options.run, resource.find("SourceId")) {
        record.set(field, run.source.clone());
    }
    record
}

/// How often it is tried again as somebody else writes the same record.
const MOST_ATTEMPTS: usize = 8;
/// Who waits for the store.
const WHO: &str = "an import's record";

/// Keeps the record, with what others have said of the run meanwhile: how far it is, and that it shall end.
async fn put(
    store: &Store,
    dictionary: &Dictionary,
    options: &RunOptions,
    record: Record,
    at: Timestamp,
) -> Result<(), IntakeError> {
    let resource = dictionary.known("ImportRun");
    let key = resource.key_of(&record).unwrap_or_default();
    let mut patience = options.patience();
    for attempt in 1.. {
        let mut record = record.clone();
        let kept = match store.get(resource.id, &key).await {
            Ok(kept) => kept,
            Err(error) => {
                patience.after(error, WHO).await.map_err(|e| IntakeError::store(&e))?;
                continue;
            }
        };
        for name in ["BytesRead", "CancelRequestedTimestamp"] {
            if let (Some(kept), Some(field)) = (&kept, resource.find(name))
                && let Some(value) = kept.record.get(field)
            {
                record.set(field, value.clone());
            }
        }
        let expect = kept.map_or(Expect::Absent, |kept| Expect::At(kept.sequence));
        let mut batch = Batch::new(options.actor.clone(), at);
        batch.operations.push(Operation::Put { feed: OWN_FEED.into(), record, expect, stamp: Some(at) });
        match store.write(batch).await {
            Ok(_) => break,
            Err(error) if error.kind == ErrorKind::Conflict && attempt < MOST_ATTEMPTS => {}
            Err(error) if error.kind == ErrorKind::Unavailable => {
                patience.after(error, WHO).await.map_err(|e| IntakeError::store(&e))?;
            }
            Err(error) => return Err(IntakeError::store(&error)),
        }
    }
    Ok(())
}
