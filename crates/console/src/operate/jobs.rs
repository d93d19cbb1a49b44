//! Sources of files: what shall be run, what shall end, and what became of it.
//!
//! An order is a field of a record (HUB-005): it is on disk when this returns, stands in the log with who
//! gave it, and is obeyed by whichever node runs sources.

use dictionary::{Record, Text, Value};
use gate::Secret;
use intake::last_run;
use odata::Fault;
use store::{Expect, Stored};

use super::reading::{Part, get, list};
use super::writing::{put, update};
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
    if says("SourceStatus") != Some("Active") {
        let message = format!("Source {source:?} is not run: it is suspended.");
        return Err(Fault::new(409, "source_not_run", message, "Set SourceStatus to Active."));
    }
    let mut given = Record::new(own.id);
    if let Some(field) = own.find("RunRequestedTimestamp") {
        given.set(field, act.now);
    }
    update(desk, act, "Source", source, &given, &[], None).await
}

/// The longest credential: a signed token with many claims has some thousand characters.
const LONGEST_CREDENTIAL: usize = 16_384;

/// Whose what is sealed for a source is.
#[must_use]
pub fn credential_of(source: &str) -> String {
    format!("source/{source}")
}

/// Where a credential comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GivenCredential {
    /// This text.
    Text(Secret),
    /// What was sealed for this other source, once more for this one.
    Of(Text),
}

/// Keeps what a source's server gave to whoever pulls from it, sealed for this source; it is not shown again.
///
/// # Errors
/// 404 where there is no such source, 422 where the credential is none.
pub async fn set_credential(
    desk: &Desk,
    act: &Act,
    source: &str,
    given: &GivenCredential,
) -> Result<Stored, Fault> {
    let kept = get(desk, "Source", source).await?;
    let own = desk.dictionary.known("Source");
    let field = own.find("SealedCredential");
    let sealer = desk.outflow.as_ref().map(outflow::Outflow::master).ok_or_else(|| {
        Fault::new(409, "no_key", "This process has no key to seal with.", "Ask a server that runs.")
    })?;
    let text = match given {
        GivenCredential::Text(text) => text.reveal().to_owned(),
        GivenCredential::Of(other) => {
            let kept = get(desk, "Source", other).await?;
            let sealed = field.and_then(|id| kept.record.get(id)?.as_text());
            sealed.and_then(|sealed| sealer.open(&credential_of(other), sealed)).unwrap_or_default()
        }
    };
    let plain = |c: char| c.is_ascii_graphic();
    let none = matches!(given, GivenCredential::Of(_)) && text.is_empty();
    if !none && (text.is_empty() || text.len() > LONGEST_CREDENTIAL || !text.chars().all(plain)) {
        let message = "This is no token and no secret.";
        let hint = "Give one line without spaces, of at most 16,384 characters.";
        return Err(Fault::new(422, "credential_wrong", message, hint).about("credential"));
    }
    let mut record = (*kept.record).clone();
    if let Some(field) = field {
        if none {
            record.clear(field);
        } else {
            let sealed = sealer.seal(&credential_of(source), &text).map_err(|error| {
                Fault::new(500, "not_sealed", format!("It could not be sealed: {error}."), "Try again.")
            })?;
            record.set(field, sealed);
        }
    }
    put(desk, act, own.id, record, Expect::At(kept.sequence)).await
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
