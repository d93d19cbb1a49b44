//! `freehold import` and `freehold propose`: files in, through a mapping.

pub(super) mod source;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use intake::{Clock, Job, Limits, Mapping, Moved, Progress, RemoveMissing, Report, RunOptions, Source};

use super::line::Import;
use super::{progress, say};
use crate::clock;
use crate::serve::{House, act, dictionary};
use crate::settings::Settings;

/// Shows how far an import has got, in bytes of the file; of a server, in records.
struct Bar(ProgressBar);

impl Progress for Bar {
    fn moved(&self, moved: &Moved) {
        if moved.total_bytes > 0 {
            self.0.set_length(moved.total_bytes);
            self.0.set_position(moved.bytes);
        } else {
            self.0.set_message("records");
            self.0.set_length(moved.total_rows.unwrap_or(moved.rows).max(moved.rows));
            self.0.set_position(moved.rows);
        }
    }
}

pub(super) async fn import(asked: &Import, settings: &Settings) -> Result<()> {
    match (&asked.source, &asked.file, &asked.mapping) {
        (Some(source), ..) => source::run(source, asked.json, settings).await,
        (None, Some(file), Some(mapping)) => import_file(asked, file, mapping, settings).await,
        _ => bail!("Name a file and its --mapping, or a --source."),
    }
}

async fn import_file(asked: &Import, file: &Path, mapping: &Path, settings: &Settings) -> Result<()> {
    let text = std::fs::read_to_string(mapping)
        .with_context(|| format!("The mapping {} cannot be read.", mapping.display()))?;
    let mut mapping = Mapping::read(&text)?;
    if let Some(feed) = &asked.feed {
        mapping = mapping.with_feed(feed);
    }
    let words = Arc::new(dictionary(&settings.dictionary)?);
    let job = Job::open(words, &mapping, Source::file(file), Limits::default())?;
    if let Some(rows) = asked.preview {
        say(&serde_json::to_string_pretty(&job.preview(rows)?)?);
        return Ok(());
    }
    let clock: Clock = Arc::new(clock::now);
    let bar = progress::bar(0, "bytes");
    let teller = Arc::new(Bar(bar.clone()));
    let report = if asked.check {
        job.check(&clock, &*teller)?
    } else {
        let house = House::open(settings).await?;
        let options = RunOptions {
            remove_missing: asked
                .remove_missing
                .then(|| RemoveMissing { confirmed: asked.confirmed, ..RemoveMissing::default() }),
            refuse_over_percent: asked.refuse_over,
            ..RunOptions::new(act().actor, clock)
        };
        job.run(&house.store, options, teller).await?
    };
    bar.finish_and_clear();
    tell(&report, asked.json);
    Ok(())
}

fn tell(report: &Report, json: bool) {
    if json { say(&report.to_json()) } else { say(&report.to_string()) }
}

pub(super) fn propose(file: &Path, resource: &str, feed: &str, settings: &Settings) -> Result<()> {
    let words = dictionary(&settings.dictionary)?;
    let headings = Job::headings(&Source::file(file), &Limits::default())?;
    let name = file.file_stem().map_or_else(|| "import".into(), |stem| stem.to_string_lossy().into_owned());
    let proposal = intake::propose(&words, resource, &headings, &name, feed)?;
    say(proposal.mapping.trim_end());
    Ok(())
}
