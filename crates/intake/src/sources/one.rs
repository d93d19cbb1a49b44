//! One run of one source.

use std::sync::Arc;
use std::time::Duration;

use dictionary::{Record, Text, Timestamp, Value};
use store::{Batch, Expect, Lease, Operation, Stored};

use super::due::due;
use super::last::{LastRun, last_run, name};
use super::mark::{Both, Mark};
use super::written::Written;
use super::{Commission, Sources};
use crate::{
    IntakeError, Job, Limits, Mapping, OWN_FEED, Progress, RemoveMissing, Report, RunOptions, Silent, Source,
    SourceRun,
};

/// How long a lease is held without a word; a node that died is missed after that.
const TTL: Duration = Duration::from_secs(30);
/// How often a run looks whether it shall end.
const LOOK: Duration = Duration::from_secs(1);
/// Looks between two words about progress, and renewals of the lease.
const LOOKS_BETWEEN_WORDS: u32 = 5;

impl Sources {
    /// Runs a source now, whether it is due or not, and tells how far it is.
    ///
    /// # Errors
    /// `source_unknown`, `source_running` where another runs it, and whatever keeps the file out.
    pub async fn run(&self, source: &str, progress: Arc<dyn Progress>) -> Result<Report, IntakeError> {
        let own = self.dictionary.known("Source");
        let kept = self.store.get(own.id, source).await.map_err(|e| IntakeError::store(&e))?;
        let written = kept.and_then(|kept| Written::read(&self.dictionary, &kept.record));
        let written = written.ok_or_else(|| {
            let hint = "`freehold operate list Source` lists them; it must be Active.";
            IntakeError::new("source_unknown", format!("There is no source {source:?} to run."), hint)
        })?;
        let lease = self.lease(&written).await?.ok_or_else(|| {
            let hint = "Wait until it has ended, or cancel it.";
            IntakeError::new("source_running", format!("Source {source:?} is running."), hint)
        })?;
        let run = Run::new(self, &written, lease).await?;
        run.run(progress).await
    }

    async fn lease(&self, source: &Written) -> Result<Option<Lease>, IntakeError> {
        let taken = self.store.take_lease(&name(&source.id), &self.node, TTL, (self.clock)()).await;
        taken.map_err(|e| IntakeError::store(&e))
    }
}

/// Runs a source where nobody else does and it is still due.
pub(super) async fn when_due(sources: &Sources, source: &Written) {
    let ran = async {
        let Some(lease) = sources.lease(source).await? else { return Ok(()) };
        let last = last_run(&sources.store, &source.id).await.map_err(|e| IntakeError::store(&e))?;
        // Another node may have run it since we looked.
        if !due(source, last.as_ref(), (sources.clock)()) {
            return sources.store.release_lease(&lease).await.map_err(|e| IntakeError::store(&e));
        }
        Run::new(sources, source, lease).await?.run(Arc::new(Silent)).await.map(drop)
    };
    match ran.await {
        Ok(()) => {}
        Err(IntakeError { code, message, .. }) => {
            tracing::warn!(source = source.id.as_str(), code, "a source was not brought in: {message}");
        }
    }
}

/// Why the books of a run are kept no longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// The run has ended, or somebody has asked for that.
    Ours,
    /// Another node holds the lease.
    Lost,
}

/// A run whose lease is held and whose record is kept.
struct Run<'a> {
    sources: &'a Sources,
    source: &'a Written,
    lease: Lease,
    actor: Text,
    last: LastRun,
}

