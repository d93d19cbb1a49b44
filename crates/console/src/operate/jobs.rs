//! Sources of files: what shall be run, what shall end, and what became of it.
//!
//! An order is a field of a record (HUB-005): it is on disk when this returns, stands in the log with who
//! gave it, and is obeyed by whichever node runs sources.

use dictionary::{Record, Value};
use intake::last_run;
use odata::Fault;
use store::Stored;

use super::reading::{Part, get, list};
use super::writing::update;
use super::{Act, Desk, of_store};

/// A source and its last run.
#[derive(Clone, PartialEq, Debug)]
pub struct SourceJob {
    /// The record of Source.
    pub source: Stored,
    /// The record of its last ImportRun, where it ever ran.
    pub run: Option<Stored>,
    /// Whether that run has not ended: it is under way, or was cut off and will be taken up.
    pub open: bool,
}

/// Asks for a run of a source, now.
///
/// # Errors
/// 404 where there is no such source, 409 where it is not active or of no kind that is run.
pub async fn run_source(desk: &Desk, act: &Act, source: &str) -> Result<Stored, Fault> {
    let kept = get(desk, "Source", source).await?;
    let own = desk.dictionary.known("Source");
    let says = |name: &str| kept.record.get(own.find(name)?)?.as_text();
    if says("SourceStatus") != Some("Active") || says("SourceType") != Some("File") {
        let message = format!("Source {source:?} is not run: it is suspended, or brings no files.");
        return Err(Fault::new(409, "source_not_run", message, "Set SourceStatus to Active."));
    }
    let mut given = Record::new(own.id);
    if let Some(field) = own.find("RunRequestedTimestamp") {
        given.set(field, act.now);
    }
    update(desk, act, "Source", source, &given, &[], None).await
}

/// Asks that the run of a source end. What it has written stays.
///
/// # Errors
/// 404 where there is no such source, 409 where it is not running.
pub async fn cancel_source(desk: &Desk, act: &Act, source: &str) -> Result<Stored, Fault> {
    get(desk, "Source", source).await?;
    let last = last_run(&desk.store, source).await.map_err(of_store)?;
    let Some(last) = last.filter(|last| last.open) else {
        let message = format!("Source {source:?} is not running.");
        return Err(Fault::new(409, "source_not_running", message, "GET /admin/jobs tells what is."));
    };
    let own = desk.dictionary.known("ImportRun");
    let mut given = Record::new(own.id);
    if let Some(field) = own.find("CancelRequestedTimestamp") {
        given.set(field, act.now);
    }
    // The run writes how far it is at the same time; then it is said again.
    let mut attempts = 0;
    loop {
        match update(desk, act, "ImportRun", &last.key, &given, &[], None).await {
            Err(fault) if fault.code == "version_conflict" && attempts < 8 => attempts += 1,
            said => return said,
        }
    }
}

/// A part of the sources, each with its last run.
///
/// # Errors
/// As [`list`].
pub async fn jobs(desk: &Desk, part: &Part) -> Result<(Vec<SourceJob>, Option<super::Place>), Fault> {
    let found = list(desk, "Source", part).await?;
    let own = desk.dictionary.known("ImportRun");
    let mut jobs = Vec::new();
    for source in found.records {
        let last = last_run(&desk.store, &source.key).await.map_err(of_store)?;
        let run = match &last {
            Some(last) => desk.store.get(own.id, &last.key).await.map_err(of_store)?,
            None => None,
        };
        // Between the end of a run and the word about it, its record is right.
        let running = run.as_ref().and_then(|run| run.record.get(own.find("ImportStatus")?));
        let open = last.is_some_and(|last| last.open)
            && running.and_then(Value::as_text).is_none_or(|status| status == "Running");
        jobs.push(SourceJob { source, run, open });
    }
    Ok((jobs, found.next))
}
