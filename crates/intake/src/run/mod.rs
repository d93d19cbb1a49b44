//! The run: checked to its end first, then written in batches, then what the file no longer holds removed.

mod batch;
mod missing;
mod options;
mod record;
mod survey;
mod wholes;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use tokio::sync::mpsc;

use crate::job::Parts;
use crate::report::Tally;
use crate::{IntakeError, Job, Progress, Report, Stage};

use batch::{Ready, Writer};
pub use options::{Clock, OWN_FEED, RemoveMissing, RunOptions, SourceRun};
pub(crate) use record::completed;
pub(crate) use survey::{Survey, survey};

/// Batches that wait for the store while the next one is made: enough that neither waits for the other.
const BATCHES_AHEAD: usize = 4;

impl Job {
    /// Brings the file in. It is read twice: to its end first, so that one which is cut off or malformed
    /// changes nothing, then to be written, a batch at a time, each batch all or nothing and on disk before
    /// the next. Records with faults are refused one by one. The same file again changes nothing: a run
    /// that was cut off is brought to its end by running it again.
    ///
    /// # Errors
    /// A file that cannot be read; more refused or removed than the options allow: nothing was written. A
    /// store that fails, or does not answer for longer than the options' patience: what it acknowledged
    /// before is kept.
    pub async fn run(
        &self,
        store: &Store,
        options: RunOptions,
        progress: Arc<dyn Progress>,
    ) -> Result<Report, IntakeError> {
        let started = (options.clock)();
        let wants_keys = options.remove_missing.is_some();
        let (parts, teller) = (Arc::clone(&self.parts), Arc::clone(&progress));
        let survey = Arc::new(blocking(move || survey::survey(&parts, wants_keys, &*teller)).await?);
        options.allow(&survey.tally)?;
        let gone = match &options.remove_missing {
            Some(rule) => missing::find(store, &self.parts, &survey, rule).await?,
            None => Vec::new(),
        };
        let mut report = self.report(Stage::Write, &survey.tally, &survey.ended);
        report.timed(started, started);
        let run = record::open(store, &self.parts.dictionary, &options, &report, started).await?;
        report.run = Some(run.to_string());
        let done = self.write(store, &options, Arc::clone(&survey), gone, progress).await;
        let ended = (options.clock)();
        match done {
            Ok(written) => {
                survey.tally.add_to(&written, &self.parts.plan, &mut report);
                report.timed(started, ended);
                record::close(store, &self.parts.dictionary, &options, &report, (started, ended), None)
                    .await?;
                Ok(report)
            }
            Err(error) => {
                // The store may be what failed, and has been waited for: then the run stays marked as
                // running, which says as much.
                let options = RunOptions { patience: Duration::ZERO, ..options };
                let closed = record::close(
                    store,
                    &self.parts.dictionary,
                    &options,
                    &report,
                    (started, ended),
                    Some(&error),
                );
                let _ = closed.await;
                Err(error)
            }
        }
    }

    async fn write(
        &self,
        store: &Store,
        options: &RunOptions,
        survey: Arc<Survey>,
        gone: Vec<dictionary::Key>,
        progress: Arc<dyn Progress>,
    ) -> Result<Tally, IntakeError> {
        let (sender, mut batches) = mpsc::channel::<Vec<Ready>>(BATCHES_AHEAD);
        let parts = Arc::clone(&self.parts);
        let rows = survey.tally.rows;
        let reader = tokio::task::spawn_blocking(move || read(&parts, &survey, &sender, &*progress));
        let mut writer = Writer::new(store, &self.parts, options);
        let mut failed = None;
        while let Some(batch) = batches.recv().await {
            if let Err(error) = writer.write(batch).await {
                failed = Some(error);
                break;
            }
        }
        // Without a receiver the reader stops at its next batch.
        drop(batches);
        let read = reader.await.map_err(|_| stopped())?;
        if let Some(error) = failed {
            return Err(error);
        }
        if read? != rows {
            return Err(changed());
        }
        writer.remove(gone).await?;
        Ok(writer.tally)
    }
}

/// Reads the file again and sends what is to be written; gives the number of rows.
fn read(
    parts: &Parts,
    survey: &Survey,
    sender: &mpsc::Sender<Vec<Ready>>,
    progress: &dyn Progress,
) -> Result<u64, IntakeError> {
    let mut tally = Tally::new(&parts.plan, &parts.limits);
    let mut batch = Vec::with_capacity(parts.limits.batch);
    let mut cut_short = false;
    parts.walk(Stage::Write, &mut tally, progress, &mut |_, row, line, mapped| {
        if mapped.refused || !survey.wins(parts, row, &mapped) {
            return Ok(ControlFlow::Continue(()));
        }
        let Some(key) = mapped.key else { return Ok(ControlFlow::Continue(())) };
        batch.push(Ready { line, target: mapped.target, key, record: mapped.record });
        if batch.len() >= parts.limits.batch {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(parts.limits.batch));
            if sender.blocking_send(full).is_err() {
                cut_short = true;
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if !cut_short && !batch.is_empty() {
        // Where nobody receives any more, the writer knows why.
        let _ = sender.blocking_send(batch);
    }
    Ok(tally.rows)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IntakeError> + Send + 'static,
) -> Result<T, IntakeError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| stopped())?
}

pub(crate) fn stopped() -> IntakeError {
    IntakeError::new(
        "import_stopped",
        "Reading the file was stopped by a fault of Freehold's own.",
        "Please report it with the file, or with rows that are like it.",
    )
}

fn changed() -> IntakeError {
    IntakeError::new(
        "file_changed",
        "The file was changed while it was read.",
        "Import it again once it is complete; what was written is kept and will not be written twice.",
    )
}