impl<'a> Run<'a> {
    /// Settles what became of a run that was cut off, and keeps this one as running: its record, and that
    /// it is the source's last, in one transaction.
    async fn new(sources: &'a Sources, source: &'a Written, lease: Lease) -> Result<Self, IntakeError> {
        let before = last_run(&sources.store, &source.id).await.map_err(|e| IntakeError::store(&e))?;
        let mut started = (sources.clock)();
        // No two runs of a source have the same instant, whatever the clock says; and none is older than
        // the order that it obeys.
        if let Some(before) = &before {
            started = started.max(before.started + Duration::from_micros(1));
        }
        started = started.max(source.requested.unwrap_or(started));
        let actor = Text::from(name(&source.id));
        let last = LastRun { key: Text::from(format!("{}-{started}", source.id)), started, open: true };
        let run = Self { sources, source, lease, actor, last };
        let mut batch = Batch::new(run.actor.clone(), started);
        batch.cursors.push((Text::from(name(&source.id)), run.last.write()));
        if let Some(before) = before.filter(|before| before.open)
            && let Some(kept) = run.kept(&before.key).await?
            && run.text(&kept.record, "ImportStatus").as_deref() == Some("Running")
        {
            let ended = [("ImportStatus", Value::from("Interrupted")), ("EndedTimestamp", started.into())];
            batch.operations.push(run.put(run.with(&kept.record, ended), Expect::At(kept.sequence), started));
        }
        let file = match source.api {
            true => source.location.as_str(),
            false => source.location.rsplit('/').next().unwrap_or_default(),
        };
        let mut record = Record::new(sources.dictionary.known("ImportRun").id);
        let values: [(&str, Value); 6] = [
            ("ImportRunId", run.last.key.clone().into()),
            ("SourceId", source.id.clone().into()),
            ("FileName", file.chars().take(255).collect::<String>().into()),
            ("ImportStatus", "Running".into()),
            ("ActorName", run.actor.clone().into()),
            ("StartedTimestamp", started.into()),
        ];
        record = run.with(&record, values);
        if !source.api {
            record = run.with(&record, [("MappingId", source.mapping.clone().into())]);
        }
        if let Some(feed) = &source.feed {
            record = run.with(&record, [("FeedId", feed.clone().into())]);
        }
        batch.operations.push(run.put(record, Expect::Absent, started));
        sources.store.write(batch).await.map_err(|e| IntakeError::store(&e))?;
        Ok(run)
    }

    async fn run(self, progress: Arc<dyn Progress>) -> Result<Report, IntakeError> {
        let mark = Arc::new(Mark::default());
        let both: Arc<dyn Progress> = Arc::new(Both(Arc::clone(&mark), progress));
        let (done, end) = {
            let work = self.bring_in(both);
            let books = self.keep_books(&mark);
            tokio::pin!(work);
            tokio::select! {
                done = &mut work => (done, End::Ours),
                end = books => (work.await, end),
            }
        };
        // What is said of a source that another node runs is that node's to say.
        if end == End::Ours {
            self.settle(done.as_ref().err()).await;
        }
        done
    }

    async fn bring_in(&self, progress: Arc<dyn Progress>) -> Result<Report, IntakeError> {
        if self.source.api { self.pull(progress).await } else { self.read_file(progress).await }
    }

    async fn pull(&self, progress: Arc<dyn Progress>) -> Result<Report, IntakeError> {
        let Self { sources, source, .. } = self;
        let api = sources.api.as_ref().ok_or_else(|| {
            let message = "Nothing is pulled from servers in this process.";
            IntakeError::new(
                "source_unknown",
                message,
                "Run the source by `freehold run` or `freehold pull`.",
            )
        })?;
        let (actor, run) = (self.actor.clone(), self.last.key.clone());
        let mut report = api
            .bring(Commission { source: source.record.clone(), actor, run: run.clone(), progress })
            .await?;
        let ended = (sources.clock)();
        report.timed(self.last.started, ended);
        report.run = Some(run.to_string());
        let options = self.options();
        crate::run::completed(
            &sources.store,
            &sources.dictionary,
            &options,
            &report,
            (self.last.started, ended),
        )
        .await?;
        Ok(report)
    }

    fn options(&self) -> RunOptions {
        let Self { sources, source, .. } = self;
        RunOptions {
            remove_missing: source.remove_missing.then(RemoveMissing::default),
            refuse_over_percent: source.refuse_over_percent,
            run: Some(SourceRun { key: self.last.key.clone(), source: source.id.clone() }),
            ..RunOptions::new(self.actor.clone(), Arc::clone(&sources.clock))
        }
    }

    async fn read_file(&self, progress: Arc<dyn Progress>) -> Result<Report, IntakeError> {
        let Self { sources, source, .. } = self;
        let own = sources.dictionary.known("Mapping");
        let kept = sources.store.get(own.id, &source.mapping).await.map_err(|e| IntakeError::store(&e))?;
        let text =
            kept.and_then(|kept| kept.record.get(own.find("MappingText")?)?.as_text().map(str::to_owned));
        let text = text.ok_or_else(|| {
            let message = format!("There is no mapping {:?}.", source.mapping);
            IntakeError::new("mapping_missing", message, "Make it: `freehold operate set-mapping FILE`.")
        })?;
        let mut mapping = Mapping::read(&text)?;
        if let Some(feed) = &source.feed {
            mapping = mapping.with_feed(feed.as_str());
        }
        let (words, places) = (Arc::clone(&sources.dictionary), Arc::clone(&sources.places));
        let location = source.location.clone();
        let opened = tokio::task::spawn_blocking(move || {
            Job::open(words, &mapping, Source::file(places.file(&location)?), Limits::default())
        });
        let job = opened.await.map_err(|_| crate::run::stopped())??;
        job.run(&sources.store, self.options(), progress).await
    }

    /// Holds the lease, writes how far the run is, and ends it where somebody has asked for that or the
    /// lease is lost; returns only then.
    async fn keep_books(&self, mark: &Mark) -> End {
        let (mut told, mut looks) = ((0, 0), 0_u32);
        loop {
            tokio::time::sleep(LOOK).await;
            looks += 1;
            let now = (self.sources.clock)();
            let kept = self.kept(&self.last.key).await;
            if let Ok(Some(kept)) = &kept
                && self.value(&kept.record, "CancelRequestedTimestamp").is_some()
            {
                mark.end();
                return End::Ours;
            }
            if !looks.is_multiple_of(LOOKS_BETWEEN_WORDS) {
                continue;
            }
            // A lease that ran out while the store did not answer is anybody's, and may be taken again; a
            // store that goes on not answering fails the run by itself.
            if let Ok(None) = self.sources.store.renew_lease(&self.lease, TTL, now).await
                && let Ok(None) = self.sources.lease(self.source).await
            {
                tracing::warn!(source = self.source.id.as_str(), "another node has taken the source over");
                mark.end();
                return End::Lost;
            }
            if mark.read() != told
                && let Ok(Some(kept)) = kept
            {
                told = mark.read();
                let number = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
                let far = [("BytesRead", number(told.0)), ("RowsRead", number(told.1))];
                let mut batch = Batch::new(self.actor.clone(), now);
                let record = self.with(&kept.record, far);
                batch.operations.push(self.put(record, Expect::At(kept.sequence), now));
                // Whoever wrote meanwhile knew more.
                drop(self.sources.store.write(batch).await);
            }
        }
    }

    /// Says in the run's record and in the source's cursor that the run has ended. Where the store does not
    /// take that, the run stays open and is found as one that was cut off.
    async fn settle(&self, failed: Option<&IntakeError>) {
        let now = (self.sources.clock)();
        let mut batch = Batch::new(self.actor.clone(), now);
        // What the store kept from its end is taken up again, as though it had been cut off.
        let open = failed.is_some_and(|error| error.code == "store_unavailable");
        let ended = LastRun { open, ..self.last.clone() };
        batch.cursors.push((Text::from(name(&self.source.id)), ended.write()));
        if let Some(error) = failed
            && let Ok(Some(kept)) = self.kept(&self.last.key).await
            && self.text(&kept.record, "ImportStatus").as_deref() == Some("Running")
        {
            let status = if error.code == "canceled" { "Canceled" } else { "Failed" };
            let fault: String = format!("{}: {error}", error.code).chars().take(4_000).collect();
            let values: [(&str, Value); 3] = [
                ("ImportStatus", status.into()),
                ("EndedTimestamp", now.into()),
                ("ImportFault", fault.into()),
            ];
            batch.operations.push(self.put(self.with(&kept.record, values), Expect::At(kept.sequence), now));
        }
        if let Err(error) = self.sources.store.write(batch).await {
            tracing::warn!(code = error.code(), "the end of a run was not kept: {error}");
        }
        drop(self.sources.store.release_lease(&self.lease).await);
    }

    async fn kept(&self, key: &str) -> Result<Option<Stored>, IntakeError> {
        let own = self.sources.dictionary.known("ImportRun");
        self.sources.store.get(own.id, key).await.map_err(|e| IntakeError::store(&e))
    }

    fn value<'r>(&self, record: &'r Record, name: &str) -> Option<&'r Value> {
        record.get(self.sources.dictionary.known("ImportRun").find(name)?)
    }

    fn text(&self, record: &Record, name: &str) -> Option<Text> {
        self.value(record, name)?.as_text().map(Text::new)
    }

    fn with<const N: usize>(&self, record: &Record, values: [(&str, Value); N]) -> Record {
        let own = self.sources.dictionary.known("ImportRun");
        let mut record = record.clone();
        for (name, value) in values {
            if let Some(field) = own.find(name) {
                record.set(field, value);
            }
        }
        record
    }

    fn put(&self, record: Record, expect: Expect, at: Timestamp) -> Operation {
        Operation::Put { feed: OWN_FEED.into(), record, expect, stamp: Some(at) }
    }
}
